"""Panels of virtual patients: a structural world always has the same one, so that no panel's luck is that of all worlds.

A panel is enrolled under a seed of its own. Asking for more worlds, or for more patients in each, changes nobody who was
there.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from ifntrial.clinic.enroll import Enrollment, enroll
from ifntrial.design.design import TrialDesign
from ifntrial.patients.records import join_populations
from ifntrial.patients.thinning import PatientPool
from ifntrial.seeds import seed_of_its_own

PANELS = 25


def panel_of(world: int) -> int:
    """Return the number of the panel that a structural world has, from 0 to ``PANELS - 1``."""
    return world % PANELS


def enroll_panels(
    design: TrialDesign, pool: PatientPool, panels: Sequence[int], subjects: int, seed: int
) -> Enrollment:
    """Return the patients of some panels, one panel after another, ``subjects`` in each.

    Raises
    ------
    InputError
        If the entry criteria let hardly anyone in.
    """
    each = [enroll(design, pool, subjects, seed_of_its_own(seed, f"panel {panel}")) for panel in panels]
    return Enrollment(
        population=join_populations([one.population for one in each]),
        screened=sum(one.screened for one in each),
        refused=_added(one.refused for one in each),
        implausible=_added(one.implausible for one in each),
        thinned=sum(one.thinned for one in each),
    )


def _added(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for each in counts:
        total.update(each)
    return dict(total)

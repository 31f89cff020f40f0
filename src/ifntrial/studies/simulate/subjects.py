"""Who is followed: virtual subjects, with covariates of a table and values that a user set."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ifntrial.arrays import FloatArray, IntArray
from ifntrial.course.assemble import subject_parameters, typical_world
from ifntrial.course.exposure import select_population
from ifntrial.course.replaced import Replacement, replace_values
from ifntrial.errors import InputError
from ifntrial.patients.entry_rows import ENTRY
from ifntrial.patients.records import VirtualPopulation
from ifntrial.patients.thinning import PatientPool, draw_patients
from ifntrial.studies.simulate.result import ObservedPoint


@dataclass(frozen=True, slots=True)
class Setting:
    """What is asked of a simulation beside its plans.

    Parameters
    ----------
    weeks
        How long to follow [week].
    subjects, selection, seed
        How many of whom, see ``course.exposure.SELECTIONS``, and the seed.
    asked_days
        Times to look at beside those of the doses [day], shape (times,).
    level
        Concentration above which time is counted [ug/mL]; None for none.
    replacements
        Values in the place of the evidence's.
    covariates
        ``body_weight`` [kg] and ``is_ifn_high`` in the place of those drawn, NaN where they stay, each (subjects,).
    observed
        Measurements to lay over the courses.
    notes
        What was left out of tables, or supposed.
    """

    weeks: float
    subjects: int
    selection: str
    seed: int
    asked_days: FloatArray
    level: float | None
    replacements: tuple[Replacement, ...] = ()
    covariates: Mapping[str, FloatArray] | None = None
    observed: tuple[ObservedPoint, ...] = ()
    notes: tuple[str, ...] = ()

    def with_notes(self, notes: tuple[str, ...]) -> "Setting":
        """Return the setting with more notes."""
        return replace(self, notes=self.notes + notes)


def subjects_of(
    pool: PatientPool, setting: Setting, given: Mapping[str, float]
) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:
    """Return the parameters of the subjects of one plan, each (subjects,), and of the typical one, each (1,).

    Parameters
    ----------
    given
        ``body_weight`` [kg] and ``is_ifn_high`` of everyone, where the plan says.
    """
    model, evidence = pool.model, pool.evidence
    table = dict(setting.covariates or {}) | {
        name: np.full(setting.subjects, value) for name, value in given.items()
    }
    population = _population(pool, setting, table.get("is_ifn_high"))
    world = typical_world(model, evidence)
    own = subject_parameters(model, evidence, population, world, 0)
    typical = {name: values.copy() for name, values in world.parameters.items()}
    is_low = setting.selection in ("ifn-low", "healthy") or given.get("is_ifn_high") == 0.0
    if is_low:
        low = ENTRY.read(evidence).ifn_tone_low_median
        typical["is_ifn_low"], typical["ifn_tone_blood"] = np.ones(1), np.full(1, low)
    if "body_weight" in table:
        own["body_weight"] = np.where(
            np.isfinite(table["body_weight"]), table["body_weight"], own["body_weight"]
        )
    if "body_weight" in given:
        typical["body_weight"] = np.full(1, given["body_weight"])
    return replace_values(own, setting.replacements), replace_values(typical, setting.replacements)


def _population(pool: PatientPool, setting: Setting, is_high: FloatArray | None) -> VirtualPopulation:
    """Return the subjects, each with the status that the table gives it."""
    if is_high is None or not np.isfinite(is_high).any():
        return select_population(pool, setting.selection, setting.subjects, setting.seed)
    if setting.selection != "all":
        raise InputError(
            "the status of the signature is given twice",
            given=f"--population {setting.selection}, and a column of a table",
            allowed="--population all beside such a table",
            fix="leave out one of the two",
        )
    # both signatures are common, so that a few times as many candidates always hold enough of either
    candidates = draw_patients(pool, 6 * setting.subjects + 100, setting.seed)
    return candidates.take(_matching(candidates.covariates["is_ifn_high"].astype(bool), is_high))


def _matching(candidates: np.ndarray, wanted: FloatArray) -> IntArray:
    """Return for each subject the next candidate of its status, or the next one of any where it has none."""
    free = list(range(len(candidates)))
    chosen = []
    for status in wanted.tolist():
        place = next(
            each for each, one in enumerate(free) if np.isnan(status) or candidates[one] == (status == 1.0)
        )
        chosen.append(free.pop(place))
    return np.array(chosen, dtype=np.int64)

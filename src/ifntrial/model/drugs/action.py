"""What a drug does: all that the shared mechanisms know of it.

Every drug structure fills this interface with ``drug_action``; what it does not name keeps its neutral value, as
without a drug. A drug may bind IFNAR1, take interferon alpha away, add some, or slow the kinases downstream; one
known by its trials alone may shift skin and lung.
"""

from collections.abc import Mapping

from ifntrial.errors import ModelError, closest
from ifntrial.items import ITEMS
from ifntrial.model.mechanisms.tissues import TISSUES
from ifntrial.model.parts import Assignment, Law, one, zero

NEUTRAL = (
    Assignment("antibody_in_serum", "nmol/L", "free antibody in serum, which enters tissues", zero),
    Assignment(
        "mrss_goal_shift", ITEMS["mrss"].unit, "shift of the skin score's goal, as seen in a trial", zero
    ),
    Assignment(
        "fvc_gain", f"{ITEMS['fvc_percent'].unit}/day", "lung function gained, as seen in a trial", zero
    ),
    Assignment("ifn_alpha_added", "pmol/L", "interferon alpha that would act as dosed interferon does", zero),
    *(
        assignment
        for x in TISSUES
        for assignment in (
            Assignment(
                f"ifnar1_binding_{x}", "1", f"free drug at IFNAR1 over its constant in vivo, {x}", zero
            ),
            Assignment(f"ifn_alpha_free_{x}", "1", f"share of interferon alpha left free by drug, {x}", one),
            Assignment(f"jak_activity_{x}", "1", f"share of kinase activity below IFNAR1 left, {x}", one),
        )
    ),
)
"""The interface, with the values it has without a drug."""


def drug_action(laws: Mapping[str, Law]) -> tuple[Assignment, ...]:
    """Return the whole interface: a drug's own laws under the interface's names, neutral values for the rest.

    Raises
    ------
    ModelError
        If a name is not part of the interface; lists every problem.
    """
    names = [x.name for x in NEUTRAL]
    problems = [
        f"'{name}' is no action of a drug; {closest(name, names)}" for name in laws if name not in names
    ]
    if problems:
        raise ModelError("a drug does what no mechanism reads", problems=problems, allowed=", ".join(names))
    return tuple(Assignment(x.name, x.unit, x.meaning, laws.get(x.name, x.law)) for x in NEUTRAL)


def at_tissue(tissue: str, serum: str) -> str:
    """Return the name of a drug's concentration in a tissue: ``serum`` in blood, else that in the interstitium."""
    return serum if tissue == "blood" else f"drug_{tissue}"

"""What is known of a regimen that was followed in a virtual population."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class People:
    """Who was followed.

    Parameters
    ----------
    name, meaning
        Of the selection, such as ``ifn-high``, and in words.
    subjects
        How many.
    """

    name: str
    meaning: str
    subjects: int


@dataclass(frozen=True, slots=True)
class ReadOut:
    """A quantity over time; values of shape (times,).

    Parameters
    ----------
    q05, q50, q95
        Quantiles at 5, 50 and 95 % of the subjects that were solved.
    typical
        Of the typical subject.
    """

    q05: tuple[float, ...]
    q50: tuple[float, ...]
    q95: tuple[float, ...]
    typical: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Units:
    """The units of a simulated regimen.

    Parameters
    ----------
    time_unit, concentration_unit, occupancy_unit, suppression_unit
        Of the times and the read-outs; occupancy stands for every kind of target engagement.
    """

    time_unit: str = "day"
    concentration_unit: str = "ug/mL"
    occupancy_unit: str = "fraction"
    suppression_unit: str = "fraction"


@dataclass(frozen=True, slots=True)
class Simulation:
    """The result of ``ifntrial simulate``.

    Parameters
    ----------
    regimen, drug
        In words.
    weeks
        How long it was followed [week].
    engagement
        The read-out that shows that the drug is at its target; empty for a drug without one.
    without_mechanisms
        Mechanisms left out.
    people
        Who was followed.
    subjects_status
        Status of a subject's course to the number of subjects; only ``ok`` counts in read-outs.
    time_days
        Times [day], shape (times,).
    units
        Of the read-outs.
    concentration
        Of the drug in serum.
    occupancy_blood, occupancy_skin
        Share of receptors bound by the drug.
    ifn_alpha_bound_blood, ifn_alpha_bound_skin
        Share of interferon alpha bound by the drug.
    kinase_inhibition_blood, kinase_inhibition_skin
        Share of the kinases below the receptor that is inhibited.
    ifn_driven_suppression_blood, ifn_driven_suppression_skin
        Suppression (a): share of the receptor-driven signal removed.
    suppression_blood, suppression_skin
        Suppression (b): one minus post over pre of the fold-change score.
    signature_blood, signature_skin
        The fold-change score itself.
    """

    regimen: str
    weeks: float
    drug: str
    engagement: str
    without_mechanisms: tuple[str, ...]
    people: People
    subjects_status: Mapping[str, int]
    time_days: tuple[float, ...]
    units: Units
    concentration: ReadOut
    occupancy_blood: ReadOut
    occupancy_skin: ReadOut
    ifn_alpha_bound_blood: ReadOut
    ifn_alpha_bound_skin: ReadOut
    kinase_inhibition_blood: ReadOut
    kinase_inhibition_skin: ReadOut
    ifn_driven_suppression_blood: ReadOut
    ifn_driven_suppression_skin: ReadOut
    suppression_blood: ReadOut
    suppression_skin: ReadOut
    signature_blood: ReadOut
    signature_skin: ReadOut

    @property
    def at_target(self) -> tuple[ReadOut, ReadOut] | None:
        """The read-out that shows the drug at its target, in blood and skin; None for a drug without one."""
        return {
            "occupancy": (self.occupancy_blood, self.occupancy_skin),
            "ifn_alpha_bound": (self.ifn_alpha_bound_blood, self.ifn_alpha_bound_skin),
            "kinase_inhibition": (self.kinase_inhibition_blood, self.kinase_inhibition_skin),
        }.get(self.engagement)

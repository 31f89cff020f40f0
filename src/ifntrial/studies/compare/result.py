"""What a comparison of designs finds."""

from collections.abc import Mapping
from dataclasses import dataclass

from ifntrial.clinic.primary_measure import PrimaryMeasure
from ifntrial.studies.compare.more_patients import MorePatients
from ifntrial.studies.compare.power import Difference
from ifntrial.studies.over_worlds import OverCommonSubjects, PriorEffect


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignFacts:
    """A design in words and numbers; pairs are of the active and the control arm.

    Parameters
    ----------
    name, title, called
        Its name, its title, and what a sentence calls it.
    total, per_arm
        Treated patients, in all arms and in the pair.
    arms, regimens
        Names and regimens of the pair.
    eligibility
        Who enters, one text for each criterion.
    primary, primary_definition, primary_measure
        The primary endpoint in words, by which rule, and what is told of it.
    alpha_one_sided
        Level of the test of it.
    screened
        Virtual candidates that were screened for the simulated subjects.
    reading
        The design whose simulated responses it uses.
    """

    name: str
    title: str
    total: int
    per_arm: tuple[int, int]
    arms: tuple[str, str]
    regimens: tuple[str, str]
    eligibility: tuple[str, ...]
    called: str
    primary: str
    primary_definition: str
    primary_measure: PrimaryMeasure
    alpha_one_sided: float
    screened: int
    reading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedDesign(DesignFacts):
    """A design beside the first.

    Parameters
    ----------
    effective_subjects
        How many simulated patients its weights are worth, by Kish.
    by_prior
        Its chance of success and responses, by prior.
    versus_reference
        Its chance of success less that of the first design, by prior; None for the first.
    more_patients
        How many more patients would fix it.
    """

    effective_subjects: float
    by_prior: Mapping[str, PriorEffect]
    versus_reference: Mapping[str, Difference] | None
    more_patients: MorePatients


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison(OverCommonSubjects):
    """The result of ``ifntrial design compare``.

    Parameters
    ----------
    reference
        Name of the first design.
    designs
        In the order given.
    """

    reference: str
    designs: tuple[ComparedDesign, ...]

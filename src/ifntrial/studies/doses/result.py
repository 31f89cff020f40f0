"""What a study of doses and routes finds."""

from collections.abc import Mapping
from dataclasses import dataclass

from ifntrial.clinic.primary_measure import PrimaryMeasure
from ifntrial.studies.compare.power import Difference
from ifntrial.studies.over_worlds import OverCommonSubjects, PriorEffect


@dataclass(frozen=True, slots=True)
class MedianPatient:
    """A read-out in the median patient.

    Parameters
    ----------
    median
        Mean over worlds of the patients' median; of their mean for a share.
    mc_low, mc_high
        95 % interval from the finite number of worlds; None if the worlds are worth one.
    q05, q95
        Quantiles at 5 and 95 % of patients and worlds.
    """

    median: float
    mc_low: float | None
    mc_high: float | None
    q05: float
    q95: float


@dataclass(frozen=True, slots=True)
class Exposure:
    """Exposure, occupancy and suppression before the primary visit, at the end of a dosing interval.

    Parameters
    ----------
    trough
        Concentration in serum [ug/mL].
    auc
        Area under the concentration over the window before the visit [day ug/mL].
    occupancy_blood, occupancy_skin
        Share of receptors bound by the drug.
    suppression_blood, suppression_skin
        Suppression (b) in patients with a high signature in that tissue.
    occupied
        Share of patients whose receptors in blood are occupied by at least 95 %.
    """

    trough: MedianPatient
    auc: MedianPatient
    occupancy_blood: MedianPatient
    occupancy_skin: MedianPatient
    suppression_blood: MedianPatient
    suppression_skin: MedianPatient
    occupied: MedianPatient


@dataclass(frozen=True, slots=True)
class RegimenResult:
    """A regimen.

    Parameters
    ----------
    words, route
        The regimen in words, and its route.
    exposure
        What patients are exposed to.
    by_prior
        Chance of success and responses, by prior.
    versus_own
        Chance of success less that of the design's own regimen, by prior.
    """

    words: str
    route: str
    exposure: Exposure
    by_prior: Mapping[str, PriorEffect]
    versus_own: Mapping[str, Difference]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doses(OverCommonSubjects):
    """The result of ``ifntrial doses``.

    Parameters
    ----------
    design, called
        Name of the design, and what a sentence calls it.
    total
        Treated patients in all arms.
    control_word
        What the control arm is called.
    primary, primary_definition, primary_measure
        The primary endpoint in words, by which rule, and what is told of it.
    alpha_one_sided
        Level of the test of it.
    per_arm
        Treated patients, active and control.
    window_days
        Over which the area under the concentration is taken [day].
    exposure_worlds, exposure_subjects
        In how many worlds and subjects exposure was followed.
    regimen_results
        The design's own first.
    """

    design: str
    total: int
    called: str
    control_word: str
    primary: str
    primary_definition: str
    primary_measure: PrimaryMeasure
    alpha_one_sided: float
    per_arm: tuple[int, int]
    window_days: float
    exposure_worlds: int
    exposure_subjects: int
    regimen_results: tuple[RegimenResult, ...]

    @property
    def own(self) -> RegimenResult:
        """The design's own regimen."""
        return self.regimen_results[0]

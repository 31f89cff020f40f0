"""What a forecast finds."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ifntrial.clinic.design_words import RuleInWords
from ifntrial.clinic.primary_measure import PrimaryMeasure
from ifntrial.statistics.assurance import Estimate
from ifntrial.studies.beliefs.answers import Assurance, BeliefReading
from ifntrial.studies.forecast.aim_records import EstimandVariant, KeySecondary, OrderOfTesting
from ifntrial.studies.forecast.answers import (
    Believe,
    GroupAnswer,
    InformedGlobal,
    OtherWeights,
    ReferenceWorld,
    RuleVariant,
    VarianceShare,
)
from ifntrial.studies.forecast.course_records import EndpointCourses, ExposureCourses, SignatureCourses
from ifntrial.studies.forecast.given_results import ResultsGiven
from ifntrial.studies.forecast.prior_answer import PriorAnswer
from ifntrial.studies.forecast.told.look_records import DecisionUnderPrior, LooksForecast
from ifntrial.studies.over_worlds import AssumedNumber, OverWorlds
from ifntrial.studies.reference_class.result import ClassOfTrials
from ifntrial.studies.safety.result import SafetyRow
from ifntrial.studies.screening import Screening
from ifntrial.worlds.quantiles import Band, Spread


@dataclass(frozen=True, slots=True)
class SolverAudit:
    """Courses that were solved a second time far more accurately.

    Parameters
    ----------
    subjects
        How many.
    largest_error
        Largest relative difference.
    """

    subjects: int
    largest_error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcedAssumption(AssumedNumber):
    """An assumed number of the run.

    Parameters
    ----------
    source
        Id in the evidence tables; empty without one.
    """

    source: str


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A published source of the evidence tables.

    Parameters
    ----------
    id, citation, doi
        As in the tables.
    """

    id: str
    citation: str
    doi: str


@dataclass(frozen=True, slots=True)
class PatientPrediction:
    """What is predicted for everyone with a patient's signature; research only.

    Parameters
    ----------
    patient, signature
        As in the table of scores.
    probability_high
        Of a high signature; None where the patient was not scored.
    status, reason
        ``predicted`` or ``not predicted``, and why not.
    virtual_patients
        How many stand for the patient.
    benefit
        Difference in the chance of response, active minus control, over worlds.
    suppression_blood
        Suppression (b) in blood, over worlds and virtual patients.
    response_control
        Chance of response on control.
    """

    patient: str
    signature: str
    probability_high: float | None
    status: str
    reason: str
    virtual_patients: int
    benefit: Spread | None = None
    suppression_blood: Spread | None = None
    response_control: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast(OverWorlds):
    """The result of ``ifntrial forecast``; pairs are of the active and the control arm.

    Parameters
    ----------
    design, title, registration
        Name, title and registration of the trial.
    question
        That is answered.
    primary, primary_definition, primary_week
        The primary endpoint in words, how it is met or read under the design's rules, and its visit [week].
    primary_measure, analysis
        What is told of the primary endpoint, and its test in words.
    alpha_one_sided
        Level of the primary test.
    control_word
        What the control arm is called.
    arms, per_arm, other_arms
        Names and patients of the pair, and arms that are not forecast.
    planned
        Patients planned in all arms.
    without_mechanisms
        Mechanisms left out.
    assurance
        Probability that the primary endpoint is met, under the mixture.
    power_by_world
        The same in each world.
    power, reference_world
        Power in one world, and which.
    type_i_error
        Share of significant trials if the drug did nothing.
    by_prior
        The answer under each named prior and, last, their mixture.
    by_ifn
        The answer in patients with a ``high`` and a ``low`` signature.
    weights_sensitivity
        The answer if the priors were weighed otherwise.
    belief_readings
        The answer under each declared belief if the trials behind it are read otherwise.
    classes
        The published trials behind the declared beliefs, by class.
    null_worlds
        Worlds without any effect, behind the type I error.
    different_subjects
        Virtual patients of all worlds together, who are different ones.
    screening
        Who was screened.
    exposure_courses, signature_courses, endpoint_courses
        Courses over time.
    believe
        Power by true effect and response on control; None where the primary endpoint is no response.
    variance
        Where the spread of power between worlds comes from.
    safety
        Events per 100 patient-years by arm, what the trial would count, and what is borrowed from lupus.
    estimands
        The answer under other strategies for stopping and escape therapy.
    key_secondaries, testing_orders
        Key secondary endpoints tested alone, and after the primary one in the same trial; empty without any.
    variants
        The answer under other readings of the rule; empty if there is one.
    globals
        What data say about the unknowns of a world.
    audit
        How accurately courses were solved; None if no course was solved twice.
    placebo_response
        Share of responders on control, over worlds; of another primary endpoint what its measure says.
    assumptions, rules, bibliography
        What is assumed of numbers and of the trial, and where the rest comes from.
    cohort
        One row for each patient of a cohort; None without one.
    given
        What results did that were given to the run; None without any.
    looks
        Interim looks; None without. All chances of success above are those over all looks.
    decisions
        Belief to what the go/no-go rule would say; empty without a rule.
    """

    design: str
    title: str
    registration: str
    question: str
    primary: str
    primary_definition: str
    primary_week: float
    primary_measure: PrimaryMeasure
    analysis: str
    alpha_one_sided: float
    control_word: str
    arms: tuple[str, str]
    other_arms: tuple[str, ...]
    per_arm: tuple[int, int]
    planned: int
    without_mechanisms: tuple[str, ...]
    assurance: Assurance
    power: Estimate
    reference_world: ReferenceWorld
    type_i_error: Estimate
    power_by_world: Band
    by_prior: Mapping[str, PriorAnswer]
    by_ifn: Mapping[str, GroupAnswer]
    weights_sensitivity: tuple[OtherWeights, ...]
    belief_readings: tuple[BeliefReading, ...]
    classes: Mapping[str, ClassOfTrials]
    null_worlds: int
    different_subjects: int
    screening: Screening
    exposure_courses: ExposureCourses
    signature_courses: SignatureCourses
    endpoint_courses: tuple[EndpointCourses, ...]
    believe: Believe | None
    variance: tuple[VarianceShare, ...]
    safety: tuple[SafetyRow, ...]
    estimands: tuple[EstimandVariant, ...]
    key_secondaries: tuple[KeySecondary, ...]
    testing_orders: tuple[OrderOfTesting, ...]
    variants: tuple[RuleVariant, ...]
    globals: tuple[InformedGlobal, ...]
    audit: SolverAudit | None
    placebo_response: Band
    assumptions: tuple[SourcedAssumption, ...]
    rules: tuple[RuleInWords, ...]
    bibliography: tuple[SourceRow, ...]
    cohort: tuple[PatientPrediction, ...] | None
    given: ResultsGiven | None = None
    looks: LooksForecast | None = None
    decisions: Mapping[str, DecisionUnderPrior] = field(default_factory=dict)

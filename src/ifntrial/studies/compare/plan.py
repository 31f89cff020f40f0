"""What a comparison simulates: designs, common subjects, worlds, and which designs share a reading of a patient."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel

from ifntrial.arrays import FloatArray
from ifntrial.catalog import Catalog
from ifntrial.catalog.readings import AnalysisOfReadings
from ifntrial.design.design import Arm, PlannedEndpoint, TrialDesign
from ifntrial.design.inheritance import ESTIMAND_WORDS
from ifntrial.errors import InputError, listed
from ifntrial.evidence.records import Evidence
from ifntrial.model import Model
from ifntrial.patients.thinning import PatientPool
from ifntrial.studies import plans
from ifntrial.studies.beliefs.asked import DECLARED, AskedBeliefs
from ifntrial.studies.common_trial import CommonTrial, require_subjects, trial_on
from ifntrial.studies.compare.screen import CommonSubjects, screen_common
from ifntrial.studies.other_drugs import DrugInWorlds, drug_of, other_drugs
from ifntrial.studies.runs import worlds_at_once
from ifntrial.worlds.beliefs import MIXTURE, Belief
from ifntrial.worlds.choose import WorldChoice, choose_worlds
from ifntrial.worlds.draw import Worlds

MOST_DESIGNS = 12
_NOT_READ_FROM_A_PATIENT = {"randomization", "analysis"}


@dataclass(frozen=True, slots=True)
class SharedPlan:
    """Everything that decides the numbers of a comparison.

    Parameters
    ----------
    designs
        The designs, the reference first.
    worlds, subjects
        How many worlds, and enrolled subjects for each design.
    seed
        The run's seed.
    replicates
        Repeats of measurement and conduct behind each response probability.
    beliefs
        Whose, and in which shares; those with none are not asked.
    """

    designs: tuple[TrialDesign, ...]
    worlds: int
    subjects: int
    seed: int
    replicates: int = 16
    beliefs: AskedBeliefs = DECLARED


@dataclass(frozen=True, slots=True)
class PreparedComparison:
    """A plan with its designs, subjects and worlds.

    Parameters
    ----------
    designs
        In the order given.
    reading_of
        Name of a design to the design whose simulated responses it uses: designs that differ in whom, how many and
        how they randomize only share them.
    others
        Drugs of the designs beside that of ``model``.
    """

    plan: SharedPlan
    catalog: Catalog
    designs: tuple[TrialDesign, ...]
    reading_of: dict[str, str]
    model: Model
    evidence: Evidence
    common: CommonSubjects
    worlds: Worlds
    choice: WorldChoice
    beliefs: tuple[Belief, ...]
    others: Mapping[str, DrugInWorlds] = field(default_factory=dict)

    @property
    def readings(self) -> tuple[TrialDesign, ...]:
        """The designs that are simulated."""
        names = set(self.reading_of.values())
        return tuple(design for design in self.designs if design.name in names)

    def trial(self, design: TrialDesign) -> CommonTrial:
        """Return the trial of a design on all common subjects, whether it enrolls them or not."""
        plan, population = self.plan, self.common.population
        return trial_on(
            self.catalog, self.model, design, population, seed=plan.seed, replicates=plan.replicates
        )

    def design(self, name: str) -> TrialDesign:
        """Return the design called ``name``."""
        return next(design for design in self.designs if design.name == name)


def prepare(plan: SharedPlan, catalog: Catalog) -> PreparedComparison:
    """Return the subjects and worlds of a plan.

    Raises
    ------
    InputError
        If designs cannot be compared, a size is out of range, or worlds reach too little of a belief.
    UnknownNameError
        If a weight is given to a belief that is not there.
    """
    require_subjects(plan.subjects)
    designs = plan.designs
    require_comparable(designs)
    model, evidence, calibration = catalog.model(), catalog.evidence, catalog.calibration
    beliefs = tuple(belief for belief in plan.beliefs.beliefs(evidence) if belief.share > 0)
    choice = choose_worlds(beliefs, calibration.implied, evidence, plan.worlds, plan.seed)

    def common(pool: PatientPool) -> CommonSubjects:
        return screen_common(designs, pool, plan.subjects, plan.seed)

    return PreparedComparison(
        plan=plan,
        catalog=catalog,
        designs=designs,
        reading_of=_readings(designs, catalog),
        model=model,
        evidence=evidence,
        common=common(catalog.pool(model)),
        worlds=choice.worlds_of(calibration, model, evidence),
        choice=choice,
        beliefs=beliefs,
        others=other_drugs(catalog, designs, choice, lambda pool: common(pool).population),
    )


def require_comparable(designs: Sequence[TrialDesign]) -> None:
    """Raise if designs have no control, a primary endpoint of a part of the patients, or the same name.

    Raises
    ------
    InputError
        Naming every problem.
    """
    names = [design.name for design in designs]
    problems = [f"the name '{name}' is there twice" for name in sorted(set(names)) if names.count(name) > 1]
    for design in designs:
        if not design.is_randomized:
            problems.append(f"design '{design.name}' has no control arm")
        if design.primary.among is not None:
            problems.append(
                f"design '{design.name}': its primary endpoint is of those with {design.primary.among} only"
            )
    if not 1 <= len(designs) <= MOST_DESIGNS:
        problems.append(f"{len(designs)} designs")
    if problems:
        raise InputError(
            "these designs cannot be compared",
            given=listed(names),
            problems=problems,
            allowed=f"up to {MOST_DESIGNS} randomized designs of different names, with a primary endpoint of everyone",
            fix="see 'ifntrial design list' for shipped designs and their primary endpoints",
        )


def _readings(designs: Sequence[TrialDesign], catalog: Catalog) -> dict[str, str]:
    """Return for each design the first design in which a patient would be treated, seen and judged the same."""
    first: dict[_Reading, str] = {}
    return {design.name: first.setdefault(_reading(design, catalog), design.name) for design in designs}


@dataclass(frozen=True, slots=True)
class _Reading:
    """What decides how one patient is treated, seen and judged."""

    regimens: tuple[str, str]
    primary: PlannedEndpoint
    rules: tuple[BaseModel, ...]
    values: tuple[object, ...]


def _reading(design: TrialDesign, catalog: Catalog) -> _Reading:
    return _Reading(
        regimens=(_given(design.active), _given(design.control)),
        primary=design.primary,
        rules=tuple(
            _without_words(block) for name, block in design.assumed if name not in _NOT_READ_FROM_A_PATIENT
        ),
        values=_values(design, catalog),
    )


def _given(arm: Arm) -> str:
    return f"{drug_of(arm)} {arm.planned_dosing().text}"


def _values(design: TrialDesign, catalog: Catalog) -> tuple[object, ...]:
    """Return what else the values of a patient hang on, where the primary endpoint is no response."""
    analysis = catalog.analysis_of(design)
    if not isinstance(analysis, AnalysisOfReadings):
        return ()
    return analysis.name, design.strata, tuple(arm.allocation for arm in design.arms)


def _without_words(block: BaseModel) -> BaseModel:
    """Return a block of rules without its words, which decide nothing."""
    words = {"reason", *ESTIMAND_WORDS} & set(type(block).model_fields)
    return block.model_copy(update=dict.fromkeys(words))


def world_weights(prepared: PreparedComparison) -> dict[str, FloatArray]:
    """Return the weight of each world under every belief and, last, their mixture."""
    names = [*(belief.name for belief in prepared.beliefs), MIXTURE]
    return {name: prepared.choice.counts[name] for name in names}


def plan_text(prepared: PreparedComparison) -> str:
    """Return everything that decides the numbers: the plan, the model, the evidence and the calibration."""
    return plans.plan_text(
        prepared.plan,
        prepared.catalog,
        prepared.worlds.size,
        worlds_at_once(prepared.plan.worlds, prepared.plan.subjects),
        calibration=prepared.catalog.calibration.fingerprint,
    )


def run_name(prepared: PreparedComparison, kind: str) -> str:
    """Return a folder name that is the same for the same numbers only, such as ``compare-1a2b3c4d``."""
    return plans.run_name(kind, plan_text(prepared))

"""Run a forecast: worlds in parallel, in blocks that are kept on disk as soon as they are done.

The numbers do not depend on the number of workers, nor on whether the run was interrupted: worlds are read back from
their files either way.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa

from ifntrial.catalog import Catalog
from ifntrial.clinic.enroll import Enrollment
from ifntrial.clinic.responses_by_rule import primary_of
from ifntrial.design.design import TrialDesign
from ifntrial.studies import plans
from ifntrial.studies.beliefs.asked import DECLARED, AskedBeliefs
from ifntrial.studies.beliefs.given import GivenResults
from ifntrial.studies.blocks import Block, write_block
from ifntrial.studies.common_trial import require_subjects, trial_on
from ifntrial.studies.executors import Workers, executor_of
from ifntrial.studies.fill_in import Report, do_absent
from ifntrial.studies.forecast.cohort.patients import CohortPatient
from ifntrial.studies.forecast.cohort.twins import enroll_twins
from ifntrial.studies.forecast.gather import ForecastWorlds, gather_worlds
from ifntrial.studies.forecast.records import ForecastWorld
from ifntrial.studies.forecast.tables import OUTCOME_SCHEMA, outcome_table, write_subjects
from ifntrial.studies.forecast.world import ForecastTrial, simulate_world
from ifntrial.studies.other_drugs import DrugInWorlds, other_drugs
from ifntrial.studies.panels import enroll_panels, panel_of
from ifntrial.studies.plans import claimed
from ifntrial.studies.runs import WORLDS, WorldRun, each_world, worlds_at_once
from ifntrial.worlds.beliefs import Belief
from ifntrial.worlds.calibration import Calibration
from ifntrial.worlds.choose import WorldChoice, choose_worlds
from ifntrial.worlds.given import Learning, learn

OUTCOMES = "outcomes"
"""The folder of the blocks with what one trial reads in each world."""


@dataclass(frozen=True, slots=True)
class ForecastPlan:
    """Everything that decides the numbers of a forecast.

    Parameters
    ----------
    worlds, subjects
        How many worlds, and common subjects in each.
    seed
        The run's seed.
    replicates
        Repeats of measurement and conduct behind each response probability.
    without
        Mechanisms left out.
    cohort
        Patients whom the virtual ones stand for; none: anyone whom the design enrolls.
    outcomes
        Whether to keep what one trial reads in each world; changes no number.
    beliefs
        Whose, and in which shares.
    given
        Results that weigh worlds beside what is published; None: none.
    """

    design: TrialDesign
    worlds: int
    subjects: int
    seed: int
    replicates: int = 16
    without: tuple[str, ...] = ()
    cohort: tuple[CohortPatient, ...] = ()
    outcomes: bool = False
    beliefs: AskedBeliefs = DECLARED
    given: GivenResults | None = None


@dataclass(frozen=True, slots=True)
class PreparedForecast:
    """A plan with its subjects and worlds.

    Parameters
    ----------
    calibration
        The frozen worlds that the run chose from.
    owner
        Which patient of a cohort each subject stands for.
    prior_choice, learning
        The choice before results were given, and what these did to it; None without any.
    """

    plan: ForecastPlan
    catalog: Catalog
    beliefs: tuple[Belief, ...]
    trial: ForecastTrial
    enrollment: Enrollment
    choice: WorldChoice
    calibration: Calibration
    owner: tuple[int, ...] = ()
    prior_choice: WorldChoice | None = None
    learning: Learning | None = None


def prepare(plan: ForecastPlan, catalog: Catalog) -> PreparedForecast:
    """Return the subjects and worlds of a plan.

    Raises
    ------
    InputError
        If a size is out of range, the primary endpoint is not a response of everyone, or worlds reach too little of a
        belief.
    UnknownNameError
        If a weight is given to a belief that is not there.
    """
    require_subjects(plan.subjects)
    evidence, design, calibration = catalog.evidence, plan.design, catalog.calibration
    primary_of(design, catalog.endpoints)
    model = catalog.model(without=plan.without)
    pool = catalog.pool(model)
    for arm in design.arms if plan.cohort else ():
        arm.dosing()  # the virtual patients that match a cohort are those of one model
    beliefs = plan.beliefs.beliefs(evidence)
    choice = choose_worlds(beliefs, calibration.implied, evidence, plan.worlds, plan.seed)
    owner: tuple[int, ...] = ()
    others: dict[str, DrugInWorlds] = {}
    places: tuple[int, ...] = (0,) * len(choice.positions)
    if plan.cohort:
        enrollment, owners = enroll_twins(plan.cohort, design, pool, plan.subjects, plan.seed)
        owner = tuple(int(i) for i in owners)
    else:
        numbers = [panel_of(int(world)) for world in calibration.implied.number[choice.positions]]
        panels = sorted(set(numbers))
        places = tuple(panels.index(number) for number in numbers)
        enrollment = enroll_panels(design, pool, panels, plan.subjects, plan.seed)
        others = other_drugs(
            catalog,
            [design],
            choice,
            lambda own: enroll_panels(design, own, panels, plan.subjects, plan.seed).population,
            plan.without,
        )
    trial = ForecastTrial(
        trial_on(catalog, model, design, enrollment.population, seed=plan.seed, replicates=plan.replicates),
        endpoints=dict(catalog.endpoints),
        panels=max(places) + 1,
        panel_of_world=places,
        worlds=choice.worlds_of(calibration, model, evidence),
        has_effect=tuple(bool(each) for each in choice.has_effect),
        others=others,
    )
    prepared = PreparedForecast(plan, catalog, beliefs, trial, enrollment, choice, calibration, owner)
    return prepared if plan.given is None else _learnt(prepared, plan.given)


def _learnt(prepared: PreparedForecast, given: GivenResults) -> PreparedForecast:
    """Return the same worlds as given results weigh them: which are simulated does not hang on the results."""
    choice = prepared.choice
    learning = learn(choice, given.records(), prepared.calibration.implied)
    return replace(prepared, choice=learning.choice, prior_choice=choice, learning=learning)


def run_in(prepared: PreparedForecast, folder: Path) -> WorldRun[ForecastWorld]:
    """Return the run of a forecast in a folder."""
    return WorldRun(
        folder, plan_text(prepared), len(prepared.choice.positions), _at_once(prepared.plan), ForecastWorld
    )


def run_worlds(
    prepared: PreparedForecast,
    folder: Path,
    workers: Workers = 1,
    report: Report = lambda done, total: None,
) -> ForecastWorlds:
    """Simulate every world that is not in the folder yet; return the worlds; errors as in ``run_there``."""
    return run_there(prepared, folder, workers, report)[1]


def run_there(
    prepared: PreparedForecast, folder: Path, workers: Workers, report: Report
) -> tuple[PreparedForecast, ForecastWorlds]:
    """Simulate every world that is not in the folder yet; return the worlds, and what they are the worlds of.

    Raises
    ------
    RunError
        If the folder holds another run or another process works in it, or worlds could not be done.
    PartDoneError
        If only a part was asked for.
    """
    run = run_in(prepared, folder)
    kinds = (WORLDS, OUTCOMES) if prepared.plan.outcomes else (WORLDS,)
    with claimed(folder, run.plan, kinds, executor_of(workers).access):
        there = do_absent(run, partial(_do_block, prepared, run), workers, report, needs_all=False)
        if len(there) < run.worlds:
            prepared, run = _only(prepared, there), replace(run, only=tuple(there))
        worlds = gather_worlds(run.records(), prepared.choice, prepared.trial.panel_of_world, folder)
        write_subjects(prepared.trial, worlds, folder)
    return prepared, worlds


def _only(prepared: PreparedForecast, there: Sequence[int]) -> PreparedForecast:
    """Return the same with some of the worlds."""
    trial = prepared.trial
    trial = replace(
        trial,
        panel_of_world=tuple(trial.panel_of_world[place] for place in there),
        worlds=trial.worlds.take(np.array(there)),
    )
    before = prepared.prior_choice
    return replace(
        prepared,
        choice=prepared.choice.only(np.array(there)),
        prior_choice=None if before is None else before.only(np.array(there)),
        trial=trial,
    )


def plan_text(prepared: PreparedForecast) -> str:
    """Return everything that decides the numbers, as text: the plan, the model, the evidence and the calibration."""
    return plans.plan_text(
        prepared.plan,
        prepared.catalog,
        len(prepared.choice.positions),
        _at_once(prepared.plan),
        calibration=prepared.catalog.calibration.fingerprint,
    )


def _at_once(plan: ForecastPlan) -> int:
    return worlds_at_once(plan.worlds, plan.subjects)


def run_name(prepared: PreparedForecast) -> str:
    """Return a folder name that is the same for the same numbers only, such as ``daisy-1a2b3c4d``."""
    return plans.run_name(prepared.plan.design.name, plan_text(prepared))


def _do_block(prepared: PreparedForecast, run: WorldRun[ForecastWorld], block: Block) -> None:
    outcomes = [OUTCOME_SCHEMA.empty_table()]

    def simulate(place: int) -> ForecastWorld:
        outcome = simulate_world(prepared.trial, place, keep_subjects=bool(prepared.owner))
        if prepared.plan.outcomes:
            outcomes.append(outcome_table(prepared.trial, place, outcome))
        return outcome.record

    rows = each_world(simulate, block)
    if prepared.plan.outcomes:
        beside = replace(block, kind=OUTCOMES)
        write_block(run.path(beside), beside, pa.concat_tables(outcomes))
    run.write(block, rows)

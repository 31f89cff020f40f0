"""Run the checks of a validation: each is a block that is kept on disk as soon as it is done.

A check simulates its own people and takes random numbers of its own purposes, so that it is the same alone and in
company, on any number of workers.
"""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ifntrial.catalog import Catalog
from ifntrial.studies.blocks import Block
from ifntrial.studies.plans import claimed, plan_text, run_folder
from ifntrial.studies.runs import WORLDS, Report, WorldRun, do_absent, each_world
from ifntrial.studies.validate.checks import CHECKS, Check
from ifntrial.studies.validate.checks.response_steps import ResponseSteps, response_steps
from ifntrial.studies.validate.checks.setting import Setting, Simulated

AT_ONCE = 1
"""Checks in a block: there are few, and the longest takes most of the time."""


@dataclass(frozen=True, slots=True)
class ValidationPlan:
    """Everything that decides the numbers beside the evidence and the model.

    Parameters
    ----------
    subjects
        Size of the virtual groups that are given a drug; ten times as many candidates stand behind baseline tables.
    seed
        The run's seed.
    drug, without
        Name of the drug, and of the mechanisms that are left out.
    """

    subjects: int
    seed: int
    drug: str
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PreparedValidation:
    """A plan with what every check starts from."""

    plan: ValidationPlan
    catalog: Catalog
    setting: Setting


@dataclass(frozen=True, slots=True)
class Checked:
    """What one check says.

    Parameters
    ----------
    group
        Name of its group; empty for the steps.
    simulated
        What the model says of each observation.
    steps
        The response on placebo by more and more rules, from the last check alone.
    """

    group: str
    simulated: tuple[Simulated, ...] = ()
    steps: ResponseSteps | None = None


def prepare(plan: ValidationPlan, catalog: Catalog) -> PreparedValidation:
    """Return what a plan checks; a drug or a mechanism that is not known raises ``UnknownNameError``."""
    model = catalog.model(plan.drug, plan.without)
    return PreparedValidation(plan, catalog, Setting(catalog, model, plan.seed, plan.subjects))


def run_checks(
    prepared: PreparedValidation, workers: int, report: Report, folder: Path | None
) -> tuple[Checked, ...]:
    """Do the checks that are not in the folder yet; return what every one says, in order.

    Raises
    ------
    RunError
        If the folder holds another run or another process works in it, or checks could not be done.
    """
    checks = len(_checks()) + 1
    plan = plan_text(
        prepared.plan, prepared.catalog, checks, AT_ONCE, patients=prepared.catalog.patients.fingerprint
    )
    with run_folder(folder) as place, claimed(place, plan, (WORLDS,)):
        run = WorldRun(place, plan, checks, AT_ONCE, Checked, noun="check")
        do_absent(run, partial(_do_block, prepared, run), workers, report)
        return tuple(checked for _, checked in run.records())


def check_at(setting: Setting, place: int) -> Checked:
    """Return what one check says; the last is of the rules of a trial, and speaks of no single observation."""
    checks = _checks()
    if place == len(checks):
        return Checked("", steps=response_steps(setting))
    group, check = checks[place]
    return Checked(group, tuple(check(setting)))


def _checks() -> tuple[tuple[str, Check], ...]:
    """Return group and check of everything that speaks of observations, in order."""
    return tuple((name, check) for name, (_, checks) in CHECKS.items() for check in checks)


def _do_block(prepared: PreparedValidation, run: WorldRun[Checked], block: Block) -> None:
    run.write(block, each_world(partial(check_at, prepared.setting), block))

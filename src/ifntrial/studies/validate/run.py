"""Run the checks of a validation: each is a block that is kept on disk as soon as it is done.

First every check in the typical world, with all subjects; then all checks together in one world after another, with
fewer subjects who are the same people in each, so that worlds differ by what holds in them alone. A check simulates its
own people and takes random numbers of its own purposes, so that it is the same alone and in company, on any number of
workers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np

from ifntrial.catalog import Catalog
from ifntrial.studies.blocks import Block
from ifntrial.studies.executors import Workers, executor_of
from ifntrial.studies.fill_in import Report, do_absent
from ifntrial.studies.plans import claimed, plan_text, run_folder
from ifntrial.studies.runs import WORLDS, WorldRun, each_world
from ifntrial.studies.validate.checks import CHECKS, Check
from ifntrial.studies.validate.checks.response_steps import ResponseSteps, response_steps
from ifntrial.studies.validate.checks.setting import Setting, Simulated
from ifntrial.studies.validate.curves import untreated_curves
from ifntrial.studies.validate.worlds import choose_worlds
from ifntrial.worlds.draw import Worlds

AT_ONCE = 1
"""Checks in a block: there are few, and the longest takes most of the time."""

FEWER, FEWEST = 4, 50
"""A world has a quarter of the subjects, but not fewer than so many."""


@dataclass(frozen=True, slots=True)
class ValidationPlan:
    """Everything that decides the numbers beside the evidence and the model.

    Parameters
    ----------
    subjects
        Size of the virtual groups that are given a drug; thirty times as many patients stand behind baseline tables.
    seed
        The run's seed.
    drug, without
        Name of the drug, and of the mechanisms that are left out.
    worlds
        How many say how far a published value may lie from the typical world.
    """

    subjects: int
    seed: int
    drug: str
    without: tuple[str, ...] = ()
    worlds: int = 64


@dataclass(frozen=True, slots=True)
class PreparedValidation:
    """A plan with what every check starts from: the typical world, and the drawn ones."""

    plan: ValidationPlan
    catalog: Catalog
    setting: Setting
    worlds: Worlds

    def in_world(self, place: int) -> Setting:
        """Return the setting of fewer subjects in a drawn world; place 0 is the typical world."""
        whole = self.setting
        drawn = None if place == 0 else self.worlds.take(np.array([place - 1]))
        fewer = max(FEWEST, whole.subjects // FEWER)
        return replace(whole, subjects=fewer, drawn=drawn)


@dataclass(frozen=True, slots=True)
class Checked:
    """What one check says, or all of them in one world.

    Parameters
    ----------
    group
        Name of its group; empty for the steps and in drawn worlds.
    simulated
        What the model says of each observation.
    steps
        The response on placebo by more and more rules, from one check alone.
    curves
        Name of a curve of the untreated course to its values, in worlds alone.
    """

    group: str
    simulated: tuple[Simulated, ...] = ()
    steps: ResponseSteps | None = None
    curves: Mapping[str, tuple[float, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AllChecked:
    """Everything that a run has found.

    Parameters
    ----------
    typical
        Of every check, in order.
    steps
        The response on placebo by more and more rules.
    reference, worlds
        All checks in the typical world with the subjects of drawn worlds, and in each of these.
    """

    typical: tuple[Checked, ...]
    steps: ResponseSteps
    reference: Checked
    worlds: tuple[Checked, ...]


def prepare(plan: ValidationPlan, catalog: Catalog) -> PreparedValidation:
    """Return what a plan checks; a drug or a mechanism that is not known raises ``UnknownNameError``."""
    model = catalog.model(plan.drug, plan.without)
    setting = Setting(catalog, model, plan.seed, plan.subjects, without=plan.without)
    return PreparedValidation(plan, catalog, setting, choose_worlds(catalog, model, plan.worlds))


def run_checks(
    prepared: PreparedValidation, workers: Workers, report: Report, folder: Path | None
) -> AllChecked:
    """Do the checks that are not in the folder yet; return what every one says, in order.

    Raises
    ------
    RunError
        If the folder holds another run or another process works in it, or checks could not be done.
    """
    checks = len(_checks())
    total = checks + 2 + prepared.plan.worlds
    catalog = prepared.catalog
    plan = plan_text(
        prepared.plan,
        catalog,
        total,
        AT_ONCE,
        patients=catalog.patients.fingerprint,
        calibration=catalog.calibration.fingerprint,
    )
    with run_folder(folder) as place, claimed(place, plan, (WORLDS,), executor_of(workers).access):
        run = WorldRun(place, plan, total, AT_ONCE, Checked, noun="check")
        do_absent(run, partial(_do_block, prepared, run), workers, report)
        found = [checked for _, checked in run.records()]
    steps = found[checks].steps
    if steps is None:
        raise ValueError("the check of the rules of a trial gave no steps")
    return AllChecked(tuple(found[:checks]), steps, found[checks + 1], tuple(found[checks + 2 :]))


def check_at(prepared: PreparedValidation, place: int) -> Checked:
    """Return what is said at one place: first the checks, then the rules of a trial, then the worlds."""
    checks = _checks()
    if place < len(checks):
        group, check = checks[place]
        return Checked(group, tuple(check(prepared.setting)))
    if place == len(checks):
        return Checked("", steps=response_steps(prepared.setting))
    setting = prepared.in_world(place - len(checks) - 1)
    return Checked(
        "", tuple(each for _, check in checks for each in check(setting)), curves=untreated_curves(setting)
    )


def _checks() -> tuple[tuple[str, Check], ...]:
    """Return group and check of everything that speaks of observations, in order."""
    return tuple((name, check) for name, (_, checks) in CHECKS.items() for check in checks)


def _do_block(prepared: PreparedValidation, run: WorldRun[Checked], block: Block) -> None:
    run.write(block, each_world(partial(check_at, prepared), block))

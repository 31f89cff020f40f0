"""The one place of the frozen numbers that knows modules of the package; all else runs commands and reads their files."""

import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from ifntrial.clinic.observe import observe_arms
from ifntrial.model.drugs import DRUGS
from ifntrial.seeds import Stream
from ifntrial.signature.catalog import load_signatures
from ifntrial.signature.methods import METHODS
from ifntrial.statistics.ancova import ancova
from ifntrial.statistics.cmh import StratifiedCounts, cmh_test
from ifntrial.statistics.imputation import analyze_imputed, impute
from ifntrial.worlds.calibration import ARTIFACT
from shipped import load_design, run_trials, shipped_designs
from toy_trial import ERROR, toy_course, toy_covariates

ROOT = Path(__file__).parents[2]
CALIBRATION = ARTIFACT


def command_line() -> Callable[[], None]:
    """Return the function behind the command ``ifntrial``, as the package declares it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, _, function = project["scripts"]["ifntrial"].partition(":")
    return getattr(import_module(module), function)


def designs() -> tuple[str, ...]:
    """Return the names of the shipped designs."""
    return tuple(shipped_designs())


def regimens() -> dict[str, str]:
    """Return the usual regimen of each drug, in words."""
    return {name: drug.usual for name, drug in DRUGS.items()}


def signature_genes() -> dict[str, dict[str, list[str]]]:
    """Return the genes of each signature by what it is measured on, then by its name."""
    found: dict[str, dict[str, list[str]]] = {}
    for signature in load_signatures():
        found.setdefault(signature.material, {})[signature.name] = list(signature.genes)
    return found


def methods() -> tuple[str, ...]:
    """Return the names of the scoring methods."""
    return tuple(method.name for method in METHODS)


def first_numbers(purpose: str, count: int) -> list[float]:
    """Return the first random numbers of a purpose under seed 1."""
    return Stream(1, purpose).uniform(count).tolist()


@contextmanager
def recorded_purposes() -> Iterator[set[str]]:
    """Collect the purposes whose random numbers are drawn meanwhile."""
    purposes: set[str] = set()
    uniform = Stream.uniform

    def recorded(self: Stream, subjects: int, **place: int) -> Any:
        purposes.add(self.purpose)
        return uniform(self, subjects, **place)

    Stream.uniform = recorded
    try:
        yield purposes
    finally:
        Stream.uniform = uniform


def toy_trials() -> dict[str, object]:
    """Return what no command reaches: many whole trials of an invented population, imputation and a test in one."""
    design, subjects = load_design("daisy"), 200
    courses = {
        arm.name: toy_course(arm.name, float(not arm.is_control), subjects, design.visit_weeks)
        for arm in design.arms
    }
    error = ERROR
    arms = observe_arms(design, courses, toy_covariates(subjects), error, seed=4, replicates=2)
    weight = np.linspace(0.5, 1.5, subjects)
    many = {
        endpoint: run_trials(
            design,
            arms,
            weight,
            lambda data: ancova(data.outcome, data.is_active, data.subject[:, None]),
            truth=0.1,
            trials=12,
            seed=2,
            endpoint=endpoint,
        )
        for endpoint in ("rcriss", "mrss_change")
    }
    is_active = np.arange(subjects) % 2 == 0
    seen = [arms[design.active.name].values["mrss"][0], arms[design.control.name].values["mrss"][0]]
    changes = np.where(is_active[:, None], *seen)
    baseline, changes = changes[:, 0], changes[:, 1:4] - changes[:, :1]
    # some stop after each visit, and some have a gap before it
    changes[::7, 2], changes[::11, 1:], changes[::13, 1] = np.nan, np.nan, np.nan
    references = ("missing_at_random", "jump_to_reference", "copy_reference", "copy_increments")
    imputed = {
        reference: analyze_imputed(
            impute(changes, is_active, baseline, reference=reference, imputations=4, seed=5),
            lambda last: ancova(last, is_active, baseline[:, None]),
        )
        for reference in references
    }
    test = cmh_test(StratifiedCounts(*np.array([[30.0, 9.0], [60.0, 20.0], [18.0, 8.0], [58.0, 21.0]])))
    return {name: asdict(result) for name, result in (many | imputed | {"cmh": test}).items()}

"""What many tests start from: the shipped evidence, the model, and a lupus-like virtual population."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import settings
from numpy.typing import NDArray

from ifntrial.course.assemble import subject_parameters, typical_world
from ifntrial.course.simulate import simulate_subjects
from ifntrial.dosing.regimen import parse_regimen
from ifntrial.evidence.load import load_evidence
from ifntrial.evidence.records import Evidence
from ifntrial.model import Model
from ifntrial.patients.records import VirtualPopulation
from ifntrial.patients.sample import sample_population
from ifntrial.solver import Tolerance, Trajectories
from shipped import build_model

# programs that are no tests: `make check-interruption`, `make check-processors`
collect_ignore = ["interruption", "processors"]

# `make test` tries the same examples every time, `make test-random` others and ten times as many.
# A costly test takes a part of the examples: `settings(max_examples=settings.default.max_examples // 4)`.
settings.register_profile("repeatable", max_examples=48, deadline=None, derandomize=True, database=None)
settings.register_profile("random", max_examples=480, deadline=None, database=None, print_blob=True)
settings.load_profile("repeatable")

# Almquist 2022, its data set: 82 % with a high signature, body weight of median 68.6 kg and a spread of about 24 %.
LUPUS = {
    "population.diffuse_share": 1.0,  # one share of high signatures for everybody
    "population.ifn_high_share_blood": 0.82,
    "population.body_weight_median": 68.6,
    "population.body_weight_cv": 0.24,
}
LUPUS_SUBJECTS, LUPUS_SEED = 400, 11


@dataclass(frozen=True, slots=True)
class VirtualGroup:
    """Virtual subjects of the typical world with all their model parameters, and what a regimen does to them."""

    model: Model
    population: VirtualPopulation
    parameters: Mapping[str, NDArray[np.float64]]

    @property
    def is_high(self) -> NDArray[np.bool_]:
        return self.population.covariates["is_ifn_high"].astype(bool)

    def follow(self, words: str, days: object, outputs: object, **changed: float) -> Trajectories:
        """Return the course on a regimen in words; ``changed`` parameters get one value for everyone."""
        values = dict(self.parameters)
        for name, value in changed.items():
            assert name in values, name
            values[name] = np.full(self.population.size, float(value))
        names = (outputs,) if isinstance(outputs, str) else outputs
        found = simulate_subjects(
            self.model, values, parse_regimen(words), days, names, tolerance=Tolerance.TRIAL
        )
        assert set(found.words) == {"ok"}
        return found


@pytest.fixture(scope="session")
def evidence() -> Evidence:
    return load_evidence()


@pytest.fixture(scope="session")
def with_rows(evidence) -> Callable[[Mapping[str, object]], Evidence]:
    """Return a function that puts numbers a test can name into rows: a value, or fields such as ``prior_a``."""

    def change(rows: Mapping[str, object]) -> Evidence:
        known = {row.name for row in evidence.parameters}
        assert set(rows) <= known, f"no such rows: {set(rows) - known}"
        fields = {name: new if isinstance(new, dict) else {"value": new} for name, new in rows.items()}
        changed = tuple(replace(row, **fields.get(row.name, {})) for row in evidence.parameters)
        return replace(evidence, parameters=changed)

    return change


@pytest.fixture(scope="session")
def model() -> Model:
    return build_model()


@pytest.fixture(scope="session")
def lupus(model, with_rows) -> VirtualGroup:
    """Four hundred virtual subjects with lupus' body weights and signatures and the full spread of the evidence rows."""
    like_lupus = with_rows(LUPUS)
    population = sample_population(model, like_lupus, LUPUS_SUBJECTS, LUPUS_SEED)
    parameters = subject_parameters(model, like_lupus, population, typical_world(model, like_lupus), 0)
    return VirtualGroup(model, population, parameters)


@pytest.fixture(scope="session")
def systemic_sclerosis(model, evidence) -> VirtualGroup:
    """Sixty virtual patients with systemic sclerosis in the typical world."""
    population = sample_population(model, evidence, 60, LUPUS_SEED)
    parameters = subject_parameters(model, evidence, population, typical_world(model, evidence), 0)
    return VirtualGroup(model, population, parameters)


@pytest.fixture
def typical(model, evidence) -> dict[str, NDArray[np.float64]]:
    """Every parameter of the typical subject, a fresh copy, each of shape (1,)."""
    return {name: values.copy() for name, values in typical_world(model, evidence).parameters.items()}

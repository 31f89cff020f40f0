"""What every check starts from: the model, the evidence, and the virtual people it simulates."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from ifntrial.arrays import FloatArray, IntArray
from ifntrial.catalog import Catalog
from ifntrial.course.assemble import subject_parameters, typical_world
from ifntrial.course.simulate import simulate_subjects
from ifntrial.design.design import TrialDesign
from ifntrial.dosing.regimen import parse_regimen
from ifntrial.evidence.records import Evidence
from ifntrial.evidence.rows import Published
from ifntrial.model import Model
from ifntrial.patients.records import VirtualPopulation
from ifntrial.patients.sample import sample_population
from ifntrial.patients.thinning import draw_patients
from ifntrial.read_only import read_only
from ifntrial.solver import Tolerance
from ifntrial.studies.validate.checks.cohorts import members
from ifntrial.worlds.draw import Worlds, draw_worlds

DATA_SET = "anifrolumab_population_pharmacokinetics"
LUPUS = Published((f"{DATA_SET}.all.body_weight.w0", "tulip_pooled.all.ifn_high_blood.w0"))
"""Body weight and share of high signatures of people with lupus."""

PATIENTS = 30
"""Virtual patients for each of ``subjects``: about one in fifteen has the early diffuse disease that trials look for."""


@dataclass(frozen=True, slots=True)
class Simulated:
    """What the model says about one observation, in the observation's unit.

    Parameters
    ----------
    id
        Of the observation.
    value
        The same statistic of virtual subjects.
    sd
        Standard deviation between virtual subjects, where the statistic is a mean or a median.
    n
        Number of subjects behind the published figure, where another row of the same trial says it.
    note
        What is simplified.
    identity
        Which number of the model the value is, in words, so that agreement proves nothing; empty if it is none.
    """

    id: str
    value: float
    sd: float | None = None
    n: int | None = None
    note: str = ""
    identity: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Virtual subjects of one world with all their model parameters."""

    model: Model
    population: VirtualPopulation
    parameters: dict[str, FloatArray]
    designs: Mapping[str, TrialDesign]

    @property
    def is_high(self) -> np.ndarray:
        """Who has a high signature in blood, shape (subjects,)."""
        return self.population.covariates["is_ifn_high"].astype(bool)

    def members(self, trial: str, arm: str = "") -> IntArray:
        """Return the positions of the patients who could have been in a trial or a part of it, shape (members,)."""
        return members(self.population, self.designs, trial, arm)

    def take(self, chosen: np.ndarray) -> "Group":
        """Return the subjects at these positions."""
        parameters = {name: values[chosen] for name, values in self.parameters.items()}
        return Group(self.model, self.population.take(chosen), parameters, self.designs)

    def follow(
        self, words: str, days: ArrayLike, outputs: Iterable[str], **changed: float
    ) -> dict[str, FloatArray]:
        """Return outputs on a regimen in words, each (subjects, times); ``changed`` parameters are the same for all."""
        size = self.population.size
        values = self.parameters | {name: np.full(size, float(value)) for name, value in changed.items()}
        found = simulate_subjects(
            self.model, values, parse_regimen(words), days, outputs, tolerance=Tolerance.TRIAL
        )
        return {name: found.of(name) for name in found.names}


@dataclass(frozen=True)
class Setting:
    """The model and how many virtual subjects to draw; groups are drawn once, when first asked for.

    Parameters
    ----------
    catalog, model
        What is checked.
    seed, subjects
        Of the groups: the same people in every world.
    drawn
        One world, whose values hold for everybody; None for the typical one.
    without
        Names of mechanisms that are left out, of another drug's model as well.
    """

    catalog: Catalog
    model: Model
    seed: int
    subjects: int
    drawn: Worlds | None = None
    without: tuple[str, ...] = ()

    @property
    def evidence(self) -> Evidence:
        """All tables."""
        return self.catalog.evidence

    @cached_property
    def lupus(self) -> Group:
        """People like the data set of the published pharmacokinetics: body weight and share of high signatures."""
        weight, high = LUPUS.read(self.evidence)
        theirs = {
            # one share of high signatures for everybody
            "population.diffuse_share": 1.0,
            "population.body_weight_median": float(weight.value or 0.0),
            "population.ifn_high_share_blood": float(high.value or 0.0) / 100.0,
        }
        return self._group(self.evidence.with_values(theirs), self.subjects)

    @cached_property
    def sclerosis(self) -> Group:
        """Patients with systemic sclerosis, of whom trials take few: ``PATIENTS`` for each of ``subjects``."""
        return self._with_parameters(
            draw_patients(self.catalog.pool(self.model), PATIENTS * self.subjects, self.seed), self.evidence
        )

    @cached_property
    def typical(self) -> Group:
        """The typical patient of this world alone."""
        typical = typical_world(self.model, self.evidence).parameters
        values = {**typical, **self._world.parameters}
        parameters = {name: value.copy() for name, value in values.items()}
        return read_only(
            Group(
                self.model,
                sample_population(self.model, self.evidence, 1, self.seed),
                parameters,
                self.catalog.designs,
            )
        )

    def with_drug(self, drug: str) -> "Setting":
        """Return the same people in the same world on another drug, whose own unknowns are drawn as well."""
        model, drawn = self.catalog.model(drug, self.without), self.drawn
        if drawn is not None:
            frozen = self.catalog.calibration
            drawn = draw_worlds(model, self.evidence, frozen.candidates, frozen.seed, drawn.number)
        return replace(self, model=model, drawn=drawn)

    @property
    def _world(self) -> Worlds:
        return self._world_of(self.evidence)

    def _world_of(self, evidence: Evidence) -> Worlds:
        return typical_world(self.model, evidence) if self.drawn is None else self.drawn

    def _group(self, evidence: Evidence, subjects: int) -> Group:
        return self._with_parameters(sample_population(self.model, evidence, subjects, self.seed), evidence)

    def _with_parameters(self, population: VirtualPopulation, evidence: Evidence) -> Group:
        parameters = subject_parameters(self.model, evidence, population, self._world_of(evidence), 0)
        return read_only(Group(self.model, population, parameters, self.catalog.designs))

"""The parameters of every subject in one world: typical values, the world's draws, the subject's own, and the goals."""

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.evidence.records import Evidence
from ifntrial.model import Model
from ifntrial.model.build import ETA
from ifntrial.model.rate_laws import moved_share
from ifntrial.model.values import evidence_row, typical_values
from ifntrial.patients.history import natural_history
from ifntrial.patients.organs import organ_goals
from ifntrial.patients.records import VirtualPopulation
from ifntrial.patients.untreated_year import typical_history
from ifntrial.worlds.draw import Worlds


def typical_world(model: Model, evidence: Evidence) -> Worlds:
    """Return one world with every value typical, no trial effect and the mean associations with background."""
    typical = typical_values(model, evidence)
    bioavailability = evidence_row(model, evidence, "bioavailability")
    parameters = {name: np.array([value]) for name, value in typical.items()}
    parameters["bioavailability"] = np.array([1.0 if bioavailability is None else bioavailability.value])
    history = {name: np.array([value]) for name, value in typical_history(evidence).items()}
    return Worlds(np.array([-1]), parameters, history, np.array([False]))


def subject_parameters(
    model: Model,
    evidence: Evidence,
    population: VirtualPopulation,
    worlds: Worlds,
    position: int,
) -> dict[str, FloatArray]:
    """Return every model parameter and ``bioavailability`` of every subject in one world, each (subjects,).

    Where both the world and the subject deviate from the typical value, the two deviations multiply.

    Parameters
    ----------
    position
        Place of the world in ``worlds``.
    """
    typical = typical_values(model, evidence)
    world = {name: float(values[position]) for name, values in worlds.parameters.items()}
    values = {name: np.full(population.size, world.get(name, value)) for name, value in typical.items()}
    values["bioavailability"] = np.full(population.size, world.get("bioavailability", 1.0))
    for name, own in population.parameters.items():
        shared = world[name] / typical[name] if name in world and name in typical and typical[name] else 1.0
        values[name] = own * shared
    values["bioavailability"] = moved_share(values["bioavailability"], values.pop(f"{ETA}bioavailability"))
    history = {name: float(column[position]) for name, column in worlds.history.items()}
    base = VirtualPopulation(population.covariates, values, population.history, population.prevalence_weight)
    speeds = {**typical, **world}
    goals = natural_history(base, evidence, speeds, history) | organ_goals(base, evidence, speeds)
    return _skin_not_below_zero(values | goals)


def _skin_not_below_zero(values: dict[str, FloatArray]) -> dict[str, FloatArray]:
    """Return values in which no trial-level effect moves the goal of the skin score below zero.

    Like the goals of natural history: a low score cannot improve without end.
    """
    if "mrss_difference_in_trial" not in values:
        return values
    reached = -np.expm1(-values["k_skin_matrix_turnover"] * values["trial_length"])
    lowest = -values["mrss_goal"] * reached
    return values | {"mrss_difference_in_trial": np.maximum(values["mrss_difference_in_trial"], lowest)}

"""Each patient's chance to be read as a responder of the revised composite index after an untreated year.

In closed form: given the true course, the five items are read independently, so that the chance of three or more
improved items follows from the chance of each. Only what is read counts here: no organ events, no rescue, nobody lost.
"""

import numpy as np
from scipy.special import ndtr

from ifntrial.arrays import FloatArray
from ifntrial.evidence.records import Evidence
from ifntrial.items import CORE_ITEMS, ITEMS
from ifntrial.patients.records import VirtualPopulation
from ifntrial.patients.untreated_year import READING_ERROR, untreated_changes

ITEMS_NEEDED = 3
FVC_IMPROVEMENT = 0.05
_GRID_SD = 4.0
_FVC_GRID_STEP = 1.0
_HALF = 0.5


def response_probability(
    population: VirtualPopulation, evidence: Evidence, week: float, improvement: float = 0.2
) -> FloatArray:
    """Return the chance of at least three of five items improved by a share of their baseline, shape (subjects,)."""
    changes = untreated_changes(population, evidence, week)
    count = np.zeros((len(CORE_ITEMS) + 1, population.size))
    count[0] = 1.0
    for item in CORE_ITEMS:
        chance = item_probability(
            item, population.parameters[f"{item}_baseline"], changes[item], evidence, improvement
        )
        count[1:] = count[1:] * (1 - chance) + count[:-1] * chance
        count[0] *= 1 - chance
    chance_of_response: FloatArray = count[ITEMS_NEEDED:].sum(axis=0)
    return chance_of_response


def item_probability(
    item: str, baseline: FloatArray, change: FloatArray, evidence: Evidence, improvement: float
) -> FloatArray:
    """Return the chance that an item is read as improved, over reading error and rounding, shape (subjects,)."""
    error = READING_ERROR.read(evidence).sd[item]
    scale, step = ITEMS[item], ITEMS[item].step
    # the first reading of lung function is rounded to a tenth of its error at most: a coarser grid is as good
    width = _FVC_GRID_STEP if item == "fvc_percent" else step
    places = int(np.ceil(_GRID_SD * error / width))
    middle = np.round(baseline / width)
    chance = np.zeros_like(baseline)
    for place in range(-places, places + 1):
        point = (middle + place) * width
        share = ndtr((point + _HALF * width - baseline) / error) - ndtr(
            (point - _HALF * width - baseline) / error
        )
        first = np.clip(point, scale.low, scale.high)
        chance += share * _improved(item, first, (baseline + change), error, step, improvement)
    return chance


def _improved(
    item: str, first: FloatArray, true: FloatArray, error: float, step: float, improvement: float
) -> FloatArray:
    """Return the chance that the second reading is improved over the first one."""
    if item == "fvc_percent":
        needed = np.ceil(np.round(first * (1 + FVC_IMPROVEMENT) / step, 6)) * step
        return np.asarray(ndtr((true - (needed - _HALF * step)) / error))
    needed = np.floor(np.round(first * (1 - improvement) / step, 6)) * step
    return np.where(first > 0, ndtr((needed + _HALF * step - true) / error), 0.0)

"""How likely the average patient gains or loses by the drug, and by more than matters to a patient."""

from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.evidence.records import Evidence
from ifntrial.evidence.rows import Published
from ifntrial.ties import exceeds, reaches

_SMALLEST = {
    "mrss": "mrss_mcid.diffuse.mrss_mcid",
    "fvc_percent": "fvc_test_retest.worsening.fvc_percent_mcid",
    "haq_di": "d_penicillamine_trial.all.haq_di_mcid",
}
"""Item to the published result that holds its smallest relevant change."""

RELEVANT = Published(tuple(_SMALLEST.values()))

_UNIT = 1.0
"""Magnitude of differences, in the unit of any item: far smaller ones are rounding."""


@dataclass(frozen=True, slots=True)
class DifferenceChances:
    """Shares of worlds by what the average patient of the active arm gains or loses beside control.

    Parameters
    ----------
    better, no_difference, worse
        Which way the difference lies; together 1.
    relevant_gain, relevant_loss
        The difference is better, or worse, by more than ``smallest_relevant``; None where no such change is published.
    """

    better: float
    no_difference: float
    worse: float
    relevant_gain: float | None
    relevant_loss: float | None


def smallest_relevant(evidence: Evidence, item: str) -> float | None:
    """Return the smallest change of an item that matters to a patient, without sign; None where none is in the tables.

    Of a range it is the smaller end.
    """
    row = RELEVANT.held(evidence).get(_SMALLEST.get(item, ""))
    if row is None:
        return None
    return min(abs(each) for each in (row.value, row.low, row.high) if each is not None)


def chances(gain: FloatArray, weight: FloatArray, relevant: float | None) -> DifferenceChances:
    """Return the shares of worlds by what is gained.

    Parameters
    ----------
    gain, weight
        By how much the active arm is better in each world, and the weight of each, shape (worlds,).
    relevant
        What a gain or loss has to exceed to count as relevant.
    """
    share = weight / weight.sum()

    def of(mask: object) -> float:
        return float(share[np.asarray(mask)].sum())

    return DifferenceChances(
        better=of(exceeds(gain, 0.0, _UNIT)),
        # a world without an effect has none, whatever the last digits of two means are
        no_difference=of(reaches(gain, 0.0, _UNIT) & reaches(-gain, 0.0, _UNIT)),
        worse=of(exceeds(-gain, 0.0, _UNIT)),
        relevant_gain=None if relevant is None else of(exceeds(gain, relevant)),
        relevant_loss=None if relevant is None else of(exceeds(-gain, relevant)),
    )

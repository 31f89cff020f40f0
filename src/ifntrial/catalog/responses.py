"""The tests of a response in two arms that a design may plan: each with its words; to add one, an entry below."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import BoolArray, FloatArray, IntArray
from ifntrial.statistics.cmh import StratifiedCounts, cmh_test
from ifntrial.statistics.logistic import logistic
from ifntrial.statistics.miettinen_nurminen import miettinen_nurminen
from ifntrial.statistics.record import Comparison
from ifntrial.statistics.tables import indicators

Compare = Callable[[FloatArray, BoolArray, IntArray, bool], Comparison]
"""Response, who is in the active arm, stratum, each (subjects,), and whether sparse strata are pooled."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """A test of a response.

    Parameters
    ----------
    name, label
        Name in designs and in words.
    compare
        From the data to the comparison of active with control.
    """

    name: str
    label: str
    compare: Compare

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of endpoints that it tests."""
        return ("responder",)


def _cmh(response: FloatArray, is_active: BoolArray, stratum: IntArray, pools: bool) -> Comparison:
    test = cmh_test(counts_of(response, is_active, stratum), sparse_strata="pool" if pools else "keep")
    return Comparison(
        float(test.risk_difference),
        float(test.standard_error),
        float(test.low),
        float(test.high),
        float(test.p_two_sided),
        float("inf"),
        "risk difference",
    )


def _miettinen_nurminen(
    response: FloatArray, is_active: BoolArray, stratum: IntArray, pools: bool
) -> Comparison:
    del pools  # its strata are weighted, however small
    found = miettinen_nurminen(counts_of(response, is_active, stratum))
    return Comparison(
        found.estimate,
        float("nan"),
        found.low,
        found.high,
        found.p_two_sided,
        float("inf"),
        "risk difference",
    )


def _logistic(response: FloatArray, is_active: BoolArray, stratum: IntArray, pools: bool) -> Comparison:
    del pools  # strata are covariates
    return logistic(response, is_active, indicators(stratum))


ANALYSES = (
    Analysis("cmh", "stratified Cochran-Mantel-Haenszel test", _cmh),
    Analysis(
        "miettinen_nurminen",
        "stratified risk difference of Miettinen and Nurminen",
        _miettinen_nurminen,
    ),
    Analysis("logistic", "logistic regression on strata", _logistic),
)


def counts_of(response: FloatArray, is_active: BoolArray, stratum: IntArray) -> StratifiedCounts:
    """Return responders and subjects by arm and stratum, of response, arm and stratum of each subject, (subjects,)."""
    _, code = np.unique(stratum, return_inverse=True)
    strata = int(code.max()) + 1 if len(code) else 1

    def count(of: BoolArray, weights: FloatArray) -> FloatArray:
        return np.bincount(code[of], weights[of], minlength=strata).astype(np.float64)

    one = np.ones(len(response))
    return StratifiedCounts(
        count(is_active, response), count(is_active, one), count(~is_active, response), count(~is_active, one)
    )

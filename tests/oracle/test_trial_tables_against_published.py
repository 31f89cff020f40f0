"""Stratified tables against published worked examples, and plain score intervals against Newcombe's table.

Sources: Agresti, Categorical Data Analysis (2nd ed.): eight-centre trial of a cream, CMH 6.38 and odds ratio 2.13;
admissions to Berkeley, common odds ratio 0.905, CMH 1.53 without correction. Newcombe, Stat Med 1998;17:873, Table II,
Miettinen-Nurminen intervals.
"""

import numpy as np
import pytest

from ifntrial.statistics.cmh import StratifiedCounts, cmh_test
from ifntrial.statistics.miettinen_nurminen import miettinen_nurminen

# success and failure on drug, success and failure on control, one row per centre
CREAM = np.array(
    [[11, 25, 10, 27], [16, 4, 22, 10], [14, 5, 7, 12],
     [2, 14, 1, 16], [6, 11, 0, 12], [1, 10, 0, 10], [1, 4, 1, 8], [4, 2, 6, 1]],
    dtype=float,
)  # fmt: skip
# admitted and rejected men, admitted and rejected women, one row per department
BERKELEY = np.array(
    [[512, 313, 89, 19], [353, 207, 17, 8], [120, 205, 202, 391], [138, 279, 131, 244],
     [53, 138, 94, 299], [22, 351, 24, 317]],
    dtype=float,
)  # fmt: skip


def counts(table: np.ndarray) -> StratifiedCounts:
    success1, failure1, success0, failure0 = table.T
    return StratifiedCounts(success1, success1 + failure1, success0, success0 + failure0)


@pytest.mark.parametrize(("table", "statistic", "odds_ratio"), [(CREAM, 6.38, 2.13), (BERKELEY, 1.53, 0.905)])
def test_cmh_of_published_tables(table: np.ndarray, statistic: float, odds_ratio: float) -> None:
    result = cmh_test(counts(table))
    assert float(result.z) ** 2 == pytest.approx(statistic, abs=0.006)
    assert float(result.odds_ratio) == pytest.approx(odds_ratio, abs=0.006)


@pytest.mark.parametrize(
    ("x1", "n1", "x0", "n0", "low", "high"),
    [
        (56, 70, 48, 80, 0.0528, 0.3382),
        (9, 10, 3, 10, 0.1700, 0.8406),
        (5, 56, 0, 29, -0.0326, 0.1933),
        (0, 10, 0, 20, -0.1658, 0.2844),
        (0, 10, 0, 10, -0.2879, 0.2879),
    ],
)
def test_plain_score_intervals_of_newcombe(
    x1: int, n1: int, x0: int, n0: int, low: float, high: float
) -> None:
    one = StratifiedCounts(*(np.array([float(value)]) for value in (x1, n1, x0, n0)))
    result = miettinen_nurminen(one)
    assert (result.low, result.high) == pytest.approx((low, high), abs=5.1e-5)

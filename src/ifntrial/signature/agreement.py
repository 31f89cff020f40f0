"""Agreement of the same samples scored twice, as on two platforms: bias, limits, concordance and calls.

Bias and limits of agreement are those of Bland and Altman (Lancet 1986;1:307), the concordance that of Lin (Biometrics
1989;45:255), kappa that of Cohen. Scores that are ratios are compared as log2, so that limits are factors.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ifntrial.arrays import FloatArray
from ifntrial.errors import InputError, listed
from ifntrial.levels import NORMAL_95
from ifntrial.signature.records import Method
from ifntrial.signature.score_table import ScoreTable

FEWEST_PAIRS = 3


@dataclass(frozen=True, slots=True)
class AgreementOfTwo:
    """How one score of the same samples agrees between two tables.

    Parameters
    ----------
    signature, method, unit
        Which score; the unit of ``bias`` and limits, log2 where scores are ratios.
    samples
        Scored in both.
    bias, sd
        Mean and standard deviation of the differences, this table minus the other.
    limit_low, limit_high
        Between these lie 95 % of differences, if they are normal.
    slope
        Change of the difference for one unit of the mean of both: bias that grows with the score.
    concordance, correlation
        Lin's coefficient and Pearson's; None where a table does not vary.
    samples_called, same_call, kappa
        Samples with a published call in both, the share with the same one, and Cohen's kappa; None where not known.
    status
        ``compared``, or why not.
    """

    signature: str
    method: str
    unit: str
    samples: int
    bias: float | None
    sd: float | None
    limit_low: float | None
    limit_high: float | None
    slope: float | None
    concordance: float | None
    correlation: float | None
    samples_called: int
    same_call: float | None
    kappa: float | None
    status: str


def compare_scores(
    table: pd.DataFrame, other: ScoreTable, methods: Mapping[str, Method]
) -> tuple[AgreementOfTwo, ...]:
    """Return the agreement of each score that both tables hold.

    Samples are matched by name; where no name is in both, by subject and visit.

    Parameters
    ----------
    table
        Scores in the columns of a score table.
    other
        Scores of the same samples, of another platform or laboratory.
    methods
        Scoring methods by name; those that are not in it are compared as they are.

    Raises
    ------
    InputError
        If the tables share no sample or no score, or subjects have several samples at a visit.
    """
    scores = [*dict.fromkeys(zip(table["signature"], table["method"], strict=True))]
    shared = [each for each in scores if each in other.signatures]
    if not shared:
        raise InputError(
            "the two score tables have no signature and method in common",
            given=f"{listed(f'{a} ({b})' for a, b in scores)}; the other: "
            f"{listed(f'{a} ({b})' for a, b in other.signatures)}",
            fix="score both with the same signature and method",
        )
    key = _choose_key(table, other.frame)
    return tuple(
        _compare_one(table, other.frame, name, methods.get(name[1]), name[1], key) for name in shared
    )


def _choose_key(table: pd.DataFrame, other: pd.DataFrame) -> list[str]:
    for key in (["sample"], ["subject", "visit"]):
        mine, theirs = (
            set(each[key].astype(str).itertuples(index=False, name=None)) for each in (table, other)
        )
        if mine & theirs:
            return key
    raise InputError(
        "the two score tables have no sample in common",
        given=f"{listed(list(dict.fromkeys(table['sample']))[:5])} ...; the other: "
        f"{listed(list(dict.fromkeys(other['sample']))[:5])} ...",
        fix="name the samples alike in both, or give subject and visit to both (--metadata)",
    )


def _compare_one(
    table: pd.DataFrame,
    other: pd.DataFrame,
    name: tuple[str, str],
    method: Method | None,
    method_name: str,
    key: list[str],
) -> AgreementOfTwo:
    mine, theirs = (_rows_of(each, name, key) for each in (table, other))
    both = mine.index.intersection(theirs.index)
    a, b = (each.loc[both, "score"].to_numpy(dtype=float) for each in (mine, theirs))
    unit = method.unit if method is not None else ""
    if method is not None and method.is_positive:
        a, b = (np.log2(np.where(each > 0.0, each, np.nan)) for each in (a, b))
        unit = f"log2 of the {method.label.lower()}"
    known = ~np.isnan(a) & ~np.isnan(b)
    calls = [each.loc[both, "published_call"].to_numpy(dtype=str) for each in (mine, theirs)]
    called, same, kappa = compare_calls(*calls)
    numbers = compare_numbers(a[known], b[known])
    status = (
        "compared" if known.sum() >= FEWEST_PAIRS else f"fewer than {FEWEST_PAIRS} samples scored in both"
    )
    return AgreementOfTwo(
        name[0], method_name, unit, int(known.sum()), **numbers, samples_called=called, same_call=same, kappa=kappa,
        status=status,
    )  # fmt: skip


def _rows_of(table: pd.DataFrame, name: tuple[str, str], key: list[str]) -> pd.DataFrame:
    own = table[(table["signature"] == name[0]) & (table["method"] == name[1])]
    labels = own[key].astype(str).agg("|".join, axis=1)
    twice = labels[labels.duplicated()].unique()
    if len(twice):
        raise InputError(
            "subjects have several samples at a visit, and the tables cannot be matched by them",
            given=listed(twice),
            fix="name the samples alike in both tables",
        )
    return own.set_axis(labels, axis=0)


def compare_numbers(a: FloatArray, b: FloatArray) -> dict[str, float | None]:
    """Return bias, limits, slope and concordance of paired numbers, shape (samples,); None with fewer than three."""
    names = ("bias", "sd", "limit_low", "limit_high", "slope", "concordance", "correlation")
    if len(a) < FEWEST_PAIRS:
        return dict.fromkeys(names)
    difference, middle = a - b, (a + b) / 2.0
    bias, sd = float(difference.mean()), float(difference.std(ddof=1))
    spread = float(((middle - middle.mean()) ** 2).sum())
    slope = float(((middle - middle.mean()) * difference).sum()) / spread if spread > 0.0 else None
    da, db = a - a.mean(), b - b.mean()
    joint, own, other = (float((x * y).mean()) for x, y in ((da, db), (da, da), (db, db)))
    apart = own + other + bias * bias
    varies = own > 0.0 and other > 0.0
    values = (
        bias,
        sd,
        bias - NORMAL_95 * sd,
        bias + NORMAL_95 * sd,
        slope,
        2.0 * joint / apart if varies else None,
        joint / float(np.sqrt(own * other)) if varies else None,
    )
    return dict(zip(names, values, strict=True))


def compare_calls(a: np.ndarray, b: np.ndarray) -> tuple[int, float | None, float | None]:
    """Return how many samples are called high or low in both, the share called alike, and Cohen's kappa."""
    known = np.isin(a, ("high", "low")) & np.isin(b, ("high", "low"))
    if not known.any():
        return 0, None, None
    one, two = a[known] == "high", b[known] == "high"
    same = float(np.mean(one == two))
    by_chance = float(one.mean() * two.mean() + (1.0 - one.mean()) * (1.0 - two.mean()))
    return int(known.sum()), same, None if by_chance == 1.0 else (same - by_chance) / (1.0 - by_chance)

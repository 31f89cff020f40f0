"""Cut-offs between high and low: two rules from healthy samples alone, and a mixture of the cohort as a check."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit

from ifntrial.arrays import FloatArray
from ifntrial.errors import resolve_name
from ifntrial.signature.two_normals import TwoNormals, fit_two_normals
from ifntrial.ties import are_equal, first_largest

# 1.4826 makes the MAD of a normal sample estimate its standard deviation.
MAD_TO_SD = 1.4826
DEFAULT_MAD_MULTIPLE = 3.0
FEWEST_FOR_MIXTURE = 20
# Difference of BIC that is called very strong evidence for two groups (Kass and Raftery 1995).
STRONG_BIC = 10.0
BORDERLINE = (0.1, 0.9)


def mean_2sd(healthy: FloatArray, mad_multiple: float) -> FloatArray:
    """Return mean + 2 SD over the last axis; the published rule, fragile to one outlying healthy sample."""
    del mad_multiple
    cutoff: FloatArray = healthy.mean(axis=-1) + 2.0 * healthy.std(axis=-1, ddof=1)
    return cutoff


def median_mad(healthy: FloatArray, mad_multiple: float) -> FloatArray:
    """Return median + k * 1.4826 * MAD over the last axis; one outlying healthy sample hardly moves it."""
    middle = np.median(healthy, axis=-1)
    deviation = np.median(np.abs(healthy - middle[..., None]), axis=-1)
    return middle + mad_multiple * MAD_TO_SD * deviation


CUTOFF_RULES: Mapping[str, Callable[[FloatArray, float], FloatArray]] = {
    "mean_2sd": mean_2sd,
    "median_mad": median_mad,
}


PUBLISHED_RULE = "mean_2sd"
"""The rule of the published scores."""


@dataclass(frozen=True, slots=True)
class Mixture:
    """Two normal components fitted to the scores of the whole cohort: it depends on who else was measured.

    Parameters
    ----------
    cutoff
        Score at which both components are as likely, on the scale of the scores.
    band
        Scores between which the upper component has a probability of 0.1 to 0.9.
    probability_upper
        Probability of the upper component for each sample, shape (samples,).
    """

    cutoff: float
    band: tuple[float, float]
    means: tuple[float, float]
    share_upper: float
    probability_upper: FloatArray


def apply_rule(healthy: FloatArray, rule: str, *, mad_multiple: float, is_positive: bool) -> float:
    """Return the cut-off of a rule from healthy scores without NaN, shape (healthy samples,).

    The published mean + 2 SD is kept on the scale of the score; the MAD of positive scores is taken on their
    logarithm, where they are closer to symmetric.
    """
    chosen = resolve_name(rule, CUTOFF_RULES, "cut-off rule")
    if is_positive and rule != "mean_2sd":
        return float(np.exp2(chosen(np.log2(healthy), mad_multiple)))
    return float(chosen(healthy, mad_multiple))


def find_influential(healthy: FloatArray) -> tuple[int, float, float]:
    """Return the healthy sample that moves mean + 2 SD most when left out, and the cut-off with and without it."""
    with_all = float(mean_2sd(healthy, 0.0))
    without = np.array([float(mean_2sd(np.delete(healthy, i), 0.0)) for i in range(len(healthy))])
    place = first_largest(np.abs(without - with_all))
    return place, with_all, float(without[place])


def find_apart(healthy: FloatArray, *, on_log2: bool) -> tuple[np.ndarray, float, float]:
    """Return which healthy samples stand apart above the others, and mean + 2 SD with and without them.

    A sample stands apart beyond median + ``DEFAULT_MAD_MULTIPLE`` * MAD, a rule that several of them do not hide from.
    At most a third of the samples: more are no outliers.

    Parameters
    ----------
    healthy
        Scores without NaN, shape (healthy samples,).
    on_log2
        Look at the logarithm: for scores that are positive ratios.

    Returns
    -------
    Places of those that stand apart, the cut-off with all, and the cut-off without them.
    """
    values = np.log2(healthy) if on_log2 else healthy
    apart = values > median_mad(values, DEFAULT_MAD_MULTIPLE)
    with_all = float(mean_2sd(healthy, 0.0))
    if not apart.any() or 3 * apart.sum() > len(healthy):
        return np.array([], dtype=int), with_all, with_all
    return np.flatnonzero(apart), with_all, float(mean_2sd(healthy[~apart], 0.0))


def fit_mixture(scores: FloatArray, *, on_log2: bool) -> Mixture | str:
    """Return a two-component normal mixture of the scores, or the reason why there is none.

    Parameters
    ----------
    scores
        Scores of the cohort, shape (samples,); NaN are left out.
    on_log2
        Fit the logarithm: for scores that are positive ratios.
    """
    known = ~np.isnan(scores)
    values = np.log2(scores[known]) if on_log2 else scores[known]
    if len(values) < FEWEST_FOR_MIXTURE:
        return f"a mixture needs {FEWEST_FOR_MIXTURE} scores; there are {len(values)}"
    if are_equal(values):
        return "all scores are the same"
    two = fit_two_normals(values)
    if two is None or _bic_of_one_normal(values) - _bic_of_two(two, len(values)) < STRONG_BIC:
        return "the scores do not fall into two groups (BIC)"
    probability = np.full(len(scores), np.nan)
    probability[known] = expit(two.slope * values + two.offset)

    def score_at(p: float) -> float:
        value = (np.log(p / (1.0 - p)) - two.offset) / two.slope
        return float(np.exp2(value) if on_log2 else value)

    low, high = (float(np.exp2(mean)) if on_log2 else mean for mean in (two.low, two.high))
    return Mixture(
        cutoff=score_at(0.5),
        band=(score_at(BORDERLINE[0]), score_at(BORDERLINE[1])),
        means=(low, high),
        share_upper=two.share,
        probability_upper=probability,
    )


def _bic_of_one_normal(values: FloatArray) -> float:
    n = values.size
    return float(n * (np.log(2.0 * np.pi * values.var()) + 1.0) + 2.0 * np.log(n))


def _bic_of_two(two: TwoNormals, n: int) -> float:
    return -2.0 * two.log_likelihood + 4.0 * float(np.log(n))


def compare_rules(flags: pd.DataFrame) -> pd.DataFrame:
    """Return how far each pair of rules agrees: share of samples with the same call, and Cohen's kappa.

    Parameters
    ----------
    flags
        High (1), low (0) or not known (NaN), samples by rules.
    """
    from sklearn.metrics import cohen_kappa_score

    rows = []
    rules = list(flags.columns)
    for i, first in enumerate(rules):
        for second in rules[i + 1 :]:
            both = flags[[first, second]].dropna()
            a, b = both[first].to_numpy(dtype=int), both[second].to_numpy(dtype=int)
            varied = len(both) > 0 and len(set(a) | set(b)) > 1
            rows.append(
                {
                    "rule": first,
                    "other_rule": second,
                    "samples": len(both),
                    "same_call": float(np.mean(a == b)) if len(both) else np.nan,
                    "kappa": float(cohen_kappa_score(a, b)) if varied else np.nan,
                }
            )
    return pd.DataFrame(rows, columns=["rule", "other_rule", "samples", "same_call", "kappa"])

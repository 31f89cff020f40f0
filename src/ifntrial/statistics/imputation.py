"""Multiple imputation of repeated measures: at random, or with reference to the control arm; pooled by Rubin's rules."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ifntrial.arrays import BoolArray, FloatArray, IntArray
from ifntrial.errors import InputError
from ifntrial.seeds import Stream
from ifntrial.statistics.mmrm import MmrmFit, fit_mmrm, trial_design
from ifntrial.statistics.record import Comparison, t_comparison

_LEAST_SHARE = 1e-12
Reference = Literal["missing_at_random", "jump_to_reference", "copy_reference", "copy_increments"]


@dataclass(frozen=True, slots=True)
class Imputed:
    """Completed data sets: outcomes of shape (imputations, subjects, visits)."""

    outcomes: FloatArray


def impute(
    y: FloatArray,
    is_active: BoolArray,
    baseline: FloatArray,
    *,
    reference: Reference = "missing_at_random",
    imputations: int = 50,
    seed: int,
) -> Imputed:
    """Return completed outcomes, each under parameters fitted to another bootstrap sample of the subjects.

    Parameters
    ----------
    y
        Outcomes, shape (subjects, visits); NaN where missing.
    is_active, baseline
        Shape (subjects,).
    reference
        What a subject of the active arm does after the last value: goes on as the arm does; jumps to the control mean;
        had the control mean all along; or keeps what was gained and changes from there as control does. Gaps before the
        last value, and the control arm, are imputed at random.
    imputations
        Number of completed data sets.
    seed
        Of the bootstrap and the draws.

    Raises
    ------
    InputError
        If the number of imputations is absurd or the model cannot be fitted.

    Source
    ------
    Carpenter, Roger and Kenward, J Biopharm Stat 2013 (references); Wolbers et al., Pharm Stat 2022 (bootstrap draws).
    """
    if not 2 <= imputations <= 2000:
        raise InputError(
            "the number of imputations is not usable",
            given=str(imputations),
            allowed="2 to 2000",
            fix="use 50",
        )
    subjects, visits = y.shape
    x, _, _ = trial_design(is_active, baseline, visits)
    as_control = x.copy()
    as_control[:, :, visits : 2 * visits] = 0.0
    completed = np.empty((imputations, subjects, visits))
    for draw in range(imputations):
        chosen = _bootstrap(is_active, seed, draw)
        fit = fit_mmrm(y[chosen], x[chosen])
        means = x @ fit.coefficients, as_control @ fit.coefficients
        completed[draw] = _complete(y, is_active, means, fit, reference, seed, draw)
    return Imputed(completed)


def _bootstrap(is_active: BoolArray, seed: int, draw: int) -> IntArray:
    """Return subjects drawn with replacement within each arm."""
    uniform = Stream(seed, "imputation bootstrap").uniform(len(is_active), draw=draw)
    chosen = np.empty(len(is_active), dtype=np.int64)
    for arm in (False, True):
        members = np.flatnonzero(is_active == arm)
        chosen[members] = members[(uniform[members] * len(members)).astype(np.int64)]
    return chosen


def _complete(
    y: FloatArray,
    is_active: BoolArray,
    means: tuple[FloatArray, FloatArray],
    fit: MmrmFit,
    reference: Reference,
    seed: int,
    draw: int,
) -> FloatArray:
    """Return the outcomes with missing ones drawn given what was seen of the same subject."""
    subjects, visits = y.shape
    normal = np.stack(
        [
            Stream(seed, "imputation value").normal(subjects, draw=draw, visit=visit)
            for visit in range(visits)
        ],
        axis=1,
    )
    result = y.copy()
    for subject in np.flatnonzero(np.isnan(y).any(axis=1)):
        mean = means[0][subject]
        missing = np.isnan(y[subject])
        last = int(np.flatnonzero(~missing).max(initial=-1))
        if is_active[subject] and missing[last + 1 :].any():
            mean = _reference_mean(means[0][subject], means[1][subject], last, reference)
        seen = ~missing
        covariance = fit.covariance
        slope = np.linalg.solve(covariance[np.ix_(seen, seen)], covariance[np.ix_(seen, missing)]).T
        middle = mean[missing] + slope @ (y[subject, seen] - mean[seen])
        own = covariance[np.ix_(missing, missing)]
        rest = own - slope @ covariance[np.ix_(seen, missing)]
        # what is all but known from the other visits must not be left with less than no variance by rounding
        root = np.linalg.cholesky(rest + _LEAST_SHARE * np.diag(np.diag(own)))
        result[subject, missing] = middle + root @ normal[subject, missing]
    return result


def _reference_mean(own: FloatArray, control: FloatArray, last: int, reference: Reference) -> FloatArray:
    """Return the mean course of a subject of the active arm whose last value was at visit ``last``."""
    after = np.arange(len(own)) > last
    if reference == "jump_to_reference":
        return np.where(after, control, own)
    if reference == "copy_reference":
        return control
    if reference == "copy_increments":
        kept = own[last] - control[last] if last >= 0 else 0.0
        return np.where(after, control + kept, own)
    return own


def pool(estimates: FloatArray, standard_errors: FloatArray, complete_freedom: float) -> Comparison:
    """Return the pooled comparison by Rubin's rules with Barnard and Rubin's degrees of freedom.

    After reference-based imputation the standard error holds the information lost as if values were missing at random:
    it is larger than the estimate's spread over repeated trials, so that tests err towards no difference.

    Parameters
    ----------
    estimates, standard_errors
        Of each completed data set, shape (imputations,).
    complete_freedom
        Degrees of freedom had nothing been missing.
    """
    count = len(estimates)
    within, between = float(np.mean(standard_errors**2)), float(np.var(estimates, ddof=1))
    total = within + (1.0 + 1.0 / count) * between
    share = (1.0 + 1.0 / count) * between / total
    observed = (complete_freedom + 1.0) / (complete_freedom + 3.0) * complete_freedom * (1.0 - share)
    freedom = observed if share == 0 else 1.0 / (share**2 / (count - 1.0) + 1.0 / observed)
    return t_comparison(float(np.mean(estimates)), float(np.sqrt(total)), float(freedom))


def analyze_imputed(imputed: Imputed, analysis: Callable[[FloatArray], Comparison]) -> Comparison:
    """Return the pooled result of an analysis of the outcomes at the last visit."""
    results = [analysis(outcomes[:, -1]) for outcomes in imputed.outcomes]
    estimates = np.array([result.estimate for result in results])
    errors = np.array([result.standard_error for result in results])
    return pool(estimates, errors, results[0].degrees_of_freedom)

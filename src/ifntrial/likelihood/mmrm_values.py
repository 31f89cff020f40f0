"""What a patient adds to the estimate of a mixed model for repeated measures: values whose mean difference it is.

In a large trial the estimate is a sum over patients, by the slope of the likelihood at its maximum: with the covariance
between visits that is fitted to the population, a patient adds its own residuals, weighed by what its readings tell of
the last visit. So the power of the model is that of a difference of means of these values.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import AnyArray, BoolArray, FloatArray

MOST_STEPS = 200
_ENOUGH = 1e-6


@dataclass(frozen=True, slots=True)
class VisitsOfArms:
    """Outcomes of common subjects at several visits, the last that of the contrast.

    Parameters
    ----------
    active, control
        NaN where there is none, shape (replicates, subjects, visits).
    covariates
        Of the model at each visit, the same in both arms, shape (replicates, subjects, columns).
    weight
        Share of the population that each subject stands for, shape (subjects,), sum one.
    n_active, n_control
        Patients in each arm.
    """

    active: FloatArray
    control: FloatArray
    covariates: FloatArray
    weight: FloatArray
    n_active: float
    n_control: float


@dataclass(frozen=True, slots=True)
class _Pattern:
    """Rows whose outcomes are known at the same visits: their places, and whether each visit is known."""

    rows: np.ndarray
    known: BoolArray


def values_of_last_visit(visits: VisitsOfArms) -> tuple[FloatArray, FloatArray]:
    """Return values of both arms whose mean difference is the model's contrast, each (replicates, subjects).

    The model has arm, intercept and covariates at every visit, and an unstructured covariance; outcomes are missing at
    random. A subject without any outcome has the mean of its arm, as it adds nothing.

    Source
    ------
    Mallinckrodt et al., Drug Inf J 2008;42:303 (the model); White, Econometrica 1982;50:1 (what a unit adds).
    """
    shape = visits.active.shape
    y = np.concatenate([visits.active, visits.control]).reshape(-1, shape[2])
    x = _fixed(visits, shape)
    each = visits.weight / shape[0]
    weight = np.concatenate([np.tile(n * each, shape[0]) for n in (visits.n_active, visits.n_control)])
    patterns = list(_patterns(y))
    slopes, covariance = _fitted(y, x, weight, patterns)
    added = _added(y, x, weight, patterns, slopes, covariance).reshape(2, shape[0], shape[1])
    middle = np.average(x[:, 2:], axis=0, weights=weight)
    start = float(slopes[0, -1] + (middle * slopes[2:, -1]).sum())
    return (
        start + float(slopes[1, -1]) + visits.n_active * added[0],
        start - visits.n_control * added[1],
    )


def _fixed(visits: VisitsOfArms, shape: tuple[int, ...]) -> FloatArray:
    """Return intercept, arm and covariates of all rows, the active arm first, shape (rows, columns)."""
    columns = visits.covariates.reshape(-1, visits.covariates.shape[2])
    rows = shape[0] * shape[1]
    return np.concatenate(
        [np.column_stack([np.ones(rows), np.full(rows, is_active), columns]) for is_active in (1.0, 0.0)]
    )


def _patterns(y: FloatArray) -> Iterator[_Pattern]:
    known = np.isfinite(y)
    found, place = np.unique(known, axis=0, return_inverse=True)
    order = np.argsort(place.ravel(), kind="stable")
    ends = np.cumsum(np.bincount(place.ravel(), minlength=len(found)))[:-1]
    for rows, own in zip(np.split(order, ends), found, strict=True):
        if own.any():
            yield _Pattern(rows, own)


def _fitted(
    y: FloatArray, x: FloatArray, weight: FloatArray, patterns: list[_Pattern]
) -> tuple[FloatArray, FloatArray]:
    """Return slopes (columns, visits) and covariance between visits of largest likelihood, by the EM algorithm."""
    used = np.concatenate([each.rows for each in patterns])
    mine = np.where(np.isin(np.arange(len(y)), used), weight, 0.0)
    normal = np.linalg.pinv(np.einsum("ri,r,rj->ij", x, mine, x))
    known = np.isfinite(y)
    slopes = np.stack(
        [
            np.linalg.lstsq(
                x[own] * np.sqrt(weight[own])[:, None], y[own, visit] * np.sqrt(weight[own]), rcond=None
            )[0]
            for visit, own in enumerate(known.T)
        ],
        axis=1,
    )
    residual = np.where(known, y - _product(x, slopes), 0.0)
    covariance = np.diag((mine[:, None] * residual**2).sum(axis=0) / (mine[:, None] * known).sum(axis=0))
    for _ in range(MOST_STEPS):
        filled, extra = _expected(y, x, mine, patterns, slopes, covariance)
        new = _product(normal, np.einsum("ri,r,rv->iv", x, mine, filled))
        off = filled - _product(x, new)
        before = covariance
        covariance = (np.einsum("rv,r,rw->vw", off, mine, off) + extra) / mine.sum()
        change = np.abs(covariance - before).max() / np.abs(covariance).max()
        slopes = new
        if change < _ENOUGH:
            break
    return slopes, covariance


def _expected(
    y: FloatArray,
    x: FloatArray,
    weight: FloatArray,
    patterns: list[_Pattern],
    slopes: FloatArray,
    covariance: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Return outcomes with what is expected where they are missing, and the covariance that is left there."""
    mean = _product(x, slopes)
    filled, extra = mean.copy(), np.zeros_like(covariance)
    for each in patterns:
        known, missing = np.flatnonzero(each.known), np.flatnonzero(~each.known)
        rows = each.rows
        filled[np.ix_(rows, known)] = y[np.ix_(rows, known)]
        if len(missing) == 0:
            continue
        tied = np.asarray(
            np.linalg.solve(covariance[np.ix_(known, known)], covariance[np.ix_(known, missing)]), np.float64
        )
        off = y[np.ix_(rows, known)] - mean[np.ix_(rows, known)]
        filled[np.ix_(rows, missing)] += _product(off, tied)
        left = covariance[np.ix_(missing, missing)] - _product(covariance[np.ix_(missing, known)], tied)
        extra[np.ix_(missing, missing)] += weight[rows].sum() * left
    return filled, extra


def _product(one: FloatArray, other: AnyArray) -> FloatArray:
    # not by ``@``: a library's product rounds otherwise for another number of its threads
    return np.asarray(np.einsum("ij,jk->ik", one, np.asarray(other, np.float64)))


def _added(
    y: FloatArray,
    x: FloatArray,
    weight: FloatArray,
    patterns: list[_Pattern],
    slopes: FloatArray,
    covariance: FloatArray,
) -> FloatArray:
    """Return what each row adds to the contrast of arms at the last visit, if it is one patient, shape (rows,)."""
    columns, visits = slopes.shape
    mean = _product(x, slopes)
    information = np.zeros((columns, visits, columns, visits))
    scores = np.zeros((len(y), visits))
    for each in patterns:
        known, rows = np.flatnonzero(each.known), each.rows
        inverse = np.zeros((visits, visits))
        inverse[np.ix_(known, known)] = np.linalg.inv(covariance[np.ix_(known, known)])
        information += np.einsum(
            "ij,vw->ivjw", np.einsum("ri,r,rj->ij", x[rows], weight[rows], x[rows]), inverse
        )
        off = np.where(each.known, y[rows] - mean[rows], 0.0)
        scores[rows] = _product(off, inverse)
    size = columns * visits
    wanted = np.zeros((columns, visits))
    wanted[1, -1] = 1.0
    pull = np.linalg.lstsq(information.reshape(size, size), wanted.ravel(), rcond=None)[0]
    return np.asarray(np.einsum("ri,iv,rv->r", x, pull.reshape(columns, visits), scores))

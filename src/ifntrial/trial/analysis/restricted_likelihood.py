"""The restricted likelihood of repeated measures with an unstructured covariance, its slope and its curvature."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from ifntrial.errors import InputError, SolverError

FloatArray = NDArray[np.float64]

_MOST_NEWTON_STEPS = 50
_CONVERGED = 1e-9


@dataclass(frozen=True, slots=True)
class Pattern:
    """All subjects seen at the same visits: outcomes (subjects, seen), designs (subjects, seen, effects)."""

    seen: NDArray[np.int64]
    y: FloatArray
    x: FloatArray


def group_by_pattern(y: FloatArray, x: FloatArray) -> Iterator[Pattern]:
    """Yield the subjects grouped by the visits at which they were seen."""
    if y.ndim != 2 or x.ndim != 3 or x.shape[:2] != y.shape:
        raise InputError(
            "outcomes and effects have different shapes",
            given=f"{y.shape} and {x.shape}",
            allowed="(subjects, visits) and (subjects, visits, effects)",
            fix="give one row of effects per subject and visit",
        )
    seen = ~np.isnan(y)
    for pattern in np.unique(seen, axis=0):
        if pattern.any():
            rows = (seen == pattern).all(axis=1)
            places = np.flatnonzero(pattern)
            yield Pattern(places, y[np.ix_(rows, places)], x[rows][:, places])


def require_estimable(patterns: tuple[Pattern, ...], visits: int, effects: int) -> None:
    """Raise one error that names all reasons why effects or covariance cannot be estimated."""
    stacked = (
        np.concatenate([p.x.reshape(-1, effects) for p in patterns]) if patterns else np.zeros((0, effects))
    )
    problems = []
    if not np.all(np.isfinite(stacked)):
        problems.append("an effect is missing where the outcome is not")
    elif np.linalg.matrix_rank(stacked) < effects:
        problems.append(
            f"the {effects} effects are linearly dependent, or more than the {len(stacked)} values"
        )
    together = np.zeros((visits, visits))
    for p in patterns:
        together[np.ix_(p.seen, p.seen)] += len(p.y)
    if together.min() < 3:
        problems.append(f"two visits share only {int(together.min())} subjects")
    if problems:
        raise InputError(
            "the repeated measures cannot be analysed",
            problems=problems,
            allowed="independent effects and at least three subjects seen at each pair of visits",
            fix="drop an effect or a visit",
        )


def start_covariance(patterns: tuple[Pattern, ...], visits: int, effects: int) -> FloatArray:
    """Return a positive definite start: variances of least-squares residuals, correlation shrunk to one half."""
    x = np.concatenate([p.x.reshape(-1, effects) for p in patterns])
    y = np.concatenate([p.y.ravel() for p in patterns])
    beta = np.linalg.lstsq(x, y, rcond=None)[0]
    total, count = np.zeros(visits), np.zeros(visits)
    for p in patterns:
        residual = p.y - p.x @ beta
        total[p.seen] += (residual**2).sum(0)
        count[p.seen] += len(residual)
    sd = np.sqrt(np.maximum(total / count, 1e-8 * max(float(total.sum() / count.sum()), 1e-12)))
    return np.outer(sd, sd) * (0.5 * np.eye(visits) + 0.5)


def invert(matrix: FloatArray) -> FloatArray:
    """Return the inverse of a matrix; a singular one raises ``numpy.linalg.LinAlgError``."""
    return np.asarray(np.linalg.inv(matrix), dtype=np.float64)


def covariance_matrix(theta: FloatArray, pairs: NDArray[np.int64], visits: int) -> FloatArray:
    """Return the matrix whose upper triangle holds ``theta``, shape (visits, visits)."""
    matrix = np.zeros((visits, visits))
    matrix[pairs[:, 0], pairs[:, 1]] = theta
    matrix[pairs[:, 1], pairs[:, 0]] = theta
    return matrix


@dataclass(frozen=True, slots=True)
class FirstOrder:
    """Estimate, likelihood and its slope at one covariance; V_i is the pattern of the i-th covariance parameter."""

    inverses: tuple[FloatArray, ...]
    units: tuple[FloatArray, ...]
    beta: FloatArray
    c: FloatArray
    log_likelihood: float
    score: FloatArray
    a: FloatArray
    b: FloatArray


def first_order(
    patterns: tuple[Pattern, ...], covariance: FloatArray, pairs: NDArray[np.int64]
) -> FirstOrder:
    """Return generalized least squares and the score of the restricted likelihood."""
    effects, count = patterns[0].x.shape[2], len(pairs)
    blocks = [covariance[np.ix_(p.seen, p.seen)] for p in patterns]
    inverses = tuple(invert(block) for block in blocks)
    units = tuple(_units(pairs, len(covariance), p.seen) for p in patterns)
    wx = [np.einsum("vw,nwe->nve", w, p.x) for p, w in zip(patterns, inverses, strict=True)]
    xwx = np.sum([np.einsum("nve,nvf->ef", p.x, each) for p, each in zip(patterns, wx, strict=True)], axis=0)
    c = invert(xwx)
    beta = c @ np.sum(
        [np.einsum("nve,nv->e", each, p.y) for p, each in zip(patterns, wx, strict=True)], axis=0
    )
    log_det, rss = 0.0, 0.0
    trace, bend = np.zeros(count), np.zeros(count)
    a, b = np.zeros((count, effects, effects)), np.zeros((count, effects))
    for p, block, w, v, each in zip(patterns, blocks, inverses, units, wx, strict=True):
        wr = (p.y - p.x @ beta) @ w
        log_det += len(p.y) * np.linalg.slogdet(block)[1]
        rss += float(np.einsum("nv,nv->", p.y - p.x @ beta, wr))
        trace += len(p.y) * np.einsum("vw,iwv->i", w, v)
        bend += np.einsum("nv,ivw,nw->i", wr, v, wr, optimize=True)
        a += np.einsum("nve,ivw,nwf->ief", each, v, each, optimize=True)
        b += np.einsum("nve,ivw,nw->ie", each, v, wr, optimize=True)
    free = sum(p.y.size for p in patterns) - effects
    log_likelihood = -0.5 * (log_det + np.linalg.slogdet(xwx)[1] + rss + free * np.log(2.0 * np.pi))
    score = -0.5 * (trace - np.einsum("ef,ife->i", c, a)) + 0.5 * bend
    return FirstOrder(inverses, units, beta, c, float(log_likelihood), score, a, b)


def _units(pairs: NDArray[np.int64], visits: int, seen: NDArray[np.int64]) -> FloatArray:
    """Return the slope of the covariance of the seen visits in each of its parameters, shape (parameters, seen, seen)."""
    units = np.zeros((len(pairs), visits, visits))
    units[np.arange(len(pairs)), pairs[:, 0], pairs[:, 1]] = 1.0
    units[np.arange(len(pairs)), pairs[:, 1], pairs[:, 0]] = 1.0
    return units[:, seen][:, :, seen]


@dataclass(frozen=True, slots=True)
class SecondOrder:
    """Information of the covariance parameters, and X'W V_i W V_j W X."""

    observed: FloatArray
    expected: FloatArray
    q: FloatArray


def second_order(patterns: tuple[Pattern, ...], first: FirstOrder) -> SecondOrder:
    """Return the curvature of the restricted likelihood; exact, as the covariance is linear in its parameters."""
    count, effects = first.b.shape
    trace, bend = np.zeros((count, count)), np.zeros((count, count))
    q = np.zeros((count, count, effects, effects))
    for p, w, v in zip(patterns, first.inverses, first.units, strict=True):
        wv = np.einsum("vw,iwu->ivu", w, v)
        trace += len(p.y) * np.einsum("ivw,jwv->ij", wv, wv)
        vwr = np.einsum("ivw,nw->inv", v, (p.y - p.x @ first.beta) @ w)
        bend += np.einsum("inv,vw,jnw->ij", vwr, w, vwr, optimize=True)
        vwx = np.einsum("ivw,nwe->inve", v, np.einsum("vw,nwe->nve", w, p.x))
        q += np.einsum("inve,vw,jnwf->ijef", vwx, w, vwx, optimize=True)
    ca = np.einsum("ef,ifg->ieg", first.c, first.a)
    trace_p = trace - 2.0 * np.einsum("ef,ijfe->ij", first.c, q) + np.einsum("ief,jfe->ij", ca, ca)
    bend_p = bend - np.einsum("ie,ef,jf->ij", first.b, first.c, first.b)
    return SecondOrder(observed=bend_p - 0.5 * trace_p, expected=0.5 * trace_p, q=q)


def maximize(patterns: tuple[Pattern, ...], pairs: NDArray[np.int64], start: FloatArray) -> FloatArray:
    """Return the covariance parameters of the largest restricted likelihood.

    A quasi-Newton climb over the Cholesky factor keeps the matrix positive definite; Newton steps finish it.
    """
    visits = len(start)
    lower = np.tril_indices(visits)

    def downhill(packed: FloatArray) -> tuple[float, FloatArray]:
        factor = np.zeros((visits, visits))
        factor[lower] = packed
        factor[np.diag_indices(visits)] = np.exp(np.diag(factor))
        try:
            first = first_order(patterns, factor @ factor.T, pairs)
        except np.linalg.LinAlgError:
            return np.inf, np.zeros_like(packed)
        slope = covariance_matrix(first.score, pairs, visits)
        slope = slope + np.diag(np.diag(slope))  # a diagonal parameter counts once, an off-diagonal one twice
        by_factor = slope @ factor
        by_factor[np.diag_indices(visits)] *= np.diag(factor)
        return -first.log_likelihood, -by_factor[lower]

    packed = np.linalg.cholesky(start)
    packed[np.diag_indices(visits)] = np.log(np.diag(packed))
    found = minimize(downhill, packed[lower], jac=True, method="BFGS", options={"gtol": 1e-6, "maxiter": 500})
    factor = np.zeros((visits, visits))
    factor[lower] = found.x
    factor[np.diag_indices(visits)] = np.exp(np.diag(factor))
    return _newton(patterns, pairs, (factor @ factor.T)[pairs[:, 0], pairs[:, 1]], visits)


def _newton(
    patterns: tuple[Pattern, ...], pairs: NDArray[np.int64], theta: FloatArray, visits: int
) -> FloatArray:
    for _ in range(_MOST_NEWTON_STEPS):
        first = first_order(patterns, covariance_matrix(theta, pairs, visits), pairs)
        step = np.linalg.solve(second_order(patterns, first).observed, first.score)
        theta = theta + step
        if np.linalg.eigvalsh(covariance_matrix(theta, pairs, visits)).min() <= 0:
            break
        if np.abs(step).max() < _CONVERGED:
            return theta
    raise SolverError(
        "the covariance between visits could not be estimated",
        allowed="outcomes that vary independently of one another",
        fix="use fewer visits, or ask whether two visits hold the same values",
    )

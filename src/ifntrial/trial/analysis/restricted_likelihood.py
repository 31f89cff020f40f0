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
    """All subjects seen at the same visits, as the sums of products that any likelihood of them needs.

    Parameters
    ----------
    seen
        Places of the visits, shape (seen,).
    count
        Number of subjects.
    products
        Sums over subjects of products of the columns (effects, then outcome) at two visits, shape
        (seen, effects + 1, seen, effects + 1).
    """

    seen: NDArray[np.int64]
    count: int
    products: FloatArray


def group_by_pattern(y: FloatArray, x: FloatArray) -> Iterator[Pattern]:
    """Yield the subjects grouped by the visits at which they were seen; arguments as in ``fit_mmrm``."""
    seen = ~np.isnan(y)
    for pattern in np.unique(seen, axis=0):
        if pattern.any():
            rows = (seen == pattern).all(axis=1)
            columns = np.concatenate([x[rows][:, pattern], y[rows][:, pattern, None]], axis=2)
            flat = columns.reshape(len(columns), -1)
            yield Pattern(np.flatnonzero(pattern), len(flat), (flat.T @ flat).reshape(columns.shape[1:] * 2))


def require_estimable(y: FloatArray, x: FloatArray) -> None:
    """Raise one error that names all reasons why effects or covariance cannot be estimated."""
    if y.ndim != 2 or x.ndim != 3 or x.shape[:2] != y.shape:
        raise InputError(
            "outcomes and effects have different shapes",
            given=f"{y.shape} and {x.shape}",
            allowed="(subjects, visits) and (subjects, visits, effects)",
            fix="give one row of effects per subject and visit",
        )
    seen = ~np.isnan(y)
    stacked, effects = x[seen], x.shape[2]
    problems = []
    if not np.all(np.isfinite(stacked)):
        problems.append("an effect is missing where the outcome is not")
    elif np.linalg.matrix_rank(stacked) < effects:
        problems.append(
            f"the {effects} effects are linearly dependent, or more than the {len(stacked)} values"
        )
    together = seen.T.astype(np.int64) @ seen.astype(np.int64)
    if together.min() < 3:
        problems.append(f"two visits share only {int(together.min())} subjects")
    if problems:
        raise InputError(
            "the repeated measures cannot be analysed",
            problems=problems,
            allowed="independent effects and at least three subjects seen at each pair of visits",
            fix="drop an effect or a visit",
        )


def start_covariance(residual: FloatArray) -> FloatArray:
    """Return a positive definite start from least-squares residuals (NaN where missing): correlation one half."""
    variance = np.nanmean(residual**2, axis=0)
    sd = np.sqrt(np.maximum(variance, 1e-8 * max(float(variance.mean()), 1e-12)))
    return np.asarray(np.outer(sd, sd) * (0.5 * np.eye(len(sd)) + 0.5))


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
    """Estimate, likelihood and its slope at one covariance; V_i is the pattern of the i-th covariance parameter.

    ``inverses`` and ``units`` hold W and all V_i of each pattern of visits, ``residuals`` the sums of products of
    residuals; ``a`` is X'W V_i W X and ``b`` is X'W V_i W r, summed over subjects.
    """

    inverses: tuple[FloatArray, ...]
    units: tuple[FloatArray, ...]
    residuals: tuple[FloatArray, ...]
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
    effects, count = patterns[0].products.shape[1] - 1, len(pairs)
    blocks = [covariance[np.ix_(p.seen, p.seen)] for p in patterns]
    inverses = tuple(invert(block) for block in blocks)
    units = tuple(_units(pairs, len(covariance), p.seen) for p in patterns)
    normal = np.sum([_weighed(w, p.products) for w, p in zip(inverses, patterns, strict=True)], axis=0)
    c = invert(normal[:effects, :effects])
    beta = c @ normal[:effects, effects]
    residual_of = np.append(-beta, 1.0)
    residuals, trace, bend = [], np.zeros(count), np.zeros(count)
    a, b = np.zeros((count, effects, effects)), np.zeros((count, effects))
    for p, w, v in zip(patterns, inverses, units, strict=True):
        to_residual = p.products @ residual_of
        residuals.append(np.einsum("e,vew->vw", residual_of, to_residual))
        wvw = w @ v @ w
        trace += p.count * np.einsum("vw,iwv->i", w, v)
        bend += np.einsum("ivw,vw->i", wvw, residuals[-1])
        a += _weighed(wvw, p.products[:, :effects, :, :effects])
        b += np.einsum("ivw,vew->ie", wvw, to_residual[:, :effects])
    log_det = sum(p.count * np.linalg.slogdet(block)[1] for p, block in zip(patterns, blocks, strict=True))
    rss = sum(float((w * r).sum()) for w, r in zip(inverses, residuals, strict=True))
    free = sum(p.count * len(p.seen) for p in patterns) - effects
    log_information = np.linalg.slogdet(normal[:effects, :effects])[1]
    log_likelihood = -0.5 * (log_det + log_information + rss + free * np.log(2.0 * np.pi))
    score = -0.5 * (trace - np.einsum("ef,ife->i", c, a)) + 0.5 * bend
    return FirstOrder(inverses, units, tuple(residuals), beta, c, float(log_likelihood), score, a, b)


def _weighed(weights: FloatArray, products: FloatArray) -> FloatArray:
    """Return the products summed over both visits with weights of shape (..., seen, seen)."""
    return np.asarray(np.tensordot(weights, products, axes=([-2, -1], [0, 2])))


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
    for p, w, v, r in zip(patterns, first.inverses, first.units, first.residuals, strict=True):
        wv = w @ v
        wvwvw = wv[:, None] @ (wv @ w)[None, :]
        trace += p.count * np.einsum("ivw,jwv->ij", wv, wv)
        bend += np.einsum("ijvw,vw->ij", wvwvw, r)
        q += _weighed(wvwvw, p.products[:, :effects, :, :effects])
    ca = first.c @ first.a
    trace_p = trace - 2.0 * np.einsum("ef,ijfe->ij", first.c, q) + np.einsum("ief,jfe->ij", ca, ca)
    bend_p = bend - first.b @ first.c @ first.b.T
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
    found = minimize(downhill, packed[lower], jac=True, method="BFGS", options={"gtol": 1e-4, "maxiter": 500})
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

"""The restricted likelihood of repeated measures with an unstructured covariance, its slope and its curvature."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import FloatArray, IntArray
from ifntrial.errors import InputError, SolverError
from ifntrial.likelihood.identifiable import are_independent
from ifntrial.likelihood.newton import Terms, climb

_SINGULAR = 1e-12
_NEARLY_SINGULAR = 1e-6


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

    seen: IntArray
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
    elif not are_independent(stacked):
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


def covariance_matrix(theta: FloatArray, pairs: IntArray, visits: int) -> FloatArray:
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


def first_order(patterns: tuple[Pattern, ...], covariance: FloatArray, pairs: IntArray) -> FirstOrder:
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


def _units(pairs: IntArray, visits: int, seen: IntArray) -> FloatArray:
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


def maximize(patterns: tuple[Pattern, ...], pairs: IntArray, start: FloatArray) -> FloatArray:
    """Return the covariance parameters of the largest restricted likelihood.

    Newton steps with the exact curvature; where the likelihood does not curve down, with the expected one (Fisher
    scoring), which always does.

    Raises
    ------
    SolverError
        If two visits hold the same values, so that there is no largest likelihood, or it was not found.
    """
    visits = len(start)
    outside = -np.inf, np.zeros(len(pairs)), np.eye(len(pairs))

    def terms(theta: FloatArray) -> Terms:
        covariance = covariance_matrix(theta, pairs, visits)
        if smallest_share(covariance) <= _SINGULAR:
            return outside
        try:
            first = first_order(patterns, covariance, pairs)
        except np.linalg.LinAlgError:
            return outside
        second = second_order(patterns, first)
        curves_down = np.linalg.eigvalsh(second.observed).min() > 0
        return first.log_likelihood, first.score, second.observed if curves_down else second.expected

    found = climb(terms, start[pairs[:, 0], pairs[:, 1]])
    if found.is_found:
        return found.point
    share = smallest_share(covariance_matrix(found.point, pairs, visits))
    if share < _NEARLY_SINGULAR:
        raise SolverError(
            "the covariance between visits could not be estimated: some visits are determined by the others",
            given=f"a part of {share:.1g} of a visit's variance that is its own",
            allowed="outcomes that vary independently of one another",
            fix="use fewer visits, or ask whether two visits hold the same values",
        )
    raise SolverError(
        "the largest likelihood of the repeated measures was not found",
        given=f"a point {found.distance:.1g} standard errors away from it",
        fix="use fewer visits, or give effects of similar size",
    )


def smallest_share(covariance: FloatArray) -> float:
    """Return the smallest eigenvalue of the correlation matrix; negative if a variance is."""
    variance = np.diag(covariance)
    if variance.min() <= 0:
        return -1.0
    sd = np.sqrt(variance)
    return float(np.linalg.eigvalsh(covariance / np.outer(sd, sd)).min())

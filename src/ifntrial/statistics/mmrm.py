"""Mixed model for repeated measures: unstructured covariance, REML, Satterthwaite or Kenward-Roger inference."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.stats import t as student_t

from ifntrial.arrays import BoolArray, FloatArray
from ifntrial.levels import CONFIDENCE
from ifntrial.likelihood.repeated_measures import (
    covariance_matrix,
    first_order,
    group_by_pattern,
    invert,
    maximize,
    require_estimable,
    second_order,
    start_covariance,
)

Information = Literal["observed", "expected"]


@dataclass(frozen=True, slots=True)
class MmrmFit:
    """A fitted model.

    Parameters
    ----------
    names
        Names of the fixed effects.
    coefficients
        Their estimates, shape (effects,).
    coefficient_covariance
        Covariance of the estimates for a known covariance of the outcomes, shape (effects, effects).
    covariance
        REML estimate of the covariance between visits, shape (visits, visits).
    log_likelihood
        Restricted log likelihood at the estimate.
    subjects, observations
        Subjects with at least one value, and values.
    sensitivity
        Per covariance parameter X'W V_i W X, shape (parameters, effects, effects).
    observed_covariance, expected_covariance
        Inverse of the observed and of the expected information of the covariance parameters.
    curvature
        Per pair of covariance parameters X'W V_i W V_j W X, shape (parameters, parameters, effects, effects).
    """

    names: tuple[str, ...]
    coefficients: FloatArray
    coefficient_covariance: FloatArray
    covariance: FloatArray
    log_likelihood: float
    subjects: int
    observations: int
    sensitivity: FloatArray
    observed_covariance: FloatArray
    expected_covariance: FloatArray
    curvature: FloatArray


@dataclass(frozen=True, slots=True)
class Contrast:
    """One linear combination of the coefficients with its inference."""

    estimate: float
    standard_error: float
    degrees_of_freedom: float
    t: float
    p_two_sided: float
    low: float
    high: float


def fit_mmrm(y: FloatArray, x: FloatArray, names: tuple[str, ...] | None = None) -> MmrmFit:
    """Return the fit of outcomes at several visits, missing at random.

    Parameters
    ----------
    y
        Outcomes, shape (subjects, visits); NaN where missing.
    x
        Fixed effects of each subject and visit, shape (subjects, visits, effects).
    names
        Names of the effects.

    Raises
    ------
    InputError
        If the effects cannot be told apart, or too few values are there for the covariance.
    SolverError
        If the likelihood has no maximum that can be found.
    """
    require_estimable(y, x)
    seen = ~np.isnan(y)
    # Sums of products of residuals, not of outcomes, so that large means cost no digits.
    start_beta = np.linalg.lstsq(x[seen], y[seen], rcond=None)[0]
    residual = y - x @ start_beta
    pairs = np.array(np.triu_indices(y.shape[1])).T
    start = start_covariance(residual)
    scale = float(np.sqrt(np.trace(start) / len(start)))
    theta = maximize(tuple(group_by_pattern(residual / scale, x)), pairs, start / scale**2)
    covariance = covariance_matrix(theta, pairs, len(start)) * scale**2
    patterns = tuple(group_by_pattern(residual, x))
    first = first_order(patterns, covariance, pairs)
    second = second_order(patterns, first)
    return MmrmFit(
        names=names or tuple(f"x{i}" for i in range(x.shape[2])),
        coefficients=start_beta + first.beta,
        coefficient_covariance=first.c,
        covariance=covariance,
        log_likelihood=first.log_likelihood,
        subjects=int(seen.any(axis=1).sum()),
        observations=int(seen.sum()),
        sensitivity=first.a,
        observed_covariance=invert(second.observed),
        expected_covariance=invert(second.expected),
        curvature=second.q,
    )


def adjusted_covariance(fit: MmrmFit, information: Information = "observed") -> FloatArray:
    """Return Kenward and Roger's covariance of the coefficients, shape (effects, effects).

    The covariance between visits was estimated, and its uncertainty, from the given information, is added.
    """
    uncertainty = _uncertainty(fit, information)
    c, a = fit.coefficient_covariance, fit.sensitivity
    inner = fit.curvature - np.einsum("ief,fg,jgh->ijeh", a, c, a)
    return np.asarray(c + 2.0 * c @ np.einsum("ij,ijef->ef", uncertainty, inner) @ c)


def _uncertainty(fit: MmrmFit, information: Information) -> FloatArray:
    return fit.observed_covariance if information == "observed" else fit.expected_covariance


def estimate_contrast(
    fit: MmrmFit,
    weights: FloatArray,
    *,
    method: Literal["satterthwaite", "kenward_roger"] = "satterthwaite",
    information: Information = "observed",
    confidence: float = CONFIDENCE,
) -> Contrast:
    """Return a linear combination of the coefficients with its t test.

    Parameters
    ----------
    weights
        Of the coefficients, shape (effects,).
    method
        How degrees of freedom and standard error allow for the estimated covariance.
    information
        From which the uncertainty of the covariance is taken. ``observed``, as SAS and R's mmrm do: the one that
        stays right with values missing at random. ``expected``, as R's pbkrtest does and the paper has it.

    Source
    ------
    Satterthwaite, Biometrics Bull 1946; Kenward and Roger, Biometrics 1997;53:983, for a covariance that is linear in
    its parameters; Kenward and Molenberghs, Stat Sci 1998;13:236 (observed information).
    """
    weights = np.asarray(weights, dtype=np.float64)
    c, a = fit.coefficient_covariance, fit.sensitivity
    slope = np.einsum("e,ief,f->i", c @ weights, a, c @ weights)
    plain = float(weights @ c @ weights)
    freedom = 2.0 * plain**2 / float(slope @ _uncertainty(fit, information) @ slope)
    variance = plain
    if method == "kenward_roger":
        variance = float(weights @ adjusted_covariance(fit, information) @ weights)
    estimate, error = float(weights @ fit.coefficients), float(np.sqrt(variance))
    t = estimate / error
    half = float(student_t.ppf(0.5 + confidence / 2.0, freedom)) * error
    return Contrast(
        estimate=estimate,
        standard_error=error,
        degrees_of_freedom=freedom,
        t=t,
        p_two_sided=float(2.0 * student_t.sf(abs(t), freedom)),
        low=estimate - half,
        high=estimate + half,
    )


def trial_design(
    is_active: BoolArray, baseline: FloatArray, visits: int, factors: FloatArray | None = None
) -> tuple[FloatArray, tuple[str, ...], FloatArray]:
    """Return the usual fixed effects of a trial: visit, arm by visit, baseline by visit and stratification factors.

    Parameters
    ----------
    is_active, baseline
        Shape (subjects,).
    factors
        Further covariates, shape (subjects, factors).

    Returns
    -------
    Effects (subjects, visits, effects), their names, and the weights of active minus control at each visit
    (visits, effects).
    """
    subjects = len(baseline)
    extra = np.zeros((subjects, 0)) if factors is None else np.asarray(factors, dtype=np.float64)
    effects = 3 * visits + extra.shape[1]
    x = np.zeros((subjects, visits, effects))
    for visit in range(visits):
        x[:, visit, visit] = 1.0
        x[:, visit, visits + visit] = is_active
        x[:, visit, 2 * visits + visit] = baseline - baseline.mean()
        x[:, visit, 3 * visits :] = extra
    kinds = ("visit", "active at visit", "baseline at visit")
    names = [f"{kind} {visit + 1}" for kind in kinds for visit in range(visits)]
    names += [f"factor {number + 1}" for number in range(extra.shape[1])]
    return x, tuple(names), np.eye(effects)[visits : 2 * visits]

"""Recurrent events: negative binomial regression of counts on arm, with time at risk."""

import warnings

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from statsmodels.discrete.discrete_model import NegativeBinomial
from statsmodels.tools.sm_exceptions import ConvergenceWarning, HessianInversionWarning

from ifntrial.errors import InputError, SolverError
from ifntrial.trial.analysis.record import Comparison
from ifntrial.trial.analysis.tables import design_matrix

FloatArray = NDArray[np.float64]


def negative_binomial(
    counts: FloatArray,
    years_at_risk: FloatArray,
    is_active: NDArray[np.bool_],
    covariates: FloatArray | None = None,
) -> Comparison:
    """Return the log rate ratio, active against control.

    Its standard error is from the curvature of the whole likelihood, so that the dispersion counts as estimated; R's
    ``glm.nb`` takes it as known, which makes a slightly smaller one.

    Parameters
    ----------
    counts
        Events per subject, shape (subjects,).
    years_at_risk
        Time observed [year], same shape.
    is_active, covariates
        Shape (subjects,) and (subjects, columns).

    Raises
    ------
    InputError
        If counts or times are not usable.
    SolverError
        If the likelihood has no maximum, as with counts that vary less than Poisson ones.
    """
    matrix = design_matrix(is_active, covariates)
    usable = np.isfinite(counts) & (counts >= 0) & (counts == np.round(counts)) & (years_at_risk > 0)
    if not np.all(usable) or not counts.any():
        raise InputError(
            "counts of events cannot be used",
            problems=[
                f"{int((~usable).sum())} subjects have no whole count or no time at risk",
                f"{counts.sum():g} events",
            ],
            allowed="whole counts, positive times and at least one event",
            fix="leave out subjects without time at risk, counted",
        )
    with warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        warnings.simplefilter("error", HessianInversionWarning)
        warnings.simplefilter("ignore", RuntimeWarning)
        try:
            fit = NegativeBinomial(counts, matrix, exposure=years_at_risk).fit(
                disp=0, method="bfgs", gtol=1e-9, maxiter=2000
            )
        except (ConvergenceWarning, HessianInversionWarning, np.linalg.LinAlgError) as error:
            raise SolverError(
                "the negative binomial model has no maximum",
                allowed="counts that vary more than Poisson ones",
                fix="use the test of a Poisson rate, or drop covariates",
            ) from error
    estimate, error_of = float(fit.params[1]), float(fit.bse[1])
    half = float(-ndtri(0.025) * error_of)
    return Comparison(
        estimate=estimate,
        standard_error=error_of,
        low=estimate - half,
        high=estimate + half,
        p_two_sided=float(fit.pvalues[1]),
        degrees_of_freedom=np.inf,
        scale="log rate ratio",
    )

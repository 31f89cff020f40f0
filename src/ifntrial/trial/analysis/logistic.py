"""Logistic regression of response on arm and covariates."""

import numpy as np
import statsmodels.api as sm
from numpy.typing import NDArray
from scipy.special import ndtri
from statsmodels.tools.sm_exceptions import PerfectSeparationError, PerfectSeparationWarning

from ifntrial.errors import InputError
from ifntrial.trial.analysis.record import Comparison
from ifntrial.trial.analysis.tables import design_matrix

FloatArray = NDArray[np.float64]

_LARGEST_PREDICTOR = 25.0


def logistic(
    response: FloatArray, is_active: NDArray[np.bool_], covariates: FloatArray | None = None
) -> Comparison:
    """Return the log odds ratio of response, active against control.

    Parameters
    ----------
    response
        0 or 1, shape (subjects,).
    is_active
        Shape (subjects,).
    covariates
        Further columns, shape (subjects, columns).

    Raises
    ------
    InputError
        If responders and others are separated perfectly, or the table cannot be used.
    """
    matrix = design_matrix(is_active, covariates)
    if not np.isin(response, (0, 1)).all():
        raise InputError(
            "a response is neither 0 nor 1", allowed="0 or 1", fix="apply the rule for missing data first"
        )
    try:
        fit = sm.GLM(response, matrix, family=sm.families.Binomial()).fit(tol=1e-13, maxiter=100)
    except (PerfectSeparationError, PerfectSeparationWarning) as error:
        raise _separated() from error
    if np.abs(matrix @ fit.params).max() > _LARGEST_PREDICTOR:
        raise _separated()
    half = float(-ndtri(0.025) * fit.bse[1])
    estimate = float(fit.params[1])
    return Comparison(
        estimate=estimate,
        standard_error=float(fit.bse[1]),
        low=estimate - half,
        high=estimate + half,
        p_two_sided=float(fit.pvalues[1]),
        degrees_of_freedom=np.inf,
        scale="log odds ratio",
    )


def _separated() -> InputError:
    return InputError(
        "responders and others are separated perfectly, so that the odds ratio is infinite",
        allowed="both outcomes in each level of each covariate",
        fix="drop or merge the covariate's levels, or use the stratified test",
    )

"""Logistic regression of response on arm and covariates."""

import numpy as np
from scipy.special import expit

from ifntrial.arrays import BoolArray, FloatArray
from ifntrial.errors import InputError, SolverError
from ifntrial.likelihood.identifiable import runs_away
from ifntrial.likelihood.newton import Terms, climb
from ifntrial.statistics.record import Comparison, large_sample_comparison
from ifntrial.statistics.tables import design_matrix


def logistic(response: FloatArray, is_active: BoolArray, covariates: FloatArray | None = None) -> Comparison:
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
    if runs_away(matrix, 2.0 * response - 1.0):
        raise InputError(
            "responders and others are separated perfectly, so that the odds ratio is infinite",
            allowed="both outcomes in each level of each covariate",
            fix="drop or merge the covariate's levels, or use the stratified test",
        )

    def terms(point: FloatArray) -> Terms:
        predictor = matrix @ point
        chance = expit(predictor)
        value = np.sum(response * predictor - np.logaddexp(0.0, predictor))
        spread = chance * (1.0 - chance)
        return float(value), matrix.T @ (response - chance), matrix.T @ (spread[:, None] * matrix)

    found = climb(terms, np.zeros(matrix.shape[1]))
    if not found.is_found:
        raise SolverError(
            "the logistic regression did not converge",
            given=f"{found.distance:.1g} standard errors from the maximum",
            fix="give covariates of similar size, or drop one",
        )
    return large_sample_comparison(float(found.point[1]), float(found.standard_errors()[1]), "log odds ratio")

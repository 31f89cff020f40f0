"""Analysis of covariance: a change at one visit, adjusted for baseline and strata."""

import numpy as np

from ifntrial.arrays import BoolArray, FloatArray
from ifntrial.errors import InputError
from ifntrial.statistics.record import Comparison, t_comparison
from ifntrial.statistics.tables import design_matrix


def ancova(outcome: FloatArray, is_active: BoolArray, covariates: FloatArray | None = None) -> Comparison:
    """Return the adjusted difference of means, active minus control, of subjects with an outcome.

    Parameters
    ----------
    outcome
        Shape (subjects,); NaN where missing: that subject is left out.
    is_active, covariates
        Shape (subjects,) and (subjects, columns).

    Raises
    ------
    InputError
        If the arms cannot be compared, or no subject is left for the error.
    """
    known = ~np.isnan(outcome)
    matrix = design_matrix(is_active[known], None if covariates is None else np.asarray(covariates)[known])
    if known.sum() <= matrix.shape[1]:
        raise InputError(
            "too few outcomes for the number of covariates",
            given=f"{int(known.sum())} outcomes, {matrix.shape[1]} columns",
            allowed="more outcomes than columns",
            fix="drop covariates",
        )
    # here, as it takes longer to load than most commands take
    from statsmodels.regression.linear_model import OLS

    fit = OLS(outcome[known], matrix).fit()
    return t_comparison(float(fit.params[1]), float(fit.bse[1]), float(fit.df_resid))

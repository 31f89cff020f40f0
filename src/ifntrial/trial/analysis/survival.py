"""Time to an event: Cox regression and the log-rank test."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from statsmodels.duration.hazard_regression import PHReg
from statsmodels.duration.survfunc import survdiff

from ifntrial.errors import InputError
from ifntrial.trial.analysis.record import Comparison

FloatArray = NDArray[np.float64]


def cox(
    time: FloatArray,
    happened: NDArray[np.bool_],
    is_active: NDArray[np.bool_],
    *,
    strata: NDArray[np.generic] | None = None,
    ties: Literal["breslow", "efron"] = "efron",
) -> Comparison:
    """Return the log hazard ratio, active against control.

    Parameters
    ----------
    time
        Of the event or of censoring, shape (subjects,).
    happened
        Whether the event happened then, same shape.
    is_active, strata
        Same shape; each stratum has its own baseline hazard.
    ties
        How equal times are handled.

    Raises
    ------
    InputError
        If times are not positive, or an arm has no event, so that the ratio is zero or infinite.
    """
    _require_times(time, happened, is_active)
    events = [int(happened[is_active == arm].sum()) for arm in (False, True)]
    if min(events) == 0:
        raise InputError(
            "an arm has no event, so that the hazard ratio is zero or infinite",
            given=f"{events[0]} events in control, {events[1]} in active",
            allowed="an event in each arm",
            fix="use the log-rank test",
        )
    model = PHReg(
        time,
        np.asarray(is_active, dtype=np.float64)[:, None],
        status=happened.astype(int),
        strata=strata,
        ties=ties,
    )
    fit = model.fit(disp=0, tol=1e-12)
    estimate, error = float(fit.params[0]), float(fit.bse[0])
    half = float(-ndtri(0.025) * error)
    return Comparison(
        estimate=estimate,
        standard_error=error,
        low=estimate - half,
        high=estimate + half,
        p_two_sided=float(fit.pvalues[0]),
        degrees_of_freedom=np.inf,
        scale="log hazard ratio",
    )


def log_rank(
    time: FloatArray,
    happened: NDArray[np.bool_],
    is_active: NDArray[np.bool_],
    strata: NDArray[np.generic] | None = None,
) -> tuple[float, float]:
    """Return chi-squared statistic and two-sided p of equal hazards; arguments as in ``cox``."""
    _require_times(time, happened, is_active)
    statistic, p = survdiff(time, happened.astype(int), is_active.astype(int), strata=strata)
    return float(statistic), float(p)


def _require_times(time: FloatArray, happened: NDArray[np.bool_], is_active: NDArray[np.bool_]) -> None:
    problems = []
    if not np.all(np.isfinite(time) & (time > 0)):
        problems.append("a time is missing, infinite, zero or negative")
    if len(np.unique(is_active)) < 2:
        problems.append("only one arm has subjects")
    if not happened.any():
        problems.append("no event happened")
    if problems:
        raise InputError(
            "times to events cannot be compared",
            problems=problems,
            allowed="positive times, two arms and an event",
            fix="censor subjects without an event at their last visit",
        )

"""Time to an event: Cox regression and the log-rank test."""

from typing import Literal

import numpy as np
from scipy.special import expit

from ifntrial.arrays import AnyArray, BoolArray, FloatArray
from ifntrial.errors import InputError
from ifntrial.likelihood.newton import Terms, climb
from ifntrial.statistics.record import Comparison, large_sample_comparison


def cox(
    time: FloatArray,
    happened: BoolArray,
    is_active: BoolArray,
    *,
    strata: AnyArray | None = None,
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
        If times are not positive, or an arm has no event while the other is at risk: the ratio is zero or infinite.
    """
    _require_times(time, happened, is_active)
    codes = np.zeros(len(time)) if strata is None else strata
    shares = [
        _risk_sets(time[own], happened[own], is_active[own], ties)
        for own in (codes == code for code in np.unique(codes))
    ]
    control, active = np.concatenate(shares, axis=1)
    # an event among one arm alone says nothing about the other
    open_to_both = (control > 0) & (active > 0)
    events = int(happened[is_active].sum()) - int((control <= 0).sum())
    if not 0 < events < open_to_both.sum():
        raise InputError(
            "an arm has no event while the other is at risk, so that the hazard ratio is zero or infinite",
            given=f"{int(happened[~is_active].sum())} events in control, {int(happened[is_active].sum())} in active",
            allowed="an event in each arm, with subjects of the other arm still at risk",
            fix="use the log-rank test",
        )
    odds = np.log(active[open_to_both]) - np.log(control[open_to_both])

    def terms(point: FloatArray) -> Terms:
        chance = expit(odds + point)
        value = events * point[0] - np.sum(np.logaddexp(0.0, odds + point))
        return float(value), np.array([events - chance.sum()]), np.array([[np.sum(chance * (1.0 - chance))]])

    found = climb(terms, np.zeros(1))
    return large_sample_comparison(
        float(found.point[0]), float(found.standard_errors()[0]), "log hazard ratio"
    )


def _risk_sets(time: FloatArray, happened: BoolArray, is_active: BoolArray, ties: str) -> FloatArray:
    """Return for each event of a stratum how many subjects of control and of active it could have struck, (2, events).

    Of events at one time the k-th finds, with Efron's rule, k/d of those that have an event at that time gone.
    """
    rows = []
    for moment in np.unique(time[happened]):
        is_at_risk, is_struck = time >= moment, happened & (time == moment)
        gone = np.arange(is_struck.sum()) / is_struck.sum() if ties == "efron" else np.zeros(is_struck.sum())
        rows.append(
            [(is_at_risk & own).sum() - gone * (is_struck & own).sum() for own in (~is_active, is_active)]
        )
    return np.concatenate(rows, axis=1) if rows else np.zeros((2, 0))


def log_rank(
    time: FloatArray,
    happened: BoolArray,
    is_active: BoolArray,
    strata: AnyArray | None = None,
) -> tuple[float, float]:
    """Return chi-squared statistic and two-sided p of equal hazards; arguments as in ``cox``."""
    _require_times(time, happened, is_active)
    # here, as it takes long to load
    from statsmodels.duration.survfunc import survdiff

    statistic, p = survdiff(time, happened.astype(int), is_active.astype(int), strata=strata)
    return float(statistic), float(p)


def _require_times(time: FloatArray, happened: BoolArray, is_active: BoolArray) -> None:
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

"""Interim looks over the worlds of a forecast: when the trial stops, how large and long it is, and what is decided."""

from collections.abc import Mapping

import numpy as np
from scipy.special import ndtr, ndtri

from ifntrial.arrays import FloatArray
from ifntrial.design.design import TrialDesign
from ifntrial.design.looks import GoRule
from ifntrial.statistics.looks.plan import OverLooks, over_looks
from ifntrial.studies.forecast.gather import ForecastWorlds
from ifntrial.studies.forecast.run import PreparedForecast
from ifntrial.studies.forecast.told.look_records import (
    DecisionUnderPrior,
    LooksForecast,
    LooksUnderPrior,
    PlannedLook,
)
from ifntrial.studies.primary_values import mean_test


def planned_looks(design: TrialDesign) -> tuple[PlannedLook, ...]:
    """Return the looks of a design, the end last; none without. Errors as in ``over_looks``."""
    own = over_looks(design)
    if own is None:
        return ()
    rows = zip(own.design.information_rates, own.design.critical, own.design.futility, strict=True)
    return tuple(
        PlannedLook(
            information=float(rate),
            patients_known=round(float(rate) * own.patients),
            week=None if own.calendar is None else float(own.calendar.weeks[place]),
            enrolled=None if own.calendar is None else float(own.calendar.enrolled[place]),
            efficacy_z=_finite(critical),
            efficacy_p=_finite(ndtr(-critical)) if np.isfinite(critical) else None,
            futility_z=_finite(low),
        )
        for place, (rate, critical, low) in enumerate(rows)
    )


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def looks_forecast(prepared: PreparedForecast, worlds: ForecastWorlds) -> LooksForecast | None:
    """Return what the looks of a trial do under each belief and the mixture; None without looks."""
    design = prepared.trial.design
    own = over_looks(design)
    if own is None or design.looks is None:
        return None
    zone = design.looks.re_estimation
    return LooksForecast(
        planned_looks(design),
        None if zone is None else zone.most_patients,
        {name: _under(own, worlds.drift, weight) for name, weight in prepared.choice.counts.items()},
    )


def _under(own: OverLooks, drift: FloatArray, weight: FloatArray) -> LooksUnderPrior:
    looks = len(own.design.critical)
    mean = np.average(own.does(drift), axis=0, weights=weight)
    success, futility = mean[:looks].clip(0.0, 1.0), mean[looks : 2 * looks].clip(0.0, 1.0)
    grown, size = float(mean[2 * looks].clip(0.0, 1.0)), float(mean[-1])
    patients, weeks = own.patients * size, None
    if own.calendar is not None and own.recruitment is not None:
        stops = success + futility
        stops[-1] = 1.0 - stops[:-1].sum()
        # those who come beyond the plan come after it, at the full rate
        more = own.patients * size - float((stops * own.design.information_rates).sum()) * own.patients
        later = own.recruitment.week_of(own.patients + more) - own.recruitment.week_of(own.patients)
        patients = float((stops * own.calendar.enrolled).sum()) + more
        weeks = float((stops * own.calendar.weeks).sum()) + later
    return LooksUnderPrior(
        tuple(success.tolist()),
        tuple(futility.tolist()),
        None if own.zone is None else grown,
        float(np.average(ndtr(drift + ndtri(own.alpha)), weights=weight)),
        patients,
        weeks,
    )


def decisions(prepared: PreparedForecast, worlds: ForecastWorlds) -> Mapping[str, DecisionUnderPrior]:
    """Return what the go/no-go rule of a design says under each belief and the mixture; empty without a rule."""
    design, endpoint = prepared.trial.design, prepared.trial.common.endpoint
    if design.decision is None:
        return {}
    is_response = prepared.trial.common.is_response
    sign = 1.0 if is_response else mean_test(design, endpoint).sign
    go, no_go = decision_chances(
        design.decision,
        sign * worlds.rules[""].difference,
        worlds.rules[""].trial_sd,
        design.assumed.analysis.alpha_one_sided,
    )
    found = {}
    for name, weight in prepared.choice.counts.items():
        yes, no = (float(np.average(each, weights=weight)) for each in (go, no_go))
        found[name] = DecisionUnderPrior(yes, max(1.0 - yes - no, 0.0), no)
    return found


def decision_chances(
    rule: GoRule, gain: FloatArray, error: FloatArray, alpha: float
) -> tuple[FloatArray, FloatArray]:
    """Return the chances of go and of no go, each (worlds,).

    Parameters
    ----------
    gain
        True difference, the better way up, shape (worlds,).
    error
        Standard deviation of its estimate, same shape.
    alpha
        One-sided level of the primary test.
    """
    # the posterior of the true gain is normal around the estimate, so that each rule is a bound on the estimate
    enough = rule.go.gain + error * ndtri(rule.go.probability)
    if rule.needs_significance:
        enough = np.maximum(enough, -error * ndtri(alpha))
    little = np.minimum(rule.no_go.gain + error * ndtri(rule.no_go.probability), enough)
    return np.asarray(ndtr((gain - enough) / error)), np.asarray(ndtr((little - gain) / error))

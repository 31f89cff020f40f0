"""The looks of a design: boundaries, when they take place, and what they do to power, size and duration."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.special import ndtr, ndtri

from ifntrial.arrays import FloatArray
from ifntrial.design.design import TrialDesign
from ifntrial.design.looks import Futility, Looks, Recruitment
from ifntrial.design.looks import Spending as SpendingRule
from ifntrial.errors import InputError
from ifntrial.read_only import returns_read_only
from ifntrial.statistics.looks.conditional import z_at
from ifntrial.statistics.looks.promising_zone import PromisingZone
from ifntrial.statistics.looks.sequential import SequentialDesign, design_sequential, spend_beta
from ifntrial.statistics.looks.spending import SPENDING, Spending, hwang_shih_decani
from ifntrial.statistics.looks.stages import Stages, stages

_DRIFTS = tuple(0.25 * place for place in range(-32, 49))
_CERTAIN = 1e-12
_LEAST = 1e-30


@dataclass(frozen=True, slots=True)
class Calendar:
    """When the looks of a trial are known; None without recruitment.

    Parameters
    ----------
    weeks
        Since the first patient, the end last [week], shape (looks,).
    enrolled
        Patients by then, shape (looks,).
    """

    weeks: FloatArray
    enrolled: FloatArray


@dataclass(frozen=True, slots=True)
class OverLooks:
    """What the looks of one design do, for any drift: the mean of the statistic at the end of the planned trial.

    Parameters
    ----------
    design
        Boundaries.
    zone
        Re-estimation of the size; None without.
    alpha
        One-sided level.
    patients
        Planned.
    recruitment, calendar
        How patients come, and when looks take place; None without recruitment.
    """

    design: SequentialDesign
    zone: PromisingZone | None
    alpha: float
    patients: int
    recruitment: Recruitment | None
    calendar: Calendar | None
    _power: CubicSpline
    _others: CubicSpline

    def drift_of(self, fixed_power: FloatArray) -> FloatArray:
        """Return the drift of trials that have a power without looks."""
        return np.asarray(ndtri(np.clip(fixed_power, _CERTAIN, 1.0 - _CERTAIN)) - ndtri(self.alpha))

    def power(self, drift: FloatArray) -> FloatArray:
        """Return the power over all looks."""
        return np.asarray(ndtr(self._power(np.clip(drift, _DRIFTS[0], _DRIFTS[-1]))))

    def slope(self, drift: FloatArray) -> FloatArray:
        """Return the derivative of the power in the drift."""
        at = np.clip(drift, _DRIFTS[0], _DRIFTS[-1])
        z = self._power(at)
        return np.asarray(np.exp(-(z**2) / 2.0) / np.sqrt(2.0 * np.pi) * self._power(at, 1))

    def does(self, drift: FloatArray) -> FloatArray:
        """Return chances to stop for efficacy and for futility at each look, chance to grow, and mean size at the end.

        Returns
        -------
        Shape (..., 2 looks + 2): efficacy, futility, grown, size as a share of the planned one.
        """
        return np.asarray(self._others(np.clip(drift, _DRIFTS[0], _DRIFTS[-1])))

    def at(self, drift: float) -> Stages:
        """Return what the looks do under one drift, without a table."""
        return stages(self.design, self.zone, drift)


def over_looks(design: TrialDesign) -> OverLooks | None:
    """Return what the looks of a design do; None without looks.

    Raises
    ------
    InputError
        If a futility bound lies above the efficacy bound of its look, or no effect gives the power that beta asks for.
    """
    if design.looks is None:
        return None
    looks, alpha, patients = design.looks, design.assumed.analysis.alpha_one_sided, design.size.analyzed
    *columns, power, others = _table(looks, alpha, patients)
    bounds = SequentialDesign(*columns)
    recruitment = design.recruitment
    return OverLooks(
        bounds,
        _zone(looks, patients),
        alpha,
        patients,
        recruitment,
        None if recruitment is None else _calendar(bounds, recruitment, patients, design.primary.visit_week),
        CubicSpline(_DRIFTS, power),
        CubicSpline(_DRIFTS, others),
    )


@lru_cache(maxsize=64)
@returns_read_only
def _table(looks: Looks, alpha: float, patients: int) -> tuple[FloatArray, ...]:
    """Return the bounds as ``SequentialDesign`` has them, the probit of the power and what else happens by drift."""
    bounds = boundaries(looks, alpha)
    each = [stages(bounds, _zone(looks, patients), drift) for drift in _DRIFTS]
    power = np.array([one.power for one in each])
    others = np.array([np.concatenate([one.efficacy, one.futility, [one.grown, one.size]]) for one in each])
    return (
        bounds.information_rates,
        bounds.critical,
        bounds.futility,
        bounds.alpha_spent,
        np.asarray(ndtri(np.clip(power, _LEAST, 1.0 - _CERTAIN))),
        others,
    )


def _zone(looks: Looks, patients: int) -> PromisingZone | None:
    rule = looks.re_estimation
    if rule is None:
        return None
    return PromisingZone(rule.conditional_power_from, rule.target, rule.most_patients / patients)


def _calendar(bounds: SequentialDesign, recruitment: Recruitment, patients: int, week: float) -> Calendar:
    weeks = np.array(
        [
            recruitment.week_of(rate * patients) + week + recruitment.weeks_to_analysis
            for rate in bounds.information_rates
        ]
    )
    enrolled = np.array([min(recruitment.enrolled_at(each), patients) for each in weeks])
    return Calendar(weeks, enrolled)


def boundaries(looks: Looks, alpha: float) -> SequentialDesign:
    """Return the bounds on z of the looks of a design, its end last; errors as in ``over_looks``."""
    rates = (*looks.information, 1.0)
    spend = _function(looks.efficacy) if looks.efficacy is not None else _at_the_end
    futility = looks.futility
    if futility is None:
        return design_sequential(rates, alpha_one_sided=alpha, spending=spend)
    if futility.beta is not None:
        return spend_beta(
            rates,
            alpha_one_sided=alpha,
            spending=spend,
            beta=futility.beta,
            beta_spending=_function(futility.spending),
        )[0]
    return design_sequential(
        rates,
        alpha_one_sided=alpha,
        spending=spend,
        futility=_bounds(futility, looks, alpha, spend),
        is_binding=futility.binding,
    )


def _bounds(futility: Futility, looks: Looks, alpha: float, spend: Spending) -> tuple[float, ...]:
    """Return the futility bounds on z, those of a rule on the chance of a significant end by the last efficacy bound."""
    if futility.z is not None:
        return futility.z
    end = float(
        design_sequential((*looks.information, 1.0), alpha_one_sided=alpha, spending=spend).critical[-1]
    )
    if futility.conditional_power is not None:
        return tuple(
            z_at("conditional_power", futility.conditional_power, rate, end) for rate in looks.information
        )
    if futility.predictive_probability is None:
        raise InputError(
            "futility has no rule", fix="give one of z, beta, conditional_power, predictive_probability"
        )
    return tuple(
        z_at("predictive_probability", futility.predictive_probability, rate, end)
        for rate in looks.information
    )


def _function(rule: SpendingRule) -> Spending:
    return hwang_shih_decani(rule.gamma) if rule.gamma is not None else SPENDING[rule.spending]


def _at_the_end(rate: FloatArray, alpha: float) -> FloatArray:
    """Spend nothing before the end."""
    return np.where(rate >= 1.0, alpha, 0.0)

"""Group-sequential designs: boundaries from alpha spending, futility, power and expected size."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtri

from ifntrial.arrays import FloatArray
from ifntrial.errors import InputError, resolve_name
from ifntrial.levels import ALPHA_ONE_SIDED
from ifntrial.statistics.looks.recursion import ScoreGrid
from ifntrial.statistics.looks.spending import SPENDING, Spending

_MOST_LOOKS = 20


@dataclass(frozen=True, slots=True)
class SequentialDesign:
    """A one-sided group-sequential test.

    Parameters
    ----------
    information_rates
        Share of the information at each look, the last one 1; shape (looks,).
    critical
        The trial stops for efficacy at z above this, shape (looks,).
    futility
        The trial stops for futility at z below this, minus infinity where it does not; shape (looks,), the last unused.
    alpha_spent
        Cumulative, shape (looks,).
    """

    information_rates: FloatArray
    critical: FloatArray
    futility: FloatArray
    alpha_spent: FloatArray


@dataclass(frozen=True, slots=True)
class SequentialPower:
    """What a design does under one drift.

    Parameters
    ----------
    efficacy, futility
        Probability to stop for either at each look, shape (looks,).
    power
        Probability to stop for efficacy at any look.
    expected_information
        Mean share of the full information at the end.
    """

    efficacy: FloatArray
    futility: FloatArray
    power: float
    expected_information: float


def design_sequential(
    information_rates: Sequence[float],
    *,
    alpha_one_sided: float = ALPHA_ONE_SIDED,
    spending: str | Spending = "obrien_fleming",
    futility: Sequence[float] | None = None,
    is_binding: bool = False,
) -> SequentialDesign:
    """Return the boundaries that spend alpha as planned.

    Parameters
    ----------
    information_rates
        Increasing, the last one 1.
    spending
        A name in ``spending.SPENDING``, or a function of its own.
    futility
        Bounds on z at all looks but the last; None for no stop.
    is_binding
        Whether the efficacy bounds may count on the futility bounds being obeyed.

    Raises
    ------
    InputError
        If rates, level or bounds are not possible.

    Source
    ------
    Lan and DeMets, Biometrika 1983; recursive integration after Armitage, McPherson and Rowe 1969.
    """
    rates = _require_rates(information_rates, alpha_one_sided)
    spend = _function(spending)
    looks = len(rates)
    low = np.full(looks, -np.inf)
    if futility is not None:
        if len(futility) != looks - 1:
            raise InputError(
                "the futility bounds do not fit the looks",
                given=f"{len(futility)} bounds for {looks} looks",
                allowed=f"{looks - 1} bounds",
                fix="give one per look but the last",
            )
        low[:-1] = np.asarray(futility, dtype=np.float64)
    spent = spend(rates, alpha_one_sided)
    steps = np.diff(spent, prepend=0.0)
    critical = np.empty(looks)
    obeyed = low if is_binding else np.full(looks, -np.inf)
    state = ScoreGrid.start()
    for look, step in enumerate(steps):
        critical[look] = state.bound_for(rates, look, float(step))
        state = state.advance(rates, look, obeyed[look], critical[look], 0.0)
    if np.any(low[:-1] >= critical[:-1]):
        raise InputError(
            "a futility bound lies above the efficacy bound of its look",
            given=f"futility {low[:-1].round(3).tolist()}, efficacy {critical[:-1].round(3).tolist()}",
            allowed="futility below efficacy",
            fix="lower the futility bounds",
        )
    return SequentialDesign(rates, critical, low, spent)


def spend_beta(
    information_rates: Sequence[float],
    *,
    alpha_one_sided: float = ALPHA_ONE_SIDED,
    spending: str | Spending = "hwang_shih_decani_4",
    beta: float = 0.1,
    beta_spending: str | Spending = "hwang_shih_decani_2",
) -> tuple[SequentialDesign, float]:
    """Return a design that stops for futility by beta spending, and the drift at which its power is ``1 - beta``.

    The efficacy bounds do not count on the futility bounds being obeyed (they are non-binding); the power does. The last
    look has one bound. The drift over that of a trial without looks, squared, is the inflation of the sample size.

    Raises
    ------
    InputError
        If rates or levels are not possible, or no drift gives that power.

    Source
    ------
    Pampallona, Tsiatis and Kim, Drug Inf J 2001;35:1113.
    """
    if not 0 < beta < 1 - alpha_one_sided:
        raise InputError(
            "the chance to miss an effect is not possible",
            given=f"beta {beta}",
            allowed="between 0 and 1 - alpha",
            fix="for example 0.1",
        )
    plain = design_sequential(information_rates, alpha_one_sided=alpha_one_sided, spending=spending)
    rates = plain.information_rates
    steps = np.diff(_function(beta_spending)(rates, beta), prepend=0.0)

    def missed_at_the_end(drift: float) -> tuple[float, FloatArray]:
        """Return the chance to miss the effect at the last look, and the futility bounds."""
        low, state = np.full(len(rates), -np.inf), ScoreGrid.start()
        for look in range(len(rates) - 1):
            low[look] = min(state.bound_below(rates, look, float(steps[look]), drift), plain.critical[look])
            state = state.advance(rates, look, low[look], plain.critical[look], drift)
        return state.below(rates, len(rates) - 1, float(plain.critical[-1]), drift), low

    fixed = float(-ndtri(alpha_one_sided) - ndtri(beta))
    try:
        drift = float(
            brentq(lambda x: missed_at_the_end(x)[0] - steps[-1], 0.5 * fixed, 2.0 * fixed, xtol=1e-12)
        )
    except ValueError as error:
        raise InputError(
            "no effect gives the power asked for at these looks",
            given=f"rates {list(information_rates)}, beta {beta}",
            allowed="fewer or later looks, or a beta spending that leaves something for the last one",
            fix="leave a look out",
        ) from error
    design = design_sequential(
        information_rates,
        alpha_one_sided=alpha_one_sided,
        spending=spending,
        futility=missed_at_the_end(drift)[1][:-1].tolist(),
    )
    return design, drift


def sequential_power(design: SequentialDesign, drift: float) -> SequentialPower:
    """Return stopping probabilities if the final z has mean ``drift`` (both bounds obeyed)."""
    efficacy, futility = [], []
    state = ScoreGrid.start()
    for look, (critical, low) in enumerate(zip(design.critical, design.futility, strict=True)):
        last = look == len(design.critical) - 1
        efficacy.append(state.above(design.information_rates, look, float(critical), drift))
        futility.append(0.0 if last else state.below(design.information_rates, look, float(low), drift))
        state = state.advance(design.information_rates, look, float(low), float(critical), drift)
    stopped = np.array(efficacy) + np.array(futility)
    reaching = 1.0 - np.concatenate([[0.0], np.cumsum(stopped)[:-1]])
    steps = np.diff(design.information_rates, prepend=0.0)
    return SequentialPower(
        efficacy=np.array(efficacy),
        futility=np.array(futility),
        power=float(np.sum(efficacy)),
        expected_information=float(reaching @ steps),
    )


def _function(spending: str | Spending) -> Spending:
    return resolve_name(spending, SPENDING, "spending function") if isinstance(spending, str) else spending


def _require_rates(information_rates: Sequence[float], alpha: float) -> FloatArray:
    rates = np.asarray(information_rates, dtype=np.float64)
    fine = rates.ndim == 1 and 1 <= len(rates) <= _MOST_LOOKS and np.all(np.diff(rates, prepend=0.0) > 1e-3)
    if not fine or abs(rates[-1] - 1.0) > 1e-12 or not 0 < alpha < 0.5:
        raise InputError(
            "the looks or the level of a group-sequential design are not possible",
            given=f"rates {list(information_rates)}, alpha {alpha}",
            allowed=f"1 to {_MOST_LOOKS} increasing rates above 0 that end with 1; alpha between 0 and 0.5",
            fix="for example 0.5, 1.0 and 0.025",
        )
    return rates

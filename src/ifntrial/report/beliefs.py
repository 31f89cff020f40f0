"""What pages and commands say of a belief where it is stated."""

from ifntrial.report.wording import HasSpread, fixed, percent, unit_label
from ifntrial.studies.beliefs.study import TOLD_FROM


def spread_words(spread: HasSpread, unit: str) -> str:
    """Return "median (5 to 95 %)" of an effect or a change: two decimals for a log odds ratio, else one and the unit.

    Examples
    --------
    >>> from ifntrial.worlds.quantiles import Spread
    >>> spread_words(Spread(-3.79, -0.56, 0.7), "mrss_point")
    '−0.6 (−3.8 to 0.7) points'
    >>> spread_words(Spread(-0.06, 0.43, 0.92), "1")
    '0.43 (−0.06 to 0.92)'
    """
    digits, after = (2, "") if unit == "1" else (1, f" {unit_label(unit)}")
    return f"{fixed(spread.q50, digits)} ({fixed(spread.q05, digits)} to {fixed(spread.q95, digits)}){after}"


def stated_words(effect: HasSpread, unit: str, *, no_benefit: float, unreached: float) -> str:
    """Return what a belief states: its median and spread, and what of it is no benefit, or beyond all worlds.

    Parameters
    ----------
    effect, unit
        As stated, and the unit of its address; ``1`` is that of a log odds ratio.
    no_benefit, unreached
        Share of it that is no benefit or harm, and share that is left out.
    """
    beyond = f"; {percent(unreached)} beyond all worlds, left out" if unreached >= TOLD_FROM else ""
    return f"{spread_words(effect, unit)}; {percent(no_benefit)} no benefit or harm{beyond}"

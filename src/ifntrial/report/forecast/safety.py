"""Safety in the forecast's words: rows of the page, and lines on the terminal."""

from collections.abc import Iterator
from dataclasses import dataclass

from ifntrial.studies.forecast.result import Forecast
from ifntrial.studies.safety.result import SafetyRow
from ifntrial.worlds.quantiles import Spread

FIRST = ("zoster", "serious_infection")
"""Events told on the terminal; the page has all."""


@dataclass(frozen=True, slots=True)
class SafetyInWords:
    """An event: rates of both arms, their difference, what the trial would count, and what is borrowed.

    Parameters
    ----------
    is_of_drug
        Whether the drug is known elsewhere to change its rate, or may by its kind; else it is an event of the disease.
    """

    label: str
    is_of_drug: bool
    rates: tuple[str, ...]
    difference: str
    counts: tuple[str, ...]
    seen_difference: str
    chance_of_more: float
    borrowed: str


def safety_in_words(result: Forecast) -> list[SafetyInWords]:
    """Return one row for each event."""
    return [_in_words(row) for row in result.safety]


def _in_words(row: SafetyRow) -> SafetyInWords:
    arms = row.by_arm.values()
    return SafetyInWords(
        row.label,
        bool(row.borrowed),
        tuple(_rate(arm.rate_over_worlds) for arm in arms),
        _rate(row.difference, signed=True),
        tuple(
            f"{arm.seen_events.q50:.0f} ({arm.seen_events.q05:.0f} to {arm.seen_events.q95:.0f})"
            for arm in arms
        ),
        _rate(row.seen_difference, signed=True),
        row.chance_of_more,
        row.borrowed or "nothing",
    )


def _rate(spread: Spread, *, signed: bool = False) -> str:
    form = "+.1f" if signed else ".1f"
    low, middle, high = (_minus(format(each, form)) for each in (spread.q05, spread.q50, spread.q95))
    return f"{middle} ({low} to {high})"


def _minus(text: str) -> str:
    return "0.0" if text in ("-0.0", "+0.0") else text.replace("-", "\N{MINUS SIGN}")


def safety_lines(result: Forecast) -> Iterator[str]:
    """Yield zoster and serious infection by arm, and what is borrowed."""
    shown = [row for row in result.safety if row.event in FIRST]
    if shown:
        yield "Events per 100 patient-years (5 to 95 % of worlds); [what the trial would count]; from lupus:"
    for row in shown:
        words = _in_words(row)
        each = "; ".join(
            f"{arm} {rate} [{count}]"
            for arm, rate, count in zip(row.by_arm, words.rates, words.counts, strict=True)
        )
        yield f"  {row.label}: {each}; difference {words.difference}; from lupus: {words.borrowed}"

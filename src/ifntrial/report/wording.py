"""How numbers are said: percentages, ranges, natural frequencies, one number with its unit."""

from collections.abc import Mapping, Sequence
from math import floor, isfinite, log10
from numbers import Real
from typing import Protocol, TypeGuard

from ifntrial.items import ITEMS

# A narrow no-break space keeps "34 %" on one line.
GAP = "\u202f"
MINUS = "\u2212"
ABSENT = "not estimated"
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

# Natural frequencies that people can picture; the nearest one is said.
_FREQUENCIES = (
    (1, 50),
    (1, 40),
    (1, 30),
    (1, 20),
    (1, 15),
    (1, 10),
    (1, 8),
    (1, 6),
    (1, 5),
    (1, 4),
    (1, 3),
    (2, 5),
    (1, 2),
    (3, 5),
    (2, 3),
    (3, 4),
    (4, 5),
    (9, 10),
    (19, 20),
)


def is_number(value: object) -> TypeGuard[float]:
    """Return whether ``value`` is a finite number; a truth value is not one."""
    return isinstance(value, Real) and not isinstance(value, bool) and isfinite(value)


def _fixed(value: float, digits: int) -> str:
    text = f"{value:.{digits}f}"
    # "-0.0" is zero to the digits shown.
    return text.lstrip("-") if float(text) == 0 else text.replace("-", MINUS)


def _percent_digits(*fractions: float) -> int:
    """Below ten per cent a whole number hides too much; a round zero needs no decimal."""
    return 1 if any(0 < abs(fraction) < 0.0995 for fraction in fractions) else 0


def percent(fraction: object) -> str:
    """Return a fraction as a percentage.

    Examples
    --------
    >>> percent(0.34).replace(GAP, " "), percent(0.025).replace(GAP, " ")
    ('34 %', '2.5 %')
    """
    if not is_number(fraction):
        return ABSENT
    return f"{_fixed(100 * fraction, _percent_digits(fraction))}{GAP}%"


def percent_range(low: object, high: object) -> str:
    """Return two fractions as one range of percentages.

    Examples
    --------
    >>> percent_range(0.12, 0.61).replace(GAP, " ")
    '12 to 61 %'
    """
    if not (is_number(low) and is_number(high)):
        return ABSENT
    digits = _percent_digits(high) if low >= 0 else _percent_digits(low, high)
    return f"{_fixed(100 * low, digits)} to {_fixed(100 * high, digits)}{GAP}%"


def one_in(fraction: object) -> str:
    """Return a probability as a natural frequency.

    Examples
    --------
    >>> one_in(0.34), one_in(0.004), one_in(0.62)
    ('about 1 in 3', 'fewer than 1 in 50', 'about 3 in 5')
    """
    if not is_number(fraction):
        return ABSENT
    lowest, highest = _FREQUENCIES[0], _FREQUENCIES[-1]
    if fraction < 0.9 * lowest[0] / lowest[1]:
        return f"fewer than {lowest[0]} in {lowest[1]}"
    if fraction > 1 - 0.9 * (1 - highest[0] / highest[1]):
        return f"more than {highest[0]} in {highest[1]}"
    part, whole = min(_FREQUENCIES, key=lambda frequency: abs(frequency[0] / frequency[1] - fraction))
    return f"about {part} in {whole}"


def number(value: object, digits: int = 3) -> str:
    """Return a number with at most ``digits`` significant digits and a true minus sign; whole numbers stay whole.

    Examples
    --------
    >>> number(0.01234), number(-1.5), number(314.0), number(0.27), number(1021.8), number(0.0000604)
    ('0.0123', '−1.5', '314', '0.27', '1022', '6.04×10⁻⁵')
    """
    if not is_number(value):
        return ABSENT
    if value == int(value) and abs(value) < 1e6:
        return str(int(value)).replace("-", MINUS)
    magnitude = floor(log10(abs(value)))
    if not -5 < magnitude < 6:
        mantissa = _trimmed(_fixed(value / 10.0**magnitude, digits - 1))
        return f"{mantissa}×10{str(magnitude).translate(_SUPERSCRIPT)}"
    return _trimmed(_fixed(value, max(0, digits - 1 - magnitude)))


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def level(alpha: float) -> str:
    """Return the level of a test as a percentage with the digits it was given with.

    Examples
    --------
    >>> [level(alpha).replace(GAP, " ") for alpha in (0.025, 0.05, 0.0125)]
    ['2.5 %', '5 %', '1.25 %']
    """
    return f"{number(100 * alpha)}{GAP}%"


def worlds_in_words(asked: int, different: int, effective: float) -> str:
    """Return how many worlds were asked for, how many different ones were drawn, and how many these are worth.

    Examples
    --------
    >>> worlds_in_words(240, 222, 201.6)
    '240 worlds asked, 222 different, 202 effective'
    """
    return f"{number(asked)} worlds asked, {number(different)} different, {number(effective)} effective"


def subjects_in_words(status: Mapping[str, int]) -> str:
    """Return how many subjects were simulated and what became of the others."""
    counts = dict(status)
    finished = counts.pop("ok", 0)
    text = f"{number(finished)} virtual subjects were solved to the end."
    if counts:
        reasons = in_a_row(
            [f"{number(count)} ({reason.replace('_', ' ')})" for reason, count in counts.items()]
        )
        return f"{text} Not used, each with its reason: {reasons}."
    return f"{text} None was rejected or failed."


def fixed(value: object, digits: int = 1) -> str:
    """Return a number with a fixed number of decimals and a true minus sign."""
    return _fixed(value, digits) if is_number(value) else ABSENT


def patients(count: object) -> str:
    """Return a number of patients with a space in thousands."""
    return f"{int(count):,}".replace(",", "\u202f") if is_number(count) else "none"


def finer_percent(fraction: object) -> str:
    """Return a small fraction as a percentage with two decimals, for error rates."""
    return f"{_fixed(100 * fraction, 2)}{GAP}%" if is_number(fraction) else ABSENT


def decimals_for(span: float) -> int:
    """Return how many decimals tell values apart that lie within ``span`` of each other.

    Examples
    --------
    >>> decimals_for(250.0), decimals_for(12.0), decimals_for(0.5)
    (0, 1, 2)
    """
    steps = ((100.0, 0), (3.0, 1), (0.3, 2))
    return next((digits for least, digits in steps if span >= least), 3)


def sentence(text: str) -> str:
    """Return a text with a capital letter first and a full stop last.

    Examples
    --------
    >>> sentence("part of it carries over")
    'Part of it carries over.'
    """
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".") if text else ""


def _decimals(value: float) -> int:
    """Two significant digits, but never more than four decimals."""
    size = abs(value)
    if size >= 100:
        return 0
    if size >= 1 or size == 0:
        return 1
    return min(4, 1 - floor(log10(size)))


def is_fraction(unit: str) -> bool:
    """Return whether values of this unit are shares, shown as percentages."""
    return unit in ("fraction", "share", "proportion")


def unit_label(unit: str) -> str:
    """Return the unit as readers write it.

    Examples
    --------
    >>> unit_label("ug/mL"), unit_label("fraction"), unit_label("percent_predicted"), unit_label("1")
    ('µg/mL', '%', '% predicted', '')
    """
    if is_fraction(unit):
        return "%"
    spoken = {
        "1": "",
        "ug/mL": "µg/mL",
        "ulcer": "ulcers",
        **{item.unit: item.spoken_unit for item in ITEMS.values() if item.unit != "1"},
    }
    return spoken.get(unit, unit.replace("_", " "))


def in_a_row(texts: Sequence[str]) -> str:
    """Return texts as a spoken list.

    Examples
    --------
    >>> in_a_row(["skin", "lung", "vessels"])
    'skin, lung and vessels'
    """
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} and {texts[-1]}"


class HasSpread(Protocol):
    """A number with its quantiles at 5, 50 and 95 %."""

    @property
    def q05(self) -> float: ...  # noqa: D102

    @property
    def q50(self) -> float: ...  # noqa: D102

    @property
    def q95(self) -> float: ...  # noqa: D102


def band_text(band: HasSpread | None, unit: str) -> str:
    """Return "median (5 % to 95 %)" of a band in its unit; fractions become percentages.

    Examples
    --------
    >>> from ifntrial.worlds.quantiles import Spread
    >>> band_text(Spread(-3.79, -0.56, 0.7), "points")
    '−0.56 (−3.79 to 0.70)'
    """
    if band is None:
        return ABSENT
    if is_fraction(unit):
        return f"{percent(band.q50)} ({percent_range(band.q05, band.q95)})"
    return _spread_text(band.q05, band.q50, band.q95)


def difference_text(band: HasSpread | None, unit: str) -> str:
    """Return "median (5 % to 95 %)" of a difference; differences of fractions are in percentage points."""
    if band is None:
        return ABSENT
    scale = 100 if is_fraction(unit) else 1
    return _spread_text(scale * band.q05, scale * band.q50, scale * band.q95)


TINY = 1e-3  # Spreads below it are told with their power of ten.


def _spread_text(low: float, middle: float, high: float) -> str:
    largest = max(map(abs, (low, middle, high)))
    if 0 < largest < TINY:
        return f"{number(middle, 2)} ({number(low, 2)} to {number(high, 2)})"
    # As many decimals as the median needs, unless the band is so wide that they mean nothing.
    digits = _decimals(largest) + (abs(middle) > 0.1 * largest and _decimals(middle) > _decimals(largest))
    low_text, middle_text, high_text = (
        "0" if abs(each) < 0.5 * 10.0**-digits else fixed(each, digits) for each in (low, middle, high)
    )
    return f"{middle_text} ({low_text} to {high_text})"


def difference_unit(unit: str) -> str:
    """Return the unit of a difference as readers write it."""
    return "percentage points" if is_fraction(unit) else unit_label(unit)

"""How numbers are said: percentages, ranges, natural frequencies, one number with its unit."""

from collections.abc import Mapping, Sequence
from math import floor, isfinite, log10
from typing import Any, TypeGuard

# A narrow no-break space keeps "34 %" on one line.
GAP = "\u202f"
MINUS = "\u2212"
ABSENT = "not estimated"

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
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


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
    """Return a number with ``digits`` significant digits and a true minus sign; whole numbers stay whole.

    Examples
    --------
    >>> number(0.01234), number(-1.5), number(314.0)
    ('0.0123', '−1.50', '314')
    """
    if not is_number(value):
        return ABSENT
    if value == 0:
        return "0"
    if value == int(value) and abs(value) < 1e6:
        return str(int(value)).replace("-", MINUS)
    magnitude = floor(log10(abs(value)))
    if not -4 < magnitude < 6:
        return f"{value:.{digits - 1}e}".replace("-", MINUS)
    return _fixed(value, max(0, digits - 1 - magnitude))


def one_decimal(value: object) -> str:
    """Return a number with one decimal and a true minus sign."""
    return _fixed(value, 1) if is_number(value) else ABSENT


def amount(value: object, unit: str) -> str:
    """Return a value of an endpoint in its own unit; fractions become percentages."""
    if is_fraction(unit):
        return percent(value)
    return _fixed(value, _decimals(value)) if is_number(value) else ABSENT


def amount_range(low: object, high: object, unit: str) -> str:
    """Return a range of an endpoint in its own unit; fractions become percentages."""
    if is_fraction(unit):
        return percent_range(low, high)
    if not (is_number(low) and is_number(high)):
        return ABSENT
    digits = _decimals(max(abs(low), abs(high)))
    return f"{_fixed(low, digits)} to {_fixed(high, digits)}"


def _decimals(value: float) -> int:
    if abs(value) >= 100:
        return 0
    return 1 if abs(value) >= 1 else 2


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
        "percent_predicted": "% predicted",
        "mrss_point": "points",
        "haq_point": "points",
        "global_point": "points",
        "ulcer": "ulcers",
    }
    return spoken.get(unit, unit.replace("_", " "))


def in_a_row(texts: Sequence[str], last: str = "and") -> str:
    """Return texts as a spoken list.

    Examples
    --------
    >>> in_a_row(["skin", "lung", "vessels"])
    'skin, lung and vessels'
    """
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} {last} {texts[-1]}"


def band_text(band: Mapping[str, Any] | None, unit: str) -> str:
    """Return "median (5 % to 95 %)" of a band in its unit."""
    if not band or not is_number(band.get("50")):
        return ABSENT
    return f"{amount(band['50'], unit)} ({amount_range(band.get('5'), band.get('95'), unit)})"


def difference_text(band: Mapping[str, Any] | None, unit: str) -> str:
    """Return "median (5 % to 95 %)" of a difference; differences of fractions are in percentage points."""
    if is_fraction(unit) and band:
        band = {key: 100 * value if is_number(value) else None for key, value in band.items()}
        unit = "percentage points"
    return band_text(band, unit)


def difference_unit(unit: str) -> str:
    """Return the unit of a difference as readers write it."""
    return "percentage points" if is_fraction(unit) else unit_label(unit)

"""What pages say of the primary endpoint of a design: of one arm, and of active against control."""

from collections.abc import Sequence

from ifntrial.clinic.primary_measure import PrimaryMeasure
from ifntrial.report.wording import (
    HasSpread,
    band_text,
    difference_text,
    difference_unit,
    fixed,
    level,
    number,
    percent,
    unit_label,
)


def facts_of_trial(size: str, primary: str, definition: str, alpha_one_sided: float) -> dict[str, str]:
    """Return what has to be known of a trial beside a chance that it succeeds, label to text.

    Parameters
    ----------
    size
        How many patients each arm has, in words.
    primary, definition
        The primary endpoint, and its rule.
    alpha_one_sided
        Level of its test.
    """
    return {
        "Size": size,
        "Endpoint": f"{primary}: {definition}.",
        "Success": f"The primary analysis favours the active arm at the one-sided {level(alpha_one_sided)} level.",
    }


def in_each_arm(per_arm: Sequence[int], names: Sequence[str] = ("active", "control")) -> str:
    """Return how many patients each of the two arms has.

    Examples
    --------
    >>> in_each_arm([210, 105])
    '210 patients on active and 105 on control'
    """
    active, control = per_arm
    first, second = (name.replace("_", " ") for name in names)
    return f"{number(active)} patients on {first} and {number(control)} on {second}"


def arm_heading(measure: PrimaryMeasure) -> str:
    """Return what is told of one arm, with its unit.

    Examples
    --------
    >>> arm_heading(PrimaryMeasure("responder", "share of responders", "1", "", "1", True))
    'Responders'
    >>> arm_heading(PrimaryMeasure("change", "mean change", "mrss_point", "", "mrss_point", False))
    'Mean change [points]'
    """
    if measure.is_response:
        return "Responders"
    unit = unit_label(measure.unit) if measure.kind not in ("time", "count") else ""
    return f"{measure.of_arm[:1].upper()}{measure.of_arm[1:]}{f' [{unit}]' if unit else ''}"


def arm_text(band: HasSpread | None, measure: PrimaryMeasure) -> str:
    """Return "median (5 % to 95 %)" of what is told of one arm."""
    return band_text(band, _unit_of_arm(measure))


def arm_number(value: float, measure: PrimaryMeasure) -> str:
    """Return what is told of one arm in one number."""
    return percent(value) if _unit_of_arm(measure) == "fraction" else fixed(value, 2)


def _unit_of_arm(measure: PrimaryMeasure) -> str:
    return "fraction" if measure.kind in ("responder", "time") else measure.unit


def gap_heading(measure: PrimaryMeasure, control: str) -> str:
    """Return what is told of active against control, with its unit."""
    if measure.is_response:
        return f"Responders, active minus {control} [percentage points]"
    unit = unit_label(measure.difference_unit)
    words = f"{measure.of_difference[:1].upper()}{measure.of_difference[1:]}, active against {control}"
    return f"{words}{f' [{unit}]' if unit else ''}"


def gap_text(band: HasSpread | None, measure: PrimaryMeasure) -> str:
    """Return "median (5 % to 95 %)" of active against control, in the unit of ``gap_unit``."""
    return difference_text(band, "fraction" if measure.is_response else measure.difference_unit)


def gap_unit(measure: PrimaryMeasure) -> str:
    """Return the unit of active against control; empty for a logarithm."""
    return "percentage points" if measure.is_response else difference_unit(measure.difference_unit)


def gap_scale(measure: PrimaryMeasure) -> float:
    """Return what a difference is multiplied with where it is drawn."""
    return 100.0 if measure.is_response else 1.0


def better_words(measure: PrimaryMeasure) -> str:
    """Return which way is good for a difference; nothing of a response, where more is better."""
    if measure.is_response:
        return ""
    return "higher is better" if measure.higher_is_better else "lower is better"

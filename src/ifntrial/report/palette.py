"""Colours and type: one colour per arm and per prior, the same in every figure and table.

All pass 4.5:1 on white as text, and differ in lightness or in blue for the common kinds of colour blindness.
"""

from collections.abc import Iterable

INK = "#1f2933"
QUIET = "#5b6770"
RULE = "#d5dbe0"
GRID = "#eceff2"
PAPER = "#ffffff"

PLACEBO = "#6b6b6b"
ACTIVE = "#005f9e"

_PRIORS = {
    "irrelevant": "#9c3f77",
    "ssc_reference_class": "#00795a",
    "lupus_bridge": "#b8470a",
    "mixture": INK,
}
_OTHER_PRIORS = ("#00737a", "#7a3e9d", "#8a5a00")

BLOOD = "#a3262f"
SKIN = "#00737a"

# Dark where power is high; the ends stay apart in print without colour.
POWER_SCALE = ((0.0, "#f4f7fa"), (0.25, "#c9dcea"), (0.5, "#84b1d0"), (0.75, "#34789f"), (1.0, "#0b3c5d"))

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Liberation Sans', Arial, sans-serif"


def arm_colors(active: str, control: str) -> dict[str, str]:
    """Return the colour of each of the two arms that are compared; the control is always grey."""
    return {active: ACTIVE, control: PLACEBO}


def prior_colors(priors: Iterable[str]) -> dict[str, str]:
    """Return one colour for each named prior; the mixture is always in ink."""
    other = iter(_OTHER_PRIORS * 4)
    return {prior: _PRIORS.get(prior) or next(other) for prior in priors}


def see_through(color: str, opacity: float) -> str:
    """Return a hexadecimal colour with an opacity, as plotly and CSS read it.

    Examples
    --------
    >>> see_through("#005f9e", 0.2)
    'rgba(0,95,158,0.2)'
    """
    red, green, blue = (int(color[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"

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

# Dark where power is high, in fifths; the digits in them and the ends in print stay apart.
POWER_COLORS = ("#f4f7fa", "#c9dcea", "#9cc1da", "#34789f", "#0b3c5d")

# What a treatment lowers and raises, in four shades from light to full, on which words in ink can be read.
LOWER = ("#dceaf4", "#b9d6ea", "#8fbddd", "#68a6cf")
HIGHER = ("#fbe9d7", "#f6cfa6", "#eeb174", "#e39549")
LINK = "#74818d"
WASH = "#f4f7fa"

DARK = {
    INK: "#e6ebf0",
    QUIET: "#a9b4bf",
    RULE: "#3a4651",
    GRID: "#26303a",
    PAPER: "#12181f",
    PLACEBO: "#a8a8a8",
    ACTIVE: "#6cb8f0",
    "#9c3f77": "#e58fc2",
    "#00795a": "#4fc79f",
    "#b8470a": "#f29a63",
    "#00737a": "#4cc3cb",
    "#7a3e9d": "#c39be0",
    "#8a5a00": "#e0b255",
    BLOOD: "#f08088",
    "#f4f7fa": "#1b232c",
    "#c9dcea": "#203a4f",
    "#9cc1da": "#2c5673",
    "#34789f": "#86c0e4",
    "#0b3c5d": "#d3eafa",
    "#dceaf4": "#1c3040",
    "#b9d6ea": "#24445c",
    "#8fbddd": "#2d5b7b",
    "#68a6cf": "#2f6a93",
    "#fbe9d7": "#33271a",
    "#f6cfa6": "#523a1f",
    "#eeb174": "#6f4c20",
    "#e39549": "#84581f",
    LINK: "#8794a0",
}
"""Colour on paper to the one that stands for it where the reader wants a dark page."""

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Liberation Sans', Arial, sans-serif"


def arm_colors(active: str, control: str) -> dict[str, str]:
    """Return the colour of each of the two arms that are compared; the control is always grey."""
    return {active: ACTIVE, control: PLACEBO}


def prior_colors(priors: Iterable[str]) -> dict[str, str]:
    """Return one colour for each named prior; the mixture is always in ink."""
    other = iter(_OTHER_PRIORS * 4)
    return {prior: _PRIORS.get(prior) or next(other) for prior in priors}

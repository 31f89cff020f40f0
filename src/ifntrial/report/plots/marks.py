"""What a figure is made of: lines, bands, bars, dots, texts, reference lines and cells, in the units of its axes."""

from collections.abc import Sequence
from dataclasses import dataclass

from ifntrial.report.palette import INK, QUIET

Values = Sequence[float | None]
"""Numbers of shape (points,); ``None`` or not finite where there is none, which leaves a gap."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through points.

    Attributes
    ----------
    label, role
        What it stands for and what of it; written into the drawing as data.
    dash
        ``solid``, ``dash`` or ``dot``.
    """

    x: Values
    y: Values
    color: str
    label: str = ""
    role: str = ""
    width: float = 2.0
    dash: str = "solid"
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Bars:
    """Straight bars of one kind, each from (x, y) to (x_end, y_end); shapes (bars,)."""

    x: Values
    y: Values
    x_end: Values
    y_end: Values
    color: str
    label: str = ""
    role: str = ""
    width: float = 1.2
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Area:
    """What lies between two lines; shapes (points,)."""

    x: Values
    low: Values
    high: Values
    color: str
    label: str = ""
    role: str = ""
    opacity: float = 0.15


@dataclass(frozen=True, slots=True)
class Dots:
    """Points of one kind.

    Attributes
    ----------
    symbol
        ``circle``, ``diamond``, ``upright`` (a short line up and down) or ``level`` (from left to right).
    filled
        Whether the inside has the colour; else it is of paper.
    size
        Width [unit of the drawing].
    """

    x: Values
    y: Values
    color: str
    label: str = ""
    role: str = ""
    symbol: str = "circle"
    filled: bool = True
    size: float = 6.0
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Note:
    """A text at a place.

    Attributes
    ----------
    anchor
        ``start``, ``middle`` or ``end``: which part of the text stands at ``x``.
    right
        How far it is moved to the right [unit of the drawing].
    lead, lead_color
        Set in bold type before it.
    has_halo
        Whether paper around the letters keeps lines apart from them.
    """

    x: float
    y: float
    text: str
    color: str = INK
    anchor: str = "start"
    right: float = 0.0
    lead: str = ""
    lead_color: str = INK
    has_halo: bool = True


@dataclass(frozen=True, slots=True)
class Level:
    """A reference line across the whole figure, at a number of one axis."""

    at: float
    axis: str
    color: str = QUIET
    width: float = 1.0
    dash: str = "dot"


@dataclass(frozen=True, slots=True)
class Cells:
    """A table as a map: one rectangle for each number, in steps of a scale of colours.

    Attributes
    ----------
    x_edges, y_edges
        Where columns and rows begin, and where the last ends; shapes (columns + 1,) and (rows + 1,).
    values
        Shape (rows, columns); ``None`` where there is none.
    low, high
        Ends of the scale.
    colors
        From low to high.
    gap
        Paper between neighbours [unit of the drawing].
    """

    x_edges: Sequence[float]
    y_edges: Sequence[float]
    values: Sequence[Values]
    low: float
    high: float
    colors: Sequence[str]
    label: str = ""
    gap: float = 0.0


Mark = Stroke | Bars | Area | Dots | Note | Level | Cells

"""Self-contained pages: templates, style, plotly.js inlined once, and no request to anywhere."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from plotly.offline import get_plotlyjs

from ifntrial.errors import InputError, listed
from ifntrial.report import palette, wording
from ifntrial.report.plots.frame import Panel

_FILTERS = (
    "percent",
    "percent_range",
    "one_in",
    "number",
    "fixed",
    "finer_percent",
    "level",
    "sentence",
    "band_text",
    "difference_text",
    "unit_label",
    "in_a_row",
)


RUN_KEYS = (
    "seed",
    "seconds",
    "date",
    "command",
    "chosen",
    "model_version",
    "version",
    "evidence_hash",
    "lock_hash",
)
"""What every page shows of its run."""

STUDY_KEYS = (
    "priors",
    "mixture",
    "size_label",
    "worlds",
    "worlds_asked",
    "worlds_effective",
    "subjects",
    "subjects_status",
    "calibration",
    *RUN_KEYS,
)
"""What the page of every study over worlds shows of its run."""


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=ChoiceLoader([PackageLoader("ifntrial.report"), PackageLoader("ifntrial.report", "")]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters.update({name: getattr(wording, name) for name in _FILTERS})
    environment.filters["breakable"] = breakable
    environment.globals["palette"] = palette
    environment.globals["worlds_in_words"] = wording.worlds_in_words
    return environment


def render_page(template: str, panels: Sequence[Panel], run: Mapping[str, Any], **context: object) -> str:
    """Return a self-contained HTML page.

    Parameters
    ----------
    template
        Name of a template that extends ``page.html.j2``.
    panels
        Every figure of the page; a template shows one with ``figure(panels["name"])``.
    run
        The facts of the run, ``RUN_KEYS``.
    context
        What the template needs beside them.
    """
    page = _environment().get_template(template)
    by_name = {panel.name: panel for panel in panels}
    # plotly.js is a library's text, not a reader's input; panel JSON escapes "<" itself.
    return page.render(panels=by_name, plotly_js=Markup(get_plotlyjs()), markup=Markup, run=run, **context)


def breakable(name: str) -> Markup:
    """Return a long name that may be broken after its dots and underscores."""
    return Markup(str(escape(name)).replace("_", "_<wbr>").replace(".", ".<wbr>"))


def require_keys(result: Mapping[str, Any], needed: Sequence[str], what: str) -> None:
    """Raise one error that names every absent key of a result.

    Raises
    ------
    InputError
        If the result is not a mapping, or a needed key is absent.
    """
    if not isinstance(result, Mapping):
        raise InputError(f"{what} is not a table of keys and values", given=type(result).__name__)
    absent = [name for name in needed if name not in result]
    if absent:
        raise InputError(
            f"{what} lacks what the page shows",
            problems=[f"key '{name}' is absent" for name in absent],
            allowed=f"a result with the keys {listed(needed)}",
            fix="write it again with this version of ifntrial",
        )


def interval_svg(
    bands: Sequence[tuple[Mapping[str, Any] | None, str]],
    low: float,
    high: float,
    zero: float | None,
    words: str,
) -> Markup:
    """Return a small drawing of intervals on one scale, for a cell of a table.

    Parameters
    ----------
    bands
        Bands from top to bottom, each with its colour.
    low, high
        Ends of the scale.
    zero
        Where a reference line stands, or ``None``.
    words
        The same in words, for who cannot see it.
    """
    width, row = 150.0, 12.0
    height = row * len(bands) + 4

    def at(value: float) -> float:
        return 3 + (width - 6) * (value - low) / ((high - low) or 1.0)

    parts = []
    if zero is not None and low <= zero <= high:
        parts.append(f'<line x1="{at(zero):.1f}" x2="{at(zero):.1f}" y1="0" y2="{height}" class="zero"/>')
    for place, (band, color) in enumerate(bands):
        parts.append(_interval(band or {}, color, row * place + row / 2 + 2, at))
    body = "".join(parts)
    return Markup(
        f'<svg class="interval" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}" '
        f'role="img" aria-label="{escape(words)}">{body}</svg>'
    )


def _interval(band: Mapping[str, Any], color: str, y: float, at: Callable[[float], float]) -> str:
    parts = []
    for low, high, thick in (("5", "95", 2), ("25", "75", 6)):
        if wording.is_number(band.get(low)) and wording.is_number(band.get(high)):
            x1, x2 = at(band[low]), at(band[high])
            line = f'<line x1="{x1:.1f}" x2="{x2:.1f}" y1="{y}" y2="{y}" stroke="{color}" stroke-width="{thick}"/>'
            parts.append(line)
    if wording.is_number(band.get("50")):
        x = at(band["50"])
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y}" r="3.4" fill="#fff" stroke="{color}" stroke-width="1.8"/>'
        )
    return "".join(parts)

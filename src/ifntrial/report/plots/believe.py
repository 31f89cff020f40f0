"""What one would have to believe: power by true effect and rate on control, beside what each prior believes."""

from collections.abc import Mapping, Sequence
from math import exp
from typing import Any

import plotly.graph_objects as go

from ifntrial.report.palette import INK, PAPER, POWER_SCALE, prior_colors, see_through
from ifntrial.report.plots.frame import axis, new_figure
from ifntrial.report.wording import MINUS, is_number

_SPLIT = 0.72
_HEIGHT = 460


def plot_believe(
    believe: Mapping[str, Any],
    by_prior: Mapping[str, Mapping[str, Any]],
    control: str = "placebo",
) -> go.Figure:
    """Return a heat map of power with a strip of the priors' log odds ratios on the same axis.

    Parameters
    ----------
    believe
        ``log_odds_ratio`` (rows), ``placebo_rate`` (columns) and ``power`` as fractions, shape (rows, columns).
    by_prior
        For each prior its ``label`` and the band ``log_odds_ratio``.
    control
        What the control arm is called.
    """
    effects = [float(value) for value in believe["log_odds_ratio"]]
    rates = [100 * float(value) for value in believe["placebo_rate"]]
    figure = new_figure(
        _HEIGHT,
        axis(f"Responders on {control} [%]", domain=[0, _SPLIT], tickvals=rates, showgrid=False),
        axis(
            "True log odds ratio (odds ratio)",
            tickvals=effects,
            ticktext=[effect_label(value) for value in effects],
            range=_range_of(effects),
            showgrid=False,
        ),
        xaxis2=axis(
            "Prior",
            domain=[_SPLIT + 0.05, 1],
            range=[-0.6, len(by_prior) - 0.4],
            tickvals=list(range(len(by_prior))),
            ticktext=[f"<b>{place}</b>" for place in range(1, len(by_prior) + 1)],
            tickangle=0,
            showgrid=False,
            anchor="y",
        ),
    )
    _add_power(figure, effects, rates, believe["power"], control)
    for place, (name, prior) in enumerate(by_prior.items()):
        _add_prior(figure, place, prior, prior_colors(by_prior)[name])
    return figure


def effect_label(log_odds_ratio: float) -> str:
    """Return a log odds ratio with its odds ratio.

    Examples
    --------
    >>> effect_label(0.64), effect_label(-0.2)
    ('0.64 (1.9)', '−0.20 (0.8)')
    """
    return f"{log_odds_ratio:.2f} ({exp(log_odds_ratio):.1f})".replace("-", MINUS)


def _range_of(effects: Sequence[float]) -> list[float]:
    step = min((b - a for a, b in zip(sorted(effects), sorted(effects)[1:], strict=False)), default=0.2)
    return [min(effects) - step / 2, max(effects) + step / 2]


def _add_power(
    figure: go.Figure, effects: list[float], rates: list[float], power: Sequence[Sequence[Any]], control: str
) -> None:
    shown = [[100 * value if is_number(value) else None for value in row] for row in power]
    figure.add_heatmap(
        x=rates,
        y=effects,
        z=shown,
        zmin=0,
        zmax=100,
        colorscale=[list(stop) for stop in POWER_SCALE],
        showscale=False,
        texttemplate="%{z:.0f}",
        textfont={"size": 11},
        xgap=1,
        ygap=1,
        hovertemplate=control + " %{x:.0f} %<br>log odds ratio %{y:.2f}<br>power %{z:.0f} %<extra></extra>",
    )
    figure.add_contour(
        x=rates,
        y=effects,
        z=shown,
        contours={"start": 80, "end": 80, "size": 10, "coloring": "lines", "showlabels": False},
        colorscale=[[0, INK], [1, INK]],
        line={"width": 2, "dash": "dash"},
        showscale=False,
        hoverinfo="skip",
    )


def _add_prior(figure: go.Figure, place: int, prior: Mapping[str, Any], color: str) -> None:
    band = {key: value for key, value in prior["log_odds_ratio"].items() if is_number(value)}
    hover = {"xaxis": "x2", "hoverinfo": "text"}
    for low, high, width in (("5", "95", 3), ("25", "75", 11)):
        if low in band and high in band:
            figure.add_scatter(
                x=[place, place],
                y=[band[low], band[high]],
                mode="lines",
                line={"color": see_through(color, 0.8), "width": width},
                hovertext=f"{prior['label']}: {low} to {high} %: {band[low]:.2f} to {band[high]:.2f}",
                **hover,
            )
    if "50" in band:
        tick = {"symbol": "line-ew", "size": 13, "line": {"color": PAPER, "width": 2.5}}
        text = f"{prior['label']}: median {band['50']:.2f}"
        figure.add_scatter(x=[place], y=[band["50"]], mode="markers", marker=tick, hovertext=text, **hover)

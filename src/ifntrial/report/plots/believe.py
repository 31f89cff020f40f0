"""What one would have to believe: power by true effect and rate on control, beside what each prior believes."""

from collections.abc import Mapping, Sequence
from math import exp

import plotly.graph_objects as go

from ifntrial.report.palette import INK, PAPER, POWER_SCALE, prior_colors, see_through
from ifntrial.report.plots.frame import axis, new_figure
from ifntrial.report.wording import MINUS
from ifntrial.studies.forecast.answers import Believe
from ifntrial.studies.forecast.prior_answer import PriorAnswer

_SPLIT = 0.72
_HEIGHT = 460


def plot_believe(
    believe: Believe,
    by_prior: Mapping[str, PriorAnswer],
    control: str = "placebo",
) -> go.Figure:
    """Return a heat map of power with a strip of the priors' log odds ratios on the same axis.

    Parameters
    ----------
    believe
        Power by true effect (rows) and response on control (columns).
    by_prior
        What each belief becomes in this trial.
    control
        What the control arm is called.
    """
    effects = [float(value) for value in believe.log_odds_ratios]
    rates = [100 * float(value) for value in believe.placebo_rates]
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
    _add_power(figure, effects, rates, believe.power_grid, control)
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
    figure: go.Figure,
    effects: list[float],
    rates: list[float],
    power: Sequence[Sequence[float]],
    control: str,
) -> None:
    shown = [[100 * value for value in row] for row in power]
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


def _add_prior(figure: go.Figure, place: int, prior: PriorAnswer, color: str) -> None:
    band = prior.effect_in_this_trial.quantiles
    hover = {"xaxis": "x2", "hoverinfo": "text"}
    for levels, low, high, width in (
        ("5 to 95 %", band.q05, band.q95, 3),
        ("25 to 75 %", band.q25, band.q75, 11),
    ):
        figure.add_scatter(
            x=[place, place],
            y=[low, high],
            mode="lines",
            line={"color": see_through(color, 0.8), "width": width},
            hovertext=f"{prior.label}: {levels}: {low:.2f} to {high:.2f}",
            **hover,
        )
    tick = {"symbol": "line-ew", "size": 13, "line": {"color": PAPER, "width": 2.5}}
    text = f"{prior.label}: median {band.q50:.2f}"
    figure.add_scatter(x=[place], y=[band.q50], mode="markers", marker=tick, hovertext=text, **hover)

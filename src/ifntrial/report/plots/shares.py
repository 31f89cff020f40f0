"""Shares of a whole as one bar each, with the share written at its end."""

from collections.abc import Sequence

import plotly.graph_objects as go

from ifntrial.report.palette import INK
from ifntrial.report.plots.frame import axis, new_figure
from ifntrial.report.wording import percent

BAR_COLOR = "#4a6b82"
ROW_HEIGHT = 46


def plot_shares(labels: Sequence[str], shares: Sequence[float], x_title: str) -> go.Figure:
    """Return horizontal bars, the first on top; ``shares`` are fractions."""
    places = list(range(len(labels)))[::-1]
    figure = new_figure(
        ROW_HEIGHT * len(labels) + 56,
        axis(x_title, range=[0, 108], dtick=20),
        axis(
            range=[-0.5, len(labels) - 0.25], showticklabels=False, ticks="", showgrid=False, fixedrange=True
        ),
    )
    figure.add_bar(
        x=[100 * share for share in shares],
        y=places,
        orientation="h",
        width=0.34,
        marker={"color": BAR_COLOR},
        text=[percent(share) for share in shares],
        textposition="outside",
        textfont={"size": 12, "color": INK},
        cliponaxis=False,
        hoverinfo="skip",
    )
    for place, label in zip(places, labels, strict=True):
        figure.add_annotation(
            x=0, y=place, text=f"<b>{label}</b>", showarrow=False, xanchor="left", yanchor="bottom", yshift=8
        )
    return figure

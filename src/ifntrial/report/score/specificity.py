"""The specificity part of the score page: IFN-I, IFN-II, IFN-III and infection side by side."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ifntrial.report.palette import ACTIVE, INK
from ifntrial.report.plots.frame import Panel, Table, axis, new_figure
from ifntrial.report.score.panels import HEALTHY, deciding_cutoffs, plain_values
from ifntrial.signature.infection import BACTERIAL, INFECTION_NO_SIGN, INFECTION_POSSIBLE
from ifntrial.signature.result import ScoreResult
from ifntrial.signature.specificity import IFN_I, IFN_II, IFN_III_IN_BLOOD

CALLS = ("high", "borderline", "low", "unclassified")


def side_by_side(result: ScoreResult, table: pd.DataFrame) -> Table:
    """Return what was measured for each interferon and for infection, counted over the patient samples."""
    own = table[table["group"] != "healthy"]
    own = own if len(own) else table
    possible = int((own["infection"] == INFECTION_POSSIBLE).sum())
    rows = [
        ("IFN-I", _set_words(result, IFN_I), *_count(own["ifn_i_class"]), _ifn_i_words(own)),
        ("IFN-II", _set_words(result, IFN_II), *_count(own["ifn_ii_class"]), "IFN-II, against its own cut-off"),
        ("IFN-III", "no set of its own", "–", "–", "–", "–", str(own["ifn_iii"].iloc[0])),
        ("Viral infection", "the IFN-I set: the same genes", "–", "–", "–", "–",
         f"not excluded in {possible} of {len(own)}; no sign in {int((own['infection'] == INFECTION_NO_SIGN).sum())}"),
        ("Bacterial infection", _set_words(result, BACTERIAL), *_count(own["bacterial_class"]),
         _bacterial_words(own["bacterial"])),
    ]  # fmt: skip
    headers = ("", "Measured by", "High", "Borderline", "Low", "Not called", "What it can say")
    return Table(headers, tuple(rows))


def _ifn_i_words(own: pd.DataFrame) -> str:
    in_blood = own["ifn_iii"].iloc[0] == IFN_III_IN_BLOOD
    return "IFN-I, or a virus" if in_blood else "IFN-I or IFN-III, or a virus"


def _set_words(result: ScoreResult, name: str) -> str:
    signature = result.find(name)
    if signature is None:
        return "not scored"
    genes = ", ".join(signature.genes) if len(signature.genes) <= 6 else f"{len(signature.genes)} genes"
    return f"{name} ({genes}){'' if signature.status == 'confirmed' else f' [{signature.status} source]'}"


def _count(classes: pd.Series) -> tuple[str, ...]:
    counts = classes.value_counts()
    return tuple(str(int(counts.get(name, 0))) for name in CALLS)


def _bacterial_words(readings: pd.Series) -> str:
    return "; ".join(f"{text} ({n} samples)" for text, n in readings.value_counts().items())


def infection_panel(result: ScoreResult, table: pd.DataFrame) -> Panel | None:
    """Return the bacterial against the IFN-I score of each sample; None where the genes were not measured."""
    measured = table[table["bacterial_score"].notna()]
    if measured.empty:
        return None
    height = 380
    figure = new_figure(
        height, axis("IFN-I specific set [healthy SD]"), axis("Bacterial genes [log2 against healthy]"),
        legend={"orientation": "h", "y": 1.08, "x": 0},
    )  # fmt: skip
    _add_groups(figure, measured, "bacterial_score", "bacterial")
    _add_cutoffs(figure, result, BACTERIAL)
    caption = (
        "Right of the vertical line a viral infection cannot be excluded. Above the horizontal line the bacterial genes "
        "are raised: a hint to look for an infection, from a panel made for acutely ill people and not validated in SSc."
    )
    return Panel(
        "infection-plot", "Infection beside interferon [secondary source]", caption, figure, height, 2
    )


def specificity_panel(result: ScoreResult, table: pd.DataFrame) -> Panel:
    """Return the IFN-I specific against the IFN-II specific score of each sample."""
    height = 380
    figure = new_figure(
        height, axis("IFN-I specific set [healthy SD]"), axis("IFN-II specific set [healthy SD]"),
        legend={"orientation": "h", "y": 1.08, "x": 0},
    )  # fmt: skip
    _add_groups(figure, table, "ifn_ii_score", "reading")
    _add_cutoffs(figure, result, IFN_II)
    caption = "Right of the vertical line: IFN-I set raised. Above the horizontal line: IFN-II set raised."
    return Panel("specificity-plot", "Two sets side by side", caption, figure, height, 2)


def reading_panel(table: pd.DataFrame) -> Panel:
    """Return how many samples have which reading."""
    own = table[table["group"] != "healthy"]
    counts = (own if len(own) else table)["reading"].value_counts().sort_values()
    height = 70 + 34 * len(counts)
    figure = new_figure(
        height,
        axis("Samples", range=[0, 1.15 * float(counts.max())]),
        axis(showgrid=False, fixedrange=True, tickfont={"size": 11, "color": INK}),
    )
    figure.add_trace(
        go.Bar(x=counts.tolist(), y=list(counts.index), orientation="h", marker={"color": ACTIVE}, width=0.6,
               text=counts.tolist(), textposition="outside", cliponaxis=False, hoverinfo="skip")
    )  # fmt: skip
    caption = "Calls with less than 90 % probability count as borderline."
    return Panel(
        "specificity-readings", "What the two sets say together, patients", caption, figure, height, 2
    )


def _add_groups(figure: go.Figure, table: pd.DataFrame, upward: str, words: str) -> None:
    figure.update_layout(showlegend=True)
    group = np.where(table["group"] == "healthy", "healthy", "patient")
    for name in np.unique(group):
        own = table[group == name]
        figure.add_trace(
            go.Scatter(x=plain_values(own["ifn_i_score"]), y=plain_values(own[upward]), mode="markers", name=str(name),
                       marker={"color": HEALTHY if name == "healthy" else ACTIVE, "size": 6, "opacity": 0.7},
                       text=[f"{s}: {r}" for s, r in zip(own["sample"], own[words], strict=True)], hoverinfo="text")
        )  # fmt: skip


def _add_cutoffs(figure: go.Figure, result: ScoreResult, upward: str) -> None:
    for signature, draw in ((IFN_I, figure.add_vline), (upward, figure.add_hline)):
        for cutoff in deciding_cutoffs(result, signature)[:1]:
            draw(cutoff, line={"color": INK, "width": 1})

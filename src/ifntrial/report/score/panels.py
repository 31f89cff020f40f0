"""The figures of the score page: distribution, waterfall, heat map, visits, associations."""

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ifntrial.report.palette import ACTIVE, INK, PLACEBO, QUIET, see_through
from ifntrial.report.plots.frame import Panel, Table, axis, new_figure
from ifntrial.report.wording import number
from ifntrial.signature.records import Method, Signature
from ifntrial.signature.result import ScoreResult, compute_gene_z
from ifntrial.signature.visits import list_visits

# Told apart by lightness too, for print and for the common kinds of colour blindness.
CLASS_COLORS = {"high": "#a3262f", "borderline": "#9a6a00", "low": ACTIVE, "unclassified": QUIET}
HEALTHY = PLACEBO
Z_SCALE = ((0.0, "#0b4f7d"), (0.25, "#7fb0d2"), (0.5, "#f7f7f5"), (0.75, "#dd8a72"), (1.0, "#8e1b22"))
WIDEST_Z = 6.0
MOST_COLUMNS = 500
MOST_LINES = 300
MOST_TABLE_ROWS = 40


def distribution_panel(result: ScoreResult, signature: Signature, method: Method) -> Panel:
    """Return the scores of each group as points, with the cut-offs as lines."""
    rows = _scored(result, signature, method)
    groups = sorted(rows["group"].unique(), key=lambda name: (name != "healthy", name))
    height = 120 + 74 * len(groups)
    figure = new_figure(
        height,
        _score_axis(method),
        axis(range=[-0.6, len(groups) - 0.4], tickvals=list(range(len(groups))), ticktext=groups[::-1],
             showgrid=False, fixedrange=True),
    )  # fmt: skip
    for place, group in enumerate(groups[::-1]):
        own = rows[rows["group"] == group]
        figure.add_trace(_points(own, place, HEALTHY if group == "healthy" else None))
    own_cuts = result.cutoffs[
        (result.cutoffs["signature"] == signature.name) & (result.cutoffs["method"] == method.name)
    ]
    for line in own_cuts[own_cuts["cutoff"].notna()].to_dict("records"):
        figure.add_vline(
            x=line["cutoff"],
            line={
                "color": INK,
                "width": 1.6 if line["decides_class"] else 1,
                "dash": _DASH.get(line["rule"], "dash"),
            },
        )
    lines = [
        f"{_RULE_WORDS[line['rule']]} {number(line['cutoff'])}"
        for line in own_cuts.to_dict("records")
        if not pd.isna(line["cutoff"])
    ]
    caption = f"Each point is a sample. Lines: {'; '.join(lines)}" if lines else "Each point is a sample"
    return Panel(
        f"distribution-{signature.name}-{method.name}",
        signature.label,
        f"{caption}.",
        figure,
        height,
        2,
    )


_DASH = {"mean_2sd": "solid", "fixed": "solid", "median_mad": "dash", "mixture": "dot"}
_RULE_WORDS = {
    "mean_2sd": "healthy mean + 2 SD (solid)",
    "median_mad": "healthy median + k MAD (dashed)",
    "mixture": "mixture of the cohort (dotted)",
    "fixed": "the method's own cut-off (solid)",
}


def waterfall_panel(result: ScoreResult, signature: Signature, method: Method) -> Panel:
    """Return patients from the lowest score to the highest, with intervals, coloured by class."""
    rows = _scored(result, signature, method)
    rows = rows[rows["group"] != "healthy"].sort_values("score")
    height = 380
    figure = new_figure(
        height,
        axis("Patient samples, from low to high", showticklabels=False, ticks="", showgrid=False),
        _score_axis(method),
        legend={"orientation": "h", "y": 1.08, "x": 0},
    )
    place = pd.Series(np.arange(len(rows)), index=rows.index)
    for name, color in CLASS_COLORS.items():
        own = rows[rows["class"] == name]
        if own.empty:
            continue
        score = own["score"].to_numpy(dtype=float)
        bars = {
            "type": "data",
            "symmetric": False,
            "array": plain_values(own["interval_high"] - own["score"]),
            "arrayminus": plain_values(own["score"] - own["interval_low"]),
            "width": 0,
            "thickness": 1,
            "color": see_through(color, 0.45),
        }
        figure.add_trace(
            go.Scatter(x=place[own.index].tolist(), y=score.round(4).tolist(), error_y=bars, mode="markers", name=name,
                       marker={"color": color, "size": 5}, text=_hover(own), hoverinfo="text")
        )  # fmt: skip
    figure.update_layout(showlegend=True)
    for cutoff in deciding_cutoffs(result, signature.name, method.name):
        figure.add_hline(y=cutoff, line={"color": INK, "width": 1.4})
    caption = (
        "Points: scores; bars: 95 % interval from redrawn genes and healthy samples; line: the cut-off that decides. "
        "Borderline: the probability of being high lies between 10 and 90 %."
    )
    table = _sample_table(rows.iloc[::-1])
    return Panel("waterfall", f"{signature.label}: every patient sample", caption, figure, height, 1, table)


def heat_map_panel(result: ScoreResult, signature: Signature, method: Method) -> Panel | None:
    """Return genes by samples, in healthy SDs, samples from low to high score; None without a reference."""
    z = compute_gene_z(result)
    if z.empty:
        return None
    rows = _scored(result, signature, method).sort_values("score")
    genes = list(
        dict.fromkeys(g for s, _ in result.pairs for g in s.genes if g in z.columns and s.material == "rna")
    )
    genes = genes or list(z.columns)
    own = [gene for gene in genes if gene in signature.genes]
    genes = own + [gene for gene in genes if gene not in own][: max(0, 40 - len(own))]
    chosen = rows.index
    if len(chosen) > MOST_COLUMNS:
        chosen = chosen[np.linspace(0, len(chosen) - 1, MOST_COLUMNS).round().astype(int)]
    block = z.loc[chosen, genes].T
    height = 90 + 15 * len(genes)
    figure = new_figure(
        height,
        axis("Samples, from low to high score", showticklabels=False, ticks="", showgrid=False),
        axis(autorange="reversed", showgrid=False, dtick=1, tickfont={"size": 10, "color": QUIET}),
    )
    figure.add_trace(
        go.Heatmap(
            z=[[None if np.isnan(v) else round(float(v), 2) for v in line] for line in block.to_numpy()],
            x=list(range(len(chosen))), y=genes, zmin=-WIDEST_Z, zmax=WIDEST_Z, colorscale=[list(c) for c in Z_SCALE],
            customdata=[list(chosen)] * len(genes), hovertemplate="%{y}, %{customdata}: %{z} SD<extra></extra>",
            colorbar={"title": {"text": "healthy SD", "side": "right"}, "thickness": 10, "len": 0.6},
        )
    )  # fmt: skip
    shown = (
        f"{len(chosen)} of {len(rows)} samples, evenly spaced"
        if len(chosen) < len(rows)
        else f"{len(rows)} samples"
    )
    caption = f"Each gene against healthy samples, cut at {WIDEST_Z:g} SD; {shown}; genes of the other signatures below."
    return Panel("heat-map", f"Genes of {signature.label} and of the others", caption, figure, height)


def visits_panel(result: ScoreResult, signature: Signature, method: Method) -> Panel | None:
    """Return each subject's score over the visits, and the median; None without repeated visits."""
    rows = _scored(result, signature, method)
    rows = rows[(rows["visit"] != "") & (rows["group"] != "healthy")]
    visits = list_visits(rows["visit"])
    several = rows.groupby("subject")["visit"].nunique()
    if len(visits) < 2 or not (several > 1).any():
        return None
    rows = rows.assign(place=rows["visit"].map({name: i for i, name in enumerate(visits)}))
    subjects = sorted(several.index[several > 1])
    height = 380
    figure = new_figure(
        height,
        axis(tickvals=list(range(len(visits))), ticktext=visits),
        _score_axis(method),
    )
    x: list[float | None] = []
    y: list[float | None] = []
    for subject in subjects[:MOST_LINES]:
        own = rows[rows["subject"] == subject].sort_values("place")
        x += [*own["place"].tolist(), None]
        y += [*plain_values(own["score"]), None]
    figure.add_trace(
        go.Scatter(
            x=x, y=y, mode="lines", line={"color": see_through(ACTIVE, 0.22), "width": 1}, hoverinfo="skip"
        )
    )
    middle = rows.groupby("place")["score"].agg(["median", "size"])
    middles = [(int(i), float(m), int(n)) for i, m, n in middle.itertuples()]
    figure.add_trace(
        go.Scatter(x=middle.index.tolist(), y=plain_values(middle["median"]), mode="lines+markers",
                   line={"color": INK, "width": 2.4},
                   text=[f"{visits[i]}: median {number(m)}, {n} samples" for i, m, n in middles], hoverinfo="text")
    )  # fmt: skip
    for cutoff in deciding_cutoffs(result, signature.name, method.name):
        figure.add_hline(y=cutoff, line={"color": INK, "width": 1, "dash": "dot"})
    drawn = f", {MOST_LINES} of them drawn" if len(subjects) > MOST_LINES else ""
    caption = f"{len(subjects)} subjects with repeated visits{drawn}. Black: median of who was there; dotted: cut-off."
    table = Table(
        ("Visit", "Samples", "Median"),
        tuple((visits[i], str(n), number(m)) for i, m, n in middles),
    )
    return Panel("visits", f"{signature.label} over visits", caption, figure, height, 1, table)


def association_panel(table: pd.DataFrame, label: str) -> Panel:
    """Return Spearman's rho of each clinical variable with its interval."""
    own = table[table["status"] == "tested"].iloc[::-1]
    height = 80 + 26 * len(own)
    figure = new_figure(
        height, axis("Spearman's rho", range=[-1, 1]), axis(showgrid=False, fixedrange=True, dtick=1)
    )
    bars = {"type": "data", "symmetric": False, "array": plain_values(own["rho_high"] - own["rho"]),
            "arrayminus": plain_values(own["rho"] - own["rho_low"]), "color": ACTIVE, "width": 0}  # fmt: skip
    figure.add_trace(
        go.Scatter(x=plain_values(own["rho"]), y=own["variable"].tolist(), mode="markers", error_x=bars,
                   marker={"color": ACTIVE, "size": 8}, hovertemplate="%{y}: %{x}<extra></extra>")
    )  # fmt: skip
    figure.add_vline(x=0, line={"color": QUIET, "width": 1, "dash": "dot"})
    caption = "Point: all samples together; bar: 95 % interval, by redrawing subjects where visits repeat."
    return Panel("associations", f"{label} and clinical variables", caption, figure, height)


def _score_axis(method: Method) -> dict[str, Any]:
    title = f"{method.label} [{method.unit}]"
    if not method.is_positive:
        return axis(title)
    powers = range(-8, 21, 2)
    return axis(
        title, type="log", tickvals=[2.0**k for k in powers], ticktext=[f"{2.0**k:g}" for k in powers]
    )


def deciding_cutoffs(result: ScoreResult, signature: str, method: str | None = None) -> list[float]:
    """Return the cut-off that decides the class, as a list of one, or an empty list."""
    cuts = result.cutoffs[(result.cutoffs["signature"] == signature) & result.cutoffs["decides_class"]]
    if method is not None:
        cuts = cuts[cuts["method"] == method]
    return [float(cutoff) for cutoff in cuts["cutoff"].dropna()]


def _scored(result: ScoreResult, signature: Signature, method: Method) -> pd.DataFrame:
    rows = result.scores_of(signature.name, method.name)
    return rows[rows["status"] == "scored"]


def _points(own: pd.DataFrame, place: int, color: str | None) -> go.Scatter:
    # Spread by a fixed pattern, so that the same data always give the same figure.
    spread = ((np.arange(len(own)) * 0.618034) % 1.0 - 0.5) * 0.7
    colors = [color or CLASS_COLORS[name] for name in own["class"]]
    return go.Scatter(
        x=plain_values(own["score"]),
        y=(place + spread).round(3).tolist(),
        mode="markers",
        marker={"color": colors, "size": 5, "opacity": 0.65},
        text=_hover(own),
        hoverinfo="text",
    )


def _hover(own: pd.DataFrame) -> list[str]:
    return [
        f"{sample}<br>score {number(score)}<br>{name}, P(high) {number(p, 2)}"
        for sample, score, name, p in zip(
            own.index, own["score"], own["class"], own["probability_high"], strict=True
        )
    ]


def plain_values(values: pd.Series) -> list[float | None]:
    """Return rounded numbers, None where missing, as a figure takes them."""
    return [None if pd.isna(v) else round(float(v), 4) for v in values]


def _sample_table(rows: pd.DataFrame) -> Table:
    cells = tuple(
        (str(sample), number(row["score"]), f"{number(row['interval_low'])} to {number(row['interval_high'])}",
         number(row["probability_high"], 2), str(row["class"]))
        for sample, row in rows.head(MOST_TABLE_ROWS).iterrows()
    )  # fmt: skip
    rest = len(rows) - len(cells)
    if rest > 0:
        cells = (*cells, (f"and {rest} more in scores.csv", "", "", "", ""))
    return Table(("Sample", "Score", "95 % interval", "P(high)", "Class"), cells)

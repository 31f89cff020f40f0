"""The figures of the score page: distribution, waterfall, heat map, visits, associations."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from ifntrial.report.palette import ACTIVE, INK, PLACEBO, QUIET
from ifntrial.report.plots.frame import Axis, Drawing, Key, Table, with_room
from ifntrial.report.plots.marks import Bars, Cells, Dots, Level, Mark, Note, Stroke
from ifntrial.report.plots.panel import Panel
from ifntrial.report.wording import MINUS, number
from ifntrial.signature.records import Method, Signature
from ifntrial.signature.result import ScoreResult, compute_gene_z
from ifntrial.signature.visits import list_visits

# Told apart by lightness too, for print and for the common kinds of colour blindness.
CLASS_COLORS = {"high": "#a3262f", "borderline": "#9a6a00", "low": ACTIVE, "unclassified": QUIET}
HEALTHY = PLACEBO
Z_COLORS = ("#0b4f7d", "#457fa8", "#7fb0d2", "#bbd4e4", "#f0efec", "#ebc2b5", "#dd8a72", "#b5534a", "#8e1b22")
WIDEST_Z = 6.0
MOST_COLUMNS = 60
MOST_LINES = 150
MOST_POINTS = 600
MOST_TABLE_ROWS = 40


def distribution_panel(result: ScoreResult, signature: Signature, method: Method) -> Panel:
    """Return the scores of each group as points, with the cut-offs as lines."""
    rows = _scored(result, signature, method)
    groups = sorted(rows["group"].unique(), key=lambda name: (name != "healthy", name))
    marks: list[Mark] = []
    for place, group in enumerate(groups):
        marks.append(Note(0.0, place + 0.16, "", lead=str(group)))
        marks += _points(
            rows[rows["group"] == group], place, len(rows), HEALTHY if group == "healthy" else None
        )
    own_cuts = result.cutoffs[
        (result.cutoffs["signature"] == signature.name) & (result.cutoffs["method"] == method.name)
    ]
    for line in own_cuts[own_cuts["cutoff"].notna()].to_dict("records"):
        width, dash = 1.6 if line["decides_class"] else 1.0, _DASH.get(line["rule"], "dash")
        marks.append(Level(line["cutoff"], "x", INK, width, dash))
    lines = [
        f"{_RULE_WORDS[line['rule']]} {number(line['cutoff'])}"
        for line in own_cuts.to_dict("records")
        if not pd.isna(line["cutoff"])
    ]
    caption = f"Each point is a sample. Lines: {'; '.join(lines)}" if lines else "Each point is a sample"
    upright = Axis(limits=(float(len(groups)), 0.0), ticks=(), has_grid=False)
    figure = _with_notes_at_left(Drawing(76.0 * len(groups), _score_axis(method), upright, marks))
    name = f"distribution-{signature.name}-{method.name}"
    return Panel(
        name, signature.label, f"{caption}{thinned_words(len(rows), '; ')}.", figure, 2, _group_table(rows)
    )


def _with_notes_at_left(drawing: Drawing) -> Drawing:
    """Return a drawing with its texts at the left end of its axis, which is known when all is drawn."""
    left, right = drawing.ends_of("x")
    marks = [replace(mark, x=left) if isinstance(mark, Note) else mark for mark in drawing.marks]
    return replace(drawing, x=replace(drawing.x, limits=(left, right)), marks=marks)


def _group_table(rows: pd.DataFrame) -> Table:
    found = rows.groupby("group")["score"].describe()
    cells = tuple(
        (
            str(group),
            f"{one['count']:.0f}",
            *(number(one[part]) for part in ("min", "25%", "50%", "75%", "max")),
        )
        for group, one in found.iterrows()
    )
    return Table(("Group", "Samples", "Lowest", "25 %", "Median", "75 %", "Highest"), cells)


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
    rows = rows.assign(place=np.arange(len(rows)))
    drawn = spaced(rows)
    marks: list[Mark] = []
    keys = []
    for name, color in CLASS_COLORS.items():
        own = drawn[drawn["class"] == name]
        if own.empty:
            continue
        x = [float(place) for place in own["place"]]
        low, high = plain_values(own["interval_low"]), plain_values(own["interval_high"])
        marks.append(Bars(x, low, x, high, color, name, "95 % interval", 1.0, 0.45))
        marks.append(Dots(x, plain_values(own["score"]), color, name, "score", size=5.0))
        keys.append(Key(name, color, symbol="circle"))
    marks += [
        Level(each, "y", INK, 1.4, "solid") for each in deciding_cutoffs(result, signature.name, method.name)
    ]
    figure = Drawing(
        240,
        Axis("Patient samples, from low to high", ticks=(), has_grid=False),
        _score_axis(method),
        marks,
        keys,
    )
    caption = (
        "Points: scores; bars: 95 % interval from redrawn genes and healthy samples; line: the cut-off that decides. "
        f"Borderline: the probability of being high lies between 10 and 90 %{thinned_words(len(rows), '; ')}."
    )
    table = _sample_table(rows.iloc[::-1])
    return Panel("waterfall", f"{signature.label}: every patient sample", caption, figure, 1, table)


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
    block = z.loc[chosen, genes].T.to_numpy()
    values = [[None if np.isnan(value) else round(float(value), 2) for value in line] for line in block]
    edges = [float(place) for place in range(max(len(chosen), len(genes)) + 1)]
    columns, rows_down = edges[: len(chosen) + 1], edges[: len(genes) + 1]
    figure = Drawing(
        17.0 * len(genes),
        Axis("Samples, from low to high score", (0.0, columns[-1]), ticks=(), has_grid=False),
        Axis(
            limits=(rows_down[-1], 0.0), ticks=tuple(row + 0.5 for row in rows_down[:-1]), tick_words=tuple(genes),
            has_grid=False,
        ),
        [Cells(columns, rows_down, values, -WIDEST_Z, WIDEST_Z, Z_COLORS, "healthy SD")],
        [Key(words, color, symbol="circle") for words, color in _z_keys()],
    )  # fmt: skip
    shown = (
        f"{len(chosen)} of {len(rows)} samples, evenly spaced"
        if len(chosen) < len(rows)
        else f"{len(rows)} samples"
    )
    caption = f"Each gene against healthy samples, cut at {WIDEST_Z:g} SD; {shown}; genes of the other signatures below."
    return Panel("heat-map", f"Genes of {signature.label} and of the others", caption, figure)


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
    x: list[float | None] = []
    y: list[float | None] = []
    for subject in subjects[:MOST_LINES]:
        own = rows[rows["subject"] == subject].sort_values("place")
        x += [*(float(place) for place in own["place"]), None]
        y += [*plain_values(own["score"]), None]
    middle = rows.groupby("place")["score"].agg(["median", "size"])
    middles = [(int(i), float(m), int(n)) for i, m, n in middle.itertuples()]
    at, medians = [float(i) for i, _, _ in middles], [m for _, m, _ in middles]
    marks: list[Mark] = [
        Stroke(x, y, ACTIVE, "subjects", width=1.0, opacity=0.3),
        Stroke(at, medians, INK, "median", width=2.4),
        Dots(at, medians, INK, size=6.0),
        *(Level(each, "y", INK) for each in deciding_cutoffs(result, signature.name, method.name)),
    ]
    figure = Drawing(240, visit_axis(visits), _score_axis(method), marks)
    drawn = f", {MOST_LINES} of them drawn" if len(subjects) > MOST_LINES else ""
    caption = f"{len(subjects)} subjects with repeated visits{drawn}. Black: median of who was there; dotted: cut-off."
    table = Table(
        ("Visit", "Samples", "Median"),
        tuple((visits[i], str(n), number(m)) for i, m, n in middles),
    )
    return Panel("visits", f"{signature.label} over visits", caption, figure, 1, table)


def association_panel(table: pd.DataFrame, label: str) -> Panel:
    """Return Spearman's rho of each clinical variable with its interval."""
    own = table[table["status"] == "tested"]
    marks: list[Mark] = [Level(0.0, "x")]
    for place, row in enumerate(own.to_dict("records")):
        y = 38.0 * place
        marks.append(Note(-1.0, y + 15, "", lead=str(row["variable"])))
        label = str(row["variable"])
        marks.append(
            Bars([row["rho_low"]], [y + 26], [row["rho_high"]], [y + 26], ACTIVE, label, "95 %", 2.0)
        )
        marks.append(Dots([row["rho"]], [y + 26], ACTIVE, label, "rho", size=8.0))
    height = 38.0 * len(own) + 4
    upright = Axis(limits=(height, 0.0), ticks=(), has_grid=False)
    figure = Drawing(height, Axis("Spearman's rho", (-1.0, 1.0)), upright, marks)
    caption = "Point: all samples together; bar: 95 % interval, by redrawing subjects where visits repeat."
    return Panel("associations", f"{label} and clinical variables", caption, figure)


def _score_axis(method: Method) -> Axis:
    return Axis(f"{method.label} [{method.unit}]", is_log=bool(method.is_positive))


def visit_axis(visits: Sequence[str]) -> Axis:
    """Return an axis with a tick for each visit, or for some where names have no room."""
    places = [float(place) for place in range(len(visits))]
    shown = with_room(places, len(visits) * 7.5 * max(len(name) for name in visits) / 340)
    return Axis("Visit", ticks=shown, tick_words=tuple(visits[int(place)] for place in shown))


def deciding_cutoffs(result: ScoreResult, signature: str, method: str | None = None) -> list[float]:
    """Return the cut-off that decides the class, as a list of one, or an empty list."""
    cuts = result.cutoffs[(result.cutoffs["signature"] == signature) & result.cutoffs["decides_class"]]
    if method is not None:
        cuts = cuts[cuts["method"] == method]
    return [float(cutoff) for cutoff in cuts["cutoff"].dropna()]


def _scored(result: ScoreResult, signature: Signature, method: Method) -> pd.DataFrame:
    rows = result.scores_of(signature.name, method.name)
    return rows[rows["status"] == "scored"]


def spaced(rows: pd.DataFrame, most: int = MOST_POINTS) -> pd.DataFrame:
    """Return at most so many rows, evenly spaced, the first and the last among them."""
    if len(rows) <= most:
        return rows
    return rows.iloc[np.linspace(0, len(rows) - 1, most).round().astype(int)]


def thinned_words(count: int, begin: str) -> str:
    """Return how many samples a figure shows; empty if it shows all."""
    return f"{begin}{MOST_POINTS} of {count} are drawn, evenly spaced" if count > MOST_POINTS else ""


def _points(own: pd.DataFrame, place: int, of_all: int, color: str | None) -> Iterator[Dots]:
    # Spread by a fixed pattern, so that the same data always give the same figure.
    own = spaced(own.sort_values("score"), max(20, MOST_POINTS * len(own) // max(of_all, MOST_POINTS)))
    spread = place + 0.6 + ((np.arange(len(own)) * 0.618034) % 1.0 - 0.5) * 0.6
    own = own.assign(up=spread.round(3))
    for name, in_class in own.groupby("class", sort=True):
        x, y = plain_values(in_class["score"]), plain_values(in_class["up"])
        yield Dots(x, y, color or CLASS_COLORS[str(name)], str(name), "score", size=5.0, opacity=0.65)


def _z_keys() -> list[tuple[str, str]]:
    """Return the ends and the middle of the scale."""
    half = len(Z_COLORS) // 2
    return [
        (f"{MINUS}{WIDEST_Z:g} SD", Z_COLORS[0]),
        ("as the healthy", Z_COLORS[half]),
        (f"{WIDEST_Z:g} SD", Z_COLORS[-1]),
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

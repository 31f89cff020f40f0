"""The specificity part of the score page: IFN-I, IFN-II, IFN-III and infection side by side."""

import numpy as np
import pandas as pd

from ifntrial.report.palette import ACTIVE, INK
from ifntrial.report.plots.frame import Axis, Drawing, Key, Table
from ifntrial.report.plots.marks import Bars, Dots, Level, Mark, Note
from ifntrial.report.plots.panel import Panel
from ifntrial.report.score.panels import HEALTHY, deciding_cutoffs, plain_values, spaced, thinned_words
from ifntrial.signature.infection import BACTERIAL, INFECTION_NO_SIGN, INFECTION_POSSIBLE
from ifntrial.signature.result import ScoreResult
from ifntrial.signature.specificity import IFN_I, IFN_II, IFN_III_IN_BLOOD

FIELD = 240.0
"""Height inside the axes [unit]."""

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
    headers = ("Sign of", "Measured by", "High", "Borderline", "Low", "Not called", "What it can say")
    return Table(headers, tuple(rows))


def _ifn_i_words(own: pd.DataFrame) -> str:
    in_blood = own["ifn_iii"].iloc[0] == IFN_III_IN_BLOOD
    return "IFN-I, or a virus" if in_blood else "IFN-I or IFN-III, or a virus"


def _set_words(result: ScoreResult, name: str) -> str:
    signature = result.find(name)
    if signature is None:
        return "not scored"
    genes = ", ".join(signature.genes) if len(signature.genes) <= 6 else f"{len(signature.genes)} genes"
    name = signature.label.split(" (")[0]
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
    figure = _field(result, measured, "bacterial_score", BACTERIAL, "Bacterial genes [log2 against healthy]")
    caption = (
        "Right of the vertical line a viral infection cannot be excluded. Above the horizontal line the bacterial genes "
        "are raised: a hint to look for an infection, from a panel made for acutely ill people and not validated in SSc."
    ) + _shown(measured)
    return Panel("infection-plot", "Infection beside interferon [secondary source]", caption, figure, 2)


def specificity_panel(result: ScoreResult, table: pd.DataFrame) -> Panel:
    """Return the IFN-I specific against the IFN-II specific score of each sample."""
    figure = _field(result, table, "ifn_ii_score", IFN_II, "IFN-II specific set [healthy SD]")
    caption = "Right of the vertical line: IFN-I set raised. Above the horizontal line: IFN-II set raised."
    caption += _shown(table)
    return Panel("specificity-plot", "Two sets side by side", caption, figure, 2)


def reading_panel(table: pd.DataFrame) -> Panel:
    """Return how many samples have which reading."""
    own = table[table["group"] != "healthy"]
    counts = (own if len(own) else table)["reading"].value_counts()
    marks: list[Mark] = []
    for place, (words, count) in enumerate(counts.items()):
        y = 42.0 * place
        marks.append(Note(0.0, y + 16, str(words)))
        marks.append(Bars([0.0], [y + 29], [float(count)], [y + 29], ACTIVE, str(words), "samples", 14.0))
        marks.append(Note(float(count), y + 33, str(count), right=5.0))
    height = 42.0 * len(counts) + 4
    x = Axis("Samples", (0.0, 1.15 * float(counts.max())))
    figure = Drawing(height, x, Axis(limits=(height, 0.0), ticks=(), has_grid=False), marks)
    caption = "Calls with less than 90 % probability count as borderline."
    cells = tuple((str(words), str(count)) for words, count in counts.items())
    return Panel(
        "specificity-readings", "What the two sets say together, patients", caption, figure, 2,
        Table(("Reading", "Samples"), cells),
    )  # fmt: skip


def _shown(table: pd.DataFrame) -> str:
    words = thinned_words(int((table["group"] != "healthy").sum()), " Patients: ")
    return f"{words}." if words else ""


def _field(result: ScoreResult, table: pd.DataFrame, upward: str, signature: str, title: str) -> Drawing:
    """Return each sample's IFN-I score against another one, patients over healthy people, with both cut-offs."""
    marks: list[Mark] = []
    keys = []
    group = np.where(table["group"] == "healthy", "healthy", "patient")
    for name in np.unique(group):
        own = spaced(table[group == name])
        color = HEALTHY if name == "healthy" else ACTIVE
        x, y = plain_values(own["ifn_i_score"]), plain_values(own[upward])
        marks.append(Dots(x, y, color, str(name), size=6.0, opacity=0.7))
        keys.append(Key(str(name), color, symbol="circle"))
    for each, axis in ((IFN_I, "x"), (signature, "y")):
        marks += [Level(cutoff, axis, INK, dash="solid") for cutoff in deciding_cutoffs(result, each)[:1]]
    return Drawing(FIELD, Axis("IFN-I specific set [healthy SD]"), Axis(title), marks, keys)

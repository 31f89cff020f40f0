"""The score table: a plain CSV that carries scores from one run to another, and into a virtual cohort.

Columns, one row for each sample, signature and method:

==================  =========================================================================================
sample              name of the sample, unique within signature and method
subject             name of the subject; the sample's name where none was given
visit               visit; empty where none was given
group               ``healthy``, or as in the metadata; ``patient`` where nothing was given
signature, method   what was scored, and how
score               the score [unit of the method]; empty where the sample was not scored
probability_high    probability that the score is above the cut-off, 0 to 1; empty where not known
class               ``high``, ``borderline``, ``low`` or ``unclassified``: the call with its uncertainty
published_call      ``high`` or ``low`` by the published rule alone (healthy mean + 2 SD, or the method's own cut-off)
interval_low/high   95 % interval of the score; empty where not known
reference_id        the healthy reference the score was measured against
disease, platform   of the sample, where it was given or is known; empty elsewhere
status, reason      ``scored`` or ``not scored``, and why
==================  =========================================================================================
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from ifntrial.errors import FileError, InputError, TableError, find_name, listed, require_columns
from ifntrial.files import write_whole
from ifntrial.plain_text import from_cell
from ifntrial.signature.cells import plain_csv
from ifntrial.signature.read.delimited import NOT_MEASURED
from ifntrial.signature.read.text import read_text
from ifntrial.signature.result import UNCLASSIFIED, ScoreResult
from ifntrial.signature.visits import baseline_place, order_visits

COLUMNS: tuple[str, ...] = (
    "sample",
    "subject",
    "visit",
    "group",
    "signature",
    "method",
    "score",
    "probability_high",
    "class",
    "published_call",
    "interval_low",
    "interval_high",
    "reference_id",
    "disease",
    "platform",
    "status",
    "reason",
)
CLASSES = ("high", "borderline", "low", UNCLASSIFIED)
STATUSES = ("scored", "not scored")
_NUMBERS = ("score", "probability_high", "interval_low", "interval_high")
_OPTIONAL = (
    *("group", "published_call", "interval_low", "interval_high", "reference_id", "disease", "platform"),
    *("status", "reason"),
)
PUBLISHED_CALLS = ("", "high", "low")


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """A score table that has passed every check.

    Parameters
    ----------
    frame
        The columns of :data:`COLUMNS`; numbers as float, all else as text.
    """

    frame: pd.DataFrame

    @property
    def signatures(self) -> tuple[tuple[str, str], ...]:
        """Return the (signature, method) pairs in the table, in order."""
        pairs = self.frame[["signature", "method"]].drop_duplicates()
        return tuple((str(a), str(b)) for a, b in pairs.itertuples(index=False))


def save_scores(result: ScoreResult | pd.DataFrame, path: str | Path) -> None:
    """Write a score table; numbers keep every digit, so that reading gives the same bits back."""
    table = result.table if isinstance(result, ScoreResult) else result
    write_whole(Path(path), plain_csv(table[list(COLUMNS)]))


def load_scores(path: str | Path) -> ScoreTable:
    """Return a score table from a file.

    Raises
    ------
    FileError
        If the file is absent or not text.
    TableError
        If it breaks the format; lists every problem.
    """
    file = Path(path)
    if not file.is_file():
        raise FileError(
            "the score table does not exist", given=str(file), fix="make one with: ifntrial score"
        )
    from io import StringIO

    text = read_text(file)
    try:
        frame = pd.read_csv(StringIO(text), dtype=str, keep_default_na=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise TableError("the score table cannot be parsed", given=f"{file.name}: {error}") from error
    return check_scores(frame, file.name)


def check_scores(frame: pd.DataFrame, name: str = "score table") -> ScoreTable:
    """Return the table with numbers as numbers, or raise every problem in it.

    Raises
    ------
    TableError
        If a column is absent or a cell is not allowed.
    """
    require_columns(list(frame.columns), [c for c in COLUMNS if c not in _OPTIONAL], name)
    if frame.empty:
        raise TableError(f"{name} has no rows", fix="score at least one sample")
    text = frame.assign(**{c: "" for c in _OPTIONAL if c not in frame.columns})[list(COLUMNS)]
    text = text.astype(object).where(text.notna(), "").astype(str).apply(lambda column: column.str.strip())
    text = text.apply(lambda column: column if column.name in _NUMBERS else column.map(from_cell))
    if (text["status"] == "").all():
        text["status"] = np.where(text["score"].isin(NOT_MEASURED), "not scored", "scored")
    numbers = {
        c: pd.to_numeric(text[c].where(~text[c].isin(NOT_MEASURED)), errors="coerce") for c in _NUMBERS
    }
    problems = _find_problems(text, numbers)
    if problems:
        shown = problems[:20] + ([f"and {len(problems) - 20} more"] if len(problems) > 20 else [])
        raise TableError(f"{name} cannot be used", problems=shown, fix="make it with: ifntrial score")
    text["subject"] = text["subject"].where(text["subject"] != "", text["sample"])
    # Python's own reading of decimals gives back the bits that were written.
    exact = {
        c: [float(x) if ok else np.nan for x, ok in zip(text[c], numbers[c].notna(), strict=True)]
        for c in _NUMBERS
    }
    return ScoreTable(text.assign(**exact))


def select_scores(
    table: ScoreTable,
    signature: str,
    *,
    method: str | None = None,
    visit: str | None = None,
    dates: str | None = None,
) -> pd.DataFrame:
    """Return one row for each subject: the scores of one signature at one visit, index = subject.

    Parameters
    ----------
    method
        Needed only where the signature was scored in several ways.
    visit
        The visit to take; each subject's baseline, or else its first visit, where None.
    dates
        ``dmy`` or ``mdy``, where visits are dates such as 01/02/2023.

    Raises
    ------
    InputError
        If the signature or visit is not in the table, the method or the order of visits is not clear, or a subject
        has two samples at the visit.
    """
    frame = table.frame
    own = frame[frame["signature"] == signature]
    if own.empty:
        raise InputError(
            "the signature is not in the table",
            given=signature,
            allowed=listed(dict.fromkeys(frame["signature"])),
        )
    methods = list(dict.fromkeys(own["method"]))
    if method is None and len(methods) > 1:
        raise InputError(
            "the signature was scored in several ways", given=listed(methods), fix="name the method"
        )
    if method is not None and method not in methods:
        raise InputError(
            "the signature was not scored with this method", given=method, allowed=listed(methods)
        )
    own = own[own["method"] == (method or methods[0])]
    if visit is not None:
        visit = find_name(visit, own["visit"]) or visit
        if visit not in set(own["visit"]):
            raise InputError(
                "the visit is not in the table",
                given=visit,
                allowed=listed(name for name in dict.fromkeys(own["visit"]) if name) or "no visits",
            )
        chosen = own[own["visit"] == visit]
    else:
        chosen = own[_is_start(own, dates)]
    twice = chosen["subject"][chosen["subject"].duplicated()].unique()
    if len(twice):
        raise InputError(
            "subjects have several samples at the visit",
            given=listed(twice),
            fix="keep one or name the visits",
        )
    return chosen.set_index("subject")


def _is_start(own: pd.DataFrame, dates: str | None) -> pd.Series:
    """Return which rows are each subject's baseline: the last visit at or before the start, else the first."""
    places = order_visits(own["visit"], dates=dates)
    place = own["visit"].map(places).fillna(-np.inf)
    start = baseline_place(places)
    at_start = place.where(place <= start)
    latest = at_start.groupby(own["subject"]).transform("max")
    earliest = place.groupby(own["subject"]).transform("min")
    return place == latest.where(latest.notna(), earliest)


def _find_problems(text: pd.DataFrame, numbers: dict[str, pd.Series]) -> list[str]:
    line = pd.Series(np.arange(2, len(text) + 2), index=text.index)
    problems = [
        f"line {line[i]}: '{c}' is empty"
        for c in ("sample", "signature", "method")
        for i in text.index[text[c] == ""]
    ]
    for column, values in numbers.items():
        wrong = (values.isna() & ~text[column].isin(NOT_MEASURED)) | np.isinf(values)
        problems += [
            f"line {line[i]}: {column} '{text[column][i]}' is not a number" for i in text.index[wrong]
        ]
    outside = (numbers["probability_high"] < 0.0) | (numbers["probability_high"] > 1.0)
    problems += [
        f"line {line[i]}: probability_high {text['probability_high'][i]} is not in 0 to 1"
        for i in text.index[outside]
    ]
    columns = (("class", CLASSES), ("status", STATUSES), ("published_call", PUBLISHED_CALLS))
    for column, allowed in columns:
        wrong = ~text[column].isin(allowed)
        problems += [
            f"line {line[i]}: {column} '{text[column][i]}' is none of {listed(filter(None, allowed))}"
            for i in text.index[wrong]
        ]
    unscored = (text["status"] == "scored") & numbers["score"].isna()
    problems += [
        f"line {line[i]}: the sample counts as scored and has no score" for i in text.index[unscored]
    ]
    beside = (text["status"] == "not scored") & (
        numbers["score"].notna() | numbers["probability_high"].notna()
    )
    problems += [
        f"line {line[i]}: the sample counts as not scored and has a score or a probability"
        for i in text.index[beside]
    ]
    chance = numbers["probability_high"]
    against = ((text["class"] == "high") & (chance < 0.5)) | ((text["class"] == "low") & (chance > 0.5))
    problems += [
        f"line {line[i]}: class '{text['class'][i]}' and probability_high {text['probability_high'][i]} disagree"
        for i in text.index[against]
    ]
    crossed = numbers["interval_low"] > numbers["interval_high"]
    problems += [f"line {line[i]}: interval_low is above interval_high" for i in text.index[crossed]]
    repeated = text.duplicated(["sample", "signature", "method"])
    problems += [
        f"line {line[i]}: sample '{text['sample'][i]}' is there twice for {text['signature'][i]}"
        for i in text.index[repeated]
    ]
    return problems

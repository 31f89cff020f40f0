"""Read files from GEO that lie on disk: series matrix and SOFT family; nothing is downloaded."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ifntrial.errors import FileError, TableError, listed
from ifntrial.signature.read.delimited import parse_delimited
from ifntrial.signature.read.probes import load_probe_map, map_of_platform, map_rows
from ifntrial.signature.read.raw import RawTable
from ifntrial.signature.read.text import read_text
from ifntrial.signature.records import Notice

_LOG2 = re.compile(r"\blog(2|\s*base\s*2|\(2\)|_2)", re.IGNORECASE)
_NOT_LOG2 = re.compile(r"\b(not|non|without|before|un)\b|\bun-?log|\blinear", re.IGNORECASE)
_BEGIN, _END = "!series_matrix_table_begin", "!series_matrix_table_end"


def read_series_matrix(path: Path) -> RawTable:
    """Return the table of a series matrix as it stands; rows are probes or genes.

    Raises
    ------
    FileError
        If the file has no series matrix table.
    TableError
        If the table has no rows: series of RNA sequencing keep their values in other files.
    """
    lines = read_text(path).splitlines()
    starts = [i for i, line in enumerate(lines) if line.lower().startswith(_BEGIN)]
    if not starts:
        raise FileError(
            "the file holds no series matrix table", given=str(path), fix=f"it should have a line {_BEGIN}"
        )
    ends = [i for i, line in enumerate(lines) if line.lower().startswith(_END)]
    if not ends or ends[0] < starts[0]:
        raise FileError(
            "the series matrix is cut off", given=str(path), fix=f"it should end with {_END}; copy it again"
        )
    inside = [line for line in lines[starts[0] + 1 : ends[0]] if line.strip()]
    if len(inside) < 2:
        raise TableError(
            "the table of the series matrix has no rows: the values are in supplementary files of the series",
            given=str(path),
            fix="give such a file (counts or normalised levels of all samples), and this one's samples as --metadata",
        )
    table = parse_delimited("\n".join(inside), path.name, "\t")
    frame = table.frame.rename(columns=lambda name: name.strip('"'), index=lambda name: name.strip('"'))
    obs = _parse_samples(lines[: starts[0]], list(frame.columns))
    return RawTable(frame, obs, "genes x samples", None, table.notices)


def read_soft(path: Path) -> RawTable:
    """Return the table of a SOFT family file, probes mapped to genes with the platform tables in the file.

    Raises
    ------
    FileError
        If the file is not a SOFT family file.
    TableError
        If no sample has a table of values.
    """
    entities = list(_split_soft(read_text(path).splitlines()))
    samples = [entity for entity in entities if entity.kind == "SAMPLE"]
    if not samples:
        raise FileError(
            "the SOFT file holds no samples", given=str(path), fix="give the family file (GSE..._family.soft)"
        )
    tables = {sample.name: _values(sample) for sample in samples}
    columns = {name: values for name, values in tables.items() if values is not None}
    used = [sample for sample in samples if sample.name in columns]
    on = _check_platforms(used, columns)
    if not columns:
        raise TableError(
            "no sample in the SOFT file has values", fix="the series may keep them in supplementary files"
        )
    frame = pd.DataFrame(columns)
    frame.index = frame.index.astype(str)
    mapping: dict[str, str] = {}
    for platform in entities:
        if platform.kind == "PLATFORM" and len(platform.table) > 1 and on in ("", platform.name):
            mapping |= map_of_platform(
                parse_delimited("\n".join(platform.table), path.name, "\t").frame.reset_index()
            )
    notices = []
    left_out = [name for name in tables if name not in columns]
    if left_out:
        text = f"{len(left_out)} samples of the SOFT file have no values: {listed(left_out)}"
        notices.append(Notice("caution", text))
    obs = pd.DataFrame.from_dict(
        {s.name: _characteristics(s) for s in samples if s.name in columns}, orient="index"
    )
    notices.insert(0, Notice("detected", f"SOFT family file, {len(columns)} samples, {len(frame)} rows"))
    says_log2 = all(_says_log2(dict(sample.attributes).get("VALUE", "")) for sample in used)
    raw = RawTable(frame, obs, "genes x samples", "log2" if says_log2 else None, tuple(notices))
    return map_rows(raw, mapping, is_users=False)


def _says_log2(text: str) -> bool:
    return bool(_LOG2.search(text)) and not _NOT_LOG2.search(text)


def _check_platforms(samples: list["_Entity"], columns: dict[str, pd.Series]) -> str:
    """Return the platform of all samples, empty where they do not name it.

    Raises
    ------
    TableError
        If there are several, or a sample holds an id twice.
    """
    own = {dict(sample.attributes).get("Sample_platform_id", "") for sample in samples}
    if len(own) > 1:
        raise TableError(
            "the samples are of several platforms, whose ids and levels are not the same",
            given=listed(sorted(own)),
            fix="score each platform by itself: one file for each, such as their series matrix files",
        )
    indexes = [values.index for values in columns.values()]
    are_same = all(index.equals(indexes[0]) for index in indexes)
    twice = [] if are_same else [name for name, values in columns.items() if values.index.has_duplicates]
    if twice:
        raise TableError(
            "samples hold ids more than once", given=listed(twice), fix="leave one line for each id"
        )
    return own.pop() if own else ""


@dataclass(frozen=True, slots=True)
class _Entity:
    """A part of a SOFT file: a line that begins with ^, the attributes after it, and its table."""

    kind: str
    name: str
    attributes: list[tuple[str, str]]
    table: list[str]


def _split_soft(lines: list[str]) -> Iterator[_Entity]:
    current: _Entity | None = None
    in_table = False
    for line in lines:
        key, _, value = line[1:].partition("=")
        if line.startswith("^"):
            if current is not None:
                yield current
            current = _Entity(key.strip().upper(), value.strip(), [], [])
            in_table = False
        elif current is None:
            continue
        elif line.startswith("#"):
            current.attributes.append((key.strip(), value.strip()))
        elif line.startswith("!"):
            in_table = key.strip().lower().endswith("_table_begin")
            current.attributes.append((key.strip(), value.strip()))
        elif in_table:
            current.table.append(line)
    if current is not None:
        yield current


def _values(sample: _Entity) -> pd.Series | None:
    if len(sample.table) < 2:
        return None
    frame = parse_delimited("\n".join(sample.table), sample.name, "\t").frame
    return frame["VALUE"] if "VALUE" in frame.columns else None


def _parse_samples(lines: list[str], samples: list[str]) -> pd.DataFrame:
    obs = pd.DataFrame(index=pd.Index(samples))
    for line in lines:
        if not line.startswith("!Sample_"):
            continue
        name, *cells = (cell.strip().strip('"') for cell in line.split("\t"))
        if len(cells) != len(samples):
            continue
        if name == "!Sample_title":
            obs["title"] = cells
        elif name.startswith("!Sample_characteristics"):
            for sample, cell in zip(samples, cells, strict=True):
                key, mark, value = cell.partition(":")
                if mark:
                    obs.loc[sample, key.strip()] = value.strip()
    return obs


def _characteristics(sample: _Entity) -> dict[str, str]:
    found = {"title": dict(sample.attributes).get("Sample_title", "")}
    for name, cell in sample.attributes:
        key, mark, value = cell.partition(":")
        if name.startswith("Sample_characteristics") and mark:
            found[key.strip()] = value.strip()
    return found


__all__ = ["load_probe_map", "read_series_matrix", "read_soft"]

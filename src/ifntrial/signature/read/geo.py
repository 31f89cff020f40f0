"""Read files from GEO that lie on disk: series matrix and SOFT family; nothing is downloaded."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ifntrial.errors import FileError, TableError, listed
from ifntrial.signature.read.delimited import parse_delimited, read_text
from ifntrial.signature.read.raw import RawTable
from ifntrial.signature.records import Notice

SYMBOL_COLUMNS = (
    "gene symbol",
    "gene_symbol",
    "symbol",
    "ilmn_gene",
    "genesymbol",
    "gene",
    "orf",
    "hgnc",
    "gene_assignment",
)
_BEGIN, _END = "!series_matrix_table_begin", "!series_matrix_table_end"


def read_series_matrix(path: Path, probes: Path | None) -> RawTable:
    """Return the table of a series matrix; rows are probes, mapped to genes where a map is given.

    Parameters
    ----------
    probes
        Two-column CSV or TSV (probe, gene), or a GPL SOFT file of the platform; None where rows are genes already.

    Raises
    ------
    FileError
        If the file has no series matrix table.
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
    table = parse_delimited("\n".join(lines[starts[0] + 1 : ends[0]]), path.name, "\t")
    frame = table.frame.rename(columns=lambda name: name.strip('"'), index=lambda name: name.strip('"'))
    mapping = load_probe_map(probes) if probes else {}
    frame, notices = _map_probes(frame, mapping)
    obs = _parse_samples(lines[: starts[0]], list(frame.columns))
    return RawTable(frame, obs, "genes x samples", None, (*table.notices, *notices))


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
    if not columns:
        raise TableError(
            "no sample in the SOFT file has values", fix="the series may keep them in supplementary files"
        )
    frame = pd.DataFrame(columns)
    frame.index = frame.index.astype(str)
    mapping: dict[str, str] = {}
    for platform in entities:
        if platform.kind == "PLATFORM" and len(platform.table) > 1:
            mapping |= _platform_map(
                parse_delimited("\n".join(platform.table), path.name, "\t").frame.reset_index()
            )
    frame, notices = _map_probes(frame, mapping)
    left_out = [name for name in tables if name not in columns]
    if left_out:
        text = f"{len(left_out)} samples of the SOFT file have no values: {listed(left_out)}"
        notices.append(Notice("caution", text))
    obs = pd.DataFrame.from_dict(
        {s.name: _characteristics(s) for s in samples if s.name in columns}, orient="index"
    )
    notices.insert(0, Notice("detected", f"SOFT family file, {len(columns)} samples, {len(frame)} rows"))
    return RawTable(frame, obs, "genes x samples", None, tuple(notices))


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


def load_probe_map(path: Path) -> dict[str, str]:
    """Return probe -> gene from a two-column table or a GPL SOFT file.

    Raises
    ------
    TableError
        If it has no column of gene symbols.
    """
    lines = read_text(path).splitlines()
    kept = [line for line in lines if line.strip() and line[0] not in "^!#"]
    table = parse_delimited("\n".join(kept), path.name).frame.reset_index(names="probe")
    mapping = _platform_map(table) or (
        dict(zip(table["probe"], table.iloc[:, 1].astype(str), strict=True)) if table.shape[1] == 2 else {}
    )
    if not mapping:
        raise TableError(
            "the probe map has no column of gene symbols",
            given=listed(table.columns),
            allowed=f"two columns (probe, gene), or one called {listed(SYMBOL_COLUMNS)}",
        )
    return mapping


def _platform_map(table: pd.DataFrame) -> dict[str, str]:
    by_lower = {str(column).lower(): column for column in table.columns}
    found = next((by_lower[name] for name in SYMBOL_COLUMNS if name in by_lower), None)
    if found is None:
        return {}
    genes = table[found].fillna("").astype(str)
    return dict(zip(table.iloc[:, 0].astype(str), genes, strict=True))


def _map_probes(frame: pd.DataFrame, mapping: dict[str, str]) -> tuple[pd.DataFrame, list[Notice]]:
    if not mapping:
        return frame, []
    # Several genes for one probe are written "A /// B"; such a probe tells none of them apart.
    genes = [mapping.get(probe, "").split("///") for probe in frame.index]
    single = [names[0].strip() if len(names) == 1 else "" for names in genes]
    keep = [bool(name) for name in single]
    mapped = frame.loc[keep]
    mapped.index = pd.Index([name for name in single if name])
    text = f"{sum(keep)} of {len(frame)} probes mapped to one gene; the others have none or several and are left out"
    return mapped, [Notice("changed", text)]


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

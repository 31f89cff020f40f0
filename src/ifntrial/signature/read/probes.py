"""Map probes, transcripts or genes of another species to genes with a table of the user's or of the platform."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from ifntrial.errors import InputError, TableError, listed
from ifntrial.signature.read.delimited import parse_delimited
from ifntrial.signature.read.raw import RawTable, check_file
from ifntrial.signature.read.text import read_text
from ifntrial.signature.records import Notice, SetAside

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
_SEVERAL = re.compile(r"\s*///\s*|\s+//\s+|[;|,]\s*")
_ENSEMBL = re.compile(r"^ENS[A-Z]*[GT]\d{11}")
NONE, SEVERAL = "a probe without a gene in the map", "a probe of several genes"


def load_probe_map(path: Path) -> dict[str, str]:
    """Return probe -> gene from a two-column table or a GPL SOFT file.

    Raises
    ------
    TableError
        If it has no column of gene symbols.
    """
    check_file(path)
    lines = read_text(path).splitlines()
    kept = [line for line in lines if line.strip() and line[0] not in "^!#"]
    table = parse_delimited("\n".join(kept), path.name).frame.reset_index(names="probe")
    mapping = map_of_platform(table) or (
        dict(zip(table["probe"], table.iloc[:, 1].astype(str), strict=True)) if table.shape[1] == 2 else {}
    )
    if not mapping:
        raise TableError(
            "the probe map has no column of gene symbols",
            given=listed(table.columns),
            allowed=f"two columns (probe, gene), or one called {listed(SYMBOL_COLUMNS)}",
        )
    return mapping


def map_of_platform(table: pd.DataFrame) -> dict[str, str]:
    """Return probe -> gene of a platform's table, probes in the first column; empty without a column of genes."""
    by_lower = {str(column).lower(): column for column in table.columns}
    found = next((by_lower[name] for name in SYMBOL_COLUMNS if name in by_lower), None)
    if found is None:
        return {}
    genes = table[found].fillna("").astype(str)
    return dict(zip(table.iloc[:, 0].astype(str), genes, strict=True))


def map_rows(raw: RawTable, mapping: Mapping[str, str], *, is_users: bool) -> RawTable:
    """Return the table with genes in place of probes; probes of no gene or of several are set aside.

    The ids of the probes stay as ``row_ids``.

    Parameters
    ----------
    is_users
        Whether the map was given by the user, who is told if it fits nothing.

    Raises
    ------
    InputError
        If the user's map names nothing in the table.
    """
    if not mapping:
        return raw
    mapping = _with_plain_ids(mapping)
    rows, columns = [str(x) for x in raw.frame.index], [str(x) for x in raw.frame.columns]
    rows, columns = ([_plain_id(name, mapping) for name in side] for side in (rows, columns))
    in_rows, in_columns = (sum(name in mapping for name in side) for side in (rows, columns))
    if not max(in_rows, in_columns):
        if not is_users:
            return raw
        raise InputError(
            "the map of probes names nothing that is in the table",
            given=f"rows {listed(rows[:3])} ...; columns {listed(columns[:3])} ...; map {listed(list(mapping)[:3])} ...",
            fix="give the map of this platform, or leave --probes out",
        )
    names = rows if in_rows >= in_columns else columns
    genes = [_only_gene(mapping.get(name, "")) for name in names]
    keep = [bool(gene) for gene in genes]
    # Beside mapped columns may stand others that describe the samples; they are told apart later.
    if in_rows < in_columns:
        keep = [own or name not in mapping for own, name in zip(keep, names, strict=True)]
        genes = [gene or name for gene, name in zip(genes, names, strict=True)]
    aside = [
        SetAside("row", name, SEVERAL if mapping.get(name, "").strip() else NONE)
        for name, own in zip(names, keep, strict=True)
        if not own
    ]
    text = f"{sum(keep)} of {len(names)} probes mapped to one gene; the others have none or several and are left out"
    frame = raw.frame.loc[keep] if in_rows >= in_columns else raw.frame.loc[:, keep]
    frame = frame.set_axis(_taken(genes, keep), axis=0 if in_rows >= in_columns else 1)
    return replace(
        raw,
        frame=frame,
        notices=(*raw.notices, Notice("changed", text)),
        set_aside=(*raw.set_aside, *aside),
        row_ids=tuple(_taken(names, keep)),
    )


def _with_plain_ids(mapping: Mapping[str, str]) -> dict[str, str]:
    """Return the map with Ensembl ids also without their version."""
    plain = {name.partition(".")[0]: gene for name, gene in mapping.items() if _ENSEMBL.match(name)}
    return {**plain, **mapping}


def _plain_id(name: str, mapping: Mapping[str, str]) -> str:
    return name.partition(".")[0] if name not in mapping and _ENSEMBL.match(name) else name


def _taken(names: Sequence[str], keep: Sequence[bool]) -> list[str]:
    return [name for name, own in zip(names, keep, strict=True) if own]


def _only_gene(text: str) -> str:
    """Return the one gene of a cell, empty for none or several."""
    if text.strip() in ("", "---", "nan", "NA"):
        return ""
    groups = [group.split("//") for group in text.split("///")]
    if any(len(group) > 2 for group in groups):
        found = {group[1].strip() for group in groups if len(group) > 2}
    else:
        found = {part.strip() for part in _SEVERAL.split(text) if part.strip() not in ("", "---")}
    return found.pop() if len(found) == 1 else ""

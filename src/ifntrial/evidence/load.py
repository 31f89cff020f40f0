"""Read the evidence tables into records."""

import csv
import io
import math
from collections.abc import Iterator
from dataclasses import fields
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from ifntrial.errors import EvidenceError, FileError, TableError, require_columns
from ifntrial.evidence.effects import DoubleUse, Effect
from ifntrial.evidence.records import Claim, Entity, Evidence, Observation, ParameterValue, Source

TABLES_FOLDER = Path(__file__).parent / "tables"

TABLES = ("sources", "parameters", "observations", "entities", "claims", "effects", "double_uses")
"""Their files are called so, with more of the name where a table lies in several."""

_SEVERAL = ";"
_Row = TypeVar("_Row", Source, ParameterValue, Observation, Entity, Claim, Effect, DoubleUse)


def load_evidence(folder: Path = TABLES_FOLDER) -> Evidence:
    """Return the evidence in ``folder``; the package's own by default.

    A table may lie in several files: ``parameters*.csv`` and so on are read together, in order of name.

    Raises
    ------
    FileError
        If a table is absent or not readable.
    EvidenceError
        If columns are absent or numbers malformed; the error lists every problem of every table.
    """
    for table in TABLES:
        if not any(folder.glob(f"{table}*.csv")):
            raise FileError(
                f"the evidence table '{table}' is absent",
                given=str(folder),
                allowed=f"{table}.csv in the folder",
            )
    return load_rows(folder)


def load_rows(folder: Path) -> Evidence:
    """Return what a folder holds of evidence tables, of which any but all may be absent.

    Raises
    ------
    FileError
        If there is no such folder, it holds no table, or one is not readable.
    EvidenceError
        If columns are absent or numbers malformed; the error lists every problem of every table.
    """
    if not any(path for table in TABLES for path in folder.glob(f"{table}*.csv")):
        raise FileError(
            "the folder holds no evidence table",
            given=str(folder),
            allowed=", ".join(f"{table}*.csv" for table in TABLES),
            fix="name the folder that holds such tables",
        )
    problems: list[str] = []
    evidence = Evidence(
        sources=tuple(_rows(folder, "sources", Source, problems)),
        parameters=tuple(_rows(folder, "parameters", ParameterValue, problems)),
        observations=tuple(_rows(folder, "observations", Observation, problems)),
        entities=tuple(_rows(folder, "entities", Entity, problems)),
        claims=tuple(_rows(folder, "claims", Claim, problems)),
        effects=tuple(_rows(folder, "effects", Effect, problems)),
        double_uses=tuple(_rows(folder, "double_uses", DoubleUse, problems)),
    )
    if problems:
        raise EvidenceError(
            "the evidence tables cannot be read", problems=problems, fix=f"correct the files in {folder}"
        )
    return evidence


def evidence_hash(evidence: Evidence) -> str:
    """Return a fingerprint of all records that does not depend on the order or layout of the files."""
    tables = (getattr(evidence, field.name) for field in fields(evidence))
    text = "\n".join(line for table in tables for line in sorted(repr(row) for row in table))
    return sha256(text.encode()).hexdigest()


def _rows(folder: Path, table: str, record: type[_Row], problems: list[str]) -> Iterator[_Row]:
    for path in sorted(folder.glob(f"{table}*.csv")):
        for line, cells in _cells(path, record, problems):
            converted = _convert(cells, record, f"{path.name} line {line}", problems)
            if converted is not None:
                yield converted


def _cells(path: Path, record: type[_Row], problems: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    needed = [field.name for field in fields(record)]
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(f"{path} cannot be read: {error}", allowed="a CSV file in UTF-8") from error
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        columns = list(reader.fieldnames or ())
        problems.extend(
            f"{path.name}: column '{name}' is not known" for name in columns if name not in needed
        )
        require_columns(columns, needed, path.name)
        for cells in reader:
            given = {
                name: cell for name, cell in cells.items() if isinstance(name, str) and isinstance(cell, str)
            }
            if None in cells or len(given) != len(cells):
                problems.append(
                    f"{path.name} line {reader.line_num}: expected {len(needed)} cells, found another number"
                )
            else:
                yield reader.line_num, {name: given[name].strip() for name in needed}
    except TableError as error:
        problems.extend(f"{path.name}: {problem}" for problem in error.problems)
    except csv.Error as error:
        problems.append(f"{path.name} line {reader.line_num}: {error}")


def _convert(cells: dict[str, str], record: type[_Row], where: str, problems: list[str]) -> _Row | None:
    values: dict[str, Any] = {}
    wrong = []
    for field in fields(record):
        try:
            values[field.name] = _cell(cells[field.name], str(field.type))
        except ValueError:
            kind = "a whole number" if "int" in str(field.type) else "a finite number"
            wrong.append(f"{where}: {field.name} is '{cells[field.name]}'; it has to be {kind}")
    problems.extend(wrong)
    return None if wrong else record(**values)


def _cell(text: str, kind: str) -> object:
    if "tuple" in kind:
        return tuple(part.strip() for part in text.split(_SEVERAL) if part.strip())
    if "str" in kind:
        return text
    if text == "" and "None" in kind:
        return None
    number = int(text) if "int" in kind else float(text)
    if not math.isfinite(number):
        raise ValueError
    return number

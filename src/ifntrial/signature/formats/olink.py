"""Read Olink's export of NPX: one line for each sample and protein, with the limit of detection and warnings."""

from pathlib import Path

import numpy as np
import pandas as pd

from ifntrial.errors import InputError, TableError, listed, require_columns
from ifntrial.signature.read.delimited import parse_delimited, to_numbers
from ifntrial.signature.read.raw import RawTable
from ifntrial.signature.read.text import read_text
from ifntrial.signature.records import Notice, SetAside

COLUMNS = ("SampleID", "Assay", "NPX")
PLATFORM = "Olink"


def is_olink(start: str) -> bool:
    """Return whether a text begins as an export of NPX does."""
    first = start.split("\n", 1)[0].upper()
    return "SAMPLEID" in first and "NPX" in first and "ASSAY" in first


def read_olink(path: Path) -> RawTable:
    """Return NPX as samples x proteins, with the limit of detection where the file has one.

    A protein on several panels is an error; controls of the plate are set aside; lines with a warning stay and are said.

    Raises
    ------
    TableError
        If columns are absent, NPX is no number, or a sample has a protein twice.
    """
    table = parse_delimited(read_text(path), path.name, as_text=True).frame.reset_index()
    table.columns = [str(name).strip() for name in table.columns]
    names = {name.lower(): name for name in table.columns}
    table = table.rename(columns={names[each.lower()]: each for each in COLUMNS if each.lower() in names})
    require_columns(list(table.columns), list(COLUMNS), path.name)
    numbers, wrong = to_numbers(table[["NPX"]])
    if wrong:
        raise TableError("NPX is not a number", problems=[f"'{each.text}'" for each in wrong[:10]])
    table = table.assign(NPX=numbers["NPX"].to_numpy(dtype=float))
    twice = table.loc[table.duplicated(["SampleID", "Assay"]), "Assay"].unique()
    if len(twice):
        raise InputError(
            "proteins are there twice for a sample, as on several panels",
            given=listed(twice),
            fix="keep one panel of each",
        )
    frame = table.pivot(index="SampleID", columns="Assay", values="NPX")
    aside = [name for name in frame.index if _is_control(table, str(name))]
    notices = [Notice("detected", f"Olink NPX, {len(frame)} samples, {len(frame.columns)} proteins")]
    notices += _warnings(table)
    limits = _limits(table)
    if limits is None:
        notices.append(Notice("caution", "the export holds no limit of detection"))
    kept = frame.drop(index=aside)
    kept.index, kept.columns = (
        pd.Index([str(x) for x in kept.index]),
        pd.Index([str(x) for x in kept.columns]),
    )
    return RawTable(
        kept, None, "samples x genes", "npx", tuple(notices), platform=PLATFORM, limits=limits,
        set_aside=tuple(SetAside("sample", str(name), "control of the plate") for name in aside),
    )  # fmt: skip


def _is_control(table: pd.DataFrame, name: str) -> bool:
    kind = next((column for column in table.columns if column.lower() in ("sample_type", "sampletype")), None)
    if kind is not None:
        return bool((table.loc[table["SampleID"] == name, kind].astype(str).str.upper() != "SAMPLE").all())
    return name.upper().startswith(("CONTROL_SAMPLE", "NEG_CTRL", "PLATE_CTRL", "IPC", "CONTROL "))


def _limits(table: pd.DataFrame) -> pd.Series | None:
    """Return the highest limit of each protein over its plates."""
    name = next((column for column in table.columns if column.lower() in ("lod", "maxlod", "lodnpx")), None)
    if name is None:
        return None
    numbers, _ = to_numbers(table[[name]])
    own = pd.Series(numbers.iloc[:, 0].to_numpy(dtype=float), index=table["Assay"].astype(str))
    highest = own.groupby(level=0).max()
    return None if bool(np.isnan(highest).all()) else highest


def _warnings(table: pd.DataFrame) -> list[Notice]:
    columns = [
        column for column in table.columns if column.lower() in ("qc_warning", "assay_warning", "sampleqc")
    ]
    found = []
    for column in columns:
        flagged = table.loc[
            ~table[column].astype(str).str.upper().isin(("PASS", "NA", "NAN", "")), "SampleID"
        ]
        if len(flagged):
            text = (
                f"{column}: {len(flagged)} levels of {flagged.nunique()} samples carry a warning and are used"
            )
            found.append(Notice("caution", f"{text}: {listed(flagged.unique()[:10])}"))
    return found

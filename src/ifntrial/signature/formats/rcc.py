"""Read NanoString RCC files: the counts of one lane each, with the class of every probe and what the scanner says."""

import re
from dataclasses import dataclass
from io import StringIO

import pandas as pd

from ifntrial.errors import TableError, listed
from ifntrial.signature.read.nanostring import PLATFORM
from ifntrial.signature.read.raw import RawTable
from ifntrial.signature.records import Notice, SetAside

GENES, HOUSEKEEPING, CONTROLS = "Endogenous", "Housekeeping", ("Positive", "Negative")
# The maker's guideline for a lane: three quarters of the fields seen, and binding density in this range.
LEAST_FIELDS = 0.75
DENSITY = (0.05, 2.25)
_PART = re.compile(r"<(\w+)>(.*?)</\1>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Lane:
    """One RCC file.

    Parameters
    ----------
    file
        Its name.
    attributes
        Of sample and lane, by name; ``ID`` is the sample's.
    counts
        Columns ``CodeClass, Name, Accession, Count``.
    """

    file: str
    attributes: dict[str, str]
    counts: pd.DataFrame


def parse_rcc(text: str, name: str) -> Lane:
    """Return the lane in the text of a file.

    Raises
    ------
    TableError
        If it is cut off.
    """
    parts = {match[1]: match[2].strip() for match in _PART.finditer(text)}
    if "Code_Summary" not in parts:
        raise TableError("the RCC file has no counts or is cut off", given=name, fix="export it again")
    attributes: dict[str, str] = {}
    for part in ("Sample_Attributes", "Lane_Attributes"):
        for line in parts.get(part, "").splitlines():
            key, _, value = line.partition(",")
            # both parts have an ID: the sample's is the one that counts
            attributes.setdefault(key.strip(), value.strip())
    counts = pd.read_csv(
        StringIO(parts["Code_Summary"]), dtype={"Name": str, "CodeClass": str}, keep_default_na=False
    )
    absent = {"CodeClass", "Name", "Count"} - set(counts.columns)
    if absent or counts.empty:
        raise TableError(
            "the RCC file has no counts or is cut off", given=f"{name}, lacks {listed(sorted(absent))}"
        )
    return Lane(name, attributes, counts)


def join_lanes(lanes: list[Lane]) -> RawTable:
    """Return the counts of all lanes, genes x samples, with controls to be told apart later.

    Raises
    ------
    TableError
        If the lanes are of different panels.
    """
    first = lanes[0].counts
    for lane in lanes[1:]:
        if lane.counts["Name"].tolist() != first["Name"].tolist():
            raise TableError(
                "the RCC files are of different panels",
                given=f"{lanes[0].file} and {lane.file}",
                fix="score each panel by itself",
            )
    names = _name_samples(lanes)
    frame = pd.DataFrame(
        {name: lane.counts["Count"].to_numpy() for name, lane in zip(names, lanes, strict=True)}
    )
    frame.index = pd.Index(first["Name"].str.strip())
    kinds = first["CodeClass"].str.strip()
    kept = kinds.str.startswith((GENES, HOUSEKEEPING, *CONTROLS)).to_numpy()
    aside = tuple(
        SetAside("row", str(name), f"probes of class {kind}")
        for name, kind in zip(frame.index[~kept], kinds[~kept], strict=True)
    )
    housekeeping = tuple(str(name) for name in frame.index[kinds.str.startswith(HOUSEKEEPING).to_numpy()])
    obs = pd.DataFrame([lane.attributes for lane in lanes], index=pd.Index(names)).drop(
        columns="ID", errors="ignore"
    )
    notices = (
        Notice("detected", f"NanoString RCC, {len(lanes)} lanes, {len(frame)} probes"),
        *_describe(lanes, names),
    )
    return RawTable(
        frame.loc[kept], obs, "genes x samples", "nanostring", notices, aside, PLATFORM, housekeeping
    )  # fmt: skip


def _name_samples(lanes: list[Lane]) -> list[str]:
    """Return the samples' ids where each lane has its own, else the names of the files."""
    ids = [lane.attributes.get("ID", "") for lane in lanes]
    return (
        ids
        if all(ids) and len(set(ids)) == len(ids)
        else [re.sub(r"\.RCC$", "", lane.file, flags=re.IGNORECASE) for lane in lanes]
    )


def _describe(lanes: list[Lane], names: list[str]) -> list[Notice]:
    wrong = []
    for lane, name in zip(lanes, names, strict=True):
        seen, all_fields, density = (
            _number(lane.attributes.get(key)) for key in ("FovCounted", "FovCount", "BindingDensity")
        )
        if seen is not None and all_fields and seen / all_fields < LEAST_FIELDS:
            wrong.append(f"{name}: {seen:g} of {all_fields:g} fields counted")
        if density is not None and not DENSITY[0] <= density <= DENSITY[1]:
            wrong.append(f"{name}: binding density {density:g}")
    return [Notice("caution", f"lanes outside the maker's limits: {listed(wrong)}")] if wrong else []


def _number(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None

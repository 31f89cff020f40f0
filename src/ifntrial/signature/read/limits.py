"""Proteins below or above what the assay can measure, and units in their names.

No source that was read says how its score treats values below the limit of detection, so what is done is a convention
(half the limit for concentrations; NPX as measured) and is said, with the count and each protein that is mostly below.
"""

import re
from dataclasses import replace

import numpy as np
import pandas as pd

from ifntrial.arrays import FloatArray
from ifntrial.errors import InputError, TableError, listed
from ifntrial.signature.genes import GeneTable
from ifntrial.signature.read.delimited import parse_delimited, to_numbers
from ifntrial.signature.read.options import ReadOptions
from ifntrial.signature.read.raw import RawTable
from ifntrial.signature.read.text import read_text
from ifntrial.signature.records import Notice

BELOW = ("half", "keep", "missing")
"""What becomes of a value below the limit: half the limit, the value as it stands, or not measured."""
MOSTLY = 0.5
PROTEIN_SCALES = ("protein", "npx")
_CELL = re.compile(r"^([<>])\s*=?\s*(\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?)$")
_UNIT = re.compile(r"^(.+?)[\s_.,(\[]+(fg|pg|ng|ug|µg)[\s/_.]*(?:per)?[\s/_.]*ml[)\]]?$", re.IGNORECASE)
_TO_PG = {"fg": 1e-3, "pg": 1.0, "ng": 1e3, "ug": 1e6, "µg": 1e6}


def settle_proteins(raw: RawTable, options: ReadOptions) -> RawTable:
    """Return a table of proteins with names without units, and cells such as ``<0.5`` as numbers.

    A table that is not said to be of proteins stays as it is.
    """
    if (options.scale or raw.scale) not in PROTEIN_SCALES:
        _check_idle(options)
        return raw
    rule = _rule(options, options.scale or raw.scale)
    frame, notices = _without_units(raw.frame)
    texts = [place for place in range(frame.shape[1]) if frame.dtypes.iloc[place].kind not in "fiub"]
    counts, columns = {"<": 0, ">": 0}, {}
    for place in texts:
        cells = frame.iloc[:, place]
        found = [_CELL.match(str(cell).strip()) for cell in cells]
        if not any(found):
            continue
        new = cells.astype(object).copy()
        for row, match in enumerate(found):
            if match:
                counts[match[1]] += 1
                new.iloc[row] = _number(match[1], match[2], rule, options.scale or raw.scale)
        columns[place] = new
    if columns:
        series = [columns.get(place, frame.iloc[:, place]) for place in range(frame.shape[1])]
        frame = pd.concat(series, axis=1).set_axis(frame.columns, axis=1)
        low, high = counts["<"], counts[">"]
        text = f"{low} cells are below a limit and became {_WORDS[rule]}; {high} are above one and became it"
        notices.append(Notice("changed", text))
    return replace(raw, frame=frame, notices=(*raw.notices, *notices))


_WORDS = {"half": "half of it", "keep": "the limit itself", "missing": "not measured"}


def _number(sign: str, text: str, rule: str, scale: str | None) -> str:
    value = float(text.replace(",", "."))
    if sign == ">" or rule == "keep":
        return repr(value)
    if rule == "missing":
        return ""
    return repr(value - 1.0 if scale == "npx" else value / 2.0)


def _rule(options: ReadOptions, scale: str | None) -> str:
    if options.below_lod is None:
        return "keep" if scale == "npx" else "half"
    if options.below_lod not in BELOW:
        raise InputError(
            "it is not known what to do below the limit of detection",
            given=options.below_lod,
            allowed=listed(BELOW),
        )
    return options.below_lod


def _check_idle(options: ReadOptions) -> None:
    if options.lod is not None or options.below_lod is not None:
        raise InputError(
            "a limit of detection has no effect on this scale",
            given=f"scale {options.scale or 'not given'}",
            allowed="--scale protein or npx",
            fix="name the scale, or leave --lod and --below-lod out",
        )


def _without_units(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[Notice]]:
    """Return concentrations in pg/ml under names without units, where names carry them."""
    notices = []
    for axis in (0, 1):
        labels = [str(label) for label in (frame.index if axis == 0 else frame.columns)]
        units = [_UNIT.match(label) for label in labels]
        if not any(units):
            continue
        names = [match[1] if match else label for match, label in zip(units, labels, strict=True)]
        factors = [_TO_PG[match[2].lower()] if match else 1.0 for match in units]
        if any(factor != 1.0 for factor in factors):
            frame = _times(frame, factors, axis)
        frame = frame.set_axis(names, axis=axis)
        given = sorted({match[2].lower() for match in units if match})
        notices.append(
            Notice("changed", f"units in the names of proteins ({listed(given)}/ml): read as pg/ml")
        )
    return frame, notices


def _times(frame: pd.DataFrame, factors: list[float], axis: int) -> pd.DataFrame:
    def scaled(cell: object, factor: float) -> object:
        match = _CELL.match(str(cell).strip())
        if match:
            return f"{match[1]}{float(match[2].replace(',', '.')) * factor!r}"
        number = pd.to_numeric(str(cell).strip(), errors="coerce")
        return cell if pd.isna(number) else repr(float(number) * factor)

    out: pd.DataFrame = frame.astype(object)
    turned = out.T if axis == 0 else out
    for place, factor in enumerate(factors):
        if factor != 1.0:
            turned.isetitem(place, [scaled(cell, factor) for cell in turned.iloc[:, place]])
    return turned.T if axis == 0 else turned


def load_limits(options: ReadOptions, genes: GeneTable) -> pd.Series | None:
    """Return limits of detection by protein, from a table of two columns; None where there is none.

    Raises
    ------
    TableError
        If a limit is no number, or a protein is there twice.
    """
    if options.lod is None:
        return None
    frame = parse_delimited(read_text(options.lod), options.lod.name).frame
    numbers, wrong = to_numbers(frame.iloc[:, :1])
    names = [genes.symbol_of(str(name).strip()) for name in frame.index]
    twice = sorted({name for name in names if names.count(name) > 1})
    if wrong or twice:
        raise TableError(
            "the limits of detection cannot be used",
            problems=[f"{each.row}: '{each.text}' is not a number" for each in wrong[:10]]
            + [f"{name} is there twice" for name in twice[:10]],
            fix="give two columns, protein and limit",
        )
    return pd.Series(numbers.iloc[:, 0].to_numpy(dtype=float), index=names)


def apply_limits(
    levels: pd.DataFrame, scale: str, limits: pd.Series | None, options: ReadOptions
) -> tuple[pd.DataFrame, list[Notice]]:
    """Return levels, samples x proteins on their own scale, with what lies below limits settled, and what was done.

    Parameters
    ----------
    limits
        Limit of each protein in the unit of the levels.
    """
    if scale not in PROTEIN_SCALES or limits is None:
        return levels, []
    rule = _rule(options, scale)
    own = limits.reindex(levels.columns).to_numpy(dtype=float)
    values: FloatArray = levels.to_numpy(dtype=float)
    below = values < own
    half = own - 1.0 if scale == "npx" else own / 2.0
    settled = {
        "half": np.where(below, half, values),
        "keep": values,
        "missing": np.where(below, np.nan, values),
    }
    words = {"half": "became half the limit", "keep": "stay as measured", "missing": "count as not measured"}
    known = int(np.sum(~np.isnan(own)))
    text = f"{int(below.sum())} levels lie below the limit of detection of {known} proteins and {words[rule]}"
    notices = [Notice("changed" if rule != "keep" else "detected", text)]
    share = below.mean(axis=0)
    mostly = [f"{name} {part:.0%}" for name, part in zip(levels.columns, share, strict=True) if part > MOSTLY]
    if mostly:
        notices.append(Notice("caution", f"mostly below the limit of detection: {listed(mostly)}"))
    return pd.DataFrame(settled[rule], index=levels.index, columns=levels.columns), notices

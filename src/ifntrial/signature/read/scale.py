"""The scales levels come on, and how each becomes log2."""

from collections.abc import Callable
from dataclasses import dataclass
from math import log2 as log2_of

import numpy as np
import pandas as pd

from ifntrial.arrays import FloatArray
from ifntrial.errors import InputError, listed, resolve_name
from ifntrial.signature.over_genes import mean_over_genes
from ifntrial.signature.records import Material, Notice

SMALL_PANEL = 1000
# NanoString and qPCR reference genes seen in published interferon panels; any other can be named.
REFERENCE_GENES = ("HPRT1", "GAPDH", "ACTB", "TBP", "GUSB", "NRDC", "OTUD5", "TUBB", "POLR2A", "SDHA")


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale of levels.

    Parameters
    ----------
    to_log2
        Levels (samples x genes) and library sizes (samples,) to log2 levels; each sample alone.
    lowest
        Least value the scale allows.
    """

    name: str
    meaning: str
    material: Material
    lowest: float
    to_log2: Callable[[FloatArray, FloatArray], FloatArray]


def _same(values: FloatArray, library: FloatArray) -> FloatArray:
    del library
    return values


def _from_counts(values: FloatArray, library: FloatArray) -> FloatArray:
    return np.log2(values / library[:, None] * 1e6 + 1.0)


def _from_linear(values: FloatArray, library: FloatArray) -> FloatArray:
    del library
    return np.log2(values + 1.0)


def _from_ln(values: FloatArray, library: FloatArray) -> FloatArray:
    del library
    log2: FloatArray = values / np.log(2.0)
    return log2


def _from_log10(values: FloatArray, library: FloatArray) -> FloatArray:
    del library
    return values * log2_of(10.0)


def _negated(values: FloatArray, library: FloatArray) -> FloatArray:
    # One cycle less is twice the template.
    del library
    return -values


def _from_concentration(values: FloatArray, library: FloatArray) -> FloatArray:
    del library
    return np.log2(np.where(values > 0.0, values, np.nan))


SCALES: tuple[Scale, ...] = (
    Scale("log2", "log2 levels (array, or log2 of normalised counts)", "rna", -np.inf, _same),
    Scale("ln", "natural logarithm of levels", "rna", -np.inf, _from_ln),
    Scale("ln1p", "ln(1 + level), as in single-cell tools", "rna", 0.0, _from_ln),
    Scale("log10", "log10 levels", "rna", -np.inf, _from_log10),
    Scale("counts", "raw or estimated counts; become log2(counts per million + 1)", "rna", 0.0, _from_counts),
    Scale("tpm", "TPM, FPKM, CPM or normalised counts; become log2(x + 1)", "rna", 0.0, _from_linear),
    Scale("linear", "intensities on a linear scale; become log2(x + 1)", "rna", 0.0, _from_linear),
    Scale("delta_ct", "qPCR delta Ct (gene minus reference genes); becomes -delta Ct", "rna", -np.inf, _negated),
    Scale("ct", "qPCR Ct with reference genes in the table; becomes reference mean minus Ct", "rna", 0.0, _negated),
    Scale("rq", "relative quantities of qPCR (2^-ddCt); become log2", "rna", 0.0, _from_concentration),
    Scale("z", "z scores of each gene: no fold change can be had from them", "rna", -np.inf, _same),
    Scale("nanostring", "NanoString counts with housekeeping genes in the table", "rna", 0.0, _from_linear),
    Scale("protein", "concentrations; become log2, 0 counts as not measured", "protein", 0.0, _from_concentration),
    Scale("npx", "log2 protein levels (e.g. NPX)", "protein", -np.inf, _same),
)  # fmt: skip


def load_scale(name: str) -> Scale:
    """Return the scale of this name.

    Raises
    ------
    UnknownNameError
        If there is none; says the closest ones.
    """
    return resolve_name(name, {scale.name: scale for scale in SCALES}, "scale")


def to_log2(
    values: pd.DataFrame, scale: Scale, library: pd.Series | None, reference_genes: tuple[str, ...]
) -> tuple[pd.DataFrame, list[Notice]]:
    """Return log2 levels of samples x genes, and what was done.

    Parameters
    ----------
    library
        Total counts of each sample where the table holds only some genes.
    reference_genes
        Symbols of housekeeping genes for ``ct`` and ``nanostring``; the known ones in the table where empty.

    Raises
    ------
    InputError
        If a value is below what the scale allows, or a sample has no counts.
    """
    numbers = np.ascontiguousarray(values.to_numpy(dtype=float))
    _check_lowest(values, numbers, scale)
    notices: list[Notice] = []
    sizes = np.ones(len(numbers))
    if scale.name == "counts":
        sizes, notices = _library_sizes(values, numbers, library)
    if scale.name in ("protein", "rq") and (zero := int(np.sum(numbers == 0.0))):
        what = "concentrations" if scale.name == "protein" else "quantities"
        text = f"{zero} {what} are 0 and count as not measured; give half the detection limit to use them"
        notices.append(Notice("changed", text))
    frame = pd.DataFrame(scale.to_log2(numbers, sizes), index=values.index, columns=values.columns)
    if scale.name in ("ct", "nanostring"):
        return _subtract_reference_genes(frame, reference_genes, notices)
    return frame, notices


def _check_lowest(values: pd.DataFrame, numbers: FloatArray, scale: Scale) -> None:
    below = numbers < scale.lowest
    if not below.any():
        return
    rows, columns = np.nonzero(below)
    problems = [
        f"sample '{values.index[int(i)]}', gene '{values.columns[int(j)]}': {numbers[i, j]:g}"
        for i, j in list(zip(rows, columns, strict=True))[:5]
    ]
    raise InputError(
        f"{int(below.sum())} values are negative, which {scale.name} ({scale.meaning}) does not allow",
        problems=problems,
        fix="check the file, or name another scale",
    )


def _library_sizes(
    values: pd.DataFrame, numbers: FloatArray, library: pd.Series | None
) -> tuple[FloatArray, list[Notice]]:
    notices: list[Notice] = []
    if library is not None:
        sizes = pd.to_numeric(library.reindex(values.index), errors="coerce").to_numpy(dtype=float)
        source = "the library sizes given"
    else:
        # Sorted sums do not depend on the order of the genes or on the other samples.
        sizes = np.array([np.nansum(np.sort(row)) for row in numbers])
        source = f"the sum over {values.shape[1]} genes"
        if values.shape[1] < SMALL_PANEL:
            text = (
                f"library size is {source}: with so few genes a raised signature also raises it; give the full "
                "totals (library_size=) or use scale nanostring with housekeeping genes"
            )
            notices.append(Notice("caution", text))
    empty = [str(name) for name, size in zip(values.index, sizes, strict=True) if not size > 0.0]
    if empty:
        raise InputError(
            "samples have no counts", given=listed(empty), fix="leave them out or give their totals"
        )
    notices.insert(0, Notice("changed", f"counts became log2(counts per million + 1) with {source}"))
    return sizes, notices


def _subtract_reference_genes(
    frame: pd.DataFrame, named: tuple[str, ...], notices: list[Notice]
) -> tuple[pd.DataFrame, list[Notice]]:
    wanted = named or REFERENCE_GENES
    present = [gene for gene in wanted if gene in frame.columns]
    absent = [gene for gene in wanted if gene not in present]
    if not present or (named and absent):
        raise InputError(
            "reference genes are not in the table",
            given=listed(absent),
            fix="name housekeeping genes that are in it (reference_genes=), or give delta Ct or log2 levels",
        )
    levels = frame[sorted(present)].to_numpy(dtype=float)
    complete = ~np.isnan(levels).any(axis=1)
    middle = pd.Series(np.where(complete, mean_over_genes(levels), np.nan), index=frame.index)
    unmeasured = [str(name) for name in middle.index[middle.isna()]]
    if unmeasured:
        text = f"samples without all reference genes cannot be scored: {listed(unmeasured)}"
        notices.append(Notice("caution", text))
    notices.append(Notice("changed", f"levels are relative to the mean of {listed(present)}"))
    return frame.drop(columns=present).sub(middle, axis=0), notices

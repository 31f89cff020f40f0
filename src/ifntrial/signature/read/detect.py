"""Decide which scale levels are on from what the numbers show, or refuse with the readings that remain.

The sizes are those of recognised genes, as medians over samples, so that one wild cell or one column that is no level
decides nothing. All other rows are asked whether they agree. What two scales would both explain is a question.
"""

from collections.abc import Sequence

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.errors import InputError, listed
from ifntrial.signature.read.numbers.base import count_marks, tell_base
from ifntrial.signature.read.numbers.shapes import are_cycles, are_ranks, are_standardised, spread_with_size
from ifntrial.signature.read.numbers.sizes import Sizes, measure_sizes
from ifntrial.signature.read.pieces.whole import Sums

LARGEST_LOG2 = 40.0
LARGEST_LINEAR = 60.0
TPM_TOTAL = 1e6
TPM_TOLERANCE = 0.05
SMALL_PANEL = 100
"""With fewer rows than this the numbers do not tell what they are."""
MOST_LOG2 = 25.0
_WHOLE = 0.999
_SOME_WHOLE = 0.2
_DEPTH = 1.25
# Zeros below which nothing lies but levels beyond these are marks of what was not measured.
_GAP_LOG, _GAP_LINEAR = 2.0, 8.0
_TOTALS = 2.0
_SKEWED = 4.0
_MANY_ROWS, _DARK = 5000, 10.0
_FEWEST_LARGE = 3
_LARGE_SHARE = 0.01
_FIX = "say it: --scale NAME on the command line, scale= in Python"


def detect_scale(
    values: FloatArray,
    known: Sequence[bool],
    labels: Sequence[str],
    likely: str | None = None,
    whole: tuple[Sums, int] | None = None,
) -> tuple[str, str]:
    """Return the scale of levels, shape (samples, features), and the reason.

    Parameters
    ----------
    known
        Which features are recognised genes.
    labels
        Names of the features.
    likely
        Scale of the stored reference: taken where the numbers fit it, though they fit others as well.
    whole
        Sums over all features of the table and their number, where only some are held.

    Raises
    ------
    InputError
        If the numbers fit no scale, or more than one.
    """
    sizes = measure_sizes(values, known, *(whole or ()))
    few = sizes.rows < SMALL_PANEL
    if sizes.negative > 0.001 or (sizes.low < 0.0 and sizes.negative > 0.0):
        return _detect_signed(values, sizes, few, likely)
    if sizes.whole >= _WHOLE and sizes.highest > LARGEST_LINEAR:
        _check_scanner(sizes, likely)
        _check_ranks(values, sizes)
        return _detect_counts(sizes, sizes.rows, likely)
    if max(sizes.top, sizes.low) > LARGEST_LINEAR or _are_many_large(sizes):
        return _detect_linear(values, sizes, few, likely)
    return _detect_logarithm(values, sizes, labels, few, likely)


def _ask(what: str, given: str, readings: Sequence[str]) -> InputError:
    return InputError(what, problems=[f"reading: {reading}" for reading in readings], given=given, fix=_FIX)


def _are_many_large(sizes: Sizes) -> bool:
    large = int(np.sum(sizes.medians > LARGEST_LINEAR))
    return large >= _FEWEST_LARGE and large >= _LARGE_SHARE * len(sizes.medians)


def _detect_counts(sizes: Sizes, rows: int, likely: str | None) -> tuple[str, str]:
    if rows < SMALL_PANEL and likely not in ("counts", "nanostring"):
        raise _ask(
            f"whole numbers of only {rows} genes do not tell how deep each sample was measured",
            f"whole numbers up to {sizes.highest:.0f}",
            [
                "--scale nanostring --reference-genes A,B,... (relative to housekeeping genes in the table)",
                "--scale counts --library-size COLUMN (counts, with the full totals of each sample)",
                "--scale counts (the sum over these genes, which a raised signature raises too)",
                "--scale protein (concentrations)",
            ],
        )
    if np.all(np.abs(sizes.totals / TPM_TOTAL - 1.0) < TPM_TOLERANCE) and len(sizes.totals) > 1:
        return "tpm", "whole numbers, and every sample adds up to about one million"
    return ("nanostring" if likely == "nanostring" else "counts"), f"whole numbers up to {sizes.highest:.0f}"


def _check_ranks(values: FloatArray, sizes: Sizes) -> None:
    """Raise where every sample holds the same numbers, each once, in another order."""
    if sizes.rows >= SMALL_PANEL and (are_ranks(values) if sizes.sums is None else sizes.sums.are_ranks()):
        raise InputError(
            "the numbers look like ranks: every sample holds the same ones, each once",
            given=f"{sizes.rows:,} different numbers from {sizes.least:g} to {sizes.most:g}",
            allowed="levels of genes",
            fix="give the levels that were ranked; if these are levels, name their scale with --scale",
        )


def _check_scanner(sizes: Sizes, likely: str | None) -> None:
    """Raise where whole numbers may be those of a scanner of 16 bits: many genes, none near zero, none beyond it."""
    low, high = sizes.least, sizes.most
    if likely is None and sizes.rows >= _MANY_ROWS and low >= _DARK and high < 2.0**16:
        raise _ask(
            "whole numbers may be counts, or intensities of a scanner",
            f"{sizes.rows:,} genes, none below {low:.0f} in any sample, none above {high:.0f}",
            [
                "--scale linear (intensities, which are normalised already)",
                "--scale counts (reads, without the genes of few)",
            ],
        )


def _detect_linear(values: FloatArray, sizes: Sizes, few: bool, likely: str | None) -> tuple[str, str]:
    top = f"values up to {sizes.highest:.4g} that are not whole numbers"
    if np.all(np.abs(sizes.totals / TPM_TOTAL - 1.0) < TPM_TOLERANCE):
        return "tpm", "every sample adds up to about one million"
    spread = float(sizes.totals.max() / max(sizes.totals.min(), 1e-9))
    if likely in ("linear", "tpm", "counts", "protein"):
        return likely, f"{top}, as in the stored reference"
    if few:
        raise _ask(
            "the scale of a small panel cannot be told from its numbers",
            top,
            [
                "--scale linear (normalised intensities)",
                "--scale counts --library-size COLUMN (estimated counts)",
                "--scale rq (2^-ddCt)",
                "--scale protein (concentrations)",
            ],
        )
    if (
        sizes.depth > _DEPTH
        or spread > _TOTALS
        or sizes.whole_not_zero > _SOME_WHOLE
        or len(sizes.totals) == 1
    ):
        signs = (
            f"{top}; totals differ {spread:.3g}-fold, typical genes {sizes.depth:.3g}-fold between samples; "
            f"{sizes.whole_not_zero:.0%} of values above zero are whole"
        )
        raise _ask(
            "the numbers may be estimated counts, which need a correction for depth, or already corrected levels",
            signs,
            [
                "--scale counts (estimated counts of Salmon, kallisto, RSEM: become counts per million)",
                "--scale linear (intensities or counts that are normalised already)",
                "--scale tpm (TPM, FPKM, CPM)",
            ],
        )
    middle = float(np.median(sizes.medians[sizes.medians > 0.0]))
    if sizes.highest < _SKEWED * middle:
        raise _ask(
            "the levels lie too close together for a linear scale, on which a few genes are far above all others",
            f"{top}; the highest genes are {sizes.highest / middle:.2g} times the middle one",
            [
                "--scale linear (intensities)",
                "logarithms that were multiplied, or percentages of something: give the levels themselves",
            ],
        )
    _check_zeros(values, _GAP_LINEAR, "linear")
    return "linear", f"{top}, with typical genes alike in all samples"


def _detect_signed(values: FloatArray, sizes: Sizes, few: bool, likely: str | None) -> tuple[str, str]:
    # the size of cells without the most extreme one in a thousand
    low, high = np.nanquantile(values, [0.0005, 0.9995])
    if max(abs(low), high) > LARGEST_LOG2:
        raise InputError(
            "there are negative values next to values far too large for a logarithm",
            given=f"{sizes.negative:.2%} of the values are negative; from {low:.4g} to {high:.4g}",
            allowed="counts and intensities of 0 or more, or logarithms",
            fix="undo the background subtraction or set negative values to zero, or give log2 levels",
        )
    if are_standardised(values):
        raise _ask(
            "the genes look standardised: a fold change has no meaning",
            "every gene has a mean near 0 and a standard deviation near 1",
            [
                "--scale z (z scores of each gene: fold changes are not scored)",
                "--scale log2 (log2 ratios that only look so)",
            ],
        )
    if likely is not None:
        return likely, f"values from {low:.4g} to {high:.4g} with negative ones, as in the stored reference"
    numbers = f"numbers from {low:.4g} to {high:.4g}, with negative ones"
    readings = [
        "--scale log2 (log2 levels, or log2 ratios)",
        "--scale ln or log10 (other logarithms)",
        "--scale delta_ct (qPCR: fewer cycles are more)",
        "--scale npx (proteins)",
        "--scale z",
    ]
    if few:
        raise _ask("the scale of a small panel cannot be told from its numbers", numbers, readings)
    found = _choose_base(
        values, sizes, numbers, readings, "neither base nor sign of the logarithm can be told"
    )
    _check_zeros(values, _GAP_LOG, found[0])
    return found


def _detect_logarithm(
    values: FloatArray, sizes: Sizes, labels: Sequence[str], few: bool, likely: str | None
) -> tuple[str, str]:
    numbers = f"{'whole ' if sizes.whole >= _WHOLE else ''}numbers from {np.nanmin(values):.4g} to {sizes.highest:.4g}"
    large = [
        str(label)
        for label, top in zip(labels, np.nanmedian(values, axis=0), strict=True)
        if top > LARGEST_LOG2
    ]
    if sizes.whole >= _WHOLE or max(sizes.top, sizes.low) > MOST_LOG2:
        raise InputError(
            "the scale cannot be told from the numbers", given=numbers, allowed=_names(), fix=_FIX
        )
    if large:
        raise _doubt_large(large, numbers)
    if likely is not None:
        return likely, f"no value above {MOST_LOG2:g}, as in the stored reference"
    readings = [
        "--scale log2",
        "--scale ln, ln1p or log10 (other logarithms)",
        "--scale delta_ct or ct (qPCR: fewer cycles are more)",
        "--scale rq (2^-ddCt)",
        "--scale tpm (small TPM or FPKM)",
    ]
    if few:
        raise _ask("the scale of a small panel cannot be told from its numbers", numbers, readings)
    found = _choose_base(values, sizes, numbers, readings, "the base of the logarithm cannot be told")
    if spread_with_size(values, sizes):
        raise _ask("large genes vary most, as on a linear scale", numbers, readings[:1] + readings[-1:])
    if are_cycles(sizes, labels):
        raise _ask(
            "genes that are high in every tissue have the lowest numbers",
            numbers,
            readings[2:3] + readings[:1],
        )
    _check_zeros(values, _GAP_LOG, "log2")
    return found


def _choose_base(
    values: FloatArray, sizes: Sizes, numbers: str, readings: Sequence[str], unclear: str
) -> tuple[str, str]:
    found = tell_base(values, sizes)
    if found is None:
        raise _ask(f"{unclear} from the numbers", numbers, readings)
    if found.depth > _DEPTH:
        raise _ask(
            "logarithms of whole numbers, and samples differ in depth: raw counts need a correction first",
            f"{found.name}; typical genes differ {found.depth:.3g}-fold between samples",
            [
                "the counts themselves, without the logarithm, with --scale counts",
                f"--scale {found.name} (levels that are comparable between samples as they are)",
            ],
        )
    return found.name, f"{found.reason}; recognised genes from {sizes.low:.4g} to {sizes.top:.4g}"


def _check_zeros(values: FloatArray, gap: float, scale: str) -> None:
    count, mark, lowest = count_marks(values, gap)
    if count:
        raise _ask(
            f"{'zeros' if mark == 0.0 else f'cells of {mark:g}'} may be levels, or stand for what was not measured",
            f"{count} cells are {mark:g}, and no other level lies below {lowest:.4g}",
            [
                "not measured: leave these cells empty in the file",
                f"--scale {scale} ({mark:g} is a level)",
            ],
        )


def _doubt_large(large: Sequence[str], numbers: str) -> InputError:
    return _ask(
        "some rows have values far too large for a logarithm, where most have not",
        f"{numbers}; larger than {LARGEST_LOG2:g}: {listed(large)}",
        [
            f"these are no genes, or hold wrong cells: --set-aside '{','.join(large[:5])}', or mend the cells",
            "all are levels on a linear scale: --scale linear, tpm or counts",
        ],
    )


def _names() -> str:
    return "log2, ln, ln1p, log10, counts, tpm, linear, delta_ct, ct, rq, nanostring, protein, npx, z"

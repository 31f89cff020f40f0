"""The healthy reference: the levels of healthy samples that every score is measured against, stored with the result."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.errors import FileError, InputError, TableError, listed
from ifntrial.files import write_whole
from ifntrial.signature.background import Background
from ifntrial.signature.records import Expression, Healthy, Levels, Material, Notice

SCHEMA_VERSION = 2
FEWEST_HEALTHY = 3
FEW_HEALTHY = 10
_STEPS_PER_UNIT = 2.0**20


@dataclass(frozen=True, slots=True)
class Reference:
    """Levels of the signatures' genes in healthy samples, in order of sample name.

    Parameters
    ----------
    genes
        Gene symbols, in the order of the columns.
    log2, ranks
        Levels and ranks of the genes, shape (samples, genes).
    ranked
        Number of genes ranked in each sample, shape (samples,).
    scale
        Scale of the data the reference was made from; scored samples must have the same.
    chosen_rows
        For genes with several rows in those data, the rows that were used.
    platform, normalisation
        Of the data; scored samples must have the same. The platform is empty where it is not known.
    background
        Genes of no signature, by which samples of another batch are seen.
    """

    samples: tuple[str, ...]
    genes: tuple[str, ...]
    log2: FloatArray
    ranks: FloatArray
    ranked: FloatArray
    scale: str
    material: Material
    chosen_rows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    platform: str = ""
    normalisation: str = ""
    background: Background = field(default_factory=Background)

    @property
    def reference_id(self) -> str:
        """Return twelve letters that change with any number in the reference, to a millionth of a log2 step."""
        digest = sha256("\x1f".join((*self.samples, "\x1e", *self.genes, self.scale, self.material)).encode())
        for numbers in (self.log2, self.ranks, self.ranked, self.background.middle):
            # the last digits of a logarithm differ between processors
            steps = np.round(numbers * _STEPS_PER_UNIT)
            digest.update(np.ascontiguousarray(steps, dtype="<f8").tobytes())
        return digest.hexdigest()[:12]

    def levels(self, level: str, genes: tuple[str, ...]) -> Levels:
        """Return the levels of these genes in the healthy samples; NaN columns where a gene is absent."""
        place = {gene: i for i, gene in enumerate(self.genes)}
        source = self.ranks if level == "rank" else self.log2
        values = np.full((len(self.samples), len(genes)), np.nan)
        for column, gene in enumerate(genes):
            if gene in place:
                values[:, column] = source[:, place[gene]]
        return Levels(values, self.ranked)


def build_reference(
    log2: FloatArray,
    ranks: Levels,
    *,
    samples: list[str],
    genes: tuple[str, ...],
    expression: Expression,
    background: Background | None = None,
) -> Reference:
    """Return the reference made of these healthy samples.

    Parameters
    ----------
    log2
        log2 levels, shape (samples, genes).
    ranks
        Ranks of the same genes in the same samples.

    Raises
    ------
    InputError
        If there are fewer than three healthy samples.
    """
    if len(samples) < FEWEST_HEALTHY:
        raise InputError(
            "there are too few healthy samples for a reference",
            given=f"{len(samples)} ({listed(samples) or 'none'})",
            allowed=f"{FEWEST_HEALTHY} or more; {FEW_HEALTHY} or more are advised",
            fix="name more healthy samples of the same platform and batch, or give a stored reference",
        )
    order = np.argsort(np.array(samples), kind="stable")
    return Reference(
        samples=tuple(samples[i] for i in order),
        genes=genes,
        log2=np.ascontiguousarray(log2[order]),
        ranks=np.ascontiguousarray(ranks.values[order]),
        ranked=ranks.ranked[order],
        scale=expression.scale,
        material=expression.material,
        chosen_rows=expression.chosen_rows,
        platform=expression.platform,
        normalisation=expression.normalisation,
        background=background or Background(),
    )


def summarize_healthy(levels: Levels, spread_floor: float) -> Healthy:
    """Return mean, median and floored standard deviation of each gene over the healthy samples.

    A gene that was measured in fewer than two healthy samples has no summary (NaN).
    """
    values = np.sort(levels.values, axis=0)
    measured = ~np.isnan(values)
    count = measured.sum(axis=0)
    known = count >= 2
    divisor = np.where(known, count, 2)
    mean = np.where(measured, values, 0.0).sum(axis=0) / divisor
    variance = (np.where(measured, values - mean, 0.0) ** 2).sum(axis=0) / (divisor - 1)
    columns = np.arange(values.shape[1])
    middle = 0.5 * (values[(divisor - 1) // 2, columns] + values[divisor // 2, columns])
    return Healthy(
        mean=np.where(known, mean, np.nan),
        median=np.where(known, middle, np.nan),
        spread=np.where(known, np.maximum(np.sqrt(variance), spread_floor), np.nan),
    )


def describe_reference(reference: Reference, spread_floor: float) -> list[Notice]:
    """Return what a reader must know about the reference: its size, genes without spread, genes not measured."""
    notices = [
        Notice("detected", f"healthy reference {reference.reference_id}: {len(reference.samples)} samples")
    ]
    if len(reference.samples) < FEW_HEALTHY:
        notices.append(
            Notice(
                "caution",
                f"only {len(reference.samples)} healthy samples: the cut-offs are weak (10 or more advised)",
            )
        )
    spread = summarize_healthy(Levels(reference.log2, reference.ranked), 0.0).spread
    flat = [gene for gene, value in zip(reference.genes, spread, strict=True) if value < spread_floor]
    if flat:
        notices.append(
            Notice(
                "changed",
                f"{len(flat)} genes vary by less than {spread_floor:g} log2 in the healthy samples (often a detection "
                f"floor); z uses {spread_floor:g} instead, or it would be far too large: {listed(flat)}",
            )
        )
    return notices


def save_reference(reference: Reference, path: str | Path) -> None:
    """Write the reference as JSON. It holds the healthy samples' levels: treat it as their data."""
    content = {
        "schema_version": SCHEMA_VERSION,
        "reference_id": reference.reference_id,
        "samples": list(reference.samples),
        "genes": list(reference.genes),
        "log2": [_plain(row) for row in reference.log2],
        "ranks": [_plain(row) for row in reference.ranks],
        "ranked": _plain(reference.ranked),
        "scale": reference.scale,
        "material": reference.material,
        "chosen_rows": {gene: list(rows) for gene, rows in reference.chosen_rows.items()},
        "platform": reference.platform,
        "normalisation": reference.normalisation,
        "background": {
            "genes": list(reference.background.genes),
            "middle": _plain(reference.background.middle),
            "shift": reference.background.shift,
            "scatter": reference.background.scatter,
        },
    }
    write_whole(Path(path), json.dumps(content))


def load_reference(path: str | Path) -> Reference:
    """Return a stored reference.

    Raises
    ------
    FileError
        If the file is absent or not JSON.
    TableError
        If it is not a reference of this schema, or its numbers do not give its id.
    """
    file = Path(path)
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FileError(
            "the stored reference cannot be read", given=str(file), fix="make one with --save-reference"
        ) from error
    if not isinstance(content, dict) or content.get("schema_version") != SCHEMA_VERSION:
        raise TableError(
            "the file is not a healthy reference of this version",
            given=str(file),
            allowed=f"JSON with schema_version {SCHEMA_VERSION}",
            fix="make it again with --save-reference",
        )
    try:
        reference = Reference(
            samples=tuple(content["samples"]),
            genes=tuple(content["genes"]),
            log2=_matrix(content["log2"]),
            ranks=_matrix(content["ranks"]),
            ranked=np.array([np.nan if x is None else x for x in content["ranked"]], dtype=float),
            scale=content["scale"],
            material=content["material"],
            chosen_rows={gene: tuple(rows) for gene, rows in content["chosen_rows"].items()},
            platform=content["platform"],
            normalisation=content["normalisation"],
            background=Background(
                genes=tuple(content["background"]["genes"]),
                middle=np.array(content["background"]["middle"], dtype=float),
                shift=float(content["background"]["shift"]),
                scatter=float(content["background"]["scatter"]),
            ),
        )
        matches = reference.reference_id == content["reference_id"]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise TableError(
            "the stored reference is incomplete", given=str(file), fix="make it again with --save-reference"
        ) from error
    if not matches:
        raise TableError(
            "the stored reference was changed after it was made: its numbers do not give its id",
            given=f"{file}, id {content['reference_id']}",
            fix="use the original file",
        )
    return reference


def _plain(row: FloatArray) -> list[float | None]:
    return [None if np.isnan(x) else float(x) for x in row]


def _matrix(rows: list[list[float | None]]) -> FloatArray:
    matrix = np.array([[np.nan if x is None else x for x in row] for row in rows], dtype=float)
    if matrix.ndim != 2:
        raise ValueError("rows of different lengths")
    return matrix

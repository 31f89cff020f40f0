"""The signatures: shipped as tables, or brought by the user as a table."""

from collections.abc import Iterable, Mapping, Sequence
from csv import DictReader
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import cast

from ifntrial.errors import FileError, TableError, require_columns
from ifntrial.signature.genes import GeneTable
from ifntrial.signature.records import Material, Method, Signature

SIGNATURES: tuple[str, ...] = (
    "az_4_gene",
    "ags_6",
    "aybey_ifn_i",
    "aybey_ifn_ii",
    "chiche_m1_2",
    "chiche_m3_4",
    "chiche_m5_12",
    "chiche_modules",
    "ifngs_21_gene",
    "ssc_chemokine_6",
    "genisos_chemokine_2",
    "sweeney_bacterial",
    "sweeney_viral",
)
_DIRECTIONS = {"up": 1, "down": -1}
_NEEDED = ("gene", "direction", "source", "status")


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a signature, a method or a rule comes from.

    Parameters
    ----------
    text
        Authors or group, journal or place, year.
    doi
        Digital object identifier without a prefix; empty where there is none.
    role
        What is taken from it.
    """

    text: str
    doi: str
    role: str


@dataclass(frozen=True, slots=True)
class Library:
    """What scoring may name, by name.

    Parameters
    ----------
    signatures
        In the order in which they are reported.
    methods
        The scoring methods.
    citations
        What they come from, by the id that a signature or a method names as its source.
    genes
        The names of the genes.
    """

    signatures: Mapping[str, Signature]
    methods: Mapping[str, Method]
    citations: Mapping[str, Citation]
    genes: GeneTable


def load_citations() -> dict[str, Citation]:
    """Return what the shipped signatures and methods come from, by id."""
    return {row["id"]: Citation(row["citation"], row["doi"], row["role"]) for row in _read_shipped("sources")}


def load_signatures() -> tuple[Signature, ...]:
    """Return every shipped signature, in the order of :data:`SIGNATURES`."""
    about = {row["name"]: row for row in _read_shipped("signatures")}
    return tuple(_build(about[name]) for name in SIGNATURES)


def load_signature_file(path: str | Path, known: GeneTable) -> Signature:
    """Return the user's own signature from a CSV table with a column ``gene``.

    Optional columns: ``direction`` (up or down; up where absent), ``source``. The name of the file is the name
    of the signature. It is scored by mean z unless a method is named, and is marked as the user's wherever it
    is shown.

    Raises
    ------
    FileError
        If the file is absent or not text.
    TableError
        If a gene is missing or repeated, or a direction is neither up nor down; lists every problem.
    """
    file = Path(path)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(
            "the signature file cannot be read", given=str(file), fix="give a CSV table in UTF-8"
        ) from error
    rows = list(DictReader(text.splitlines()))
    require_columns(list(rows[0]) if rows else [], ["gene"], f"signature table {file.name}")
    filled = [{**dict.fromkeys(_NEEDED, ""), **row} for row in rows]
    for row in filled:
        row["direction"] = (row["direction"] or "up").strip().lower()
    genes = _check_rows(filled, file.name, known)
    return Signature(
        name=file.stem,
        label=f"{file.stem} (your list)",
        genes=genes,
        directions=tuple(_DIRECTIONS[row["direction"]] for row in filled),
        parts=(file.stem,) * len(genes),
        target="as you define it",
        material="rna",
        default_method="mean_z",
        status="user",
        sources=tuple(sorted({row["source"] for row in filled if row["source"]})),
        note="A list of the user's own; not checked against a publication.",
    )


def make_signature(
    name: str, genes: Sequence[str], known: GeneTable, *, method: str = "mean_z", material: Material = "rna"
) -> Signature:
    """Return a signature of the user's own from gene names, all raised by interferon."""
    symbols = tuple(known.symbol_of(gene) for gene in genes)
    return Signature(
        name, f"{name} (your list)", symbols, (1,) * len(symbols), (name,) * len(symbols), "as you define it",
        material, method, "user", (), "A list of the user's own; not checked against a publication.",
    )  # fmt: skip


def catalog_genes(signatures: Iterable[Signature]) -> tuple[str, ...]:
    """Return the genes of the signatures in alphabetical order, once each."""
    return tuple(sorted({gene for signature in signatures for gene in signature.genes}))


def _read_shipped(name: str) -> list[dict[str, str]]:
    text = (files("ifntrial.signature") / "sets" / f"{name}.csv").read_text(encoding="utf-8")
    return list(DictReader(text.splitlines()))


def _build(about: dict[str, str]) -> Signature:
    part_names = about["parts"].split("|") if about["parts"] else [about["name"]]
    rows = [(part, row) for part in part_names for row in _read_shipped(part)]
    statuses = sorted({row["status"] for _, row in rows})
    return Signature(
        name=about["name"],
        label=about["label"],
        genes=tuple(row["gene"] for _, row in rows),
        directions=tuple(_DIRECTIONS[row["direction"]] for _, row in rows),
        parts=tuple(part for part, _ in rows),
        target=about["target"],
        material=cast(Material, about["material"]),
        default_method=about["default_method"],
        status=statuses[-1],
        sources=tuple(dict.fromkeys(source for _, row in rows for source in row["source"].split("|"))),
        note=about["note"],
        is_usual=about["usual"] == "yes",
    )


def _check_rows(rows: list[dict[str, str]], table: str, known: GeneTable) -> tuple[str, ...]:
    genes = [known.symbol_of(row["gene"] or "") for row in rows]
    problems = [f"row {i}: the gene is empty" for i, gene in enumerate(genes, start=2) if not gene]
    problems += [
        f"row {i}: direction '{row['direction']}' is neither up nor down"
        for i, row in enumerate(rows, start=2)
        if row["direction"] not in _DIRECTIONS
    ]
    problems += [
        f"gene '{gene}' is there more than once"
        for gene in sorted({g for g in genes if g and genes.count(g) > 1})
    ]
    if problems:
        raise TableError(f"signature table {table} cannot be used", problems=problems)
    return tuple(genes)

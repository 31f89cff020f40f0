"""Which way round a table is: genes in rows, or samples in rows."""

import pandas as pd

from ifntrial.errors import TableError, UnknownNameError, listed
from ifntrial.signature.genes import GeneTable
from ifntrial.signature.read.roles.identifiers import Recognised, recognise
from ifntrial.signature.read.roles.markers import describe_markers
from ifntrial.signature.read.roles.strange import describe_strange_names
from ifntrial.signature.records import Notice

ORIENTATIONS = ("genes x samples", "samples x genes")
_KINDS = {"symbol": "symbols", "ensembl": "Ensembl ids", "entrez": "Entrez ids", "numbers": "no ids"}


def orient(
    frame: pd.DataFrame, orientation: str | None, genes: GeneTable, *, said_by: str, ids: str | None = None
) -> tuple[pd.DataFrame, Notice]:
    """Return the table as samples x genes, and how that was decided.

    Parameters
    ----------
    orientation
        One of :data:`ORIENTATIONS`, or None to decide by where the known gene names are.
    genes
        The known ones.
    said_by
        Who said it, for the notice.
    ids
        Kind of the gene names as the user says it; None to decide.

    Raises
    ------
    UnknownNameError
        If the orientation is not one of the two.
    TableError
        If no gene of any signature is found, or as many in rows as in columns, or the names are mouse genes.
    """
    if orientation is not None and orientation not in ORIENTATIONS:
        raise UnknownNameError(
            "the orientation is not known",
            given=orientation,
            allowed=listed(ORIENTATIONS),
            fix="use one of the two",
        )
    rows, columns = (recognise([*map(str, side)], genes, ids) for side in (frame.index, frame.columns))
    if rows.count == 0 and columns.count == 0:
        raise _no_genes(frame)
    genes_in_rows, said_by = _choose(orientation, rows, columns, said_by)
    own, other = (rows, columns) if genes_in_rows else (columns, rows)
    chosen = ORIENTATIONS[0] if genes_in_rows else ORIENTATIONS[1]
    if own.count == 0:
        raise TableError(
            "the table is the other way round",
            given=f"{chosen} ({said_by}); {other.count} known genes are on the other side",
            fix=f"say orientation '{ORIENTATIONS[1 if genes_in_rows else 0]}', or let it be detected",
        )
    text = f"{chosen} ({said_by}); {own.count} genes of the signatures recognised by {_KINDS[own.kind]}"
    return (frame.T if genes_in_rows else frame), Notice("detected", text)


def _choose(orientation: str | None, rows: Recognised, columns: Recognised, said_by: str) -> tuple[bool, str]:
    if orientation is not None:
        return orientation == ORIENTATIONS[0], said_by
    if rows.count == columns.count:
        raise TableError(
            "it is not clear which side the genes are on",
            given=f"{rows.count} known genes in rows and as many in columns",
            allowed=listed(ORIENTATIONS),
            fix="say it: --orientation on the command line, orientation= in Python",
        )
    return rows.count > columns.count, "detected"


def _no_genes(frame: pd.DataFrame) -> TableError:
    problems = describe_strange_names([*map(str, frame.index)]) + describe_strange_names(
        [*map(str, frame.columns)]
    )
    problems += describe_markers([*map(str, frame.index), *map(str, frame.columns)])
    return TableError(
        "no gene of any signature is in the table",
        problems=problems,
        given=f"rows {listed(list(frame.index[:3]))} ...; columns {listed(list(frame.columns[:3]))} ...",
        allowed="HGNC symbols (current, previous or alias), Ensembl gene ids or Entrez ids, human",
        fix="map the names to human genes; the first line and first column must hold the names, or --gene-column NAME",
    )

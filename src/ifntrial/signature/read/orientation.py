"""Which way round a table is: genes in rows, or samples in rows."""

import pandas as pd

from ifntrial.errors import TableError, UnknownNameError, listed
from ifntrial.signature.genes import GeneTable, describe_strange_names
from ifntrial.signature.records import Notice

ORIENTATIONS = ("genes x samples", "samples x genes")


def orient(
    frame: pd.DataFrame, orientation: str | None, genes: GeneTable, *, said_by: str
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

    Raises
    ------
    UnknownNameError
        If the orientation is not one of the two.
    TableError
        If no gene of any signature is found, or as many in rows as in columns.
    """
    if orientation is not None and orientation not in ORIENTATIONS:
        raise UnknownNameError(
            "the orientation is not known",
            given=orientation,
            allowed=listed(ORIENTATIONS),
            fix="use one of the two",
        )
    in_rows, in_columns = (genes.count_known(map(str, side)) for side in (frame.index, frame.columns))
    if in_rows == 0 and in_columns == 0:
        raise _no_genes(frame)
    if orientation is None:
        if in_rows == in_columns:
            raise TableError(
                "it is not clear which side the genes are on",
                given=f"{in_rows} known genes in rows and as many in columns",
                allowed=listed(ORIENTATIONS),
                fix="say it: --orientation on the command line, orientation= in Python",
            )
        orientation = ORIENTATIONS[0] if in_rows > in_columns else ORIENTATIONS[1]
        said_by = "detected"
    genes_in_rows = orientation == ORIENTATIONS[0]
    own, other = (in_rows, in_columns) if genes_in_rows else (in_columns, in_rows)
    if own == 0:
        raise TableError(
            "the table is the other way round",
            given=f"{orientation} ({said_by}); {other} known genes are on the other side",
            fix=f"say orientation '{ORIENTATIONS[1 if genes_in_rows else 0]}', or let it be detected",
        )
    text = f"{orientation} ({said_by}); {own} genes of the signatures recognised"
    return (frame.T if genes_in_rows else frame), Notice("detected", text)


def _no_genes(frame: pd.DataFrame) -> TableError:
    problems = describe_strange_names(map(str, frame.index)) + describe_strange_names(map(str, frame.columns))
    return TableError(
        "no gene of any signature is in the table",
        problems=problems,
        given=f"rows {listed(list(frame.index[:3]))} ...; columns {listed(list(frame.columns[:3]))} ...",
        allowed="HGNC symbols (current, previous or alias), Ensembl gene ids or Entrez ids, human",
        fix="map the names to human genes; the first line and first column must hold the names",
    )

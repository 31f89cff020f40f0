"""Read what counting tools write for one sample each: STAR, HTSeq, Salmon, kallisto, RSEM."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO

import pandas as pd

from ifntrial.errors import TableError, listed
from ifntrial.signature.read.raw import RawTable
from ifntrial.signature.records import Notice


@dataclass(frozen=True, slots=True)
class Tool:
    """A counting tool: how its file begins, and the columns of names and counts (by name, or by place without header)."""

    name: str
    begins: tuple[str, ...]
    names: str | int
    counts: str | int
    what: str


TOOLS: tuple[Tool, ...] = (
    Tool("STAR", ("N_unmapped\t",), 0, 1, "reads of genes, unstranded"),
    Tool("Salmon", ("Name\tLength\tEffectiveLength\tTPM\tNumReads",), "Name", "NumReads", "estimated counts"),
    Tool(
        "kallisto",
        ("target_id\tlength\teff_length\test_counts\ttpm",),
        "target_id",
        "est_counts",
        "estimated counts",
    ),
    Tool("RSEM", ("gene_id\ttranscript_id(s)\t",), "gene_id", "expected_count", "estimated counts"),
    Tool(
        "RSEM",
        ("transcript_id\tgene_id\tlength\t",),
        "gene_id",
        "expected_count",
        "estimated counts of isoforms",
    ),
)
HTSEQ = Tool("HTSeq", (), 0, 1, "reads of genes")


def find_tool(start: str) -> Tool | None:
    """Return the tool whose file begins like this, or None."""
    found = next((tool for tool in TOOLS if start.startswith(tool.begins)), None)
    return found or (HTSEQ if _looks_like_htseq(start) else None)


def _looks_like_htseq(start: str) -> bool:
    """Return whether the first lines are a name and a whole number each, without a header."""
    lines = start.splitlines()[:-1][:5]
    cells = [line.split("\t") for line in lines]
    return len(lines) >= 3 and all(
        len(row) == 2 and row[1].strip().isdigit() and row[0].strip() for row in cells
    )


def read_quantified(samples: Sequence[tuple[str, str]]) -> RawTable:
    """Return counts of all samples, genes (or transcripts) x samples.

    Parameters
    ----------
    samples
        Name and text of each file; all of one tool.

    Raises
    ------
    TableError
        If files are of different tools or hold different names.
    """
    tools = [find_tool(text[:400]) for _, text in samples]
    first = tools[0]
    if first is None or len({tool.name for tool in tools if tool is not None}) > 1 or None in tools:
        raise TableError(
            "the files are not all of one counting tool",
            given=listed(
                f"{name}: {'unknown' if tool is None else tool.name}"
                for (name, _), tool in zip(samples, tools, strict=True)
            ),
            fix="give the files of one tool",
        )
    columns = {name: _counts(text, first) for name, text in samples}
    names = next(iter(columns.values())).index
    other = [
        name for name, own in columns.items() if not own.index.equals(names) and set(own.index) != set(names)
    ]
    if other:
        raise TableError(
            "the files hold different genes or transcripts",
            given=f"{next(iter(columns))} and {listed(other)}",
            fix="count all samples with the same annotation",
        )
    frame = pd.DataFrame({name: own.groupby(level=0, sort=False).sum() for name, own in columns.items()})
    notice = Notice("detected", f"{first.name}, {first.what}, {len(columns)} samples, {len(frame)} rows")
    return RawTable(frame, None, "genes x samples", "counts", (notice,))


def _counts(text: str, tool: Tool) -> pd.Series:
    has_header = isinstance(tool.names, str)
    try:
        table = pd.read_csv(StringIO(text), sep="\t", header=0 if has_header else None, comment=None)
        names, counts = table[tool.names].astype(str).str.strip(), pd.to_numeric(table[tool.counts])
    except (KeyError, ValueError, pd.errors.ParserError) as error:
        raise TableError(
            f"the file is not a whole table of {tool.name}", given=str(error), fix="copy it again"
        ) from error
    return pd.Series(counts.to_numpy(dtype=float), index=pd.Index(names))

"""The formats of files: their names, the endings they go by, how their content begins, and what reads them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ifntrial.errors import InputError, listed, resolve_name
from ifntrial.signature.genes import GeneTable
from ifntrial.signature.read.anndata_file import read_h5ad
from ifntrial.signature.read.delimited import read_delimited
from ifntrial.signature.read.geo import read_series_matrix, read_soft
from ifntrial.signature.read.options import ReadOptions
from ifntrial.signature.read.parquet import read_parquet
from ifntrial.signature.read.raw import RawTable
from ifntrial.signature.read.text import read_start


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: its name, the endings it goes by, how to read it, and what its first line begins with."""

    name: str
    endings: tuple[str, ...]
    read: Callable[[Path, ReadOptions, GeneTable], RawTable]
    begins: tuple[str, ...] = ()


FORMATS: tuple[Format, ...] = (
    Format("series_matrix", ("_series_matrix.txt.gz", "_series_matrix.txt"), lambda path, *_: read_series_matrix(path),
           ("!Series_", "!Sample_")),
    Format("soft", (".soft", ".soft.gz"), lambda path, *_: read_soft(path),
           ("^DATABASE", "^SERIES", "^SAMPLE", "^PLATFORM")),
    Format("h5ad", (".h5ad",), lambda path, options, genes: read_h5ad(path, options.layer, genes)),
    Format("parquet", (".parquet", ".pq"), lambda path, *_: read_parquet(path)),
    Format("csv", (".csv", ".csv.gz"), lambda path, *_: read_delimited(path)),
    Format("tsv", (".tsv", ".tsv.gz", ".txt", ".txt.gz", ".tab"), lambda path, *_: read_delimited(path)),
)  # fmt: skip
_TEXT = ("csv", "tsv")


def find_format(path: Path, name: str | None) -> Format:
    """Return the format of a file by name, by how its text begins, or by its ending.

    Raises
    ------
    InputError
        If neither is known.
    """
    if name is not None:
        return resolve_name(name, {item.name: item for item in FORMATS}, "file format")
    lower = path.name.lower()
    by_ending = next((item for item in FORMATS if lower.endswith(item.endings)), None)
    if by_ending is None or by_ending.name in _TEXT:
        start = read_start(path)
        by_content = next((item for item in FORMATS if item.begins and start.startswith(item.begins)), None)
        if by_content is not None:
            return by_content
    if by_ending is not None:
        return by_ending
    raise InputError(
        "the file's ending is not known",
        given=path.name,
        allowed=listed(ending for item in FORMATS for ending in item.endings),
        fix="rename it, save it as CSV, or say the format",
    )

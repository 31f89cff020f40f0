"""The formats of files: their names, the endings they go by, how their content begins, and what reads them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ifntrial.errors import InputError, listed, resolve_name
from ifntrial.signature.formats.cellranger import find_matrix, read_cell_ranger
from ifntrial.signature.formats.folder import read_archive, read_folder, read_quantified_file, read_rcc_file
from ifntrial.signature.formats.gct import read_gct
from ifntrial.signature.formats.olink import is_olink, read_olink
from ifntrial.signature.formats.quantified import find_tool
from ifntrial.signature.formats.workbook import read_workbook
from ifntrial.signature.genes import GeneTable
from ifntrial.signature.read.anndata_file import read_h5ad
from ifntrial.signature.read.delimited import read_delimited
from ifntrial.signature.read.geo import read_series_matrix, read_soft
from ifntrial.signature.read.options import ReadOptions
from ifntrial.signature.read.parquet import read_parquet
from ifntrial.signature.read.pieces.table import read_in_pieces
from ifntrial.signature.read.raw import RawTable
from ifntrial.signature.read.text import read_start


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: its name, the endings it goes by, how to read it, and what its first line begins with."""

    name: str
    endings: tuple[str, ...]
    read: Callable[[Path, ReadOptions, GeneTable], RawTable]
    begins: tuple[str, ...] = ()


def _read_text(path: Path, options: ReadOptions, genes: GeneTable) -> RawTable:
    in_pieces = read_in_pieces(path, options, genes)
    return read_delimited(path) if in_pieces is None else in_pieces


FORMATS: tuple[Format, ...] = (
    Format("series_matrix", ("_series_matrix.txt.gz", "_series_matrix.txt"), lambda path, *_: read_series_matrix(path),
           ("!Series_", "!Sample_")),
    Format("soft", (".soft", ".soft.gz"), lambda path, *_: read_soft(path),
           ("^DATABASE", "^SERIES", "^SAMPLE", "^PLATFORM")),
    Format("h5ad", (".h5ad",), lambda path, options, genes: read_h5ad(path, options, genes)),
    Format("parquet", (".parquet", ".pq"), lambda path, *_: read_parquet(path)),
    Format("xlsx", (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"),
           lambda path, options, _: read_workbook(path, options.sheet)),
    Format("gct", (".gct", ".gct.gz"), lambda path, *_: read_gct(path), ("#1.2", "#1.3")),
    Format("rcc", (".rcc", ".rcc.gz"), lambda path, *_: read_rcc_file(path), ("<Header>",)),
    Format("zip", (".zip",), lambda path, *_: read_archive(path)),
    Format("olink", (), lambda path, *_: read_olink(path)),
    Format("quantified", (".sf", ".sf.gz", ".results", ".results.gz"), lambda path, *_: read_quantified_file(path)),
    Format("csv", (".csv", ".csv.gz"), _read_text),
    Format("tsv", (".tsv", ".tsv.gz", ".txt", ".txt.gz", ".tab"), _read_text),
)  # fmt: skip
_TEXT = ("csv", "tsv")
_FOLDER = Format("folder", (), lambda path, *_: read_folder(path))
_CELLS = Format("cell_ranger", (), read_cell_ranger)


def find_format(path: Path, name: str | None) -> Format:
    """Return the format of a file by name, by how its text begins, or by its ending; that of a folder by itself.

    Raises
    ------
    InputError
        If neither is known.
    """
    if path.is_dir():
        return _FOLDER if find_matrix(path) is None else _CELLS
    by_name = {item.name: item for item in FORMATS}
    if name is not None:
        return resolve_name(name, by_name, "file format")
    lower = path.name.lower()
    by_ending = next((item for item in FORMATS if lower.endswith(item.endings)), None)
    if by_ending is None or by_ending.name in _TEXT:
        start = read_start(path)
        by_content = next((item for item in FORMATS if item.begins and start.startswith(item.begins)), None)
        if by_content is not None:
            return by_content
        if is_olink(start):
            return by_name["olink"]
        if find_tool(start) is not None:
            return by_name["quantified"]
    if by_ending is not None:
        return by_ending
    raise InputError(
        "the file's ending is not known",
        given=path.name,
        allowed=listed(ending for item in FORMATS for ending in item.endings),
        fix="rename it, save it as CSV, or say the format",
    )

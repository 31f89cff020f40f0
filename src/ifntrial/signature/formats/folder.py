"""Read many files of one sample each, from a folder, a zip archive or alone."""

import re
import zipfile
from dataclasses import replace
from pathlib import Path, PurePosixPath

from ifntrial.errors import FileError, listed
from ifntrial.signature.formats.quantified import find_tool, read_quantified
from ifntrial.signature.formats.rcc import join_lanes, parse_rcc
from ifntrial.signature.read.raw import RawTable
from ifntrial.signature.read.text import decode, largest_text, read_start, read_text
from ifntrial.signature.records import Notice

MOST_FILES = 20_000
_ABOUT = re.compile(
    r"readme|md5|sha\d*|checksum|summary|multiqc|metadata|samples|info|healthy|^hc|group|design|phenotype|\.log|^log|"
    r"^(transcripts|tx2gene|map)\b",
    re.IGNORECASE,
)
"""Names of files that stand beside those of samples."""
_GENERIC = ("quant", "quant.genes", "abundance", "ReadsPerGene.out", "counts", "rsem")
_ENDINGS = (".gz", ".txt", ".tsv", ".tab", ".sf", ".results", ".counts", ".out", ".genes", ".isoforms")


def read_rcc_file(path: Path) -> RawTable:
    """Return the lane of one RCC file."""
    return join_lanes([parse_rcc(read_text(path), path.name)])


def read_quantified_file(path: Path) -> RawTable:
    """Return the counts of one file of a counting tool."""
    return read_quantified([(name_sample(path), read_text(path))])


def read_folder(path: Path) -> RawTable:
    """Return the table of all files of a folder, and of folders inside, that hold one sample each.

    Raises
    ------
    FileError
        If the folder holds no such files.
    """
    files = sorted(file for file in path.rglob("*") if file.is_file() and not file.name.startswith("."))
    if len(files) > MOST_FILES:
        raise FileError(
            "the folder holds too many files",
            given=f"{path}, {len(files):,}",
            allowed=f"up to {MOST_FILES:,}",
            fix="give the folder of one series",
        )
    lanes = [file for file in files if read_start(file).startswith("<Header>")]
    if lanes:
        notices = _check_others(path, files, lanes)
        raw = join_lanes([parse_rcc(read_text(file), file.name) for file in lanes])
        return replace(raw, notices=(*raw.notices, *notices))
    counted = [file for file in files if find_tool(read_start(file)) is not None]
    if not counted:
        raise FileError(
            "the path is not a file, and the folder holds no files of single samples",
            given=f"{path}, {len(files)} files",
            allowed="RCC files, or those of STAR, HTSeq, Salmon, kallisto or RSEM",
            fix="give the file itself",
        )
    _check_one_each(path, counted)
    _check_folders(path, counted)
    names = [name_sample(file) for file in counted]
    if len(set(names)) < len(names):
        names = [str(file.relative_to(path)) for file in counted]
    notices = _check_others(path, files, counted)
    raw = read_quantified([(name, read_text(file)) for name, file in zip(names, counted, strict=True)])
    return replace(raw, notices=(*raw.notices, *notices))


def _check_one_each(folder: Path, counted: list[Path]) -> None:
    """Raise where a sample has several files: genes and isoforms, or a file and its packed copy."""
    by_sample: dict[tuple[Path, str], list[Path]] = {}
    for file in counted:
        by_sample.setdefault((file.parent, name_sample(file)), []).append(file)
    several = {key: files for key, files in by_sample.items() if len(files) > 1}
    if several:
        raise FileError(
            "a sample has several files, and would be there several times",
            problems=[
                f"{name}: {listed(str(file.relative_to(folder)) for file in files)}"
                for (_, name), files in list(several.items())[:10]
            ],
            given=f"{len(several)} such samples",
            allowed="one file for each sample: genes where there are genes and isoforms",
            fix="move the other files out of the folder",
        )


def _check_folders(folder: Path, counted: list[Path]) -> None:
    """Raise where a folder stands among those of samples and has no file of counts: the sample would be missing.

    Such a folder is empty, or holds what the folders of samples hold beside their counts.
    """
    own = {file.parent for file in counted if name_sample(file) == file.parent.name} - {folder}
    beside = {each.name for parent in own for each in parent.iterdir()}
    above = {parent for file in counted for parent in file.parents}
    lost = []
    for parent in sorted({each.parent for each in own}):
        for sibling in sorted(each for each in parent.iterdir() if each.is_dir() and each not in above):
            inside = {each.name for each in sibling.iterdir()}
            if not sibling.name.startswith(".") and (not inside or inside & beside):
                lost.append(sibling)
    if lost:
        raise FileError(
            "folders stand among those of samples and have no file of counts, such as quant.sf or abundance.tsv",
            problems=[str(each.relative_to(folder)) for each in lost[:10]],
            given=f"{len(lost)} beside {len(own)} that are read",
            fix="run the tool again for these samples, or move what is no sample out of the folder",
        )


def _check_others(folder: Path, files: list[Path], read: list[Path]) -> list[Notice]:
    """Return what is to be said of files that are not read.

    Raises
    ------
    FileError
        If files are named as those that are read, so that samples would be missing.
    """
    own = set(read)
    others = [file for file in files if file not in own]
    endings = {_ending(file) for file in read}
    lost = [file for file in others if _ending(file) in endings and not _ABOUT.search(file.name)]
    if lost:
        raise FileError(
            "files are named as those of samples, and are not whole files of their kind",
            problems=[f"{file.relative_to(folder)}: {file.stat().st_size:,} bytes" for file in lost[:10]],
            given=f"{len(lost)} beside {len(read)} that are read",
            fix="copy them again, or move what is no sample out of the folder",
        )
    names = listed(str(file.relative_to(folder)) for file in others)
    return [Notice("caution", f"files of the folder that are not read: {names}")] if others else []


def _ending(file: Path) -> str:
    """Return what comes after the name of the sample: the whole name where the tool gives all files the same."""
    name = file.name.lower()
    stem = name_sample(file).lower()
    return name.removeprefix(stem) if name.startswith(stem) else name


def read_archive(path: Path) -> RawTable:
    """Return the table of the RCC files in a zip archive.

    Raises
    ------
    FileError
        If it is damaged, too large when unpacked, or holds none.
    """
    limit = largest_text()
    try:
        with zipfile.ZipFile(path) as archive:
            members = [each for each in archive.infolist() if each.filename.lower().endswith(".rcc")]
            members = [each for each in members if not PurePosixPath(each.filename).name.startswith(".")]
            if sum(each.file_size for each in members) > limit:
                raise FileError(
                    "the archive is too large when unpacked", given=str(path), fix="unpack it yourself"
                )
            texts = [
                (PurePosixPath(each.filename).name, decode(archive.open(each).read(limit), each.filename))
                for each in sorted(members, key=lambda each: each.filename)
            ]
    except (zipfile.BadZipFile, OSError, RuntimeError) as error:
        raise FileError("the archive is damaged or locked", given=str(path), fix="copy it again") from error
    if not texts:
        raise FileError(
            "the archive holds no RCC files", given=str(path), fix="unpack it and give the table or folder"
        )
    return join_lanes([parse_rcc(text, name) for name, text in texts])


def name_sample(file: Path) -> str:
    """Return the sample of a file: its name without endings, or its folder's where the tool gives all the same name.

    Examples
    --------
    >>> [name_sample(Path(x)) for x in ("run/S1/quant.sf", "S2.ReadsPerGene.out.tab", "S3.genes.results")]
    ['S1', 'S2', 'S3']
    """
    name = file.name
    while name.lower().endswith(_ENDINGS):
        name = name[: name.rindex(".")]
    for generic in _GENERIC:
        if name == generic or name == generic.split(".")[0]:
            return file.parent.name or name
    return name.removesuffix(".ReadsPerGene").removesuffix("ReadsPerGene").rstrip("._-") or file.parent.name

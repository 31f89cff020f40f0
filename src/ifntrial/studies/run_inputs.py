"""The files that a run has read: a record of each, and where it is now."""

import os
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path

from ifntrial.errors import RunError


@dataclass(frozen=True, slots=True)
class InputRecord:
    """A file, or a folder of tables, that a run has read.

    Parameters
    ----------
    parameter
        Name of the command's parameter.
    given
        The value as it was given.
    absolute, from_run
        Where the file was; and where seen from the run's folder, None if there is no such path.
    sha256
        Of its content.
    """

    parameter: str
    given: str
    absolute: str
    from_run: str | None
    sha256: str


def seen_from(folder: Path, absolute: str) -> str | None:
    """Return the path of a file as seen from a folder; None where there is none, as on another drive."""
    try:
        return os.path.relpath(absolute, os.path.abspath(folder))
    except ValueError:
        return None


def is_there(path: Path) -> bool:
    """Return whether there is a file, or a folder of tables."""
    return path.is_file() or path.is_dir()


def sha256_of(path: Path) -> str:
    """Return the hash of a file's content; of a folder, of the names and contents of its tables."""
    if path.is_dir():
        tables = sorted(path.glob("*.csv"))
        return sha256("".join(f"{each.name} {sha256_of(each)}\n" for each in tables).encode()).hexdigest()
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def find_inputs(records: tuple[InputRecord, ...], folder: Path) -> dict[tuple[str, str], Path]:
    """Return where each recorded file is now, by parameter and value.

    A file is looked for where it was, then at the same place beside the run's folder, then at the path as given.

    Raises
    ------
    RunError
        Naming every file that is gone or has changed.
    """
    found, problems = {}, []
    for record in records:
        places = [Path(record.absolute)]
        if record.from_run is not None:
            places.append(folder / record.from_run)
        places.append(Path(record.given))
        present = [place for place in places if is_there(place)]
        same = [place for place in present if sha256_of(place) == record.sha256]
        if same:
            found[record.parameter, record.given] = same[0]
        elif present:
            problems.append(f"{present[0]} has changed since the run read it")
        else:
            tried = dict.fromkeys(os.path.abspath(place) for place in places)
            problems.append(f"{record.given} is no longer there; looked for at {', '.join(tried)}")
    if problems:
        raise RunError(
            "the run cannot be repeated, for it read other files",
            given=str(folder),
            problems=problems,
            fix="put each file back as it was, or give the command of the run again for a run of the files of today",
        )
    return found

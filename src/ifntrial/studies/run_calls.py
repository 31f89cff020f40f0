"""The command that began a run, noted in its folder: whoever finds the folder can go on with it."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from ifntrial.errors import FileError, RunError
from ifntrial.files import write_whole
from ifntrial.studies.json_records import validated
from ifntrial.studies.run_inputs import InputRecord
from ifntrial.studies.run_notes import NOTES

_NAME = "call.json"


@dataclass(frozen=True, slots=True)
class RunCall:
    """What was called.

    Parameters
    ----------
    kind
        Name of the command, such as ``design compare``.
    command, arguments
        The command for a shell, and its words after the program's name.
    inputs
        Files that it reads.
    """

    kind: str
    command: str
    arguments: tuple[str, ...]
    inputs: tuple[InputRecord, ...]


def note_call(folder: Path, call: RunCall) -> None:
    """Note what was called.

    Raises
    ------
    FileError
        If it cannot be written.
    """
    path = folder / NOTES / _NAME
    try:
        path.parent.mkdir(exist_ok=True)
    except OSError as error:
        raise FileError(
            f"nothing can be written into folder {folder}: {error.strerror}", fix="choose another place"
        ) from error
    write_whole(path, json.dumps(asdict(call), indent=1) + "\n")


def read_call(folder: Path) -> RunCall:
    """Return what was called.

    Raises
    ------
    FileError
        If the folder holds no run, or the note is damaged.
    RunError
        If the run was begun where no command does the same.
    """
    path = folder / NOTES / _NAME
    fix = "give the command that began the run again, with the same --out"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if (folder / "plan.json").exists():
            raise RunError(
                "the run does not say which command began it",
                given=f"{folder} without {NOTES}/{_NAME}",
                allowed="a run that a command of this version began, or a verb of Python that a command can say",
                fix=fix,
            ) from None
        raise FileError(
            f"{folder} is not the folder of a run",
            given="no plan.json in it",
            fix="give the folder that a command such as forecast was given with --out",
        ) from None
    except (OSError, ValueError) as error:
        raise FileError(f"{path} cannot be read: {error}", fix=fix) from error
    return validated(RunCall, content, str(path), fix)

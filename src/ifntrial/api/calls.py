"""A call of a verb as the command that does the same: its words, the files it reads, what it chose; and its run."""

import os
import shlex
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ifntrial.api import defaults
from ifntrial.api.checks import require_range
from ifntrial.api.progress import default_workers, progress_reporter
from ifntrial.api.runs import OwnFolder, Run, in_folder
from ifntrial.catalog import Catalog, shipped
from ifntrial.errors import InputError
from ifntrial.solver import Progress
from ifntrial.studies.run_inputs import InputRecord, sha256_of

PROGRAM = "ifntrial"
_CHANGES_NO_NUMBER = {"--out", "--workers", "--outcomes"}
# what is in a catalogue of one's own is said of every run
_ON_EVERY_PAGE = {"--seed", "--worlds", "--subjects", "--catalog"}
_LABELS = {"--without": "Left out"}


@dataclass(frozen=True, slots=True)
class Given:
    """An argument or option of a command, as a verb was given it.

    Parameters
    ----------
    parameter, flag
        Name of the command's parameter, and of its option; no flag for an argument.
    value
        One, or several in a tuple; None: not given.
    default
        What the command takes where nothing is given.
    files
        Those that the value names.
    is_sayable
        Whether a command can be given it: an object of Python it cannot.
    """

    parameter: str
    flag: str
    value: object
    default: object = None
    files: tuple[Path, ...] = ()
    is_sayable: bool = True

    @property
    def is_chosen(self) -> bool:
        """Whether it is another than the default."""
        return self.value is not None and self.value not in (self.default, ())

    @property
    def texts(self) -> tuple[str, ...]:
        """The value, or each of several, as a command is given it."""
        values = self.value if isinstance(self.value, tuple) else (self.value,)
        return tuple(text_of(each) for each in values)

    @property
    def words(self) -> tuple[str, ...]:
        """The words of a command that give it."""
        if not self.is_chosen:
            return ()
        if self.value is True:
            return (self.flag,)
        return tuple(word for text in self.texts for word in ((self.flag, text) if self.flag else (text,)))


def given_file(parameter: str, flag: str, path: str | Path | None) -> Given:
    """Return an option that names a file."""
    return Given(
        parameter, flag, None if path is None else str(path), files=() if path is None else (Path(path),)
    )


def given_files(parameter: str, flag: str, paths: Sequence[str | Path]) -> Given:
    """Return an option that names several files."""
    return Given(parameter, flag, tuple(map(str, paths)), files=tuple(map(Path, paths)))


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a verb.

    Parameters
    ----------
    verb
        Its name, such as ``compare``.
    kind
        Name of the command that does the same, such as ``design compare``.
    given
        Arguments first, then the options in the order of the command's help.
    """

    verb: str
    kind: str
    given: tuple[Given, ...]

    @property
    def words(self) -> tuple[str, ...] | None:
        """The words of the command after the program's name; None where no command does the same."""
        if not all(each.is_sayable for each in self.given):
            return None
        return (*self.kind.split(), *(word for each in self.given for word in each.words))

    @property
    def text(self) -> str:
        """The command for a shell, or else the call in Python."""
        words = self.words
        return (
            f"{PROGRAM}.{self.verb}({self._arguments()})" if words is None else shlex.join([PROGRAM, *words])
        )

    def _arguments(self) -> str:
        parts = []
        for each in self.given:
            if each.is_chosen:
                texts = ", ".join(each.texts)
                parts.append(f"{each.flag[2:].replace('-', '_')}={texts}" if each.flag else texts)
        return ", ".join(parts)

    @property
    def chosen(self) -> dict[str, str]:
        """Every option that changes numbers and is not the default, as label and text for a reader."""
        hidden = _CHANGES_NO_NUMBER | _ON_EVERY_PAGE
        return {
            _LABELS.get(each.flag, each.flag[2:].replace("-", " ").capitalize()): "yes"
            if each.value is True
            else ", ".join(each.texts)
            for each in self.given
            if each.flag and each.is_chosen and each.flag not in hidden
        }

    @property
    def inputs(self) -> tuple[InputRecord, ...]:
        """A record of every file that is named and there; of one that is absent the verb itself tells."""
        return tuple(
            InputRecord(each.parameter, str(file), os.path.abspath(file), None, sha256_of(file))
            for each in self.given
            for file in each.files
            if file.is_file()
        )


def given_run(seed: int, workers: int | None, out: str | Path | None) -> tuple[Given, ...]:
    """Return what every command that computes is given."""
    return (
        Given("seed", "--seed", seed, defaults.SEED),
        Given("workers", "--workers", workers),
        Given("out", "--out", None if out is None else str(out)),
    )


def given_catalog(catalog: Catalog | None) -> Given:
    """Return the catalogue of a call; one that was made in Python no command can be given."""
    is_own = catalog is not None and catalog is not shipped()
    return Given("catalog", "--catalog", "Catalog" if is_own else None, is_sayable=not is_own)


def begin(
    call: Call, catalog: Catalog, *, seed: int, out: str | Path | None, needs_folder: bool = True
) -> Run:
    """Return the run of a call; its folder is made.

    Parameters
    ----------
    needs_folder
        Whether the study writes while it works, so that without ``out`` it gets a folder of its own.

    Raises
    ------
    InputError
        If the seed is out of range.
    FileError
        If the folder cannot be made or written.
    RunError
        If it holds a run of another kind.
    """
    require_range("--seed", require_whole("--seed", seed), 0, defaults.MOST_SEED)
    own = OwnFolder() if out is None and needs_folder else None
    run = Run(
        words=call.words,
        command=call.text,
        kind=call.kind,
        chosen=call.chosen,
        seed=seed,
        inputs=call.inputs,
        folder=None if own is None else own.path,
        json_path=None,
        start=time.monotonic(),
        is_again=own is not None,
        catalog=catalog,
        own_folder=own,
    )
    return run if out is None else in_folder(run, Path(out))


def require_whole(name: str, value: object) -> int:
    """Return a whole number.

    Raises
    ------
    InputError
        If it is something else.
    """
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise InputError(
            f"{name} is not a whole number", given=repr(value), allowed="such as 200", fix="round it"
        )
    return int(value.__index__())


def processors(workers: int | None) -> int:
    """Return how many processors are used.

    Raises
    ------
    InputError
        If the number is out of range.
    """
    if workers is None:
        return default_workers()
    require_range("--workers", require_whole("--workers", workers), 1, defaults.MOST_WORKERS)
    return workers


def reporter(progress: bool, noun: str = "worlds") -> Progress:
    """Return what progress is told to: nobody, or the reader."""
    return progress_reporter(noun) if progress else lambda done, total: None


def text_of(value: object) -> str:
    """Return a value as a command is given it."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)

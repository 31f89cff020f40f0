"""What packages of others, or a call in Python, add to what comes with the package; a name twice is an error."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Protocol, TypeVar

from ifntrial.catalog.readings import AnyAnalysis
from ifntrial.clinic.endpoints.record import Endpoint
from ifntrial.design.design import TrialDesign
from ifntrial.errors import InputError, UnitError
from ifntrial.evidence.check import check_evidence
from ifntrial.evidence.load import load_rows
from ifntrial.evidence.records import Evidence
from ifntrial.model.drugs import Drug
from ifntrial.model.parts import Mechanism
from ifntrial.signature import Citation, Method, Signature
from ifntrial.units import convert

GROUP = "ifntrial.extensions"
"""The entry points of packages: each names an ``Extension``, or a function without arguments that returns one."""


class _Named(Protocol):
    @property
    def name(self) -> str: ...


_Thing = TypeVar("_Thing", bound=_Named)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """What is added to a catalogue.

    Parameters
    ----------
    drugs
        Each of a structure of the package, or of its own; its rows are called ``<name>.<parameter>``.
    mechanisms
        What happens in the body whatever the drug, after those of the package.
    endpoints, analyses
        What a design may plan.
    signatures, methods, citations
        What a sample may be scored with, and where these come from, by id.
    designs
        Those that can be named, and extended.
    design_folder
        A folder of YAML files with more of them, which may name what else is added.
    evidence
        A folder of tables as the package's own, of which any may be absent; a row whose name is not new takes the place
        of the package's.
    """

    drugs: tuple[Drug, ...] = ()
    mechanisms: tuple[Mechanism, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    analyses: tuple[AnyAnalysis, ...] = ()
    signatures: tuple[Signature, ...] = ()
    methods: tuple[Method, ...] = ()
    citations: Mapping[str, Citation] = field(default_factory=dict)
    designs: tuple[TrialDesign, ...] = ()
    design_folder: Path | None = None
    evidence: Path | None = None


Owners = defaultdict[tuple[str, str], str]
"""Kind and name of a thing to who brought it."""


def owned_by(name: str) -> Owners:
    """Return who brought what is there, where one did all of it."""
    return defaultdict(lambda: name)


class Adder:
    """Joins what is there with what is added, and keeps every name that is there twice.

    Parameters
    ----------
    by
        Who adds, for errors.
    owners
        Who brought what is there, which what is added joins.
    """

    def __init__(self, by: str, owners: Owners) -> None:
        self.by = by
        self.owners = owners
        self.clashes: list[str] = []

    def to(self, kind: str, there: Mapping[str, _Thing], added: Iterable[_Thing]) -> dict[str, _Thing]:
        """Return things by name."""
        found = dict(there)
        for each in added:
            self._note(kind, each.name, each.name in found)
            found.setdefault(each.name, each)
        return found

    def join(
        self, kind: str, there: Mapping[str, Citation], added: Mapping[str, Citation]
    ) -> dict[str, Citation]:
        """Return citations by id."""
        for id in added:
            self._note(kind, id, id in there)
        return {**added, **there}

    def _note(self, kind: str, name: str, is_there: bool) -> None:
        if is_there:
            owner = self.owners[kind, name]
            self.clashes.append(f"{kind} '{name}': one of {owner}, and one of {self.by}")
        else:
            self.owners[kind, name] = self.by

    def require_no_clash(self) -> None:
        """Raise ``InputError`` if a name is there twice."""
        if self.clashes:
            raise InputError(
                f"what {self.by} adds is there already",
                problems=self.clashes,
                allowed="names of its own; only rows of evidence take the place of others",
                fix="rename it, or remove one of the two packages",
            )


def with_rows(evidence: Evidence, folder: Path) -> Evidence:
    """Return evidence with the rows of a folder added, or in the place of those of the same name.

    Raises
    ------
    FileError
        If the folder holds no table, or one cannot be read.
    EvidenceError
        If columns are absent or numbers malformed.
    InputError
        If rows contradict one another or the rest; lists every problem that was not there before.
    """
    rows = load_rows(folder)
    found, before = evidence.with_rows(rows), set(check_evidence(evidence))
    problems = [each for each in check_evidence(found) if each not in before]
    problems += [
        f"parameter '{row.name}' is in {row.unit}, which cannot be made {there.unit}"
        for row in rows.parameters
        if (there := evidence.first_parameter([row.name])) is not None and not _can_be(row.unit, there.unit)
    ]
    if problems:
        raise InputError(
            f"the evidence in {folder} cannot be used",
            problems=problems,
            allowed="rows as those of the package's tables, their sources among them",
            fix="correct these rows; docs/evidence.md says what every column holds",
        )
    return found


def _can_be(unit: str, other: str) -> bool:
    try:
        convert(1.0, unit, other)
    except UnitError:
        return False
    return True


def installed() -> Iterator[tuple[str, EntryPoint]]:
    """Yield what packages of others add: who, in words, and the entry point, in the order of the packages' names."""
    found = []
    for point in entry_points(group=GROUP):
        owner = point.dist
        found.append(("a package" if owner is None else f"{owner.name} {owner.version}", point))
    yield from sorted(found, key=lambda each: (each[0], each[1].name))


def loaded(by: str, point: EntryPoint) -> Extension:
    """Return what an entry point names.

    Raises
    ------
    InputError
        If it cannot be loaded, or is no ``Extension``.
    """
    try:
        made = point.load()
        found = made() if callable(made) else made
    # whatever the code of others raises must not end in a traceback of every command
    except Exception as error:
        raise InputError(
            f"the extension '{point.name}' of {by} cannot be loaded",
            given=f"{point.value}: {type(error).__name__}: {error}",
            fix=f"repair or remove the package: pip uninstall {by.split()[0]}",
        ) from error
    if not isinstance(found, Extension):
        raise InputError(
            f"the extension '{point.name}' of {by} is none",
            given=f"{point.value}, a {type(found).__name__}",
            allowed="an ifntrial.Extension, or a function that returns one",
            fix=f"repair or remove the package: pip uninstall {by.split()[0]}",
        )
    return found

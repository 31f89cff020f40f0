"""The record of a finished run, ``manifest.json``: what was asked, what was read and written, what made it."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from ifntrial.errors import FileError, RunError
from ifntrial.files import write_whole
from ifntrial.studies.run_facts import RunFacts, platform_facts
from ifntrial.studies.run_inputs import InputRecord, seen_from, sha256_of

NAME = "manifest.json"
SCHEMA_VERSION = 2
PAGE = "report.html"

_GIVE_AGAIN = "give the command of the run again with the same --out; worlds that are done are kept"
_GIVE_ANEW = "give the command of the run again with another --out, for a run of this version"


@dataclass(frozen=True, slots=True)
class ResultFile:
    """A file of results: its path below the run's folder, with forward slashes, and the hash of its content."""

    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a run folder says of itself.

    Parameters
    ----------
    kind
        Name of the command, such as ``design compare``.
    command, arguments
        The command for a shell, and its words after the program's name; where no command does the same, the call in
        Python, and None.
    inputs, results
        Files that were read, and files that were written.
    catalog
        Fingerprint of what the program knew, beside its frozen files; None in a manifest that did not hold it.
    chosen
        Options that are not the default, and what of the catalogue does not come with the package, as on every page.
    """

    schema_version: int
    kind: str
    command: str
    arguments: tuple[str, ...] | None
    version: str
    model_version: int
    evidence_hash: str | None
    lock_hash: str
    seed: int | None
    date: str
    seconds: float
    platform: dict[str, str]
    inputs: tuple[InputRecord, ...]
    results: tuple[ResultFile, ...]
    catalog: str | None = None
    chosen: dict[str, str] = field(default_factory=dict)


def save_manifest(
    folder: Path,
    facts: RunFacts,
    catalog: str | None,
    arguments: tuple[str, ...] | None,
    inputs: Iterable[InputRecord],
    files: Iterable[Path],
) -> None:
    """Write the manifest of a run whose files are all there.

    Parameters
    ----------
    catalog
        Fingerprint of what the run worked with.
    arguments
        Words of the command; None where none does the same.
    """
    manifest = Manifest(
        schema_version=SCHEMA_VERSION,
        kind=facts.kind,
        command=facts.command,
        arguments=arguments,
        version=facts.version,
        model_version=facts.model_version,
        evidence_hash=facts.evidence_hash,
        lock_hash=facts.lock_hash,
        seed=facts.seed,
        date=facts.date,
        seconds=facts.seconds,
        platform=platform_facts(),
        inputs=tuple(replace(each, from_run=seen_from(folder, each.absolute)) for each in inputs),
        results=tuple(
            ResultFile(path.relative_to(folder).as_posix(), sha256_of(path)) for path in sorted(files)
        ),
        catalog=catalog,
        chosen=dict(facts.chosen),
    )
    write_whole(folder / NAME, json.dumps(asdict(manifest), indent=1) + "\n")


def kind_in(folder: Path) -> str | None:
    """Return the kind of the finished run in a folder; None if there is none."""
    try:
        content = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    # the older form was written by forecasts alone
    return str(content.get("kind", "forecast")) if isinstance(content, dict) else None


def load_manifest(folder: Path) -> Manifest:
    """Return the manifest of a finished run.

    Raises
    ------
    FileError
        If the folder holds no run, or its manifest is damaged.
    RunError
        If the run is not finished, or an older version made it.
    """
    from ifntrial.studies.json_records import validated

    content = _read(folder)
    written = content.get("schema_version")
    if written == 1:
        raise RunError(
            f"{folder} was written by an older ifntrial, whose manifest does not hold the whole command",
            given=f"its command: {content.get('command', 'absent')}",
            allowed=f"a manifest with schema_version {SCHEMA_VERSION}",
            fix=f"{_GIVE_ANEW}; or reproduce it with the version that made it, {content.get('package_version', '?')}",
        )
    given = content | {"schema_version": _known(written)}
    return validated(Manifest, given, str(folder / NAME), _GIVE_AGAIN)


def _known(written: object) -> int:
    if written != SCHEMA_VERSION:
        raise RunError(
            "the form of the manifest is not known",
            given=f"schema_version {written!r}",
            allowed=f"schema_version {SCHEMA_VERSION}",
            fix="use the version of ifntrial that made the run",
        )
    return SCHEMA_VERSION


def _read(folder: Path) -> dict[str, Any]:
    path = folder / NAME
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise _no_manifest(folder) from None
    except (OSError, ValueError) as error:
        raise FileError(f"{path} cannot be read: {error}", fix=_GIVE_AGAIN) from error
    if not isinstance(content, dict):
        raise FileError(f"{path} does not hold a manifest", fix=_GIVE_AGAIN)
    return content


def _no_manifest(folder: Path) -> FileError | RunError:
    if (folder / "plan.json").exists():
        return RunError(
            f"the run in {folder} is not finished, or an older ifntrial made it",
            given=f"a plan.json and no {NAME}",
            allowed="the folder of a finished run",
            fix=f"{_GIVE_AGAIN}; if an older version made it, {_GIVE_ANEW}",
        )
    return FileError(
        f"{folder} is not the folder of a finished run",
        given=f"no {NAME} in it",
        fix="give the folder that a command such as forecast wrote with --out",
    )

"""What decides the numbers of a run, as text, and the folder that is claimed for it."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import TypeAdapter

from ifntrial.catalog import Catalog
from ifntrial.errors import FileError, RunError
from ifntrial.evidence.load import evidence_hash
from ifntrial.files import held, write_whole
from ifntrial.model import MODEL_VERSION
from ifntrial.studies.access import Access
from ifntrial.studies.run_notes import forget_work

_OLDER_FILES = ("worlds/*.json", "responses/*.npz", "blocks/*.npz")


def plan_text(plan: object, catalog: Catalog, worlds: int, at_once: int, **basis: str) -> str:
    """Return everything that decides the numbers and files of a run, as text.

    Parameters
    ----------
    plan
        A frozen record.
    catalog
        What the run knows.
    worlds, at_once
        In all, and in a block: what there is to do can be told from the folder alone.
    basis
        Fingerprints of what else the numbers rest on.
    """
    known = {
        "model_version": MODEL_VERSION,
        "evidence_hash": evidence_hash(catalog.evidence),
        "catalog": catalog.fingerprint,
        **basis,
        "worlds_in_all": worlds,
        "worlds_in_a_block": at_once,
        "plan": TypeAdapter(type(plan)).dump_python(plan, mode="json", exclude_none=True),
    }
    return json.dumps(known, indent=1, sort_keys=True)


def run_name(kind: str, plan: str) -> str:
    """Return a folder name that is the same for the same numbers only, such as ``daisy-1a2b3c4d``."""
    return f"{kind}-{sha256(plan.encode()).hexdigest()[:8]}"


@contextmanager
def run_folder(folder: Path | None) -> Iterator[Path]:
    """Yield the folder of a run; without one, a folder that is gone when the block ends."""
    if folder is not None:
        yield folder
        return
    with TemporaryDirectory() as place:
        yield Path(place)


@contextmanager
def claimed(folder: Path, plan: str, kinds: Sequence[str], access: Access = Access.ALONE) -> Iterator[None]:
    """Make the folder's plan this one, or require that it is; keep others out until the block ends.

    Parameters
    ----------
    plan
        All that decides the numbers, as text.
    kinds
        Names of folders in it, which are made.
    access
        Who else may work in it meanwhile.

    Raises
    ------
    FileError
        If it cannot be written.
    RunError
        If it holds another run or one of an older version, or another process works in it.
    """
    if access is Access.READING:
        refuse_older(folder)
        _require_plan(folder, plan)
        yield
        return
    _make(folder)
    with held(folder, is_shared=access is Access.BESIDE):
        refuse_older(folder)
        if access is Access.ALONE:
            forget_work(folder)
        path = folder / "plan.json"
        if path.exists():
            _require_plan(folder, plan)
        else:
            write_whole(path, plan)
        for kind in kinds:
            _make(folder / kind)
        yield


def _require_plan(folder: Path, plan: str) -> None:
    try:
        there = (folder / "plan.json").read_bytes()
    except OSError as error:
        raise FileError(
            f"the plan of the run in {folder} cannot be read: {error.strerror}",
            fix="give the folder of a run",
        ) from error
    if there != plan.encode():
        raise RunError(
            "the folder holds another run",
            given=f"{folder}, {_first_difference(there.decode(errors='replace'), plan)}",
            allowed="an empty folder, or an interrupted run with the same designs, sizes, seed, evidence and model",
            fix="choose another --out, leave it away, or give the command that began that run",
        )


def _first_difference(there: str, here: str) -> str:
    lines = zip_longest(there.splitlines(), here.splitlines(), fillvalue="nothing")
    old, new = next(pair for pair in (*lines, (there, here)) if pair[0] != pair[1])
    return f"whose plan says {old.strip(' ,')}, not {new.strip(' ,')}"


def refuse_older(folder: Path) -> None:
    """Raise if a folder holds worlds as older versions kept them.

    Raises
    ------
    RunError
        Naming the first such file.
    """
    for pattern in _OLDER_FILES:
        for path in sorted(folder.glob(pattern)):
            raise RunError(
                "the folder holds a run of an older ifntrial, which kept worlds in another form",
                given=str(path),
                allowed="worlds in blocks/*.parquet",
                fix="choose another --out for a run of this version, or go on with the version that began this one",
            )


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(
            f"folder {folder} cannot be made: {error.strerror}", fix="choose another place"
        ) from error

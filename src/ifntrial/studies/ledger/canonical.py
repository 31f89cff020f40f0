"""The one spelling of a locked prediction, its hash, and where a file departs from it.

JSON with sorted keys, no spaces, ASCII, and numbers in their shortest spelling that reads back to the same bits. Each
part of the content has a hash of its own, so that a change is found in its part, and the parts together have one, which
is what gets registered.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

from ifntrial.errors import FileError
from ifntrial.studies.json_records import validated
from ifntrial.studies.ledger.record import FORM, LockedPrediction

LARGEST_BYTES = 50_000_000
_SPLIT = ("predictive", "foretold")
"""Path of the mapping whose entries have a hash each; everything else has one by its first name."""
_Json: TypeAlias = "bool | int | float | str | list[_Json] | dict[str, _Json] | None"
_KEYS = ("content", "hashes", "sha256")
_FIX = "take the file from where it was deposited"


def locked_text(prediction: LockedPrediction) -> str:
    """Return the file of a prediction, with its hashes."""
    content = json.loads(json.dumps(asdict(prediction), allow_nan=False))
    hashes = _hashes(content)
    return _spelled({"content": content, "hashes": hashes, "sha256": _hash(_spelled(hashes))}) + "\n"


def write_new(path: Path, text: str) -> None:
    """Write a locked file that is not there yet.

    Raises
    ------
    FileError
        If it is there already, or cannot be written.
    """
    try:
        with path.open("x", encoding="ascii") as file:
            file.write(text)
    except FileExistsError:
        raise FileError(
            f"{path} is there already, and a locked prediction is never written over",
            fix="give another --out",
        ) from None
    except OSError as error:
        raise FileError(f"{path} cannot be written: {error.strerror}", fix="give another --out") from error


def read_locked(path: Path) -> tuple[LockedPrediction, str]:
    """Return a prediction and its hash, once every byte of its file has been found in order.

    Raises
    ------
    FileError
        If the file cannot be read, is none, or differs anywhere from what was locked; says in which part.
    """
    text = _read(path)
    whole = _parsed(text, path)
    content, hashes, stated = (whole[key] for key in _KEYS)
    form = content.get("form") if isinstance(content, dict) else None
    if form != FORM:
        raise FileError(
            f"{path} has another form than this version reads",
            given=f"form {form!r}",
            allowed=FORM,
            fix="use the version of ifntrial that locked it, or " + _FIX,
        )
    problems = [*_differences(content, hashes, stated)]
    if not problems and text != _spelled(whole) + "\n":
        problems = [f"byte {_first_difference(text, _spelled(whole))} is not as it was written"]
    if problems:
        raise FileError(f"{path} is not what was locked", problems=problems, fix=_FIX)
    return validated(LockedPrediction, content, str(path), _FIX), str(stated)


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise FileError(
                f"{path} is too large for a locked prediction",
                given=f"{path.stat().st_size} bytes",
                allowed=f"at most {LARGEST_BYTES} bytes",
                fix="check the file",
            )
        return path.read_bytes().decode("ascii")
    except UnicodeDecodeError as error:
        raise FileError(
            f"{path} is not what was locked", problems=[f"byte {error.start} is not ASCII"], fix=_FIX
        ) from error
    except OSError as error:
        raise FileError(f"{path} cannot be read: {error.strerror}", fix="check the path") from error


def _parsed(text: str, path: Path) -> dict[str, _Json]:
    try:
        whole = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise FileError(
            f"{path} is not what was locked, or no locked prediction",
            problems=[str(error)],
            fix="give a file that ifntrial prediction lock wrote, or " + _FIX,
        ) from error
    if not isinstance(whole, dict) or set(whole) != set(_KEYS):
        raise FileError(
            f"{path} is no locked prediction",
            given=f"keys {', '.join(whole)}" if isinstance(whole, dict) else type(whole).__name__,
            allowed="content, hashes and sha256",
            fix="give a file that ifntrial prediction lock wrote",
        )
    return whole


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no number")


def _differences(content: _Json, hashes: _Json, stated: _Json) -> Iterator[str]:
    if not isinstance(hashes, dict) or _hash(_spelled(hashes)) != stated:
        yield "the hashes of the parts are not those behind sha256"
        return
    found = _hashes(content)
    for part in sorted({*found, *hashes}):
        if part not in found:
            yield f"{part} is absent"
        elif part not in hashes:
            yield f"{part} was not there"
        elif found[part] != hashes[part]:
            yield f"{part} was changed"


def _hashes(content: _Json) -> dict[str, str]:
    return {name: _hash(_spelled(part)) for name, part in _parts(content)}


def _parts(content: _Json) -> Iterator[tuple[str, _Json]]:
    outer, inner = _SPLIT
    if not isinstance(content, dict):
        return
    for name, part in content.items():
        own = part.get(inner) if name == outer and isinstance(part, dict) else None
        if not isinstance(part, dict) or not isinstance(own, dict):
            yield name, part
            continue
        yield from ((f"{name}.{key}", each) for key, each in part.items() if key != inner)
        yield from ((f"{name}.{inner}.{key}", each) for key, each in own.items())


def _spelled(content: object) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _hash(text: str) -> str:
    return sha256(text.encode("ascii")).hexdigest()


def _first_difference(text: str, other: str) -> int:
    pairs = enumerate(zip(text, other, strict=False))
    return next((place for place, (one, two) in pairs if one != two), min(len(text), len(other)))

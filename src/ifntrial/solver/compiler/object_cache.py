"""Compiled systems on disk, so that a system is compiled once per machine.

An entry is checked before it is used and written in one move: a process that dies, or two that write at once, leave
either a whole entry or none. Where nothing can be written, compiling just happens again.
"""

import json
import os
import tempfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

_DIGEST_SIZE = 32


def find_cache_folder() -> Path:
    """Return the folder of compiled systems; the variable ``IFNTRIAL_CACHE`` may name another."""
    named = os.environ.get("IFNTRIAL_CACHE")
    if named:
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(base) / "ifntrial" / "solver"


def load_entry(key: str) -> tuple[dict[str, int], bytes] | None:
    """Return (sizes, object code) kept under ``key``, or None if there is none that is whole."""
    try:
        content = (find_cache_folder() / key).read_bytes()
    except OSError:
        return None
    digest, body = content[:_DIGEST_SIZE], content[_DIGEST_SIZE:]
    if sha256(body).digest() != digest:
        return None
    header, _, code = body.partition(b"\n")
    return json.loads(header), code


def save_entry(key: str, sizes: dict[str, int], code: bytes) -> bool:
    """Keep an entry; return whether that was possible."""
    body = json.dumps(sizes).encode() + b"\n" + code
    folder = find_cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder)
    except OSError:
        return False
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(sha256(body).digest() + body)
        os.replace(temporary, folder / key)
    except OSError:
        with suppress(OSError):
            os.unlink(temporary)
        return False
    return True

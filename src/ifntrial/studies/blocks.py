"""The file of a block of worlds: one Parquet table, written whole, whose footer says what it holds and seals it."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from ifntrial.errors import RunError
from ifntrial.files import write_whole

_UNSEALED = "0" * 64


@dataclass(frozen=True, slots=True)
class Block:
    """Some worlds of a run that follow one another.

    Parameters
    ----------
    run
        Hash of all that decides the run's numbers.
    kind
        What is kept of its worlds; the name of the folder of its file.
    number
        Place of the block in the run.
    worlds
        Places of its worlds in the run.
    """

    run: str
    kind: str
    number: int
    worlds: range

    @property
    def name(self) -> str:
        """The name of its file."""
        return f"block={self.number:06d}.parquet"


def write_block(path: Path, block: Block, table: pa.Table) -> None:
    """Write the table of a block.

    Its footer (Parquet's key-value metadata) says ``run``, ``kind``, ``block``, ``first_world``, ``last_world``,
    ``rows`` and ``sha256``, that of the whole file with 64 zeros in its own place.

    Raises
    ------
    FileError
        If it cannot be written.
    """
    footer = {**_said_of(block), "rows": str(table.num_rows), "sha256": _UNSEALED}
    packed = pa.BufferOutputStream()
    parquet.write_table(table.replace_schema_metadata(footer), packed, compression="zstd")
    content = packed.getvalue().to_pybytes()
    place = content.rindex(_UNSEALED.encode())
    seal = sha256(content).hexdigest().encode()
    write_whole(path, content[:place] + seal + content[place + len(seal) :])


def read_block(path: Path, block: Block) -> pa.Table:
    """Return the table of a block.

    Raises
    ------
    RunError
        If its file is absent, is another block's, or is not what was written.
    """
    try:
        content = path.read_bytes()
        metadata = parquet.read_metadata(pa.BufferReader(content))
        footer = {name.decode(): text.decode() for name, text in (metadata.metadata or {}).items()}
        seal = footer.get("sha256", "").encode()
        unsealed = content.replace(seal, _UNSEALED.encode(), 1) if len(seal) == len(_UNSEALED) else content
        if sha256(unsealed).hexdigest().encode() != seal:
            raise _unreadable(path, block, "it is not what was written")
        for name, text in _said_of(block).items():
            if footer.get(name) != text:
                raise _unreadable(path, block, f"it says {name} {footer.get(name)}, not {text}")
        return parquet.read_table(pa.BufferReader(content))
    # a damaged file may raise any of them
    except (OSError, ValueError, pa.ArrowException) as error:
        raise _unreadable(path, block, str(error)) from error


def _said_of(block: Block) -> dict[str, str]:
    return {
        "run": block.run,
        "kind": block.kind,
        "block": str(block.number),
        "first_world": str(block.worlds[0]),
        "last_world": str(block.worlds[-1]),
    }


def _unreadable(path: Path, block: Block, reason: str) -> RunError:
    return RunError(
        f"block {block.number} of this run cannot be read: {reason}",
        given=str(path),
        fix="remove that file and give the same command again",
    )

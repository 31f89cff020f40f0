"""Compare the result files of two runs: every number and text of JSON, CSV, NumPy, Parquet, SAS and YAML files."""

import csv
import json
import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ifntrial.arrays import AnyArray

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


CLOSE = 1e-9
"""Numbers that differ by less than this share of the larger are called close."""

TINY = 1e-12
"""Numbers that differ by less than this are called close whatever their size: they stand for zero."""

ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Difference:
    """Where two files differ: the first place in a column or array, how many places there, and by which share.

    ``share`` is infinite unless both are numbers.
    """

    place: str
    old: object
    new: object
    share: float
    count: int = 1

    @property
    def is_close(self) -> bool:
        """Whether both are numbers and all but the same."""
        return self.share <= CLOSE


Values = Mapping[str, Any]
"""Place in a file to what stands there: a single value, or an array of them."""


def can_compare(path: Path) -> bool:
    """Return whether the numbers and texts of such a file are compared; a page is not."""
    return path.suffix in _READERS


def compare_files(old: Path, new: Path, varying: Collection[str] = ()) -> list[Difference]:
    """Return where two files of one name differ; none if they hold the same numbers and texts, bit for bit.

    Parameters
    ----------
    varying
        Keys at the top of a JSON file that do not count.
    """
    if old.read_bytes() == new.read_bytes():
        return []
    try:
        one, other = (_READERS[old.suffix](path) for path in (old, new))
    # what a damaged file raises depends on the library that reads it
    except Exception as error:  # noqa: BLE001
        return [Difference("", f"cannot be read: {error}", "another file", math.inf)]
    places = [place for place in dict.fromkeys((*one, *other)) if re.split(r"[.[]", place)[0] not in varying]
    return [
        found
        for place in places
        for found in _differences(place, one.get(place, ABSENT), other.get(place, ABSENT))
    ]


def _differences(place: str, old: object, new: object) -> Iterator[Difference]:
    """Yield the difference at one place, if there is any."""
    if isinstance(old, np.ndarray) and isinstance(new, np.ndarray):
        if old.shape != new.shape:
            yield Difference(place, f"{len(old)} values", f"{len(new)} values", math.inf)
        else:
            yield from _array_difference(place, old, new)
    elif not _is_same(old, new):
        yield Difference(place, _shown(old), _shown(new), _share(old, new))


def _array_difference(place: str, old: AnyArray, new: AnyArray) -> Iterator[Difference]:
    flat = [
        (at, one, other)
        for at, (one, other) in enumerate(zip(old.ravel().tolist(), new.ravel().tolist(), strict=True))
    ]
    unlike = [(at, one, other) for at, one, other in flat if not _is_same(one, other)]
    if not unlike:
        return
    shares = [_share(one, other) for _, one, other in unlike]
    # the first that is no rounding; where all are, the first
    first = next((i for i, share in enumerate(shares) if share > CLOSE), 0)
    at, one, other = unlike[first]
    index = ",".join(str(i) for i in np.unravel_index(at, old.shape))
    yield Difference(f"{place}[{index}]", one, other, max(shares), len(unlike))


def _is_same(old: object, new: object) -> bool:
    """Return whether two values are the same to the last bit; a zero has a sign, and 1 is not 1.0."""
    return repr(old) == repr(new)


def _share(old: object, new: object) -> float:
    """Return by which share of the larger two numbers differ; infinite if both are whole or one is no number."""
    numbers = [each for each in (old, new) if isinstance(each, int | float) and not isinstance(each, bool)]
    if (
        len(numbers) < 2
        or not all(map(math.isfinite, numbers))
        or not any(isinstance(x, float) for x in numbers)
    ):
        return math.inf
    one, other = numbers
    gap = abs(one - other)
    return 0.0 if gap <= TINY else gap / max(abs(one), abs(other))


def _shown(value: object) -> object:
    return f"{value.size} values" if isinstance(value, np.ndarray) else value


def _read_json(path: Path) -> Values:
    return dict(_leaves("", json.loads(path.read_text(encoding="utf-8"))))


def _leaves(place: str, value: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 what JSON holds
    if isinstance(value, dict) and value:
        for name, each in value.items():
            yield from _leaves(f"{place}.{name}" if place else name, each)
    elif isinstance(value, list) and value:
        for i, each in enumerate(value):
            yield from _leaves(f"{place}[{i}]", each)
    else:
        yield place, value


def _read_csv(path: Path) -> Values:
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file, strict=True)
    return {
        name: np.array([_number_or_text(row[column]) for row in rows], dtype=object)
        for column, name in enumerate(header)
    }


def _number_or_text(cell: str) -> float | str:
    try:
        return float(cell)
    except ValueError:
        return cell


def _read_arrays(path: Path) -> Values:
    with np.load(path, allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


def _read_parquet(path: Path) -> Values:
    from pyarrow import parquet

    table = parquet.read_table(path)
    return dict(leaf for name in table.column_names for leaf in _inner_columns(name, table.column(name)))


def _inner_columns(name: str, column: "pa.ChunkedArray | pa.Array") -> Iterator[tuple[str, AnyArray]]:
    """Yield the columns of numbers and texts that a column of Parquet is made of, and how they are shared out."""
    import pyarrow as pa

    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    kind = column.type
    if pa.types.is_map(kind):
        column, kind = column.cast(pa.list_(pa.struct([kind.key_field, kind.item_field]))), None
    if kind is None or pa.types.is_list(kind):
        yield f"{name}.length", np.array(column.value_lengths().to_pylist(), dtype=object)
        yield from _inner_columns(name, column.flatten())
    elif pa.types.is_struct(kind):
        for field, part in zip(kind, column.flatten(), strict=True):
            yield from _inner_columns(f"{name}.{field.name}", part)
    else:
        yield name, np.array(column.to_pylist(), dtype=object)


def _read_transport(path: Path) -> Values:
    import pandas as pd

    return _columns(pd.read_sas(path, format="xport"))


def _columns(table: "pd.DataFrame") -> Values:
    return {str(name): table[name].to_numpy() for name in table.columns}


def _read_lines(path: Path) -> Values:
    return {
        f"line {i}": line for i, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    }


_READERS: dict[str, Callable[[Path], Values]] = {
    ".json": _read_json,
    ".csv": _read_csv,
    ".npz": _read_arrays,
    ".parquet": _read_parquet,
    ".xpt": _read_transport,
    ".yaml": _read_lines,
}

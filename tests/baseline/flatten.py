"""Files of results as flat rows of name and value; long series as a few numbers that any change of them moves."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from math import fsum, isfinite
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import yaml

Row = tuple[str, object]

# What belongs to a run and not to its numbers: when, where and with which version; fingerprints of whole files, which
# a corrected note changes too (a changed number shows itself in the results); and what only repeats evidence tables.
LEFT_OUT = {
    "assumptions", "calibration", "command", "date", "evidence_hash", "files", "lock_hash", "model_version",
    "bibliography", "package_version", "reference_id", "schema_version", "seconds", "sources", "version", "workers",
}  # fmt: skip
# Longer series are summarized; longer texts are sentences, which tests of the report look after.
LONG_SERIES, LONG_TABLE, MOST_WORDS, MOST_TEXTS = 4, 16, 6, 8
KEYS = (
    "name",
    "id",
    "observation",
    "parameter",
    "group",
    "marker",
    "short",
    "rule",
    "source",
    "arm",
    "label",
)


def flatten(value: object, name: str) -> Iterator[Row]:
    """Yield every number and short text within plain values, named by its path; what is null or empty has no row."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            if key not in LEFT_OUT:
                yield from flatten(part, f"{name}.{key}")
    elif isinstance(value, list | tuple):
        yield from _flatten_list(value, name)
    elif not _is_missing(value) and not _is_sentence(value):
        yield name, value


def _flatten_list(values: Sequence[Any], name: str) -> Iterator[Row]:
    if values and all(isinstance(value, Mapping) for value in values):
        yield from _flatten_records(values, name)
    elif values and all(isinstance(value, str) for value in values):
        yield name, _join_texts(values)
    elif len(values) > LONG_SERIES and not any(isinstance(value, list | tuple) for value in values):
        yield from summarize(values, name)
    else:
        for place, value in enumerate(values):
            yield from flatten(value, f"{name}[{place}]")


def _flatten_records(records: Sequence[Mapping[str, Any]], name: str) -> Iterator[Row]:
    """Yield the parts of each record, named by its key or place; of many records texts, or without a key all, in sum."""
    key = next((key for key in KEYS if _is_key(records, key)), None)
    plain = [dict(flatten({k: v for k, v in record.items() if k != key}, "")) for record in records]
    is_long = len(records) > LONG_TABLE
    for column in dict.fromkeys(column for record in plain for column in record):
        values = [record.get(column) for record in plain]
        if is_long and (key is None or any(isinstance(value, str) for value in values)):
            yield from summarize(values, f"{name}{column}")
        else:
            for place, (record, value) in enumerate(zip(records, values, strict=True)):
                if value is not None:
                    yield f"{name}[{record[key] if key else place}]{column}", value


def _is_key(records: Sequence[Mapping[str, Any]], key: str) -> bool:
    found = [record.get(key) for record in records]
    return all(isinstance(value, str) and not _is_sentence(value) for value in found) and len(
        set(found)
    ) == len(found)


def _is_sentence(value: object) -> bool:
    return isinstance(value, str) and len(value.split()) > MOST_WORDS


def _is_missing(value: object) -> bool:
    return value is None or value == "" or (isinstance(value, float) and not isfinite(value))


def summarize(values: Sequence[Any], name: str) -> Iterator[Row]:
    """Yield the mean of a series and that weighed by place, and how many are known if not all; of texts which."""
    known = [(place, value) for place, value in enumerate(values, start=1) if not _is_missing(value)]
    if len(known) < len(values):
        yield f"{name}.known", len(known)
    if known and all(isinstance(value, bool | int | float) for _, value in known):
        yield f"{name}.mean", fsum(value for _, value in known) / len(known)
        if len({value for _, value in known}) == 1:
            return
        weights = fsum(place for place, _ in known)
        yield f"{name}.mean by place", fsum(place * value for place, value in known) / weights
    elif known and not any(_is_sentence(value) for _, value in known):
        yield f"{name}.texts", _count_texts([as_text(value) for _, value in known])


def _count_texts(texts: Sequence[str]) -> str:
    counts = Counter(texts)
    if len(counts) > MOST_TEXTS:
        return f"{len(counts)} kinds, {_join_texts(texts)}"
    return ", ".join(f"{text}: {count}" for text, count in sorted(counts.items()))


def _join_texts(texts: Sequence[str]) -> str:
    joined = "; ".join(texts)
    return (
        joined
        if len(texts) <= MOST_TEXTS and not _is_sentence(joined.replace("; ", ""))
        else digest(joined.encode())
    )


def digest(content: bytes) -> str:
    """Return a short hash that cannot be taken for a number."""
    return f"sha256:{sha256(content).hexdigest()[:12]}"


def as_text(value: object) -> str:
    """Return a value as a table holds it: twelve digits of a number, which compare at nine."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.12g}" if isinstance(value, float) else " ".join(str(value).split())


def read_file(path: Path, name: str, groups: Mapping[str, Sequence[str]]) -> Iterator[Row]:
    """Yield the rows of a file by its ending.

    Parameters
    ----------
    groups
        Key of a long list in a JSON file to the columns whose values name its parts.

    Raises
    ------
    ValueError
        If nobody knows how to read it.
    """
    if path.suffix == ".json":
        content = json.loads(path.read_text(encoding="utf-8"))
        # of the run, and at the top only: below, an endpoint has a kind
        content = {key: value for key, value in content.items() if key not in ("kind", "chosen")}
        for key, columns in groups.items():
            yield from _read_groups(pd.DataFrame(content.pop(key)), f"{name}.{key}", list(columns))
        yield from flatten(content, name)
    elif path.suffix == ".yaml":
        yield from flatten(yaml.safe_load(path.read_text(encoding="utf-8")), name)
    elif path.suffix in (".csv", ".tsv"):
        separator = "," if path.suffix == ".csv" else "\t"
        yield from _read_table(pd.read_csv(path, sep=separator, keep_default_na=False, na_values=[""]), name)
    elif path.suffix == ".parquet":
        yield from _read_table(pd.read_parquet(path), name)
    elif path.suffix == ".xml":
        yield from _read_xml(ElementTree.parse(path).getroot(), name)
    else:
        raise ValueError(f"{path.name}: no reader for this kind of file")


def _read_groups(table: pd.DataFrame, name: str, columns: list[str]) -> Iterator[Row]:
    for key, part in table.groupby(columns):
        yield from _read_long(part.drop(columns=columns), f"{name}[{' '.join(key)}]")


def _read_table(table: pd.DataFrame, name: str) -> Iterator[Row]:
    yield from _read_short(table, name) if len(table) <= LONG_TABLE else _read_long(table, name)


def _read_long(table: pd.DataFrame, name: str) -> Iterator[Row]:
    yield f"{name}.rows", len(table)
    for column, values in (
        table.drop(columns=LEFT_OUT & {*table.columns}).astype(object).to_dict("list").items()
    ):
        yield from summarize([_plain(value) for value in values], f"{name}.{column}")


def _read_short(table: pd.DataFrame, name: str) -> Iterator[Row]:
    """Yield cell by cell, each row named by its first cell where those differ."""
    first = table.iloc[:, 0]
    names = [str(cell) for cell in first] if first.is_unique else range(len(table))
    for key, (_, row) in zip(names, table.astype(object).iterrows(), strict=True):
        for column, value in row.items():
            yield from flatten(_plain(value), f"{name}[{key}].{column}")


def _plain(value: Any) -> object:
    return value.item() if hasattr(value, "item") else value


def _read_xml(element: ElementTree.Element, name: str) -> Iterator[Row]:
    """Yield numeric attributes one by one, others together, and formulas as one text."""
    seen: Counter[str] = Counter()
    for key, value in _attributes(element, numbers=True).items():
        yield f"{name}@{key}", value
    others = _attributes(element, numbers=False)
    if others:
        yield name, " ".join(f"{key}={value}" for key, value in sorted(others.items()))
    for child in element:
        tag = _tag(child)
        if tag in ("notes", "annotation"):
            continue
        key = next(
            (child.get(key) for key in ("id", "species", "variable", "symbol") if child.get(key)), None
        )
        place = (
            f"{tag}[{key}]" if key else tag if len(element.findall(child.tag)) == 1 else f"{tag}[{seen[tag]}]"
        )
        seen[tag] += 1
        if tag == "math":
            yield f"{name}/math", _shorten(" ".join(_formula(part) for part in child))
        else:
            yield from _read_xml(child, f"{name}/{place}")


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _attributes(element: ElementTree.Element, *, numbers: bool) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in element.attrib.items():
        is_number = re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", value) is not None
        if (
            is_number == numbers
            and key not in ("metaid", "id", "name", "sboTerm")
            and not _is_sentence(value)
        ):
            found[key.rpartition("}")[2]] = float(value) if is_number else value
    return found


def _formula(element: ElementTree.Element) -> str:
    """Return a formula with its operators in front."""
    exponents = ["e" + (part.tail or "").strip() for part in element if _tag(part) == "sep"]
    text = (element.text or "").strip() + "".join(exponents)
    if _tag(element) in ("ci", "cn"):
        return text
    parts = [_formula(part) for part in element]
    return f"({' '.join(parts)})" if _tag(element) == "apply" else " ".join([_tag(element), *parts])


def _shorten(text: str, most: int = 160) -> str:
    return text if len(text) <= most else f"{text[: most - 16]}… {digest(text.encode())}"

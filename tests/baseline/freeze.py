"""``make baseline``: freeze the numbers of now, and say in the changelog what changed and why."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from baseline.compare import (
    FROZEN,
    RENAMED,
    Difference,
    differences,
    read_rules,
    read_table,
    rename,
    same,
    write_rules,
    write_table,
)

UNRELEASED, HEADING = "## [Unreleased]", "### Numbers changed"


def freeze(
    reason: str,
    tables: Sequence[str],
    make: Callable[[str], Mapping[str, str]],
    changelog: Path,
    folder: Path = FROZEN,
    looked: Callable[[Sequence[str]], object] = len,
) -> list[str]:
    """Write tables anew and append a line to the changelog if a frozen number changed; return what to print.

    Parameters
    ----------
    tables
        Which to make anew; the others are only renamed.
    make
        From the name of a table to its rows of now.
    looked
        Told the names of all numbers that changed.

    Raises
    ------
    SystemExit
        If no reason is given.
    """
    if not reason.strip():
        raise SystemExit(
            'baseline: no reason is given. To do: make baseline REASON="what changed the numbers, and why"'
        )
    rules = read_rules(folder / RENAMED.name)
    frozen = {path.stem: rename(read_table(path.stem, folder), rules) for path in _table_files(folder)}
    current = {name: make(name) for name in tables}
    found = {name: differences(frozen.get(name, {}), current[name]) for name in tables}
    for name, rows in (frozen | current).items():
        write_table(name, _with_digits_kept(rows, frozen.get(name, {})), folder)
    write_rules([], folder / RENAMED.name)
    printed = [f"{name}: {len(current[name])} rows, {_count(found[name])}" for name in tables]
    changed = {name: [one for one in found[name] if one.old is not None] for name in tables}
    if not any(changed.values()):
        return [*printed, "No frozen number changed, so the changelog says nothing."]
    looked([one.name for some in changed.values() for one in some])
    line = _changelog_line(reason, {name: some for name, some in changed.items() if some})
    changelog.write_text(_with_line(changelog.read_text(encoding="utf-8"), line), encoding="utf-8")
    return [*printed, f"{changelog.name}: {line}"]


def _table_files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.glob("*.csv")) if path.name != RENAMED.name]


def _with_digits_kept(rows: Mapping[str, str], frozen: Mapping[str, str]) -> dict[str, str]:
    """Return rows in which a value that is the same is written as before, so that a reader sees only changes."""
    return {
        name: frozen[name] if name in frozen and same(frozen[name], value) else value
        for name, value in rows.items()
    }


def _count(found: Sequence[Difference]) -> str:
    new = sum(difference.old is None for difference in found)
    gone = sum(difference.new is None for difference in found)
    return f"{len(found) - new - gone} changed, {gone} gone, {new} new"


def _changelog_line(reason: str, changed: Mapping[str, Sequence[Difference]]) -> str:
    found = [difference for differences_ in changed.values() for difference in differences_]
    numbers = [difference for difference in found if difference.size < float("inf")]
    tables = ", ".join(changed)
    line = f"{reason.strip().rstrip('.')} ({len(found)} frozen numbers of {tables}"
    return f"{line}; most: {max(numbers, key=lambda number: number.size)})." if numbers else f"{line})."


def _with_line(text: str, line: str) -> str:
    """Return the changelog with a line at the end of "Numbers changed" of what is not released yet."""
    start = text.index(UNRELEASED)
    end = _end_of_section(text, start, "## ")
    if HEADING not in text[start:end]:
        return f"{text[:end].rstrip()}\n\n{HEADING}\n\n- {line}\n{_rest(text[end:])}"
    section = text.index(HEADING, start)
    end = _end_of_section(text, section, "##")
    return f"{text[:end].rstrip()}\n- {line}\n{_rest(text[end:])}"


def _end_of_section(text: str, start: int, mark: str) -> int:
    found = text.find(f"\n{mark}", start + 1)
    return len(text) if found < 0 else found


def _rest(text: str) -> str:
    return f"\n{text.lstrip()}" if text.strip() else ""

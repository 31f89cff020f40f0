"""What was recorded of the tests, kept in a file outside of git."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import sha256
from pathlib import Path
from typing import Any

from mutants.find import Mutant


@dataclass(frozen=True, slots=True)
class RecordedTest:
    """A test that passes: its name for pytest, seconds, and what it reaches.

    ``lines`` holds the lines that it reaches in each changed file; ``unknown`` those that were written since.
    """

    name: str
    seconds: float
    lines: Mapping[str, frozenset[int]]
    unknown: Mapping[str, frozenset[int]]

    def reaches(self, mutant: Mutant) -> bool:
        """Return whether the test may run the statement that is changed.

        If this was written since, the test must run its function; if it runs at import, any of the file.
        """
        lines = self.lines.get(mutant.path, frozenset())
        if mutant.function is None:
            return bool(lines)
        statement = set(range(mutant.statement[0], mutant.statement[1] + 1))
        if statement <= self.unknown.get(mutant.path, frozenset()):
            statement = set(range(mutant.function[0], mutant.function[1] + 1))
        return not statement.isdisjoint(lines)


class Store:
    """Records of test files, each with the sources as they were at that time."""

    def __init__(self, path: Path):
        self._path = path
        content = (
            json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"files": {}, "texts": {}}
        )
        self._files: dict[str, Any] = content["files"]
        self._texts: dict[str, str] = content["texts"]
        self._carried: dict[tuple[str, str], dict[int, int]] = {}

    def knows(self, name: str, digest: str, sources: Mapping[str, str]) -> bool:
        """Return whether a test file was recorded as it is, when all of the sources were there."""
        record = self._files.get(name)
        return record is not None and record["digest"] == digest and set(sources) <= set(record["sources"])

    def put(self, name: str, digest: str, sources: Mapping[str, str], tests: Mapping[str, Any]) -> None:
        """Take in what the tests of a file reach."""
        digests = {path: digest_of(text.encode()) for path, text in sources.items()}
        self._texts |= {digests[path]: text for path, text in sources.items()}
        self._files[name] = {"digest": digest, "sources": digests, "tests": tests}

    def write(self) -> None:
        """Write the file anew, without texts that no record needs."""
        needed = {digest for record in self._files.values() for digest in record["sources"].values()}
        texts = {digest: text for digest, text in self._texts.items() if digest in needed}
        self._path.write_text(json.dumps({"files": self._files, "texts": texts}), encoding="utf-8")

    def tests_of(self, name: str, sources: Mapping[str, str]) -> list[RecordedTest]:
        """Return the tests of a file with the lines of the sources as they are now."""
        record = self._files[name]
        maps = {path: self._carry(record["sources"][path], text) for path, text in sources.items()}
        unknown = {
            path: frozenset(range(1, text.count("\n") + 2)) - frozenset(maps[path].values())
            for path, text in sources.items()
        }
        return [
            RecordedTest(
                test,
                seen["seconds"],
                {
                    path: frozenset(maps[path][line] for line in lines if line in maps[path])
                    for path, lines in seen["lines"].items()
                    if path in maps
                },
                unknown,
            )
            for test, seen in record["tests"].items()
        ]

    def _carry(self, digest: str, now: str) -> dict[int, int]:
        key = (digest, digest_of(now.encode()))
        if key not in self._carried:
            self._carried[key] = carry_lines(self._texts[digest], now)
        return self._carried[key]


def carry_lines(before: str, now: str) -> dict[int, int]:
    """Return where the lines of a text are in a later one, as number by number; without those that changed."""
    old, new = before.splitlines(), now.splitlines()
    found: dict[int, int] = {}
    for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        found |= {block.a + step + 1: block.b + step + 1 for step in range(block.size)}
    return found


def digest_of(content: bytes) -> str:
    """Return what tells a content from others."""
    return sha256(content).hexdigest()

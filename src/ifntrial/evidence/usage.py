"""Who uses a parameter, read from the package's source: names that appear there as text."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_OPENS_GROUP = "parameters_of"
_OPENS_DRUGS = "evidence_row"
_LEAST_LITERAL_LETTERS = 2


@dataclass(frozen=True, slots=True)
class _Names:
    """Texts of one file that can be names, patterns of texts with holes, and the groups of rows it reads."""

    texts: frozenset[str]
    patterns: tuple[re.Pattern[str], ...]
    groups: frozenset[str]
    reads_drugs: bool

    def hold(self, name: str) -> bool:
        return name in self.texts or any(pattern.fullmatch(name) for pattern in self.patterns)


def find_users(
    names: Iterable[str], package: Path, *, drugs: Iterable[str] = ()
) -> dict[str, tuple[str, ...]]:
    """Return the files of ``package`` that use each parameter; those that nothing uses are left out.

    A file uses ``group.rest`` if it holds that text, or reads ``parameters_of("group")`` and holds ``rest``. The
    rows of a drug are also used by files that look them up for the model's drug. A formatted text counts for every
    name that fits it.

    Parameters
    ----------
    names
        Parameter names.
    package
        Folder of the package; its ``evidence`` folder is not read.
    drugs
        Prefixes of drugs that the model knows.
    """
    known_drugs = frozenset(drugs)
    files = {str(path.relative_to(package)): _read(path) for path in _python_files(package)}
    users: dict[str, list[str]] = defaultdict(list)
    for name in names:
        group, _, rest = name.rpartition(".")
        for file, found in files.items():
            opened = group in found.groups or (group in known_drugs and found.reads_drugs)
            if found.hold(name) or (opened and found.hold(rest)):
                users[name].append(file)
    return {name: tuple(found) for name, found in users.items()}


def _python_files(package: Path) -> Iterator[Path]:
    own = package / "evidence"
    return (path for path in sorted(package.rglob("*.py")) if own not in path.parents)


def _read(path: Path) -> _Names:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    texts: set[str] = set()
    patterns: list[re.Pattern[str]] = []
    groups: set[str] = set()
    reads_drugs = False
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            texts.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            patterns.extend(_pattern(node))
        elif isinstance(node, ast.Call):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            reads_drugs |= called == _OPENS_DRUGS
            if called == _OPENS_GROUP and node.args and isinstance(node.args[0], ast.Constant):
                groups.add(str(node.args[0].value))
    return _Names(frozenset(texts), tuple(patterns), frozenset(groups), reads_drugs)


def _pattern(node: ast.JoinedStr) -> Iterator[re.Pattern[str]]:
    literal = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
    if len(re.findall("[a-z]", literal)) >= _LEAST_LITERAL_LETTERS and " " not in literal:
        yield re.compile(
            "".join(
                re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"\w+"
                for part in node.values
            )
        )

"""Which files are changed, by stratum, and which tests judge: read from ``settings.toml``."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SETTINGS = Path(__file__).with_name("settings.toml")


@dataclass(frozen=True, slots=True)
class Settings:
    """The strata as patterns of paths, the tests, and the tables of partners.

    ``words`` and ``functions`` map a word to its partners, both ways.
    """

    strata: Mapping[str, tuple[str, ...]]
    test_paths: tuple[str, ...]
    left_out: tuple[str, ...]
    libraries: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]]
    functions: Mapping[str, tuple[str, ...]]
    unwrapped: frozenset[str]

    def files_of(self, stratum: str, root: Path) -> tuple[str, ...]:
        """Return the files of a stratum in the order of their names; a pattern without a file is an error."""
        found: set[str] = set()
        for pattern in self.strata[stratum]:
            matches = sorted(root.glob(pattern))
            if not matches:
                raise FileNotFoundError(
                    f"{SETTINGS.name}: no file matches {pattern!r} of the stratum {stratum!r}. "
                    "To do: write where the files are now"
                )
            found.update(str(path.relative_to(root)) for path in matches if path.name != "__init__.py")
        return tuple(sorted(found))

    def all_files(self, root: Path) -> tuple[str, ...]:
        """Return the files of all strata."""
        return tuple(sorted({file for stratum in self.strata for file in self.files_of(stratum, root)}))


def load_settings(path: Path = SETTINGS) -> Settings:
    """Read the settings."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    return Settings(
        strata={name: tuple(patterns) for name, patterns in content["strata"].items()},
        test_paths=tuple(content["tests"]["paths"]),
        left_out=tuple(content["tests"]["left_out"]),
        libraries=tuple(content["tests"]["libraries"]),
        words=_partners(content["words"]["pairs"]),
        functions=_partners(content["functions"]["pairs"]),
        unwrapped=frozenset(content["functions"]["unwrapped"]),
    )


def _partners(pairs: list[list[str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for one, other in pairs:
        found.setdefault(one, []).append(other)
        found.setdefault(other, []).append(one)
    return {word: tuple(others) for word, others in found.items()}

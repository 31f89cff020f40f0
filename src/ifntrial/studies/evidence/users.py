"""Who uses which rows of the evidence tables, from what modules declare (:mod:`ifntrial.evidence.rows`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from ifntrial.evidence.records import Observation
    from ifntrial.evidence.rows import Group


@dataclass(frozen=True, slots=True)
class Declarations:
    """What all modules that compute read.

    Parameters
    ----------
    units
        Name of a parameter to the unit in which it is read.
    fitted, published
        Ids of observations that something is fitted to, and of those that are read for other ends.
    """

    units: dict[str, str]
    fitted: tuple[str, ...]
    published: tuple[str, ...]


def package() -> Path:
    """Return the folder of the package."""
    import ifntrial

    return Path(ifntrial.__file__).parent


def declarations() -> Declarations:
    """Return what is declared, each id once."""
    from ifntrial.evidence.rows import Published, Rows

    groups = [group for _, group in _declared()]
    units = {name: unit for each in groups if isinstance(each, Rows) for name, unit in each.units.items()}
    named = [each for each in groups if isinstance(each, Published)]
    fitted, published = (
        tuple(dict.fromkeys(id for each in named if each.is_fitted == is_fitted for id in each.ids))
        for is_fitted in (True, False)
    )
    return Declarations(units, fitted, published)


def of_parameters(by_model: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return who uses each parameter: mechanisms of the model, and files that declare it.

    Parameters
    ----------
    by_model
        Name of every row that a model uses to who uses it, see ``Catalog.used_parameters``.
    """
    from ifntrial.evidence.rows import Rows

    users = dict(by_model)
    for file, group in _declared():
        for name in group.units if isinstance(group, Rows) else ():
            users[name] = (*users.get(name, ()), file)
    return users


def of_observation(row: "Observation") -> tuple[str, ...]:
    """Return the files that declare a published result, or a rule that takes it."""
    from ifntrial.evidence.rows import Results

    found = (file for file, group in _declared() if isinstance(group, Results) and group.takes(row))
    return tuple(dict.fromkeys(found))


def _declared() -> "Iterator[tuple[str, Group]]":
    from ifntrial.evidence.rows import declared

    for module, group in declared(_rooms()):
        yield module.removeprefix("ifntrial.").replace(".", "/") + ".py", group


def _rooms() -> "Iterator[ModuleType]":
    """Yield every module that may compute with rows; pages and commands only show them."""
    from importlib import import_module
    from pkgutil import walk_packages

    for found in walk_packages([str(package())], "ifntrial."):
        if not found.name.startswith(("ifntrial.__main__", "ifntrial.app", "ifntrial.report")):
            yield import_module(found.name)

"""How a problem of a design is told: its line, its place, what is wrong, and what is inherited from which line."""

from dataclasses import dataclass

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from ifntrial.design.clash import Clash
from ifntrial.design.origin import Level, Origin, find_origin
from ifntrial.record_fields import where_it_belongs
from ifntrial.yaml_files import Place, given_words

EXTENDS, ADDED = "extends", "add_eligibility"
_WHOLE = "design"
_VERSION = "write 'schema_version: 1', or install the version of ifntrial that wrote the file"


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem of a design.

    Parameters
    ----------
    line
        Of the file, from 1; None where it holds nothing of the kind.
    text
        What is wrong, with its place.
    """

    line: int | None
    text: str

    def words(self) -> str:
        """Return the problem in words, its line first."""
        return self.text if self.line is None else f"line {self.line}: {self.text}"


def tell_field(error: ErrorDetails, record: type[BaseModel], levels: tuple[Level, ...]) -> Problem:
    """Return the problem of a single field.

    Parameters
    ----------
    record
        Whose fields they are, to say where one that is not known belongs.
    levels
        The file, and the designs below it.
    """
    place = error["loc"]
    origin = find_origin(place, levels)
    if place == ("schema_version",):
        given = "None" if error["type"] == "missing" else given_words(error["input"])
        return Problem(origin.line, f"{given} in schema_version: unknown schema_version; {_VERSION}")
    text = f"{path_words(place)}: {error['msg']}"
    if error["type"] != "missing":
        text += f" (given: {given_words(error['input'])})"
    hint = ""
    if error["type"] == "extra_forbidden":
        hint = where_it_belongs(record, place, error["input"], also=(EXTENDS, ADDED))
        if place == (ADDED,):
            hint = f"{ADDED} needs 'extends: NAME'; a design of its own lists them under eligibility"
    if hint:
        text += f"; {hint}"
    if origin.design is not None:
        text += f"; {_inherited(place, origin)}"
    return Problem(None if origin.design is not None else origin.line, text)


def tell_clash(clash: Clash, levels: tuple[Level, ...]) -> Problem:
    """Return the problem of two statements that do not fit, with the line of each."""
    origin = find_origin(clash.place, levels)
    other = None if clash.against is None else find_origin(clash.against, levels)
    line = origin.line if origin.design is None else None
    text = f"{path_words(clash.place)}: {clash.message}"
    if origin.design is not None:
        text += f"; {_inherited(clash.place, origin)}"
    if other is not None and clash.against is not None:
        if other.design is not None:
            text += f"; {_inherited(clash.against, other)}"
        elif line is None:
            line = other.line
        elif other.line not in (None, line):
            text += f" ({path_words(clash.against)}: line {other.line})"
    return Problem(line, text)


def path_words(place: Place) -> str:
    """Return a place as ``assumed.rescue.share``."""
    return ".".join(str(part) for part in place) or _WHOLE


def _inherited(place: Place, origin: Origin) -> str:
    """Return from where a field is inherited, and what the file has to state in its place."""
    whole = next((i for i, part in enumerate(place) if isinstance(part, int)), len(place))
    line = "" if origin.line is None else f", line {origin.line} there"
    return f"{path_words(place[:whole])} is inherited from {origin.design}{line}: state it in this file"

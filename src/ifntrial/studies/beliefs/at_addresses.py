"""Small YAML files of a user's that speak of effects at addresses: read, checked, and refused with every problem."""

from collections.abc import Collection
from functools import partial
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError, ValidationInfo

from ifntrial.design.names import require_name
from ifntrial.errors import FileError, InputError, listed
from ifntrial.record_fields import where_it_belongs
from ifntrial.yaml_files import parse, problems_of, read_text

Record = TypeVar("Record", bound=BaseModel)


def load_at_addresses(
    path: Path, record: type[Record], what: str, addresses: Collection[str], example: str
) -> Record:
    """Return the record in a YAML file.

    Parameters
    ----------
    what
        Of what the file speaks, such as ``results``.
    addresses
        Those that it may name.
    example
        A whole file, for the error.

    Raises
    ------
    FileError
        If it is absent, empty, too large or not YAML.
    InputError
        If the content is not such a record; lists every problem with its line and place.
    """
    name = str(path)
    if not path.is_file():
        raise FileError(f"{what} file '{name}' does not exist", allowed="a YAML file", fix="check the path")
    text = read_text(path, what)
    content = parse(text, name, what)
    try:
        return record.model_validate(content, context=tuple(addresses))
    except ValidationError as error:
        raise InputError(
            f"{what} '{name}' are not usable",
            problems=problems_of(error, text, partial(where_it_belongs, record), what),
            allowed=f"effects at {listed(addresses)}; 'ifntrial list addresses' says their units",
            fix=f"write it so:\n{example}",
        ) from error


def require_address(name: str, info: ValidationInfo) -> str:
    """Return an address that is among those of the context; without one it was checked before."""
    return name if info.context is None else require_name(name, info.context, "address")

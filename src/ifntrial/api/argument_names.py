"""Errors of a verb name its arguments, where those of its command name options."""

import re
from collections.abc import Callable, Collection
from functools import wraps
from inspect import signature
from typing import ParamSpec, TypeVar

from ifntrial.errors import IfntrialError

P = ParamSpec("P")
T = TypeVar("T")

# an option, but not in a command that is quoted for the reader to give
_OPTION = re.compile(r"(?P<command>\bifntrial [a-z][^'\n]*)|(?<![\w-])--(?P<option>[a-z][a-z-]*)")
_OTHERWISE = {
    "address": "addresses",
    "assay": "assays",
    "marker": "markers",
    "method": "methods",
    "out": "folder",
    "set": "values",
    "signature": "signatures",
}
"""Options to arguments of another name, where a verb has no argument of the option's own."""
_OF_READING = frozenset(
    {
        *("gene_column", "ids", "keep", "layer", "library_size", "orientation"),
        *("probes", "pseudobulk", "reference_genes", "set_aside", "sheet"),
    }
)
"""Options that ``score`` takes as fields of its argument ``reading``."""


def names_arguments(verb: Callable[P, T]) -> Callable[P, T]:
    """Return a verb whose errors say ``'worlds'`` where those of its command say ``--worlds``."""
    names = frozenset(signature(verb).parameters)

    @wraps(verb)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return verb(*args, **kwargs)
        except IfntrialError as error:
            error.args = (in_python(str(error), names), *error.args[1:])
            error.problems = tuple(in_python(each, names) for each in error.problems)
            raise

    return call


def in_python(text: str, names: Collection[str]) -> str:
    """Return a text with the arguments called ``names`` in the place of options; others stay.

    Examples
    --------
    >>> in_python("--worlds is out of range", ["worlds"])
    "'worlds' is out of range"
    """
    # what tells of both, "--scale NAME on the command line, scale= in Python", tells enough
    if "in Python" in text:
        return text

    def said(found: re.Match[str]) -> str:
        option = found["option"]
        if option is None:
            return found[0]
        name = option.replace("-", "_")
        if name not in names:
            name = _OTHERWISE.get(option, name)
        if name in names:
            return f"'{name}'"
        return f"'reading.{name}'" if "reading" in names and name in _OF_READING else found[0]

    return _OPTION.sub(said, text)

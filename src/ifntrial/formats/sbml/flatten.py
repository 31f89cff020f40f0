"""Models that are put together from others (package comp), made one by libsbml."""

from pathlib import Path
from typing import Any

from ifntrial.errors import InputError

# libsbml's classes say nothing of types
Element = Any

PACKAGE = "comp"


def flatten(libsbml: Element, document: Element, path: Path | str) -> None:
    """Put the parts of a model into it, in place; a model without the package stays as it is.

    Raises
    ------
    InputError
        If a part is in another file, or the parts do not fit together.
    """
    if document.getPlugin(PACKAGE) is None:
        return
    elsewhere = [part.getId() for part in document.getPlugin(PACKAGE).getListOfExternalModelDefinitions()]
    if elsewhere:
        raise InputError(
            f"the SBML model in {path} cannot be imported",
            problems=[f"part '{name}' (package {PACKAGE}) is in another file" for name in elsewhere],
            fix="put all parts into one file",
        )
    options = libsbml.ConversionProperties()
    options.addOption("flatten comp", True)
    options.addOption("performValidation", False)
    # what else the file needs is told by name afterwards
    options.addOption("abortIfUnflattenable", "none")
    if document.convert(options) != libsbml.LIBSBML_OPERATION_SUCCESS:
        raise InputError(
            f"the SBML model in {path} cannot be imported",
            problems=[f"its parts (package {PACKAGE}) cannot be put together"],
        )

"""Libraries that only an extra installs, loaded when they are needed, with one message where they are absent."""

from importlib import import_module
from types import ModuleType

from ifntrial.errors import ExtraError

EXTRAS = {
    "SALib": ("salib", "sensitivity"),
    "distributed": ("distributed", "cluster"),
    "anndata": ("anndata", "h5ad"),
    "libsbml": ("python-libsbml", "sbml"),
    "pyreadstat": ("pyreadstat", "xpt"),
    "python_calamine": ("python-calamine", "xlsx"),
}
"""Name of the import, to the distribution that holds it and the extra that asks for it."""


def load_extra(module: str, what: str) -> ModuleType:
    """Return a module of a library that only an extra installs.

    Parameters
    ----------
    module
        As an import names it, such as ``SALib.sample.morris``.
    what
        What needs it, in the plural, to begin the message with.

    Raises
    ------
    ExtraError
        If it cannot be imported; says how to install it.
    """
    distribution, extra = EXTRAS[module.partition(".")[0]]
    try:
        return import_module(module)
    except ImportError as error:
        raise ExtraError(
            f"{what} need {distribution}, which cannot be imported ({error})",
            fix=f"pip install '.[{extra}]' in the folder of the project",
        ) from error

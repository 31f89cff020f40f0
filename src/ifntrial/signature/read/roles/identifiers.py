"""Which genes the labels of one side of a table stand for, decided for the labels as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass

from ifntrial.errors import resolve_name
from ifntrial.signature.genes import GeneTable
from ifntrial.signature.read.roles.strange import are_mouse_names, are_running_numbers, whole_numbers

IDS = ("symbol", "ensembl", "entrez")


@dataclass(frozen=True, slots=True)
class Recognised:
    """What labels stand for.

    Parameters
    ----------
    symbols
        For each label the current symbol of a gene of the signatures, or None.
    kind
        ``symbol``, ``ensembl``, ``entrez`` or ``numbers`` (numbers that are no ids).
    is_mouse
        Whether the recognised names are written as mouse genes are.
    """

    symbols: tuple[str | None, ...]
    kind: str
    is_mouse: bool

    @property
    def count(self) -> int:
        """Return how many genes were recognised, each once."""
        return 0 if self.is_mouse else len({symbol for symbol in self.symbols if symbol is not None})


def recognise(labels: Sequence[str], genes: GeneTable, ids: str | None = None) -> Recognised:
    """Return the genes behind labels.

    Numbers are Entrez ids only where most labels are numbers and, as a set, can be ids, or where the user says so.

    Parameters
    ----------
    ids
        Kind of the labels in :data:`IDS` as the user says it; None to decide.

    Raises
    ------
    UnknownNameError
        If the kind is not one of the list.
    """
    if ids is not None:
        resolve_name(ids, dict.fromkeys(IDS), "kind of id")
    names = [label.strip().strip('"').strip("'") for label in labels]
    mostly_numbers = 2 * len(whole_numbers(names)) > len(names)
    numbers = ids == "entrez" or (ids is None and mostly_numbers and not are_running_numbers(names))
    symbols = tuple(genes.find(name, numbers=numbers) for name in names)
    known = [name for name, symbol in zip(names, symbols, strict=True) if symbol is not None]
    is_mouse = len(known) > 1 and are_mouse_names(known)
    return Recognised(symbols, _kind(known, numbers, mostly_numbers), is_mouse)


def _kind(known: list[str], numbers: bool, mostly_numbers: bool) -> str:
    if mostly_numbers:
        return "entrez" if numbers else "numbers"
    ensembl = sum(name[:4].upper() == "ENSG" for name in known)
    return "ensembl" if known and 2 * ensembl > len(known) else "symbol"

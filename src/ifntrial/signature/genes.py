"""Match the names in a file to current HGNC symbols: symbols, older symbols, aliases, Ensembl and Entrez ids."""

import re
from collections.abc import Iterable, Mapping
from csv import DictReader
from dataclasses import dataclass
from importlib.resources import files

_ENSEMBL = re.compile(r"^(ENSG\d{11})(\.\d+)?(_PAR_Y)?$", re.IGNORECASE)
_PROBE = re.compile(r"^(ILMN_\d+|\d+(_[a-z])?_at|A_\d\d_P\d+|TC\d+\.hg\.\d+)$")
_SPREADSHEET_DATE = re.compile(
    r"^(\d{1,2}-(Mar|Sep|Dec|Oct|Apr|Feb|Nov)|(Mar|Sep|Dec)-\d{1,2}|\d{4}-\d\d-\d\d.*)$", re.IGNORECASE
)
_MOUSE = re.compile(r"^[A-Z][a-z]+[a-z0-9]*\d*[a-z]?$")


@dataclass(frozen=True, slots=True)
class GeneTable:
    """Every name of the genes the signatures use, and the symbol it stands for.

    Parameters
    ----------
    symbols
        Current ones.
    by_name, by_ensembl, by_entrez
        A name in capitals, an Ensembl id or an Entrez id to the current symbol.
    """

    symbols: frozenset[str]
    by_name: Mapping[str, str]
    by_ensembl: Mapping[str, str]
    by_entrez: Mapping[str, str]

    def symbol_of(self, label: str) -> str:
        """Return the current symbol of a label, or the trimmed label itself where it is not one of these genes.

        Examples
        --------
        >>> genes = load_genes()
        >>> [genes.symbol_of(label) for label in ("DDX58", "ENSG00000137959.16", " ISG15 ", "TP53")]
        ['RIGI', 'IFI44L', 'ISG15', 'TP53']
        >>> [genes.symbol_of(label) for label in ("10964", "ENSG00000137959|IFI44L", "IFI44L_10964")]
        ['IFI44L', 'IFI44L', 'IFI44L']
        """
        name = label.strip().strip('"').strip("'")
        found = self._look_up(name)
        if found is None:
            for part in re.split(r"[|;_ ]+", name):
                # A number inside a longer label is more often a copy number than an Entrez id.
                if not part.isdigit() and (found := self._look_up(part)) is not None:
                    break
        return name if found is None else found

    def count_known(self, labels: Iterable[str]) -> int:
        """Return how many labels stand for one of these genes, counted once each."""
        return len({symbol for label in labels if (symbol := self.symbol_of(label)) in self.symbols})

    def names(self) -> tuple[Mapping[str, str], ...]:
        """Return every name to its symbol, by kind of name."""
        return self.by_name, self.by_ensembl, self.by_entrez

    def _look_up(self, name: str) -> str | None:
        if match := _ENSEMBL.match(name):
            return self.by_ensembl.get(match[1].upper())
        whole_number = name.removesuffix(".0")
        if whole_number.isdigit():
            return self.by_entrez.get(whole_number)
        return self.by_name.get(name.upper())


def load_genes() -> GeneTable:
    """Return the shipped gene table (source: hgnc)."""
    symbols: set[str] = set()
    by_name: dict[str, str] = {}
    by_ensembl: dict[str, str] = {}
    by_entrez: dict[str, str] = {}
    older: dict[str, str] = {}
    text = (files("ifntrial.signature") / "sets" / "genes.csv").read_text(encoding="utf-8")
    for row in DictReader(text.splitlines()):
        symbol = row["symbol"]
        symbols.add(symbol)
        by_name[symbol.upper()] = symbol
        by_entrez[row["entrez_id"]] = symbol
        by_ensembl.update(dict.fromkeys(row["ensembl_ids"].split("|"), symbol))
        for name in f"{row['previous_symbols']}|{row['alias_symbols']}".split("|"):
            if name:
                older[name.upper()] = symbol
    # A current symbol is never read as an older name of another gene.
    by_name = {**older, **by_name}
    return GeneTable(frozenset(symbols), by_name, by_ensembl, by_entrez)


def describe_strange_names(labels: Iterable[str]) -> list[str]:
    """Return what is odd about the names: probe ids, mouse symbols, symbols a spreadsheet turned into dates."""
    names = [label.strip() for label in labels]
    if not names:
        return []
    problems = []
    probes = [name for name in names if _PROBE.match(name)]
    if len(probes) > len(names) / 2:
        problems.append(f"names are probe ids (e.g. {probes[0]}): map them to genes first, or give probes=")
    mouse = [name for name in names if _MOUSE.match(name) and not name.isupper()]
    if len(mouse) > len(names) / 2:
        problems.append(f"names look like mouse genes (e.g. {mouse[0]}): map them to human orthologues first")
    dates = [name for name in names if _SPREADSHEET_DATE.match(name)]
    if dates:
        problems.append(f"{len(dates)} names were turned into dates by a spreadsheet (e.g. {dates[0]})")
    return problems

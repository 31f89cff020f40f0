"""Match the names in a file to current HGNC symbols: symbols, older symbols, aliases, Ensembl and Entrez ids."""

import gzip
import re
from collections.abc import Mapping
from csv import DictReader
from dataclasses import dataclass
from importlib.resources import files

_ENSEMBL = re.compile(r"^(ENSG\d{11})(\.\d+)?(_PAR_Y)?$", re.IGNORECASE)
_IDENTIFIER = re.compile(
    r"^(ENS[A-Z]*[GTPE]\d{11}(\.\d+)?|[NX][MRP]_\d+(\.\d+)?|ILMN_\d+|\d+(_[a-z])?_at|A_\d\d_P\d+|TC\d+\.hg\.\d+|"
    r"HGNC:\d+|OTTHUM[GT]\d+(\.\d+)?|\d+|\?|-+|)$",
    re.IGNORECASE,
)
_JOINED = re.compile(
    r"^(?P<first>[A-Za-z0-9.-]+)(?:_| \(?|\.\.)(?P<second>[A-Za-z0-9.-]+)\)?$|"
    r"^(?P<probe>ILMN_\d+)_(?P<gene>[A-Za-z0-9.-]+)$"
)
# R and pandas write IFI27.1 for a second row called IFI27.
_REPEATED = re.compile(r"^([A-Za-z][A-Za-z0-9-]+)\.\d{1,2}$")
_SEVERAL = re.compile(r"[|;,]")


@dataclass(frozen=True, slots=True)
class GeneTable:
    """Every name of the genes the signatures use, and the symbol it stands for.

    Parameters
    ----------
    symbols
        Current ones.
    by_name, by_ensembl, by_entrez
        A name in capitals, an Ensembl id or an Entrez id to the current symbol.
    aliases
        Those of ``by_name``, in capitals, that never were a symbol: they count only as whole labels.
    approved
        Current symbols of all human genes; empty where only those of the signatures are known.
    """

    symbols: frozenset[str]
    by_name: Mapping[str, str]
    by_ensembl: Mapping[str, str]
    by_entrez: Mapping[str, str]
    aliases: frozenset[str] = frozenset()
    approved: frozenset[str] = frozenset()

    def symbol_of(self, label: str) -> str:
        """Return the current symbol of a label, or the trimmed label itself where it is not one of these genes.

        Examples
        --------
        >>> genes = load_genes()
        >>> [genes.symbol_of(label) for label in ("DDX58", "ENSG00000137959.16", " ISG15 ", "TP53")]
        ['RIGI', 'IFI44L', 'ISG15', 'TP53']
        >>> [genes.symbol_of(label) for label in ("10964", "ENSG00000137959|IFI44L", "IFI44L_10964")]
        ['IFI44L', 'IFI44L', 'IFI44L']
        >>> [genes.symbol_of(label) for label in ("OAS1 /// OAS2", "Anti IFI16 IgG", "IFI27 /// IFI27")]
        ['OAS1 /// OAS2', 'Anti IFI16 IgG', 'IFI27']
        """
        name = label.strip().strip('"').strip("'")
        found = self.find(name)
        return name if found is None else found

    def find(self, name: str, *, numbers: bool = True) -> str | None:
        """Return the current symbol that a name stands for, None where it is none of these genes or several genes.

        A part of a name counts only where the rest is an id or the same gene: "ENSG00000137959|IFI44L",
        "IFI44L_10964", "ILMN_1_IFI44L", "NM_1 // IFI44L // interferon ...".

        Parameters
        ----------
        numbers
            Whether a bare number may be an Entrez id.
        """
        whole = self._look_up(name, numbers)
        if whole is not None:
            return whole
        if "//" in name:
            return self._only_gene(_symbols_of_assignment(name))
        if _SEVERAL.search(name):
            return self._only_gene(_SEVERAL.split(name))
        if repeated := _REPEATED.match(name):
            return self._symbol_of_part(repeated[1])
        joined = _JOINED.match(name)
        return self._find_joined(joined) if joined else None

    def names(self) -> tuple[Mapping[str, str], ...]:
        """Return every name to its symbol, by kind of name."""
        return self.by_name, self.by_ensembl, self.by_entrez

    def _look_up(self, name: str, numbers: bool = True) -> str | None:
        if match := _ENSEMBL.match(name):
            return self.by_ensembl.get(match[1].upper())
        whole_number = name.removesuffix(".0")
        if whole_number.isdigit():
            return self.by_entrez.get(whole_number) if numbers else None
        return self.by_name.get(name.upper())

    def _only_gene(self, parts: list[str]) -> str | None:
        """Return the one gene that all parts name, ids apart; None for several or none."""
        found = set()
        for part in (each.strip() for each in parts):
            if match := _ENSEMBL.match(part):
                found.add(self.by_ensembl.get(match[1].upper(), part))
            elif not _IDENTIFIER.match(part):
                found.add(self._symbol_of_part(part) or part)
        only = found.pop() if len(found) == 1 else None
        return only if only in self.symbols else None

    def _find_joined(self, joined: re.Match[str]) -> str | None:
        if joined["probe"]:
            return self._symbol_of_part(joined["gene"])
        for name, other in ((joined["first"], joined["second"]), (joined["second"], joined["first"])):
            symbol = self._symbol_of_part(name)
            if symbol is None:
                continue
            # a number behind a symbol is more often a copy number than an Entrez id
            if (self.by_entrez.get(other) == symbol) if other.isdigit() else self._is_id_of(other, symbol):
                return symbol
        return None

    def _is_id_of(self, other: str, symbol: str) -> bool:
        if _ENSEMBL.match(other):
            return self._look_up(other) == symbol
        return bool(_IDENTIFIER.match(other)) or self._symbol_of_part(other) == symbol

    def _symbol_of_part(self, part: str) -> str | None:
        upper = part.upper()
        return None if upper in self.aliases else self.by_name.get(upper)


def _symbols_of_assignment(name: str) -> list[str]:
    """Return the symbols in a label of several genes: "A /// B", "A // B", or "id // symbol // text /// ..."."""
    found: list[str] = []
    for group in name.split("///"):
        fields = group.split("//")
        found += [fields[1]] if len(fields) > 2 else fields
    return found


def load_genes() -> GeneTable:
    """Return the shipped gene table (source: hgnc)."""
    symbols: set[str] = set()
    by_name: dict[str, str] = {}
    by_ensembl: dict[str, str] = {}
    by_entrez: dict[str, str] = {}
    older: dict[str, str] = {}
    former: set[str] = set()
    approved = _load_approved()
    text = (files("ifntrial.signature") / "sets" / "genes.csv").read_text(encoding="utf-8")
    for row in DictReader(text.splitlines()):
        symbol = row["symbol"]
        symbols.add(symbol)
        by_name[symbol.upper()] = symbol
        by_entrez[row["entrez_id"]] = symbol
        by_ensembl.update(dict.fromkeys(row["ensembl_ids"].split("|"), symbol))
        former.update(name.upper() for name in row["previous_symbols"].split("|"))
        for name in f"{row['previous_symbols']}|{row['alias_symbols']}".split("|"):
            # What is the current symbol of another gene is never read as an older name of this one.
            if name and name not in approved:
                older[name.upper()] = symbol
    aliases = frozenset(set(older) - former - set(by_name))
    by_name = {**older, **by_name}
    return GeneTable(frozenset(symbols), by_name, by_ensembl, by_entrez, aliases, approved | symbols)


def _load_approved() -> frozenset[str]:
    packed = (files("ifntrial.signature") / "sets" / "symbols.txt.gz").read_bytes()
    return frozenset(gzip.decompress(packed).decode("utf-8").splitlines())

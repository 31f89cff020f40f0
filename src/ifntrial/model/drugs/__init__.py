"""The list of drugs. To add one of a known structure: rows in the evidence tables and an entry below."""

from dataclasses import dataclass

from ifntrial.model.drugs import receptor_antibody
from ifntrial.model.parts import Mechanism


@dataclass(frozen=True, slots=True)
class Drug:
    """A drug: its name, the prefix of its rows in the evidence tables, and how it moves through the body.

    Parameters
    ----------
    name
        Lower case; rows of the evidence tables are called ``<name>.<parameter>``.
    label
        As shown to people.
    structure
        The pharmacokinetic mechanism.
    depot, central
        Species that take subcutaneous and intravenous doses.
    """

    name: str
    label: str
    structure: Mechanism
    depot: str = "drug_depot"
    central: str = "drug_central"


ANIFROLUMAB = Drug("anifrolumab", "Anifrolumab", receptor_antibody.MECHANISM)

DRUGS: dict[str, Drug] = {drug.name: drug for drug in (ANIFROLUMAB,)}

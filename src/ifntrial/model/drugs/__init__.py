"""The list of drugs. To add one of a known structure: rows in the evidence tables and an entry below."""

from dataclasses import dataclass

from ifntrial.errors import InputError
from ifntrial.model.drugs import (
    dosed_interferon,
    ligand_antibody,
    oral_inhibitor,
    receptor_antibody,
    trial_level,
)
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
        The mechanism with its pharmacokinetics and its action on the interferon pathway.
    routes
        How it is given, of ``IV``, ``SC`` and ``oral``.
    usual
        Its regimen in a trial or on a label, in words.
    depot, central
        Species that take subcutaneous or oral, and intravenous doses.
    caveat
        What of it has not been held against a published figure; empty for nothing of note.
    engagement
        What shows that the drug is at its target: the start of a read-out's name, before the tissue; empty for none.
    """

    name: str
    label: str
    structure: Mechanism
    routes: tuple[str, ...] = ("SC", "IV")
    usual: str = ""
    depot: str = "drug_depot"
    central: str = "drug_central"
    engagement: str = ""
    caveat: str = ""

    def dosed_species(self, route: str) -> str:
        """Return the species that takes doses by a route.

        Raises
        ------
        InputError
            If the drug is not given that way here.
        """
        if route not in self.routes:
            raise InputError(
                f"{self.label} is not given by this route here",
                given=route,
                allowed=" or ".join(self.routes),
                fix=f"write a regimen such as '{self.usual}'" if self.usual else "change the route",
            )
        return self.central if route == "IV" else self.depot


NOT_VALIDATED = (
    "signature not validated: it fell on JAK inhibitors in SSc skin, lupus and myositis, no size was read"
)


def _ligand_antibody(name: str, label: str, usual: str) -> Drug:
    return Drug(name, label, ligand_antibody.MECHANISM, ("IV",), usual, engagement="ifn_alpha_bound")


def _tablet(name: str, label: str, structure: Mechanism, usual: str) -> Drug:
    return Drug(
        name, label, structure, ("oral",), usual, engagement="kinase_inhibition", caveat=NOT_VALIDATED
    )


def _by_trial(name: str, label: str, route: str, usual: str) -> Drug:
    return Drug(name, label, trial_level.MECHANISM, (route,), usual, depot="drug_central")


ANIFROLUMAB = Drug(
    "anifrolumab",
    "Anifrolumab",
    receptor_antibody.MECHANISM,
    usual="120 mg SC every week",
    engagement="occupancy",
)

DRUGS: dict[str, Drug] = {
    drug.name: drug
    for drug in (
        ANIFROLUMAB,
        _ligand_antibody("sifalimumab", "Sifalimumab", "600 mg IV every 4 weeks"),
        _ligand_antibody("rontalizumab", "Rontalizumab", "10 mg/kg IV once"),
        _tablet("tofacitinib", "Tofacitinib", oral_inhibitor.ONE_COMPARTMENT, "5 mg orally twice a day"),
        _tablet("baricitinib", "Baricitinib", oral_inhibitor.TWO_COMPARTMENTS, "4 mg orally once a day"),
        _tablet("upadacitinib", "Upadacitinib", oral_inhibitor.TWO_COMPARTMENTS, "15 mg orally once a day"),
        Drug(
            "interferon_alpha",
            "Interferon alpha",
            dosed_interferon.BY_ACTIVITY,
            ("SC",),
            "4.5 MU SC three times a week",
        ),
        Drug(
            "ropeginterferon",
            "Ropeginterferon alfa-2b",
            dosed_interferon.MECHANISM,
            ("SC",),
            "100 ug SC every 2 weeks",
        ),
        _by_trial("tocilizumab", "Tocilizumab", "SC", "162 mg SC every week"),
        _by_trial("mycophenolate", "Mycophenolate mofetil", "oral", "1.5 g orally twice a day"),
    )
}

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
    """

    name: str
    label: str
    structure: Mechanism
    routes: tuple[str, ...] = ("SC", "IV")
    usual: str = ""
    depot: str = "drug_depot"
    central: str = "drug_central"

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


ANIFROLUMAB = Drug("anifrolumab", "Anifrolumab", receptor_antibody.MECHANISM, usual="120 mg SC every week")

DRUGS: dict[str, Drug] = {
    drug.name: drug
    for drug in (
        ANIFROLUMAB,
        Drug("sifalimumab", "Sifalimumab", ligand_antibody.MECHANISM, ("IV",), "600 mg IV every 4 weeks"),
        Drug("rontalizumab", "Rontalizumab", ligand_antibody.MECHANISM, ("IV",), "10 mg/kg IV once"),
        Drug(
            "tofacitinib", "Tofacitinib", oral_inhibitor.ONE_COMPARTMENT, ("oral",), "5 mg orally twice a day"
        ),
        Drug(
            "baricitinib", "Baricitinib", oral_inhibitor.TWO_COMPARTMENTS, ("oral",), "4 mg orally once a day"
        ),
        Drug(
            "upadacitinib",
            "Upadacitinib",
            oral_inhibitor.TWO_COMPARTMENTS,
            ("oral",),
            "15 mg orally once a day",
        ),
        Drug(
            "ropeginterferon",
            "Ropeginterferon alfa-2b",
            dosed_interferon.MECHANISM,
            ("SC",),
            "100 ug SC every 2 weeks",
        ),
        Drug(
            "tocilizumab",
            "Tocilizumab",
            trial_level.MECHANISM,
            ("SC",),
            "162 mg SC every week",
            depot="drug_central",
        ),
        Drug(
            "mycophenolate",
            "Mycophenolate mofetil",
            trial_level.MECHANISM,
            ("oral",),
            "1.5 g orally twice a day",
            depot="drug_central",
        ),
    )
}

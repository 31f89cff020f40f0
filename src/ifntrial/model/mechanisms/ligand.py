"""Type I interferons, each its own pool: made by plasmacytoid dendritic cells and others (kappa: keratinocytes), cleared.

Part of production is autoamplified through IRF7, an interferon-stimulated gene, so blockade lowers the ligand too.
A drug may leave a part of interferon alpha free, or add to it; interferon bound to an antibody is cleared as before.
"""

from ifntrial.model.mechanisms.tissues import TISSUES
from ifntrial.model.parts import Assignment, Law, Mechanism, Parameter, Reaction, Species, Values
from ifntrial.model.rate_laws import share_kept

SYSTEMIC = ("alpha", "beta", "omega")
ISOFORMS = (*SYSTEMIC, "kappa")


def _baseline(isoform: str) -> Law:
    return lambda s, p: p[f"ifn_{isoform}_baseline"]


def _production(isoform: str) -> Law:
    site = "skin" if isoform == "kappa" else "blood"

    def law(s: Values, p: Values) -> object:
        amplified = 1 + p.ifn_autoamplified_share * (s[f"ifn_relative_response_{site}"] - 1)
        # Monocytes, tissue cells and others make the rest; keratinocytes make all of kappa.
        by_others = p[f"ifn_{isoform}_other_source_share"] if isoform in SYSTEMIC else 1
        cells = share_kept(s.plasmacytoid_dendritic_cell, 1 - by_others)
        return p[f"k_ifn_{isoform}_clearance"] * p[f"ifn_{isoform}_baseline"] * cells * amplified

    return law


def _dendritic_cell_source(s: Values, p: Values) -> object:
    activity = {x: p[f"ifn_{x}_potency"] * p[f"ifn_{x}_baseline"] for x in SYSTEMIC}
    others = sum(activity[x] * p[f"ifn_{x}_other_source_share"] for x in SYSTEMIC)
    return 1 - others / sum(activity.values())


def _clearance(isoform: str) -> Law:
    return lambda s, p: p[f"k_ifn_{isoform}_clearance"] * s[f"ifn_{isoform}"]


def _acting(s: Values, isoform: str, tissue: str) -> object:
    if isoform == "alpha":
        return s.ifn_alpha * s[f"ifn_alpha_free_{tissue}"] + s.ifn_alpha_added
    return s[f"ifn_{isoform}"]


def _activity(tissue: str) -> Law:
    isoforms = ISOFORMS if tissue == "skin" else SYSTEMIC

    def law(s: Values, p: Values) -> object:
        now = sum(p[f"ifn_{x}_potency"] * _acting(s, x, tissue) for x in isoforms)
        untreated = sum(p[f"ifn_{x}_potency"] * p[f"ifn_{x}_baseline"] for x in isoforms)
        return now / untreated

    return law


def _bound(tissue: str) -> Law:
    return lambda s, p: 1 - s[f"ifn_alpha_free_{tissue}"]


def _parameters(isoform: str) -> tuple[Parameter, ...]:
    return (
        Parameter(f"ifn_{isoform}_baseline", "pmol/L", f"untreated interferon {isoform} at its site"),
        Parameter(f"k_ifn_{isoform}_clearance", "1/day", f"first-order loss of interferon {isoform}"),
        Parameter(
            f"ifn_{isoform}_potency", "1", f"receptor activation per concentration, {isoform}, over alpha"
        ),
    )


MECHANISM = Mechanism(
    name="ligand",
    meaning="Production, autoamplification and clearance of interferon alpha, beta, omega and kappa",
    species=tuple(
        Species(
            f"ifn_{x}",
            "pmol/L",
            f"interferon {x}",
            _baseline(x),
            "skin" if x == "kappa" else "blood",
        )
        for x in ISOFORMS
    ),
    parameters=(
        *(parameter for x in ISOFORMS for parameter in _parameters(x)),
        *(
            Parameter(
                f"ifn_{x}_other_source_share",
                "1",
                f"share of interferon {x} that cells other than plasmacytoid dendritic cells make",
            )
            for x in SYSTEMIC
        ),
        Parameter(
            "ifn_autoamplified_share", "1", "share of production that depends on interferon signalling"
        ),
    ),
    assignments=(
        *(
            Assignment(
                f"ifn_activity_{x}",
                "1",
                f"receptor-activating interferon over its untreated level, {x}",
                _activity(x),
            )
            for x in TISSUES
        ),
        Assignment(
            "dendritic_cell_source",
            "1",
            "share of untreated receptor activation in blood that plasmacytoid dendritic cells make",
            _dendritic_cell_source,
        ),
    ),
    reactions=(
        *(Reaction(f"ifn_{x}_production", {f"ifn_{x}": +1}, _production(x)) for x in ISOFORMS),
        *(Reaction(f"ifn_{x}_clearance", {f"ifn_{x}": -1}, _clearance(x)) for x in ISOFORMS),
    ),
    observables=tuple(
        Assignment(f"ifn_alpha_bound_{x}", "1", f"share of interferon alpha bound by drug, {x}", _bound(x))
        for x in TISSUES
    ),
)

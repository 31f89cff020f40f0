"""TGF-beta, made by macrophages and myofibroblasts, and the collagen that it and the cells make.

Part of collagen synthesis needs TGF-beta, the rest only cells. Interferon damps the part that TGF-beta drives, so
blockade releases it (``released_collagen``, in skin and lung; no fact of this kind is known for the heart). TGF-beta
does not act back on the cells here: the published circuit has no such loop, and none was read with its numbers.
"""

from ifntrial.model.mechanisms.drug_effect import BRAKE_TISSUE
from ifntrial.model.mechanisms.tissues import DISTRIBUTED_TISSUES
from ifntrial.model.parts import Assignment, Law, Mechanism, Parameter, Reaction, Species, Values, one
from ifntrial.model.rate_laws import relaxation, share_kept


def _tgf_beta(organ: str) -> Law:
    def law(s: Values, p: Values) -> object:
        by_macrophages = p.tgf_beta_macrophage_share * s[f"macrophage_{organ}"]
        by_myofibroblasts = (1 - p.tgf_beta_macrophage_share) * s[f"myofibroblast_{organ}"]
        return relaxation(p.k_tgf_beta_turnover, by_macrophages + by_myofibroblasts, s[f"tgf_beta_{organ}"])

    return law


def _collagen(organ: str) -> Law:
    def law(s: Values, p: Values) -> object:
        released = s[f"released_collagen_{organ}"] if organ in BRAKE_TISSUE.values() else 1
        by_tgf_beta = p.collagen_tgf_beta_share * s[f"tgf_beta_{organ}"] * released
        return s[f"myofibroblast_{organ}"] * (1 - p.collagen_tgf_beta_share + by_tgf_beta)

    return law


def _degradation(s: Values, p: Values) -> object:
    # Positive whatever TGF-beta is: it rises by the share over what is left where TGF-beta vanishes.
    goal = 1 / share_kept(s.tgf_beta_skin, p.collagen_degradation_tgf_beta_share)
    return relaxation(p.k_collagen_marker_turnover, goal, s.collagen_degradation)


MECHANISM = Mechanism(
    name="tgf_beta",
    meaning="TGF-beta and the collagen synthesis that it drives, in skin, lung and heart",
    species=(
        *(
            Species(f"tgf_beta_{x}", "1", f"active TGF-beta in {x} over untreated", one, x)
            for x in DISTRIBUTED_TISSUES
        ),
        Species("collagen_degradation", "1", "marker of collagen degradation over untreated", one, "blood"),
    ),
    parameters=(
        Parameter("k_tgf_beta_turnover", "1/day", "turnover of active TGF-beta"),
        Parameter("tgf_beta_macrophage_share", "1", "share of TGF-beta that macrophages make"),
        Parameter("collagen_tgf_beta_share", "1", "share of collagen synthesis that TGF-beta drives"),
        Parameter("k_collagen_marker_turnover", "1/day", "turnover of the marker of collagen degradation"),
        Parameter(
            "collagen_degradation_tgf_beta_share", "1", "share by which TGF-beta holds degradation down"
        ),
    ),
    assignments=tuple(
        Assignment(f"collagen_synthesis_{x}", "1", f"collagen synthesis in {x} over untreated", _collagen(x))
        for x in DISTRIBUTED_TISSUES
    ),
    reactions=(
        *(
            Reaction(f"tgf_beta_turnover_{x}", {f"tgf_beta_{x}": +1}, _tgf_beta(x))
            for x in DISTRIBUTED_TISSUES
        ),
        Reaction("collagen_degradation_turnover", {"collagen_degradation": +1}, _degradation),
    ),
)

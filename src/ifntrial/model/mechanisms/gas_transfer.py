"""Transfer factor of the lung (DLCO): lost by fibrosis and by vessels, regained by repair.

Which share of the loss goes with lung vessels is not known; the rest follows collagen synthesis in the lung, as vital
capacity does.
"""

from ifntrial.items import ITEMS
from ifntrial.model.parts import Mechanism, Parameter, Reaction, Species, Values
from ifntrial.model.rate_laws import positive_part

_ITEM = ITEMS["dlco_percent"]


def _loss(s: Values, p: Values) -> object:
    vessels = p.dlco_vessel_share * s.endothelial_injury
    active = vessels + (1 - p.dlco_vessel_share) * s.collagen_synthesis_lung
    # As with vital capacity: what is lost beyond untreated is a share of what is left.
    rise, left = positive_part(active - 1), s.dlco_percent / p.dlco_percent_baseline
    return p.dlco_progression * (active - rise + rise * left)


MECHANISM = Mechanism(
    name="gas_transfer",
    meaning="Transfer factor of the lung",
    species=(
        Species(
            "dlco_percent",
            _ITEM.unit,
            f"{_ITEM.title_in_sentence}, without test error",
            lambda s, p: p.dlco_percent_baseline,
            "lung",
        ),
    ),
    parameters=(
        Parameter("dlco_percent_baseline", _ITEM.unit, f"{_ITEM.title_in_sentence} of the patient at entry"),
        Parameter("dlco_progression", f"{_ITEM.unit}/day", "loss of gas transfer by active disease"),
        Parameter("dlco_repair", f"{_ITEM.unit}/day", "gain of gas transfer independent of it"),
        Parameter("dlco_vessel_share", "1", "share of the loss that follows endothelial injury"),
    ),
    reactions=(
        Reaction("dlco_loss", {"dlco_percent": -1}, _loss),
        Reaction("dlco_regain", {"dlco_percent": +1}, lambda s, p: p.dlco_repair),
    ),
)

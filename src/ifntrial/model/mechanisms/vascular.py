"""Endothelial injury, capillary loss and regrowth, digital ulcers; driven by the interferon of skin, where they are seen.

Repair is the regrowth of capillaries at a rate of its own: interferon acts on injury alone. Whether it also hinders
repair is not told apart: in mice it raised vessel loss and endothelial death, and no number of that was read.
"""

from typing import Any

from ifntrial.items import ITEMS
from ifntrial.model.parts import Mechanism, Parameter, Reaction, Species, Values, one, zero
from ifntrial.model.rate_laws import positive_part, relaxation

_DENSITY = ITEMS["capillary_density"]


def _injury(s: Values, p: Values) -> object:
    return relaxation(p.k_endothelial_turnover, s.drive_vessel, s.endothelial_injury)


def _missing(p: Values) -> Any:  # noqa: ANN401 - a number, an array, a quantity or a symbol
    """Return what is lost of a healthy density, over the patient's own; who has as much as the healthy lost none."""
    return positive_part(p.capillary_density_healthy / p.capillary_density_baseline - 1)


def _regrowth(s: Values, p: Values) -> object:
    whole = p.capillary_density_baseline * (1 + _missing(p))
    return relaxation(p.k_capillary_regrowth, whole, s.capillary_density)


def _loss(s: Values, p: Values) -> object:
    # At injury one, loss equals regrowth at the patient's own baseline density.
    return p.k_capillary_regrowth * _missing(p) * s.endothelial_injury * s.capillary_density


MECHANISM = Mechanism(
    name="vascular",
    meaning="Endothelial injury, capillaries and digital ulcers",
    species=(
        Species("endothelial_injury", "1", "endothelial injury over untreated", one, "blood"),
        Species(
            "capillary_density",
            _DENSITY.unit,
            _DENSITY.title_in_sentence,
            lambda s, p: p.capillary_density_baseline,
            "skin",
        ),
        Species("ulcer_hazard", "ulcer", "expected new digital ulcers since baseline", zero, "skin", one),
    ),
    parameters=(
        Parameter("k_endothelial_turnover", "1/day", "turnover of endothelial injury"),
        Parameter("k_capillary_regrowth", "1/day", "regrowth of capillaries"),
        Parameter(
            "capillary_density_healthy", _DENSITY.unit, f"{_DENSITY.title_in_sentence} without disease"
        ),
        Parameter(
            "capillary_density_baseline", _DENSITY.unit, f"{_DENSITY.title_in_sentence} of the patient"
        ),
        Parameter("ulcer_rate", "ulcer/day", "new digital ulcers of the untreated patient"),
    ),
    reactions=(
        Reaction("endothelial_injury_turnover", {"endothelial_injury": +1}, _injury),
        Reaction("capillary_regrowth", {"capillary_density": +1}, _regrowth),
        Reaction("capillary_loss", {"capillary_density": -1}, _loss),
        Reaction("ulcer_occurrence", {"ulcer_hazard": +1}, lambda s, p: p.ulcer_rate * s.endothelial_injury),
    ),
)

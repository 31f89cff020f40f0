"""What leaving a mechanism out should do to biomarkers: one row for each expectation, which a test holds.

A row compares the typical patient of the model without a mechanism to the same patient of the whole model, on the
same regimen and day. Clinical effect by interferon status has no row: it is a prior with mass on equality, not a
direction to test.
"""

from collections.abc import Iterator
from dataclasses import dataclass

BLOCKADE, UNTREATED = "300 mg IV every 4 weeks", "placebo"
DAY = 182.0
"""Half a year: the signature has settled, matrix is under way."""


@dataclass(frozen=True, slots=True)
class Removal:
    """One expectation.

    Parameters
    ----------
    without
        Name of the mechanism that is left out.
    regimen
        In words.
    read_out
        Name of a species, assignment or observable.
    expected
        ``lower``, ``higher`` or ``same``, against the whole model.
    reason
        Why.
    """

    without: str
    regimen: str
    read_out: str
    expected: str
    reason: str


_STAYS = "its goal is not approached"
_NO_SIGNAL_LOST = "no signal is lost, so nothing downstream changes"

REMOVALS = (
    Removal(
        "pharmacokinetics", BLOCKADE, "concentration", "higher", "no antibody is eliminated or leaves serum"
    ),
    Removal("pharmacokinetics", UNTREATED, "mrss", "same", "there is no drug"),
    Removal(
        "tissue_distribution", BLOCKADE, "ifn_driven_suppression_skin", "lower", "no antibody reaches skin"
    ),
    Removal(
        "tissue_distribution", BLOCKADE, "ifn_driven_suppression_blood", "same", "blood needs no exchange"
    ),
    Removal("tissue_distribution", BLOCKADE, "mrss", "higher", "signalling in skin goes on"),
    Removal(
        "receptor", BLOCKADE, "ifn_driven_suppression_blood", "lower", "bound antibody takes no receptor away"
    ),
    Removal("receptor", BLOCKADE, "chemokine_score", "higher", _NO_SIGNAL_LOST),
    Removal("receptor", BLOCKADE, "concentration", "same", "pharmacokinetics has its own receptor"),
    Removal("receptor", BLOCKADE, "mrss", "higher", _NO_SIGNAL_LOST),
    Removal(
        "ligand",
        BLOCKADE,
        "ifn_driven_suppression_blood",
        "lower",
        "blockade no longer lowers interferon itself",
    ),
    Removal("ligand", BLOCKADE, "ifn_alpha", "higher", "its production no longer falls"),
    Removal(
        "jak_stat",
        BLOCKADE,
        "ifn_driven_suppression_blood",
        "lower",
        "free receptor does not reach the genes",
    ),
    Removal("jak_stat", BLOCKADE, "receptor_free_blood", "same", "the receptor lies before"),
    Removal("jak_stat", BLOCKADE, "mrss", "higher", _NO_SIGNAL_LOST),
    Removal("drug_effect", BLOCKADE, "mrss", "higher", "the disease does not know of the signal"),
    Removal("drug_effect", BLOCKADE, "inflammation", "higher", "the disease does not know of the signal"),
    Removal("drug_effect", BLOCKADE, "receptor_free_blood", "same", "the receptor lies before"),
    Removal("drug_effect", UNTREATED, "mrss", "same", "no drive has changed"),
    Removal(
        "immune", BLOCKADE, "ifn_driven_suppression_blood", "lower", "dendritic cells keep making interferon"
    ),
    Removal("immune", BLOCKADE, "chemokine_score", "higher", "chemokines do not follow the signal"),
    Removal("immune", BLOCKADE, "physician_global", "higher", "systemic inflammation stays"),
    Removal(
        "vascular", BLOCKADE, "endothelial_injury", "higher", "the vessel's drive reaches no endothelium"
    ),
    Removal("vascular", BLOCKADE, "capillary_density", "lower", "capillaries do not grow back"),
    Removal("vascular", UNTREATED, "ulcer_hazard", "lower", "no ulcer is counted"),
    Removal("two_cell_circuit", BLOCKADE, "macrophage_skin", "higher", "cells stay at hot fibrosis"),
    Removal("two_cell_circuit", BLOCKADE, "tgf_beta_skin", "higher", "its cells stay"),
    Removal("two_cell_circuit", BLOCKADE, "mrss", "higher", "cells that make matrix stay"),
    Removal("two_cell_circuit", BLOCKADE, "fvc_percent", "lower", "cells that make matrix stay"),
    Removal("two_cell_circuit", BLOCKADE, "ifn_driven_suppression_skin", "same", "the signal lies before"),
    Removal("two_cell_circuit", UNTREATED, "mrss", "same", "untreated cells rest anyway"),
    Removal("tgf_beta", BLOCKADE, "collagen_degradation", "lower", "nothing releases degradation"),
    Removal("tgf_beta", BLOCKADE, "mrss", "higher", "the collagen that TGF-beta drives stays"),
    Removal("tgf_beta", BLOCKADE, "myofibroblast_skin", "same", "TGF-beta does not act back on cells"),
    Removal("fibrosis", UNTREATED, "mrss", "higher", f"{_STAYS}: untreated skin of early disease softens"),
    Removal("fibrosis", UNTREATED, "fvc_percent", "higher", "lung function is not lost"),
    Removal("fibrosis", BLOCKADE, "troponin", "higher", "the heart does not follow collagen"),
    Removal("gas_transfer", UNTREATED, "dlco_percent", "higher", "gas transfer is not lost"),
    Removal("gas_transfer", BLOCKADE, "fvc_percent", "same", "gas transfer acts on nothing"),
    Removal("fibrosis", BLOCKADE, "myofibroblast_skin", "same", "matrix does not act back on cells"),
    Removal("clinic", UNTREATED, "patient_global", "higher", _STAYS),
    Removal("clinic", BLOCKADE, "haq_di", "higher", "reports do not follow the disease"),
    Removal("clinic", BLOCKADE, "mrss", "same", "reports act on nothing"),
    Removal(
        "organ_events",
        BLOCKADE,
        "renal_crisis_relative_hazard",
        "higher",
        "the rate does not follow the organ",
    ),
    Removal("organ_events", BLOCKADE, "mrss", "same", "events do not change the disease here"),
    Removal("safety", BLOCKADE, "zoster_hazard", "lower", "no event is counted"),
    Removal("safety", BLOCKADE, "mrss", "same", "infections do not change the disease here"),
)


def removal_lines() -> Iterator[str]:
    """Yield the expectations as lines of a table in Markdown."""
    yield "| without | regimen | read-out | against the whole model | why |"
    yield "|---|---|---|---|---|"
    for row in REMOVALS:
        yield f"| `{row.without}` | {row.regimen} | `{row.read_out}` | {row.expected} | {row.reason} |"

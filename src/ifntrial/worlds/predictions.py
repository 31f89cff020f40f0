"""What every structural world predicts for the published drug levels and signatures that weigh worlds.

One typical subject of each published group is simulated per world, on the published regimen: the rows are medians and
means of groups, and the difference between a group and its typical subject is part of each row's stated discrepancy.
Of clinical results one is among the rows, the trial of interferon alpha in early diffuse disease: none exists for
blockade of the receptor in systemic sclerosis.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from ifntrial.arrays import FloatArray
from ifntrial.evidence.rows import Each, Published, Rows
from ifntrial.items import ITEMS

TULIP = "tulip_pooled.300_mg_iv_every_4_weeks.signature_suppression_blood"
VOLUNTEERS = "anifrolumab_in_healthy_volunteers.300_mg_sc"
WEIGHT_IN_LUPUS = Published(("anifrolumab_population_pharmacokinetics.all.body_weight.w0",), is_fitted=True)
BLACK = "black1999.interferon_vs_placebo"
ONSET_DOSES = (1, 3, 10)
"""Single doses [mg/kg]; the phase 1 study gave 0.1 to 20, and its figure does not say which."""


@dataclass(frozen=True, slots=True)
class DataRow:
    """A published result that weighs worlds.

    Parameters
    ----------
    observation
        Id in the evidence tables, of use ``fit``.
    discrepancy
        Row ``discrepancy.*``: how far the typical subject may be from the group, beside the sampling error.
    unit
        Of the discrepancy.
    share
        Its part of one result: several rows read in the same patients share what one of them would count.
    label
        In words.
    """

    observation: str
    discrepancy: str
    unit: str
    share: float
    label: str


DATA_ROWS = (
    DataRow(
        f"{TULIP}.w12", "discrepancy.suppression", "percent", 0.5, "suppression in blood, lupus, week 12"
    ),
    DataRow(
        f"{TULIP}.w52", "discrepancy.suppression", "percent", 0.5, "suppression in blood, lupus, week 52"
    ),
    DataRow(
        "sifalimumab_in_myositis.sifalimumab.signature_suppression_blood",
        "discrepancy.suppression_without_alpha",
        "percent",
        1.0,
        "suppression in blood without interferon alpha, myositis",
    ),
    DataRow(
        "medi_546_phase_1.all.time_to_maximal_suppression_skin",
        "discrepancy.onset_in_skin",
        "day",
        1.0,
        "time of deepest suppression in skin, SSc",
    ),
    DataRow(
        f"{VOLUNTEERS}.cmax",
        "discrepancy.subcutaneous_peak",
        "ug/mL",
        1.0,
        "peak after 300 mg SC, volunteers",
    ),
    DataRow(
        f"{VOLUNTEERS}.tmax",
        "discrepancy.subcutaneous_peak_time",
        "day",
        1.0,
        "time of that peak, volunteers",
    ),
    DataRow(
        f"{VOLUNTEERS}_vs_300_mg_iv.auc.ratio",
        "discrepancy.exposure_ratio",
        "1",
        1.0,
        "exposure SC over IV, volunteers",
    ),
    DataRow(
        f"{BLACK}.fvc_percent_change.w52",
        "discrepancy.fvc_on_interferon",
        ITEMS["fvc_percent"].unit,
        1.0,
        "lung function on interferon alpha against placebo, early diffuse SSc",
    ),
    DataRow(
        f"{BLACK}.mrss_change.w52",
        "discrepancy.mrss_on_interferon",
        ITEMS["mrss"].unit,
        1.0,
        "skin score on interferon alpha against placebo, early diffuse SSc",
    ),
)
"""Rows that one typical subject per world can predict and that some unknown of a world changes."""


@dataclass(frozen=True, slots=True)
class _Discrepancies:
    """How far typical subjects may be from their groups, by row."""

    of: Annotated[Mapping[str, float], Each("{}", {row.discrepancy: row.unit for row in DATA_ROWS})]


DISCREPANCIES = Rows("", _Discrepancies)
WEIGHING = Published(tuple(row.observation for row in DATA_ROWS), is_fitted=True)

NOT_USED = {
    f"{VOLUNTEERS}.auc": "the areas behind the ratio SC over IV",
    f"{VOLUNTEERS}.apparent_clearance": "the dose over the same area",
    "receptor_knock_down.*": "pSTAT is linear in the receptor in every world: nothing to learn about a world",
    "ifn_omega_and_ifn_alpha2.*": "the prior of the potency is made from it",
    "ifn_alpha2_simoa.*": "the prior of the untreated concentration is made from it",
}
"""Other rows of the drug and the signature that are there for fits, and why they do not weigh worlds."""


@dataclass(frozen=True, slots=True)
class Predictions:
    """What each world predicts for each observation.

    Parameters
    ----------
    observations
        Ids, one per column.
    values
        In the unit of the observation, NaN where a course could not be solved, shape (worlds, observations).
    """

    observations: tuple[str, ...]
    values: FloatArray

    def of(self, observation: str) -> FloatArray:
        """Return the predictions of one observation, shape (worlds,)."""
        return self.values[:, self.observations.index(observation)]

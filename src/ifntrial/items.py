"""Clinical items: what a clinic reads of a patient at a visit. Everything that is said of one of them is said here.

To add an item: an entry below, its row ``measurement.*``, and a quantity of that name in the model.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that is read of a patient.

    Parameters
    ----------
    name
        Of the model's quantity, of the reading, and in conditions of designs.
    label, title, heading
        In a sentence; in full; and over a figure of its course, empty where it has no figure of its own.
    unit, spoken_unit
        As ``units.parse_unit`` reads it, and as readers write it.
    low, high, step
        Ends of the scale, and the step in which it is read [unit].
    higher_is_better
        Direction.
    error
        Row ``measurement.*`` with the standard deviation of a reading around the true value.
    is_ratio
        Whether that is the deviation of the natural logarithm.
    read_with
        Item that the same act reads: both carry the same relative error. Empty: read by itself.
    history
        What the rows ``history.*`` of its natural change begin with; empty where it has none.
    speed
        Model parameter that says how fast an untreated patient comes to the goal of the natural change; empty where
        the change is not towards a goal.
    is_biomarker
        Whether it is a value of a laboratory, of blood or of gas transfer, which escape therapy leaves as it is.
    adam_code
        PARAMCD of ADaM, at most eight letters.
    """

    name: str
    label: str
    title: str
    heading: str = ""
    unit: str
    spoken_unit: str
    low: float
    high: float
    step: float
    higher_is_better: bool
    error: str
    is_ratio: bool = False
    read_with: str = ""
    history: str = ""
    speed: str = ""
    is_biomarker: bool = False
    adam_code: str

    @property
    def title_in_sentence(self) -> str:
        """The title where it does not begin a sentence; an abbreviation keeps its capitals."""
        first, rest = self.title[0], self.title[1:]
        is_abbreviation = rest[:1].isupper()
        return self.title if is_abbreviation else first.lower() + rest

    @property
    def toward_worse(self) -> float:
        """Sign of a change for the worse."""
        return -1.0 if self.higher_is_better else 1.0


def _global_assessment(name: str, label: str, title: str, adam_code: str) -> Item:
    return Item(
        name=name,
        label=label,
        title=title,
        heading=title,
        unit="global_point",
        spoken_unit="points of 10",
        low=0.0,
        high=10.0,
        step=1.0,
        higher_is_better=False,
        error=f"{name}_sd",
        history=name,
        speed="k_report_adaptation",
        adam_code=adam_code,
    )


def _suppression(tissue: str, adam_code: str) -> Item:
    return Item(
        name=f"signature_suppression_{tissue}",
        label=f"signature suppression, {tissue}",
        title=f"Suppression of the interferon signature, {tissue}",
        unit="1",
        spoken_unit="fraction",
        low=-inf,
        high=1.0,
        step=0.01,
        higher_is_better=True,
        error="signature_sd",
        is_biomarker=True,
        adam_code=adam_code,
    )


_ALL = (
    Item(
        name="mrss",
        label="mRSS",
        title="Modified Rodnan skin score",
        heading="Skin score (mRSS)",
        unit="mrss_point",
        spoken_unit="points",
        low=0.0,
        high=51.0,
        step=1.0,
        higher_is_better=False,
        error="mrss_sd",
        history="mrss",
        speed="k_skin_matrix_turnover",
        adam_code="MRSS",
    ),
    Item(
        name="fvc_percent",
        label="FVC % predicted",
        title="Forced vital capacity",
        heading="Forced vital capacity",
        unit="percent_predicted",
        spoken_unit="% predicted",
        low=5.0,
        high=200.0,
        step=0.1,
        higher_is_better=True,
        error="fvc_percent_sd",
        history="fvc",
        adam_code="FVCPP",
    ),
    Item(
        name="fvc_ml",
        label="FVC",
        title="Forced vital capacity",
        unit="mL",
        spoken_unit="mL",
        low=50.0,
        high=inf,
        step=10.0,
        higher_is_better=True,
        error="fvc_percent_sd",
        read_with="fvc_percent",
        adam_code="FVCML",
    ),
    Item(
        name="haq_di",
        label="HAQ-DI",
        title="HAQ disability index",
        heading="Disability (HAQ-DI)",
        unit="haq_point",
        spoken_unit="points",
        low=0.0,
        high=3.0,
        step=0.125,
        higher_is_better=False,
        error="haq_di_sd",
        history="haq_di",
        speed="k_report_adaptation",
        adam_code="HAQDI",
    ),
    _global_assessment("patient_global", "patient global", "Patient global assessment", "PTGA"),
    _global_assessment("physician_global", "physician global", "Physician global assessment", "PHGA"),
    Item(
        name="nt_probnp",
        label="NT-proBNP",
        title="NT-proBNP",
        heading="NT-proBNP",
        unit="pg/mL",
        spoken_unit="pg/mL",
        low=1.0,
        high=inf,
        step=1.0,
        higher_is_better=False,
        error="nt_probnp_log_sd",
        is_ratio=True,
        is_biomarker=True,
        adam_code="NTPROBNP",
    ),
    Item(
        name="troponin",
        label="troponin T",
        title="High-sensitivity troponin T",
        heading="Troponin T",
        unit="ng/L",
        spoken_unit="ng/L",
        low=1.0,
        high=inf,
        step=1.0,
        higher_is_better=False,
        error="troponin_log_sd",
        is_ratio=True,
        is_biomarker=True,
        adam_code="TROPT",
    ),
    Item(
        name="dlco_percent",
        label="DLCO % predicted",
        title="Transfer factor of the lung for carbon monoxide",
        heading="Transfer factor (DLCO)",
        unit="percent_predicted",
        spoken_unit="% predicted",
        low=5.0,
        high=200.0,
        step=0.1,
        higher_is_better=True,
        error="dlco_percent_sd",
        is_biomarker=True,
        adam_code="DLCOPP",
    ),
    Item(
        name="capillary_density",
        label="capillary density",
        title="Nailfold capillary density",
        unit="1/mm",
        spoken_unit="per mm",
        low=0.0,
        high=20.0,
        step=0.1,
        higher_is_better=True,
        error="capillary_density_sd",
        is_biomarker=True,
        adam_code="CAPDENS",
    ),
    Item(
        name="chemokine_score",
        label="six-chemokine score",
        title="Serum six-chemokine score",
        unit="1",
        spoken_unit="mean natural logarithm",
        low=0.0,
        high=20.0,
        step=0.01,
        higher_is_better=False,
        error="chemokine_score_sd",
        is_biomarker=True,
        adam_code="CHEMOK6",
    ),
    _suppression("blood", "IFNSBLD"),
    _suppression("skin", "IFNSSKN"),
)

ITEMS: Mapping[str, Item] = MappingProxyType({item.name: item for item in _ALL})
"""Every item by its name, in the order of tables and pages."""

CORE_ITEMS = ("mrss", "haq_di", "patient_global", "physician_global", "fvc_percent")
"""The five core items of the response criteria. Their order is that of the correlation matrices and of random draws."""

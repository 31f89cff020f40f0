"""What every column of the ADaM-shaped tables is: type, label, unit and where it comes from."""

from typing import Literal, NamedTuple

from ifntrial.items import CORE_ITEMS, ITEMS, Item

Type = Literal["text", "integer", "float", "boolean"]
Origin = Literal["protocol", "simulated", "derived"]


class Variable(NamedTuple):
    """One row of the dictionary; a label has at most 40 characters, as SAS transport files ask for."""

    type: Type
    label: str
    unit: str = ""
    origin: Origin = "simulated"


_AT_ENTRY = tuple(
    item for item in ITEMS.values() if item.name in (*CORE_ITEMS, "nt_probnp", "troponin", "dlco_percent")
)


def _entry_code(item: Item) -> str:
    """Return the name of an item's column in ADSL, which has at most eight letters."""
    return f"{item.adam_code[:5]}ENT"


PARAMETERS = {item.name: (item.adam_code, f"{item.title} ({item.spoken_unit})") for item in ITEMS.values()}
"""Quantity to PARAMCD and PARAM."""

COVARIATES = {
    "age_years": "AGE",
    "body_weight_kg": "WEIGHTBL",
    "subset": "SSCTYPE",
    "antibody": "ANTIBODY",
    "disease_duration_years": "DISDURY",
    "has_ild": "ILD",
    "uses_mmf": "MMF",
    "uses_glucocorticoid": "GLUCO",
    "lives_in_east_asia": "EASTASIA",
    "lives_in_america": "AMERICA",
    "height_cm": "HEIGHTBL",
    "mrss_change_before": "MRSSBEF",
    "has_cardiac_involvement": "CARDIAC",
    "is_ifn_high": "IFNHIGH",
    "is_ifn_high_skin": "IFNHIGHS",
    **{item.name: _entry_code(item) for item in _AT_ENTRY},
}
"""Covariate at entry to its column in ADSL; sex is SEX. Other covariates keep their names in capital letters."""

DICTIONARY: dict[str, Variable] = {
    "STUDYID": Variable("text", "Name of the design", origin="protocol"),
    "USUBJID": Variable("text", "Virtual subject; the same in every arm", origin="derived"),
    "TRT01P": Variable("text", "Planned arm", origin="protocol"),
    "TRT02P": Variable("text", "Planned treatment, open-label extension", origin="protocol"),
    "TRTA": Variable("text", "Treatment at the visit", origin="derived"),
    "WORLD": Variable("integer", "Number of the world; -1: the typical one"),
    "AGE": Variable("float", "Age", "year"),
    "SEX": Variable("text", "Sex, F or M"),
    "WEIGHTBL": Variable("float", "Body weight at baseline", "kg"),
    "SSCTYPE": Variable("text", "Subset of systemic sclerosis"),
    "ANTIBODY": Variable("text", "Autoantibody"),
    "DISDURY": Variable("float", "Duration since first non-Raynaud symptom", "year"),
    "ILD": Variable("boolean", "Interstitial lung disease"),
    "MMF": Variable("boolean", "Mycophenolate at entry"),
    "GLUCO": Variable("boolean", "Glucocorticoid at entry"),
    "EASTASIA": Variable("boolean", "Site in East Asia"),
    "AMERICA": Variable("boolean", "Site in America"),
    "HEIGHTBL": Variable("float", "Height at baseline", "cm"),
    "MRSSBEF": Variable("float", f"{ITEMS['mrss'].heading}, change before entry", ITEMS["mrss"].unit),
    "CARDIAC": Variable("boolean", "Cardiac involvement at entry"),
    "IFNHIGH": Variable("boolean", "High interferon signature in blood"),
    "IFNHIGHS": Variable("boolean", "High interferon signature in skin"),
    **{_entry_code(item): Variable("float", f"{item.heading} at entry", item.unit) for item in _AT_ENTRY},
    "PREVWT": Variable("float", "Real patients the subject stands for", origin="derived"),
    "SIMSTAT": Variable("text", "ok, or why the simulation ended"),
    "EOTSTT": Variable("text", "Treatment COMPLETED or DISCONTINUED"),
    "DCTREAS": Variable("text", "Reason for stopping treatment"),
    "EOTWK": Variable("float", "Week of stopping; missing if completed", "week"),
    "EOSSTT": Variable("text", "Trial COMPLETED or DISCONTINUED"),
    "DCSREAS": Variable("text", "Reason for leaving the trial"),
    "EOSWK": Variable("float", "Week of leaving; missing if completed", "week"),
    "RESCWK": Variable("float", "Week escape began; missing if never", "week"),
    "PARAMCD": Variable("text", "Short name of what was measured", origin="protocol"),
    "PARAM": Variable("text", "What was measured, with unit", origin="protocol"),
    "AVISIT": Variable("text", "Planned visit", origin="protocol"),
    "AVISITN": Variable("float", "Planned visit, week", "week", "protocol"),
    "APERIODC": Variable("text", "TREATMENT, OPEN LABEL or FOLLOW-UP", origin="derived"),
    "ADY": Variable("integer", "Actual study day; first dose is day 1", "day"),
    "ADAYS": Variable("float", "Time since the first dose", "day"),
    "AVAL": Variable("float", "Reading; missing if there was no visit", "in PARAM"),
    "BASE": Variable("float", "Reading at baseline", "in PARAM", "derived"),
    "CHG": Variable("float", "Reading minus baseline", "in PARAM", "derived"),
    "ABLFL": Variable("text", "Y at baseline", origin="derived"),
    "ANL01FL": Variable("text", "Y if the planned analyses may use it", origin="derived"),
    "ONTRTFL": Variable("text", "Y before treatment was stopped", origin="derived"),
    "OBSERVED": Variable("boolean", "Whether the visit took place"),
    "AEDECOD": Variable("text", "Event", origin="protocol"),
    "ASTWK": Variable("float", "Week of the event, linear between visits", "week"),
    "ASTDY": Variable("integer", "Study day of the event", "day", "derived"),
}

"""What patients and physicians report: disability and global assessments, without reporting error."""

from typing import Any

from ifntrial.items import ITEMS
from ifntrial.model.parts import Law, Mechanism, Parameter, Reaction, Species, Values
from ifntrial.model.rate_laws import kept_on_scale, relaxation


def _patient_reported(item: str) -> Law:
    return lambda s, p: relaxation(p.k_report_adaptation, _goal(p, item, s.drive_patient_reported), s[item])


def _goal(p: Values, item: str, seen: Any) -> Any:  # noqa: ANN401 - a number, an array, a quantity or a symbol
    return kept_on_scale(p[f"{item}_goal"], seen, p[f"{item}_scale_top"])


def _physician_global(s: Values, p: Values) -> object:
    seen = p.physician_skin_share * s.myofibroblast_skin + (1 - p.physician_skin_share) * s.inflammation
    return relaxation(p.k_report_adaptation, _goal(p, "physician_global", seen), s.physician_global)


MEANINGS = {
    "haq_di": "health assessment questionnaire disability index",
    **{name: ITEMS[name].title_in_sentence for name in ("patient_global", "physician_global")},
}


def _baseline(item: str) -> Law:
    return lambda s, p: p[f"{item}_baseline"]


MECHANISM = Mechanism(
    name="clinic",
    meaning="Disability and global assessments",
    species=tuple(
        Species(item, ITEMS[item].unit, meaning, _baseline(item), "patient")
        for item, meaning in MEANINGS.items()
    ),
    parameters=(
        *(
            Parameter(f"{item}_baseline", ITEMS[item].unit, f"{meaning} at entry")
            for item, meaning in MEANINGS.items()
        ),
        *(
            Parameter(
                f"{item}_goal", ITEMS[item].unit, f"{meaning} towards which the untreated patient moves"
            )
            for item, meaning in MEANINGS.items()
        ),
        *(
            Parameter(f"{item}_scale_top", ITEMS[item].unit, f"highest {meaning}")
            for item, meaning in MEANINGS.items()
        ),
        Parameter("k_report_adaptation", "1/day", "speed at which reports follow the disease"),
        Parameter(
            "physician_skin_share",
            "1",
            f"weight of skin in the {ITEMS['physician_global'].label}, the rest is inflammation",
        ),
    ),
    reactions=(
        Reaction("haq_di_adaptation", {"haq_di": +1}, _patient_reported("haq_di")),
        Reaction("patient_global_adaptation", {"patient_global": +1}, _patient_reported("patient_global")),
        Reaction("physician_global_adaptation", {"physician_global": +1}, _physician_global),
    ),
)

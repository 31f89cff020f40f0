"""Endpoints that are one item: its change from baseline, its value, or its ratio to baseline. To add one: an entry."""

from functools import partial

from ifntrial.arrays import FloatArray
from ifntrial.clinic.conduct import ObservedArm
from ifntrial.clinic.endpoints.record import Endpoint, at_visit, change_at, seen
from ifntrial.design.assumed import AssumedRules
from ifntrial.items import ITEMS


def _change(name: str, source: str, remark: str = "") -> Endpoint:
    item = ITEMS[name]
    most = item.high - item.low
    return Endpoint(
        name=f"{name}_change",
        label=f"Change of {item.label}",
        kind="change",
        low=-most,
        high=most,
        unit=item.unit,
        higher_is_better=item.higher_is_better,
        definition=f"{item.title} [{item.spoken_unit}] minus baseline{remark}",
        source=source,
        compute=partial(_compute_change, name),
    )


def _compute_change(item: str, observed: ObservedArm, visit_week: float, rules: AssumedRules) -> FloatArray:
    del rules
    return change_at(observed, item, visit_week)


def _suppression(tissue: str) -> Endpoint:
    item = ITEMS[f"signature_suppression_{tissue}"]
    return Endpoint(
        name=item.name,
        label=item.label.capitalize(),
        kind="value",
        low=item.low,
        high=item.high,
        unit=item.unit,
        higher_is_better=item.higher_is_better,
        definition=f"1 - post/pre of the fold-change score in {tissue}: suppression (b) of the model description",
        source="doi:10.1186/ar4492",
        compute=partial(_compute_value, item.name),
    )


def _compute_value(item: str, observed: ObservedArm, visit_week: float, rules: AssumedRules) -> FloatArray:
    del rules
    return at_visit(observed, item, visit_week)


def _compute_nt_probnp_ratio(observed: ObservedArm, visit_week: float, rules: AssumedRules) -> FloatArray:
    del rules
    return at_visit(observed, "nt_probnp", visit_week) / seen(observed, "nt_probnp")[..., 0]


ENDPOINTS_OF_ITEMS = (
    _change("mrss", "PMID:7562759"),
    _change("fvc_percent", "doi:10.1164/rccm.201709-1845OC"),
    _change("fvc_ml", "doi:10.1186/s12931-022-02095-6", "; falls with age by itself"),
    _change("haq_di", "PMID:16540546"),
    _change("patient_global", "doi:10.1002/acr.22339"),
    _change("physician_global", "doi:10.1002/acr.22339"),
    _suppression("blood"),
    _suppression("skin"),
    Endpoint(
        name="nt_probnp_ratio",
        label=f"{ITEMS['nt_probnp'].label} relative to baseline",
        kind="value",
        low=0.0,
        high=ITEMS["nt_probnp"].high,
        unit="1",
        higher_is_better=ITEMS["nt_probnp"].higher_is_better,
        definition=f"{ITEMS['nt_probnp'].title} over its baseline value; analyse the logarithm",
        source="ACR 2015 abstract on cardiac biomarkers in SSc",
        compute=_compute_nt_probnp_ratio,
    ),
)

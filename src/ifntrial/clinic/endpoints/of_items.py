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


def _ratio(name: str, source: str) -> Endpoint:
    item = ITEMS[name]
    return Endpoint(
        name=f"{name}_ratio",
        label=f"{item.label[:1].upper()}{item.label[1:]} relative to baseline",
        kind="value",
        low=0.0,
        high=item.high,
        unit="1",
        higher_is_better=item.higher_is_better,
        definition=f"{item.title} over its baseline value; analyse the logarithm",
        source=source,
        compute=partial(_compute_ratio, name),
        is_log=True,
    )


def _compute_ratio(item: str, observed: ObservedArm, visit_week: float, rules: AssumedRules) -> FloatArray:
    del rules
    return at_visit(observed, item, visit_week) / seen(observed, item)[..., 0]


ENDPOINTS_OF_ITEMS = (
    _change("mrss", "PMID:7562759"),
    _change("fvc_percent", "doi:10.1164/rccm.201709-1845OC"),
    _change("fvc_ml", "doi:10.1186/s12931-022-02095-6", "; falls with age by itself"),
    _change("dlco_percent", "PMID:10025924"),
    _change("haq_di", "PMID:16540546"),
    _change("patient_global", "doi:10.1002/acr.22339"),
    _change("physician_global", "doi:10.1002/acr.22339"),
    _change("capillary_density", "RMMJ 2022;13:e0003"),
    _change("chemokine_score", "doi:10.1016/S2665-9913(24)00403-X"),
    _suppression("blood"),
    _suppression("skin"),
    _ratio("nt_probnp", "ACR 2015 abstract on cardiac biomarkers in SSc"),
    _ratio("troponin", "ACR 2015 abstract on cardiac biomarkers in SSc"),
)

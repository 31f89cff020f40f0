"""Who virtual patients are at entry, against the baseline tables of trials and cohorts."""

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from ifntrial.evidence.records import Observation
from ifntrial.evidence.rows import Selected
from ifntrial.items import ITEMS
from ifntrial.patients.targets import BASELINES
from ifntrial.studies.validate.checks.setting import Group, Setting, Simulated
from ifntrial.units import convert

TRIALS = (
    "medi_546_phase_1",
    "fasscinate",
    "asset",
    "focussced",
    "senscis",
    "senscis_skin_subgroup",
    "senscis_early_subgroup",
    "sls_i",
    "sls_ii",
    "sls_diffuse_subset",
    "eustar_919",
    "eustar_706",
    "eustar_ild_prevalence",
    "press",
    "press_larger_set",
    "esos",
    "rise_ssc",
    "biopsy",
)
_Values = Mapping[str, np.ndarray]

FVC_LIMIT = 80.0
"""Lower limit of normal lung function as cohorts report it [% predicted]."""


def _covariate(name: str) -> Callable[[_Values], np.ndarray]:
    return lambda c: c[name]


def _has_antibody(name: str) -> Callable[[_Values], np.ndarray]:
    return lambda c: c["antibody"] == name


QUANTITIES: Mapping[str, tuple[str, Callable[[_Values], np.ndarray]]] = {
    **BASELINES,
    "duration_within_18_months": BASELINES["within_18_months"],
    **{name: (item.unit, _covariate(name)) for name, item in ITEMS.items() if name not in BASELINES},
    "fvc_below_80": ("1", lambda c: c["fvc_percent"] < FVC_LIMIT),
    **{f"{name.lower()}_positive": ("1", _has_antibody(name)) for name in ("ATA", "ARA", "ACA", "U1RNP")},
    "diffuse_cutaneous": ("1", lambda c: c["subset"] == "diffuse"),
    "mmf": ("1", lambda c: c["uses_mmf"]),
}
"""Endpoint of a row to its unit and its value in each patient."""

FIT_OR_TEST = Selected(uses=("fit", "test"))
STATISTICS = ("mean", "median", "proportion")
CHOSEN_BY_SUBSET = ("medi_546_phase_1", "press_larger_set")
NOT_TOLD_APART = (("esos", "progressors"), ("esos", "non_progressors"))

BY_SUBSET = {
    "5_gene_signature.ssc.ifn_high_blood.w0": "all",
    "11_gene_score.early.ifn_high_blood.w0": "all",
    "11_gene_score.diffuse.ifn_high_blood.w0": "haq_slopes.diffuse_within_5_years",
    "11_gene_score.limited.ifn_high_blood.w0": "haq_slopes.limited_within_5_years",
}
"""Shares of high signatures in cohorts known only by their subset of the disease."""

CHEMOKINES, CHEMOKINE_CUTOFF = "chemokine_score_baseline", 5.5
"""Own score of a patient, and the published limit of a high one."""

HIGH_CHEMOKINES = "six_chemokine_score.limited.ifn_high_chemokine.w0"

CORRELATIONS = {
    "esos.all.correlation_mrss_haq_di.w0": ("esos", "mrss", "haq_di"),
    "global_assessments.all.correlation_physician_global_mrss.w0": ("all", "physician_global", "mrss"),
}


def check(setting: Setting) -> Iterator[Simulated]:
    """Return what the model says about every row on patients at entry."""
    group = setting.sclerosis
    for row in FIT_OR_TEST.read(setting.evidence):
        trial, _, _ = row.id.partition(".")
        if not _is_drawn(row, group):
            continue
        if row.id in BY_SUBSET:
            yield _statistic(row, _covariates(group, group.members(BY_SUBSET[row.id])))
        elif _is_table_row(row, trial):
            yield _statistic(row, _covariates(group, group.members(trial, _arm(row))))
    yield from _chemokines(group)
    for id, (trial, first, second) in CORRELATIONS.items():
        found = _covariates(group, group.members(trial))
        yield Simulated(id, float(np.corrcoef(found[first], found[second])[0, 1]))


def _chemokines(group: Group) -> Iterator[Simulated]:
    """Yield the share of high chemokine scores, once patients differ in it."""
    if CHEMOKINES in group.population.parameters:
        limited = group.population.covariates["subset"] == "limited"
        score = group.parameters[CHEMOKINES][limited]
        yield Simulated(HIGH_CHEMOKINES, float(100 * np.mean(score >= CHEMOKINE_CUTOFF)))


def _is_table_row(row: Observation, trial: str) -> bool:
    if row.endpoint == "diffuse_cutaneous" and trial in CHOSEN_BY_SUBSET:
        return False
    is_described = trial in TRIALS and row.visit_week == 0 and row.endpoint in QUANTITIES
    return is_described and row.statistic in STATISTICS and (trial, _arm(row)) not in NOT_TOLD_APART


def _is_drawn(row: Observation, group: Group) -> bool:
    """Return whether patients have what a row is about: ``not_simulated`` says so of what they have not."""
    antibodies = {f"{name.lower()}_positive" for name in np.unique(group.population.covariates["antibody"])}
    if row.endpoint.endswith("_positive"):
        return row.endpoint in antibodies
    own = {*group.population.covariates, "fvc_ml"}
    return row.endpoint not in ITEMS or row.endpoint in own


def _arm(row: Observation) -> str:
    return row.id.split(".")[1]


def _covariates(group: Group, chosen: np.ndarray) -> dict[str, np.ndarray]:
    found = {name: values[chosen] for name, values in group.population.covariates.items()}
    found["fvc_ml"] = (
        group.parameters["fvc_percent_baseline"][chosen] * group.parameters["fvc_ml_per_percent"][chosen]
    )
    return found


def _statistic(row: Observation, covariates: _Values) -> Simulated:
    unit, quantity = QUANTITIES[row.endpoint]
    values = quantity(covariates).astype(np.float64)
    if row.statistic == "proportion":
        return Simulated(row.id, float(100 * values.mean()))
    values = values * convert(1.0, unit, row.unit)
    center = np.median(values) if row.statistic == "median" else values.mean()
    return Simulated(row.id, float(center), float(values.std()))


CHECKS = (check,)

"""What the weights of patients are balanced to: published baselines and untreated years of early diffuse disease.

Every target is a row of ``observations.csv`` kept for fits, and is compared within the patients whom that trial or
cohort could have enrolled, by what it read of them. A mean with a standard deviation gives two targets, and a
correlation one. Left out are rows that say whom a trial looked for rather than who the patients are (share of diffuse
disease), cohorts chosen by the extent of lung fibrosis, which virtual patients have not, and response rates: no mean
change is moved to reach one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import AnyArray, BoolArray, FloatArray, UntypedArray
from ifntrial.evidence.rows import Published
from ifntrial.items import CORE_ITEMS, ITEMS

Covariates = Mapping[str, UntypedArray]
Members = Callable[[Covariates], BoolArray]


@dataclass(frozen=True, slots=True)
class Source:
    """A trial or cohort, whom it could enroll, and its rows.

    Parameters
    ----------
    members
        Whom, by covariates; entry criteria as in ``studies.validate.checks.cohorts``.
    rows
        Id of an observation to the quantity behind it; two quantities for a correlation.
    week
        For changes: when they were read.
    size
        Number of subjects where the rows do not hold it.
    mean_only
        Rows whose standard deviation is no target.
    is_anchored
        Whether the share of these patients stays as drawn; not where another target says what it is.
    """

    name: str
    members: Members
    rows: Mapping[str, str]
    week: float = 52.0
    size: int | None = None
    mean_only: frozenset[str] = frozenset()
    is_anchored: bool = True


def _early_diffuse(c: Covariates, years: float) -> BoolArray:
    return np.asarray((c["subset"] == "diffuse") & (c["disease_duration_years"] <= years))


def _everyone(c: Covariates) -> BoolArray:
    return np.ones(len(c["mrss"]), dtype=bool)


def _untreated(c: Covariates) -> BoolArray:
    return np.asarray(_early_diffuse(c, 5) & ~c["uses_mmf"].astype(bool))


def _in_america(c: Covariates) -> BoolArray:
    return np.asarray(c["lives_in_america"].astype(bool))


def _phase_1(c: Covariates) -> BoolArray:
    return np.asarray((c["subset"] == "diffuse") & (c["mrss"] >= 10))


def _eustar_diffuse(c: Covariates) -> BoolArray:
    return np.asarray((c["subset"] == "diffuse") & ~_in_america(c))


def _eustar_thick(c: Covariates) -> BoolArray:
    return np.asarray(_eustar_diffuse(c) & (c["mrss"] >= 7))


def _esos(c: Covariates) -> BoolArray:
    return np.asarray(_early_diffuse(c, 3) & ~_in_america(c))


def _fasscinate(c: Covariates) -> BoolArray:
    return np.asarray(_untreated(c) & (c["mrss"] >= 15) & (c["mrss"] <= 40))


def _asset(c: Covariates) -> BoolArray:
    return np.asarray(_untreated(c) & _early_diffuse(c, 3) & (c["mrss"] >= 10) & (c["mrss"] <= 35))


def _press(c: Covariates) -> BoolArray:
    return np.asarray(_early_diffuse(c, 2) & _in_america(c))


def _press_ild(c: Covariates) -> BoolArray:
    return np.asarray(_press(c) & c["has_ild"].astype(bool))


def _press_no_ild(c: Covariates) -> BoolArray:
    return np.asarray(_press(c) & ~c["has_ild"].astype(bool))


SOURCES = (
    Source(
        "MEDI-546 phase 1",
        _phase_1,
        {
            "medi_546_phase_1.all.age.w0": "age",
            "medi_546_phase_1.all.female.w0": "female",
            "medi_546_phase_1.all.body_weight.w0": "body_weight",
            "medi_546_phase_1.all.mrss.w0": "mrss",
            "medi_546_phase_1.all.ifn_high_blood.w0": "ifn_high_blood",
            "medi_546_phase_1.all.ifn_high_skin.w0": "ifn_high_skin",
        },
    ),
    Source(
        "faSScinate",
        _fasscinate,
        {
            "fasscinate.placebo.age.w0": "age",
            "fasscinate.placebo.female.w0": "female",
            "fasscinate.placebo.disease_duration.w0": "disease_duration",
            "fasscinate.placebo.mrss.w0": "mrss",
            "fasscinate.placebo.fvc_percent.w0": "fvc_percent",
            "fasscinate.placebo.haq_di.w0": "haq_di",
            "fasscinate.placebo.patient_global.w0": "patient_global",
            "fasscinate.placebo.physician_global.w0": "physician_global",
            "fasscinate.tocilizumab.age.w0": "age",
            "fasscinate.tocilizumab.female.w0": "female",
            "fasscinate.tocilizumab.disease_duration.w0": "disease_duration",
            "fasscinate.tocilizumab.mrss.w0": "mrss",
            "fasscinate.tocilizumab.fvc_percent.w0": "fvc_percent",
            "fasscinate.tocilizumab.haq_di.w0": "haq_di",
            "fasscinate.tocilizumab.patient_global.w0": "patient_global",
            "fasscinate.tocilizumab.physician_global.w0": "physician_global",
        },
    ),
    Source(
        "faSScinate, a year on placebo",
        _fasscinate,
        {
            "fasscinate.placebo.mrss_change.w48": "mrss_change",
            "fasscinate.placebo.haq_di_change.w48": "haq_di_change",
            "fasscinate.placebo.patient_global_change.w48": "patient_global_change",
            "fasscinate.placebo.physician_global_change.w48": "physician_global_change",
        },
        week=48.0,
    ),
    Source(
        "ASSET",
        _asset,
        {
            "asset.placebo.age.w0": "age",
            "asset.placebo.female.w0": "female",
            "asset.placebo.disease_duration.w0": "disease_duration",
            "asset.placebo.duration_within_18_months.w0": "within_18_months",
            "asset.placebo.mrss.w0": "mrss",
            "asset.placebo.fvc_percent.w0": "fvc_percent",
            "asset.placebo.haq_di.w0": "haq_di",
            "asset.placebo.patient_global.w0": "patient_global",
            "asset.placebo.physician_global.w0": "physician_global",
            "asset.abatacept.age.w0": "age",
            "asset.abatacept.female.w0": "female",
            "asset.abatacept.disease_duration.w0": "disease_duration",
            "asset.abatacept.duration_within_18_months.w0": "within_18_months",
            "asset.abatacept.mrss.w0": "mrss",
            "asset.abatacept.fvc_percent.w0": "fvc_percent",
            "asset.abatacept.haq_di.w0": "haq_di",
            "asset.abatacept.patient_global.w0": "patient_global",
            "asset.abatacept.physician_global.w0": "physician_global",
        },
    ),
    Source(
        "ASSET, a year on placebo",
        _asset,
        {
            "asset.placebo.mrss_change.w52": "mrss_change",
            "asset.placebo.fvc_percent_change.w52": "fvc_percent_change",
            "asset.placebo.haq_di_change.w52": "haq_di_change",
            "asset.placebo.patient_global_change.w52": "patient_global_change",
            "asset.placebo.physician_global_change.w52": "physician_global_change",
        },
    ),
    Source(
        "PRESS",
        _press,
        {
            "press.all.age.w0": "age",
            "press.all.male.w0": "male",
            "press.all.disease_duration.w0": "disease_duration",
            "press.all.mrss.w0": "mrss",
            "press.all.ild.w0": "ild",
        },
        # an SD of 0.7 does not fit between zero and two years with a mean of 1.2
        mean_only=frozenset({"press.all.disease_duration.w0"}),
    ),
    Source("PRESS, lung disease", _press_ild, {"press.ild.fvc_percent.w0": "fvc_percent"}, is_anchored=False),
    Source(
        "PRESS, no lung disease",
        _press_no_ild,
        {"press.no_ild.fvc_percent.w0": "fvc_percent"},
        size=97,  # 212 less the 115 with lung disease
        is_anchored=False,
    ),
    Source(
        "ESOS",
        _esos,
        {
            "esos.all.correlation_mrss_haq_di.w0": "mrss haq_di",
            "esos.all.correlation_mrss_change_haq_di_change.w52": "mrss_change haq_di_change",
        },
    ),
    Source(
        "EUSTAR, diffuse",
        _eustar_diffuse,
        {
            "eustar_706.all.age.w0": "age",
            "eustar_706.all.male.w0": "male",
            "eustar_706.all.disease_duration.w0": "disease_duration",
            "eustar_706.all.mrss.w0": "mrss",
            "eustar_706.all.fvc_percent.w0": "fvc_percent",
        },
        # the spread of duration is that of a few with very long disease
        mean_only=frozenset({"eustar_706.all.disease_duration.w0"}),
    ),
    Source(
        "EUSTAR, thick skin",
        _eustar_thick,
        {
            "eustar_919.all.age.w0": "age",
            "eustar_919.all.male.w0": "male",
            "eustar_919.all.disease_duration.w0": "disease_duration",
            "eustar_919.all.mrss.w0": "mrss",
        },
    ),
    Source(
        "global assessments",
        _everyone,
        {"global_assessments.all.correlation_physician_global_mrss.w0": "physician_global mrss"},
    ),
)

BALANCED = Published(tuple(id for source in SOURCES for id in source.rows), is_fitted=True)


def _covariate(name: str) -> Callable[[Covariates], AnyArray]:
    return lambda c: c[name]


BASELINES: Mapping[str, tuple[str, Callable[[Covariates], AnyArray]]] = {
    "age": ("year", lambda c: c["age_years"]),
    "female": ("1", lambda c: c["is_female"]),
    "male": ("1", lambda c: ~c["is_female"].astype(bool)),
    "body_weight": ("kg", lambda c: c["body_weight_kg"]),
    "disease_duration": ("year", lambda c: c["disease_duration_years"]),
    "within_18_months": ("1", lambda c: c["disease_duration_years"] <= 1.5),
    **{name: (ITEMS[name].unit, _covariate(name)) for name in CORE_ITEMS},
    "ild": ("1", lambda c: c["has_ild"]),
    "ifn_high_blood": ("1", lambda c: c["is_ifn_high"]),
    "ifn_high_skin": ("1", lambda c: c["is_ifn_high_skin"]),
}
"""Quantity at entry to its unit and its value in each patient; a quantity ``ITEM_change`` is that of ``yearly``."""


def baseline(name: str, covariates: Covariates) -> FloatArray:
    """Return a quantity at entry of each patient in its unit, shape (subjects,)."""
    return BASELINES[name][1](covariates).astype(np.float64)

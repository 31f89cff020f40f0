"""Pool the trial contrasts of a class, nested in drugs, and predict the next drug."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from scipy.stats import halfnorm

from ifntrial.errors import InputError, resolve_name
from ifntrial.evidence.effects import Effect
from ifntrial.evidence.records import Evidence
from ifntrial.evidence.rows import Each, Pure, Rows
from ifntrial.items import ITEMS
from ifntrial.levels import BAND, NORMAL_95
from ifntrial.normal_mixture import NormalMixture
from ifntrial.statistics.meta_analysis import (
    SCALES,
    MetaAnalysis,
    analyze_at_scales,
    analyze_trials,
    leave_each_drug_out,
)
from ifntrial.statistics.trial_effects import HierarchyPrior, TrialEffects
from ifntrial.studies.reference_class.result import (
    AbsentTrial,
    AtScale,
    Between,
    ClassOfTrials,
    Contrast,
    Predicted,
    ReferenceClasses,
    Variant,
)

ENOUGH_TRIALS = 8
"""With fewer trials the prior decides how far drugs lie apart."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """A class of trials in words, with the unit of its effects and whether a lower one is a benefit."""

    title: str
    unit: str
    is_lower_better: bool = False


_SKIN = ITEMS["mrss"]
KINDS = {
    "ssc_response": _Kind("Revised CRISS response in systemic sclerosis", "1"),
    "ssc_skin": _Kind(f"{_SKIN.heading} in systemic sclerosis", _SKIN.unit, is_lower_better=True),
    "lupus_response": _Kind("Response (BICLA) to anifrolumab in lupus", "1"),
}


@dataclass(frozen=True, slots=True)
class _Declared:
    """What is believed of every class before its trials."""

    tau_scale: Annotated[
        Mapping[str, float], Each("tau_scale_{}", {name: kind.unit for name, kind in KINDS.items()})
    ]
    within_drug_ratio: Pure


_DECLARED = Rows("prior", _Declared)


def pool_classes(
    evidence: Evidence, names: Collection[str] = tuple(KINDS), *, scale: float | None = None
) -> ReferenceClasses:
    """Return the meta-analysis of each class of trials.

    Parameters
    ----------
    names
        Of classes.
    scale
        Of the half-normal prior of the SD between drugs, in the unit of the class; None: as the rows
        ``prior.tau_scale_*`` declare.

    Raises
    ------
    UnknownNameError
        If a class is not known.
    InputError
        If a scale is given for several classes, or is not positive and finite.
    """
    if scale is not None and len(names) > 1:
        raise InputError(
            "a scale is in the unit of one class",
            given=f"scale {scale:g} for {len(names)} classes",
            allowed="a scale with the name of a class",
            fix="name the class, or leave the scale away",
        )
    return ReferenceClasses({name: _pooled(evidence, name, scale) for name in names})


def analyze_class(evidence: Evidence, name: str, scale: float | None = None) -> MetaAnalysis:
    """Return the analysis of a class of trials; arguments and errors as in ``pool_classes``, for one class."""
    rows = _rows_of(evidence, name)
    declared = _DECLARED.read(evidence)
    nested = _are_nested(rows)
    prior = HierarchyPrior(
        tau_scale=declared.tau_scale[name] if scale is None else scale,
        within_drug_ratio=declared.within_drug_ratio if nested else 0.0,
    )
    return analyze_trials(_trials(rows, nested=nested), prior)


def pooled_contrast(evidence: Evidence, name: str) -> Contrast:
    """Return the contrast of a class that has one row.

    Raises
    ------
    InputError
        If it has none, or several.
    """
    rows = _rows_of(evidence, name)
    if len(rows) > 1:
        raise InputError(
            f"the class '{name}' has several contrasts",
            given=", ".join(row.id for row in rows),
            allowed="one contrast, a pool of trials",
            fix="give the others the role 'sensitivity'",
        )
    return _contrast(rows[0])


def _rows_of(evidence: Evidence, name: str) -> tuple[Effect, ...]:
    resolve_name(name, KINDS, "class of trials")
    rows = tuple(evidence.effects_of(name, "class"))
    if not rows:
        raise InputError(
            f"no trial of the class '{name}' has a usable contrast",
            allowed="at least one row with the role 'class'",
            fix="add one to effects.csv, or ask for another class",
        )
    return rows


def _are_nested(rows: Sequence[Effect]) -> bool:
    """Return whether trials are nested in drugs; else each trial of the one drug stands on its own."""
    return len({row.drug for row in rows}) > 1 or len(rows) == 1


def _pooled(evidence: Evidence, name: str, scale: float | None) -> ClassOfTrials:
    kind, rows = resolve_name(name, KINDS, "class of trials"), _rows_of(evidence, name)
    nested, found = _are_nested(rows), analyze_class(evidence, name, scale)
    trials, prior = found.trials, found.prior

    def predicted(effect: NormalMixture) -> Predicted:
        return _predicted(effect, is_lower_better=kind.is_lower_better)

    groups = trials.drug_names
    left_out = leave_each_drug_out(trials, prior) if len(groups) > 1 else {}
    return ClassOfTrials(
        title=kind.title,
        measure=rows[0].measure,
        unit=kind.unit,
        benefit_direction="lower" if kind.is_lower_better else "higher",
        grouped_by="drug" if nested else "trial",
        within_drug_ratio=prior.within_drug_ratio,
        trials=tuple(map(_contrast, rows)),
        true_effects={
            group: predicted(effect) for group, effect in zip(groups, found.drug_effects, strict=True)
        },
        between=_between(found),
        prior_decides=len(rows) < ENOUGH_TRIALS,
        mean_effect=predicted(found.class_mean),
        next=predicted(found.next_drug),
        at_scales=tuple(
            AtScale(multiple, _between(each), predicted(each.next_drug))
            for multiple, each in zip(SCALES, analyze_at_scales(trials, prior), strict=True)
        ),
        next_without={group: predicted(each.next_drug) for group, each in left_out.items()},
        variants=tuple(
            _variant(row, rows, prior, nested=nested, is_lower_better=kind.is_lower_better)
            for row in evidence.effects_of(name, "sensitivity")
        ),
        absent=tuple(
            AbsentTrial(row.id, row.trial, row.drug, row.note) for row in evidence.effects_of(name, "absent")
        ),
    )


def _trials(rows: Sequence[Effect], *, nested: bool) -> TrialEffects:
    """Return the contrasts as trials nested in drugs, or each on its own."""
    return TrialEffects(
        names=tuple(row.trial for row in rows),
        drugs=tuple(row.drug if nested else row.trial for row in rows),
        estimates=np.array([row.value for row in rows], dtype=np.float64),
        standard_errors=np.array([row.standard_error for row in rows], dtype=np.float64),
    )


def _variant(
    row: Effect, rows: Sequence[Effect], prior: HierarchyPrior, *, nested: bool, is_lower_better: bool
) -> Variant:
    replaced = [each for each in rows if set(each.patients_of) & set(row.patients_of)]
    kept = [each for each in rows if each not in replaced]
    found = analyze_trials(_trials([*kept, row], nested=nested), prior)
    return Variant(
        contrast=_contrast(row),
        replaces=tuple(each.id for each in replaced),
        next=_predicted(found.next_drug, is_lower_better=is_lower_better),
    )


def _contrast(row: Effect) -> Contrast:
    estimate, error = float(row.value or 0.0), float(row.standard_error or 0.0)
    return Contrast(
        id=row.id,
        trial=row.trial,
        drug=row.drug,
        endpoint=row.endpoint,
        estimand=row.estimand,
        visit_week=row.visit_week,
        population=row.population,
        control_rate=row.control_rate,
        estimate=estimate,
        standard_error=error,
        low=estimate - NORMAL_95 * error,
        high=estimate + NORMAL_95 * error,
        derivation=row.derivation,
        sources=row.sources,
        note=row.note,
    )


def _between(found: MetaAnalysis) -> Between:
    prior = halfnorm(scale=found.prior.tau_scale)
    _, middle, high = (percent / 100.0 for percent in BAND)
    return Between(
        prior_scale=found.prior.tau_scale,
        prior_q50=float(prior.ppf(middle)),
        prior_q95=float(prior.ppf(high)),
        mean=found.tau.mean,
        q50=found.tau.quantile(middle),
        q95=found.tau.quantile(high),
        sd_ratio=found.tau.sd_ratio,
    )


def _predicted(effect: NormalMixture, *, is_lower_better: bool) -> Predicted:
    below = float(effect.cdf(0.0))
    low, middle, high = (float(each) for each in effect.quantile(np.array(BAND) / 100.0))
    return Predicted(
        mean=effect.mean,
        sd=effect.sd,
        q05=low,
        q50=middle,
        q95=high,
        no_benefit=1.0 - below if is_lower_better else below,
    )

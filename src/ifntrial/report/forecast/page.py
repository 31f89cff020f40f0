"""The forecast's page: one self-contained HTML file that a rheumatologist can read."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from ifntrial.items import ITEMS
from ifntrial.report import primary
from ifntrial.report.forecast import aims as forecast_aims
from ifntrial.report.forecast import behind_beliefs
from ifntrial.report.forecast import courses as forecast_courses
from ifntrial.report.forecast import panels as forecast_panels
from ifntrial.report.forecast import words as forecast_words
from ifntrial.report.forecast.differences import difference_rows, ends_of
from ifntrial.report.forecast.looks import decision_rows, looks_in_words
from ifntrial.report.forecast.safety import safety_in_words
from ifntrial.report.page import Frame, Page, interval_svg, render_page, size_fact, worlds_warnings
from ifntrial.report.palette import ACTIVE, PLACEBO, QUIET, arm_colors, prior_colors
from ifntrial.report.plots.panel import Panel
from ifntrial.report.wording import (
    band_text,
    is_fraction,
    percent,
    unit_label,
)
from ifntrial.studies.forecast.answers import RuleVariant
from ifntrial.studies.forecast.result import Forecast, PatientPrediction, SourcedAssumption
from ifntrial.studies.run_facts import RunFacts
from ifntrial.worlds.posterior import GlobalPosterior

SECTIONS = {
    "answer": "The answer",
    "given": "What given results change",
    "efficacy": "Efficacy",
    "looks": "Interim looks and decisions",
    "safety": "Safety",
    "status": "Who benefits",
    "cohort": "Your cohort",
    "believe-section": "What would have to be true",
    "uncertainty": "What drives the uncertainty",
}
APPENDIX = {
    "beliefs": "What each belief says",
    "weights": "If you would weigh the beliefs otherwise",
    "trials": "The trials behind the beliefs",
    "secondary": "Key secondary endpoints",
    "courses": "Endpoints over time",
    "events": "All events",
    "drug": "Drug and receptor",
    "signature": "Interferon signature",
    "estimands": "Stopping and escape therapy",
    "rules": "Versions of the endpoint",
    "globals": "What was learnt",
    "trust": "Can the simulation be trusted?",
    "assumptions": "Assumptions",
    "sources": "Sources",
}
"""Parts that are folded."""

KEY_ENDPOINTS = ("mrss", "fvc_percent", "haq_di")
"""Endpoints of the printed summary, and those whose courses are not folded."""

SUPPRESSIONS = {
    "a": "Receptor-driven share",
    "b": "Fold-change score",
    "c": "Back in the healthy range",
}


# Names of assumed numbers start with these; what starts otherwise belongs to the model.
LAYERS = {
    "population": "Who the patients are",
    "history": "The course without the drug",
    "world": "What nobody knows",
    "prior": "The beliefs",
    "measurement": "Measurement error",
    "safety": "Safety",
}
MODEL_LAYER = "Drug and disease"


def render_forecast(result: Forecast, run: RunFacts) -> Page:
    """Return the page of a forecast.

    Returns
    -------
    A self-contained HTML page that requests nothing from anywhere.
    """
    chance = forecast_panels.chance_panel(result)
    effect = forecast_panels.effect_panel(result)
    exposure = forecast_courses.exposure_panels(result)
    signature = forecast_courses.signature_panels(result)
    endpoints = forecast_courses.endpoint_panels(result)
    believe = forecast_panels.believe_panels(result)
    variance = forecast_panels.variance_panel(result)
    classes = behind_beliefs.class_panels(result)
    shown = [chance, effect, *exposure, *signature, *_flat(endpoints), *believe, *classes, variance]
    return render_page(
        "forecast/page.html.j2",
        Frame(
            "Forecast of a clinical trial by simulation",
            result.title,
            result.question,
            {name: title for name, title in SECTIONS.items() if name not in _absent(result)},
            warnings=worlds_warnings(result, "the forecast"),
            facts=size_fact(result) | {"Trial": _trial(result)},
            appendix={name: title for name, title in APPENDIX.items() if name not in _absent(result)},
        ),
        shown,
        run,
        result=result,
        words=forecast_words,
        measure=result.primary_measure,
        primary=primary,
        aims=forecast_aims,
        suppressions=SUPPRESSIONS,
        exposure_panels=exposure,
        signature_panels=signature,
        first_courses=[panels[0] for name, panels in endpoints.items() if name in KEY_ENDPOINTS and panels],
        later_courses={
            name: panels[1:] if name in KEY_ENDPOINTS else panels for name, panels in endpoints.items()
        },
        arm_key=_arm_key(result),
        undrawn=forecast_courses.arms_without_drug(result),
        prior_colors=prior_colors(result.by_prior),
        prior_key=_prior_key(result),
        assumed=_by_layer(result.assumptions),
        cohort=[_patient_row(row, result) for row in result.cohort or ()],
        cohort_signature=", ".join(dict.fromkeys(row.signature for row in result.cohort or ())),
        class_panels=classes,
        readings=behind_beliefs.reading_rows(result),
        read_otherwise=behind_beliefs.read_otherwise(result),
        differences=[
            difference_rows(endpoint, is_key=endpoint.name in KEY_ENDPOINTS)
            for endpoint in result.endpoint_courses
        ],
        variants=_variant_rows(result.variants, result.control_word),
        learnt=[_learnt_row(row) for row in result.globals],
        groups=forecast_courses.GROUPS,
        safety=safety_in_words(result),
        looks=looks_in_words(result),
        decision_rows=decision_rows(result),
        skin=ITEMS["mrss"],
        weight_names=list(forecast_words.named_priors(result)),
    )


def _trial(result: Forecast) -> str:
    others = f"; not part of this forecast: {', '.join(result.other_arms)}" if result.other_arms else ""
    return f"{primary.in_each_arm(result.per_arm, result.arms)}{others}"


def _absent(result: Forecast) -> set[str]:
    """Return the sections that have nothing to show for this trial."""
    holds = {
        "given": result.given,
        "cohort": result.cohort,
        "trials": result.classes,
        "weights": result.weights_sensitivity,
        "secondary": result.key_secondaries,
        "estimands": result.estimands,
        "rules": result.variants,
        "believe-section": result.believe,
        "looks": result.looks or result.decisions,
    }
    return {name for name, content in holds.items() if not content}


def _flat(panels: Mapping[str, Sequence[Panel]]) -> list[Panel]:
    return [panel for row in panels.values() for panel in row]


def _arm_key(result: Forecast) -> dict[str, str]:
    return {arm.replace("_", " "): color for arm, color in arm_colors(*result.arms).items()}


def _prior_key(result: Forecast) -> dict[str, str]:
    priors, colors = result.by_prior, prior_colors(result.by_prior)
    return {f"{place} {priors[name].label}": colors[name] for place, name in enumerate(priors, start=1)}


def _by_layer(rows: Sequence[SourcedAssumption]) -> dict[str, list[SourcedAssumption]]:
    """Return the assumed numbers under a heading for each part of the chain; the model comes first."""
    grouped: dict[str, list[SourcedAssumption]] = {heading: [] for heading in (MODEL_LAYER, *LAYERS.values())}
    for row in rows:
        grouped[LAYERS.get(row.name.partition(".")[0], MODEL_LAYER)].append(row)
    return {heading: group for heading, group in grouped.items() if group}


def _variant_rows(variants: Sequence[RuleVariant], control: str) -> list[tuple[RuleVariant, Markup]]:
    """Return each version of the rule with the responders of both arms drawn on one scale."""
    low, high = ends_of(
        [band for each in variants for band in (each.response_active, each.response_placebo)], 0.0
    )
    rows = []
    for each in variants:
        arms = (("active", each.response_active, ACTIVE), (control, each.response_placebo, PLACEBO))
        words = "; ".join(f"{name} {band_text(band, 'fraction')}" for name, band, _ in arms)
        drawing = interval_svg([(band, color) for _, band, color in arms], low, high, None, words)
        rows.append((each, drawing))
    return rows


def _patient_row(row: PatientPrediction, result: Forecast) -> dict[str, str]:
    """Return the prediction for one patient of a cohort in words."""
    return {
        "patient": row.patient,
        "probability_high": percent(row.probability_high),
        "suppression": band_text(row.suppression_blood, "fraction"),
        "benefit": primary.gap_text(row.benefit, result.primary_measure),
        "reason": row.reason or row.status,
    }


def _learnt_row(row: GlobalPosterior) -> tuple[GlobalPosterior, str, Markup]:
    """Return one global with its unit in words, and its prior and posterior drawn on the same scale."""
    low, high = ends_of([row.prior_band, row.posterior_band])
    words = (
        f"prior {band_text(row.prior_band, row.unit)}; posterior {band_text(row.posterior_band, row.unit)}"
    )
    drawing = interval_svg([(row.prior_band, QUIET), (row.posterior_band, ACTIVE)], low, high, None, words)
    return row, "" if is_fraction(row.unit) else unit_label(row.unit), drawing

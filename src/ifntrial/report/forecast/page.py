"""The forecast's page: one self-contained HTML file that a rheumatologist can read."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from ifntrial.report.forecast import courses as forecast_courses
from ifntrial.report.forecast import panels as forecast_panels
from ifntrial.report.forecast import words as forecast_words
from ifntrial.report.forecast.words import whole_band
from ifntrial.report.page import Frame, interval_svg, render_page, require_keys, size_fact, worlds_warnings
from ifntrial.report.palette import ACTIVE, INK, PLACEBO, QUIET, arm_colors, prior_colors
from ifntrial.report.plots.frame import Panel
from ifntrial.report.wording import (
    band_text,
    difference_text,
    difference_unit,
    is_fraction,
    is_number,
    percent,
    unit_label,
)
from ifntrial.studies.run_facts import RunFacts

Result = Mapping[str, Any]

NEEDED = (
    "title",
    "question",
    "registration",
    "primary",
    "primary_week",
    "alpha_one_sided",
    "control_word",
    "size_label",
    "worlds",
    "worlds_asked",
    "worlds_effective",
    "calibration",
    "subjects",
    "arms",
    "other_arms",
    "per_arm",
    "assurance",
    "power",
    "reference_world",
    "type_i_error",
    "power_by_world",
    "by_prior",
    "weights_sensitivity",
    "by_ifn",
    "exposure",
    "signature",
    "endpoints",
    "believe",
    "variance",
    "variants",
    "globals",
    "subjects_status",
    "audit",
    "assumptions",
    "rules",
    "sources",
)

SECTIONS = {
    "answer": "The answer",
    "drug": "Drug and receptor",
    "signature": "Interferon signature",
    "endpoints": "Endpoints",
    "status": "IFN-high and IFN-low",
    "cohort": "Your cohort",
    "believe-section": "What you would have to believe",
    "uncertainty": "What drives the uncertainty",
    "rules": "Versions of the endpoint",
    "globals": "What was learnt",
    "trust": "Can the simulation be trusted?",
    "assumptions": "Assumptions",
    "sources": "Sources",
}

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
    "prior": "The efficacy priors",
    "measurement": "Measurement error",
}
MODEL_LAYER = "Drug and disease"


def render_forecast(result: Result, run: RunFacts) -> str:
    """Return the page of a forecast.

    Parameters
    ----------
    result
        What ``ifntrial forecast --json`` writes: fractions between 0 and 1, bands as quantiles over worlds.

    Returns
    -------
    A self-contained HTML page that requests nothing from anywhere.

    Raises
    ------
    InputError
        If a key that the page shows is absent; names every absent key.
    """
    require_keys(result, NEEDED, "the forecast's result")
    chance = forecast_panels.chance_panel(result)
    effect = forecast_panels.effect_panel(result)
    exposure = forecast_courses.exposure_panels(result)
    signature = forecast_courses.signature_panels(result)
    endpoints = forecast_courses.endpoint_panels(result)
    believe = forecast_panels.believe_panel(result)
    variance = forecast_panels.variance_panel(result)
    shown = [chance, effect, *exposure, *signature, *_flat(endpoints), believe, variance]
    return render_page(
        "forecast/page.html.j2",
        Frame(
            "Forecast of a clinical trial by simulation",
            result["title"],
            result["question"],
            {name: title for name, title in SECTIONS.items() if name not in _absent(result)},
            warnings=worlds_warnings(
                forecast_words.over_worlds(result),
                "the forecast",
                more=f" {forecast_words.other_worlds(result)} {forecast_words.monte_carlo(result)}",
            ),
            facts=size_fact(forecast_words.over_worlds(result)) | {"Trial": _trial(result)},
        ),
        shown,
        run,
        result=result,
        words=forecast_words,
        suppressions=SUPPRESSIONS,
        exposure_panels=exposure,
        signature_panels=signature,
        endpoint_panels=endpoints,
        unit_of=forecast_courses.unit_of,
        arm_key=_arm_key(result),
        undrawn=forecast_courses.arms_without_drug(result),
        prior_colors=prior_colors(result["by_prior"]),
        prior_key=_prior_key(result),
        assumed=_by_layer(result["assumptions"]),
        cohort=[_patient_row(row) for row in result.get("cohort") or ()],
        cohort_signature=", ".join(
            dict.fromkeys(row.get("signature", "") for row in result.get("cohort") or ())
        ),
        differences=[_difference_rows(endpoint, result) for endpoint in result["endpoints"]],
        variants=_variant_rows(result),
        learnt=[_learnt_row(row) for row in result["globals"]],
        groups=forecast_courses.GROUPS,
        weight_names=list(forecast_words.named_priors(result)),
    )


def _trial(result: Result) -> str:
    others = f"; not part of this forecast: {', '.join(result['other_arms'])}" if result["other_arms"] else ""
    return f"{forecast_words.in_each_arm(result['per_arm'], result['arms'])}{others}"


def _absent(result: Result) -> set[str]:
    """Return the sections that have nothing to show for this trial."""
    holds = {"cohort": result.get("cohort"), "rules": result["variants"]}
    return {name for name, content in holds.items() if not content}


def _flat(panels: Mapping[str, Sequence[Panel]]) -> list[Panel]:
    return [panel for row in panels.values() for panel in row]


def _arm_key(result: Result) -> dict[str, str]:
    return {arm.replace("_", " "): color for arm, color in arm_colors(*result["arms"]).items()}


def _prior_key(result: Result) -> dict[str, str]:
    priors, colors = result["by_prior"], prior_colors(result["by_prior"])
    return {f"{place} {priors[name]['label']}": colors[name] for place, name in enumerate(priors, start=1)}


def _by_layer(rows: Sequence[Result]) -> dict[str, list[Result]]:
    """Return the assumed numbers under a heading for each part of the chain; the model comes first."""
    grouped: dict[str, list[Result]] = {heading: [] for heading in (MODEL_LAYER, *LAYERS.values())}
    for row in rows:
        grouped[LAYERS.get(str(row["name"]).partition(".")[0], MODEL_LAYER)].append(row)
    return {heading: group for heading, group in grouped.items() if group}


def _ends(bands: Sequence[Mapping[str, Any]], *others: float) -> tuple[float, float]:
    values = [band[key] for band in bands for key in ("5", "95") if is_number(band.get(key))]
    low, high = min([*values, *others], default=0.0), max([*values, *others], default=1.0)
    return (low, high) if high > low else (low - 1.0, high + 1.0)


def _difference_rows(endpoint: Result, result: Result) -> dict[str, Any]:
    """Return one endpoint's difference for each group, in words and as a drawing."""
    differences, unit = endpoint["difference"], forecast_courses.unit_of(endpoint)
    low, high = _ends(list(differences.values()), 0.0)
    rows = [
        {
            "group": forecast_courses.GROUPS.get(group, group),
            "text": difference_text(band, unit),
            "favours": _favours(band.get("50"), endpoint["higher_is_better"], result["control_word"]),
            "drawing": interval_svg([(whole_band(band), INK)], low, high, 0.0, difference_text(band, unit)),
        }
        for group, band in differences.items()
    ]
    better = "higher is better" if endpoint["higher_is_better"] else "lower is better"
    return {"label": endpoint["label"], "unit": difference_unit(unit), "better": better, "rows": rows}


def _favours(median: object, higher_is_better: bool, control: str) -> str:
    if not is_number(median):
        return ""
    if median == 0:
        return "neither"
    return "active" if (median > 0) == higher_is_better else control


def _variant_rows(result: Result) -> list[dict[str, Any]]:
    """Return each version of the rule with the responders of both arms drawn on one scale."""
    variants, names = result["variants"], ("active", result["control_word"])
    keys = {"response_active": ACTIVE, "response_placebo": PLACEBO}
    low, high = _ends([variant[key] for variant in variants for key in keys], 0.0)
    rows = []
    for variant in variants:
        bands = [(whole_band(variant[key]), color) for key, color in keys.items()]
        words = "; ".join(
            f"{name} {band_text(variant[key], 'fraction')}" for name, key in zip(names, keys, strict=True)
        )
        rows.append({**variant, "drawing": interval_svg(bands, low, high, None, words)})
    return rows


def _patient_row(row: Result) -> dict[str, Any]:
    """Return the prediction for one patient of a cohort in words."""

    def said(name: str) -> dict[str, Any]:
        return {level: row.get(f"{name}_{level}") for level in ("5", "50", "95")}

    return {
        "patient": row["patient"],
        "probability_high": percent(row["probability_high"]),
        "suppression": band_text(said("suppression_blood"), "fraction"),
        "benefit": difference_text(said("benefit"), "fraction"),
        "reason": row["reason"] or row["status"],
    }


def _learnt_row(row: Result) -> dict[str, Any]:
    """Return one global with its prior and posterior drawn on the same scale."""
    low, high = _ends([row["prior"], row["posterior"]])
    words = (
        f"prior {band_text(row['prior'], row['unit'])}; posterior {band_text(row['posterior'], row['unit'])}"
    )
    bands = [(whole_band(row["prior"]), QUIET), (whole_band(row["posterior"]), ACTIVE)]
    drawing: Markup = interval_svg(bands, low, high, None, words)
    unit = "" if is_fraction(row["unit"]) else unit_label(row["unit"])
    return {**row, "shown_unit": unit, "drawing": drawing}

"""A forecast whose every number is made up: it tests pages and says nothing about any drug."""

import math

PRIORS = ("irrelevant", "ssc_reference_class", "lupus_bridge", "mixture")
ACTIVE, PLACEBO = "anifrolumab 120 mg SC weekly", "placebo"


def band(middle: float, spread: float) -> dict[str, float]:
    return {
        key: middle + spread * z
        for key, z in {"q05": -1.64, "q25": -0.67, "q50": 0.0, "q75": 0.67, "q95": 1.64}.items()
    }


def share_band(middle: float, spread: float) -> dict[str, float]:
    return {key: min(1.0, max(0.0, value)) for key, value in band(middle, spread).items()}


def quantity(estimate: float, worlds: float = 0.05, monte_carlo: float = 0.01) -> dict[str, float]:
    return {
        "estimate": estimate,
        "low": max(0.0, estimate - worlds),
        "high": min(1.0, estimate + worlds),
        "mc_low": max(0.0, estimate - monte_carlo),
        "mc_high": min(1.0, estimate + monte_carlo),
    }


def course(values: list[float], spread: float) -> dict[str, list[float]]:
    return {"q05": [v - spread for v in values], "q50": values, "q95": [v + spread for v in values]}


def relative(values: list[float], low: float, high: float) -> dict[str, list[float]]:
    return {"q05": [low * v for v in values], "q50": values, "q95": [high * v for v in values]}


def assurance(estimate: float) -> dict[str, object]:
    low, high = max(0.0, estimate - 0.05), min(1.0, estimate + 0.05)
    parts = {"worlds_error": 0.02, "subjects_error": 0.01, "calibration_error": 0.012}
    return {"estimate": estimate, "low": low, "high": high, "parts": parts}


def stated(effect: float) -> dict[str, object]:
    return {
        "address": "somewhere",
        "title": "Response of those observed, in others",
        "basis": "made up",
        "measure": "log_odds_ratio",
        "unit": "1",
        "mean": effect,
        "sd": 0.3,
        "quantiles": band(effect, 0.3),
        "no_benefit": 0.12,
        "below_zero": "no effect",
        "unreached": 0.001,
        "control": 0.37,
    }


def check(effect: float) -> dict[str, object]:
    return {
        "stated_mean": effect,
        "stated_sd": 0.3,
        "stated": band(effect, 0.3),
        "met_mean": effect + 0.01,
        "met_sd": 0.29,
        "met": band(effect, 0.29),
        "standard_error": 0.02,
        "allowed": 0.09,
        "is_met": True,
        "subjects": 2000,
        "worlds": 60,
    }


def here(effect: float) -> dict[str, object]:
    return {
        "mean": effect,
        "sd": 0.25,
        "quantiles": band(effect, 0.25),
        "no_effect": 0.12,
        "harm": 0.03,
        "fvc_loss_above_1": 0.02,
        "fvc_loss_above_3": 0.01,
    }


def prior(label: str, meaning: str, weight: float, chance: float, effect: float) -> dict[str, object]:
    return {
        "label": label,
        "meaning": meaning,
        "weight": weight,
        "assurance": assurance(chance),
        "power_by_world": share_band(chance, 0.22),
        "effect_as_stated": None if effect == 0.0 or weight == 1.0 else stated(effect),
        "effect_in_this_trial": here(effect),
        "prior_check": None if effect == 0.0 or weight == 1.0 else check(effect),
        "response_active": share_band(0.38 + 0.22 * effect, 0.08),
        "response_placebo": share_band(0.38, 0.06),
        "difference": band(0.22 * effect, 0.07),
        "mrss_difference": band(-3.5 * effect, 1.6),
        "fvc_difference": band(1.5 * effect, 1.4),
        "worlds_different": 400,
        "worlds_effective": 391.2,
        "structural_worlds_effective": 212.4,
    }


def made_up_exposure() -> dict[str, object]:
    days = [float(day) for day in range(0, 365, 2)]
    rise = [1 - math.exp(-day / 20) for day in days]
    level = [28 * r * (1 + 0.08 * math.sin(day / 7 * 2 * math.pi)) for day, r in zip(days, rise, strict=True)]
    active = {
        "concentration": relative(level, 0.35, 1.9),
        "occupancy_blood": relative([0.97 * min(1.0, r * 3) for r in rise], 0.93, 1.02),
        "occupancy_skin": relative([0.9 * min(1.0, r * 1.8) for r in rise], 0.82, 1.07),
    }
    nothing = relative([0.0] * len(days), 1.0, 1.0)
    untreated = {"concentration": nothing, "occupancy_blood": nothing, "occupancy_skin": nothing}
    return {
        "time_days": days,
        "unit": "ug/mL",
        "subjects": 60,
        "group": "ifn-high",
        "by_arm": {ACTIVE: active, PLACEBO: untreated},
    }


def made_up_signature(weeks: list[int]) -> dict[str, object]:
    on = [0.0] + [1 - math.exp(-week / 3) for week in weeks[1:]]
    return {
        "visit_weeks": weeks,
        "group": "high",
        "by_arm": {
            ACTIVE: {
                "suppression_blood": course([0.84 * v for v in on], 0.1),
                "suppression_skin": course([0.41 * v for v in on], 0.12),
            },
            PLACEBO: {
                "suppression_blood": course([0.02] * len(weeks), 0.18),
                "suppression_skin": course([0.0] * len(weeks), 0.15),
            },
        },
        "definitions": {
            "a": "The share of the receptor-driven signal that is removed.",
            "b": "One minus the fold-change score after over before; background and assay noise stay in.",
            "c": "The patient's score is back in the range of healthy people.",
        },
        "returned_to_healthy": {ACTIVE: 0.62, PLACEBO: 0.07},
    }


def made_up_endpoint(
    name: str, label: str, unit: str, better: bool, weeks: list[int], end: float, gain: float
) -> dict[str, object]:
    def mean(change: float) -> dict[str, dict[str, list[float]]]:
        values = [change * (1 - math.exp(-week / 24)) for week in weeks]
        return {"patient_mean": course(values, 0.12 * abs(end) + 0.01)}

    groups = {
        group: {ACTIVE: mean(end + gain * factor), PLACEBO: mean(end)}
        for group, factor in {"all": 1.0, "high": 1.3, "low": 0.5}.items()
    }
    difference = {
        "all": band(gain, abs(gain)),
        "high": band(1.3 * gain, abs(gain)),
        "low": band(0.5 * gain, abs(gain)),
    }
    return {
        "name": name,
        "label": label,
        "unit": unit,
        "higher_is_better": better,
        "visit_weeks": weeks,
        "by_group": groups,
        "difference_by_group": difference,
        "chances_by_group": {
            group: {
                "better": 0.61,
                "no_difference": 0.3,
                "worse": 0.09,
                "relevant_gain": 0.042 if unit == "points" else None,
                "relevant_loss": 0.013 if unit == "points" else None,
            }
            for group in groups
        },
        "smallest_relevant": 5.0 if unit == "points" else None,
    }


def made_up_class():
    """Two trials of two drugs on the skin score, and what they say of the next."""
    predicted = {"mean": -1.5, "sd": 1.2, "q05": -3.6, "q50": -1.5, "q95": 0.4, "no_benefit": 0.11}
    between = {
        "prior_scale": 2,
        "prior_q50": 1.3,
        "prior_q95": 3.9,
        "mean": 1,
        "q50": 0.8,
        "q95": 2.2,
        "sd_ratio": 0.9,
    }
    trial = {
        "endpoint": "mrss_change",
        "estimand": "not_stated",
        "visit_week": 52.0,
        "population": "some",
        "control_rate": None,
        "derivation": "as published",
        "sources": ["a paper"],
        "note": "",
    }
    one = {
        "id": "one",
        "trial": "TRIAL-ONE",
        "drug": "drug one",
        "estimate": -2.6,
        "standard_error": 1.0,
        "low": -4.6,
        "high": -0.6,
    }
    two = {
        "id": "two",
        "trial": "TRIAL-TWO",
        "drug": "drug two",
        "estimate": -0.4,
        "standard_error": 1.0,
        "low": -2.4,
        "high": 1.6,
    }
    return {
        "title": "Skin score in a made-up class",
        "measure": "mean_difference",
        "unit": "mrss_point",
        "benefit_direction": "lower",
        "grouped_by": "drug",
        "within_drug_ratio": 0.5,
        "trials": [trial | one, trial | two],
        "true_effects": {"drug one": predicted, "drug two": predicted},
        "between": between,
        "prior_decides": True,
        "mean_effect": predicted,
        "next": predicted,
        "at_scales": [],
        "next_without": {},
        "variants": [],
        "absent": [{"id": "x", "trial": "TRIAL-LOST", "drug": "drug one", "reason": "not read"}],
    }


def made_up_believe() -> dict[str, object]:
    effects = [round(-0.2 + 0.2 * step, 1) for step in range(8)]
    rates = [0.2, 0.3, 0.4, 0.5, 0.6]

    def power(effect: float, rate: float) -> float:
        active = 1 / (1 + (1 - rate) / rate * math.exp(-effect))
        error = math.sqrt((active * (1 - active) + rate * (1 - rate)) / 157)
        return 0.5 * math.erfc((1.96 - (active - rate) / error) / math.sqrt(2))

    table = [[power(effect, rate) for rate in rates] for effect in effects]
    return {"log_odds_ratios": effects, "placebo_rates": rates, "power_grid": table, "per_arm": [157, 157]}


def made_up_forecast() -> dict[str, object]:
    """Return a forecast whose every number is made up."""
    weeks = [0, 4, 12, 24, 36, 52]
    ifn = {
        "response_active": share_band(0.48, 0.07),
        "response_placebo": share_band(0.38, 0.06),
        "difference": band(0.1, 0.06),
        "mrss_difference": band(-1.9, 1.2),
        "suppression_blood": share_band(0.84, 0.05),
        "power_by_world": share_band(0.3, 0.3),
    }
    return {
        "design": "daisy",
        "title": "DAISY: anifrolumab in systemic sclerosis",
        "question": "If the type I interferon receptor is blocked with anifrolumab 120 mg under the skin every week, "
        "for 52 weeks, in the patients whom DAISY enrolled, what is the chance that the trial succeeds?",
        "registration": "NCT00000000",
        "primary": "made-up response at week 52",
        "primary_definition": "better in three of five, by a made-up rule",
        "primary_week": 52.0,
        "alpha_one_sided": 0.025,
        "control_word": "placebo",
        "size_label": "demonstration size",
        "worlds": 20,
        "worlds_asked": 21,
        "worlds_effective": 18.3,
        "calibration": {"worlds": 5000, "subjects": 128, "fingerprint": "x", "is_stale": False},
        "subjects": 40,
        "replicates": 8,
        "planned": 306,
        "without_mechanisms": [],
        "null_worlds": 5,
        "screening": {"screened": 90, "implausible": {}, "thinned": 0, "refused": {}},
        "placebo_response": share_band(0.38, 0.06),
        "cohort": None,
        "arms": [ACTIVE, PLACEBO],
        "other_arms": [],
        "per_arm": [157, 157],
        "assurance": assurance(0.34),
        "different_subjects": 480,
        "whose_beliefs": "those who made this up",
        "power": quantity(0.8, monte_carlo=0.02),
        "reference_world": {
            "name": "planning",
            "meaning": "log odds ratio 0.64, placebo rate 40 %",
            "true_log_odds_ratio": 0.64,
            "true_response_placebo": 0.4,
            "true_difference": 0.14,
        },
        "type_i_error": quantity(0.026, 0.002, 0.002),
        "power_by_world": share_band(0.3, 0.3),
        "by_prior": {
            "irrelevant": prior(
                "Irrelevant",
                "Blocking the receptor does nothing that matters for the disease.",
                0.3,
                0.045,
                0.0,
            ),
            "ssc_reference_class": prior(
                "SSc reference class",
                "It works as other drugs have worked in this disease.",
                0.35,
                0.47,
                0.43,
            ),
            "lupus_bridge": prior(
                "Lupus bridge", "Part of the effect seen in lupus carries over.", 0.35, 0.44, 0.36
            ),
            "mixture": prior("Mixture", "The three together, with declared weights.", 1.0, 0.34, 0.28),
        },
        "weights_sensitivity": [
            {
                "weights": {"irrelevant": 0.5, "ssc_reference_class": 0.25, "lupus_bridge": 0.25},
                "assurance_estimate": 0.25,
            },
            {
                "weights": {"irrelevant": 0.2, "ssc_reference_class": 0.4, "lupus_bridge": 0.4},
                "assurance_estimate": 0.37,
            },
        ],
        "belief_readings": [
            {
                "belief": "ssc_reference_class",
                "reading": "without drug one",
                "mean": 0.2,
                "sd": 0.5,
                "no_benefit": 0.3,
                "assurance_estimate": 0.373,
            },
            {
                "belief": "lupus_bridge",
                "reading": "drugs twice as far apart",
                "mean": 0.2,
                "sd": 0.5,
                "no_benefit": 0.3,
                "assurance_estimate": None,
            },
        ],
        "classes": {"made_up": made_up_class()},
        "by_ifn": {
            "high": {**ifn, "per_arm": [102, 102], "assurance": quantity(0.31)},
            "low": {**ifn, "per_arm": [55, 55], "assurance": quantity(0.08)},
        },
        "exposure_courses": made_up_exposure(),
        "signature_courses": made_up_signature(weeks),
        "endpoint_courses": [
            made_up_endpoint("rcriss25", "Revised CRISS-25 responders", "fraction", True, weeks, 0.38, 0.08),
            made_up_endpoint("mrss", "Skin score (mRSS), change", "points", False, weeks, -4.0, -1.2),
            made_up_endpoint(
                "fvc", "Forced vital capacity, change", "percent_predicted", True, weeks, -1.5, 0.6
            ),
        ],
        "primary_measure": {
            "kind": "responder",
            "of_arm": "share of responders",
            "unit": "1",
            "of_difference": "difference in the share of responders",
            "difference_unit": "1",
            "higher_is_better": True,
        },
        "analysis": "stratified Cochran-Mantel-Haenszel test",
        "believe": made_up_believe(),
        "variance": [
            {"source": "efficacy", "share": 0.62},
            {"source": "placebo and trial effect", "share": 0.21},
            {"source": "endpoint rule", "share": 0.1},
            {"source": "pharmacokinetics", "share": 0.01},
            {"source": "Monte Carlo", "share": 0.06},
        ],
        "safety": [
            {
                "event": "zoster",
                "label": "Herpes zoster",
                "borrowed": "all: the rate",
                "by_arm": {
                    name: {
                        "patient_years": 150.0,
                        "rate_over_worlds": {"q05": 1.0, "q50": middle, "q95": 9.0},
                        "seen_rate": {"q05": 0.0, "q50": middle, "q95": 12.0},
                        "seen_events": {"q05": 0.0, "q50": 4.0, "q95": 18.0},
                    }
                    for name, middle in (("anifrolumab", 5.2), ("placebo", 1.4))
                },
                "difference": {"q05": -0.04, "q50": 3.8, "q95": 8.0},
                "seen_difference": {"q05": -1.0, "q50": 3.5, "q95": 9.5},
                "chance_of_more": 0.93,
            }
        ],
        "estimands": [
            {
                "name": name,
                "label": "counted in this way",
                "is_default": name == "composite",
                "response_active": share_band(0.5, 0.06),
                "response_placebo": share_band(0.4, 0.06),
                "assurance_estimate_by_prior": dict.fromkeys(PRIORS, 0.3),
            }
            for name in ("composite", "treatment_policy")
        ],
        "key_secondaries": [
            {
                "endpoint": "mrss_change",
                "label": "Change of mRSS at week 52",
                "unit": "point",
                "higher_is_better": False,
                "status": "tested",
                "per_arm": [140, 141],
                "by_prior": {
                    name: {"power_alone": 0.4, "low": 0.3, "high": 0.5, "difference": band(-1.5, 0.5)}
                    for name in PRIORS
                },
            }
        ],
        "testing_orders": [
            {
                "endpoints": ["Change of mRSS at week 52"],
                "is_default": True,
                "with_primary": {name: [0.2] for name in PRIORS},
            }
        ],
        "variants": [
            {
                "name": f"rcriss{x}",
                "label": f"rCRISS-{x}",
                "response_placebo": share_band(0.6 - x / 100, 0.06),
                "response_active": share_band(0.68 - x / 100, 0.07),
                "assurance_estimate": 0.36 - x / 1000,
                "is_default": x == 25,
            }
            for x in (20, 25, 30, 50)
        ],
        "globals": [
            {
                "name": "phi_skin",
                "label": "phi, skin",
                "unit": "fraction",
                "prior_band": share_band(0.3, 0.18),
                "posterior_band": share_band(0.29, 0.175),
                "under_mixture": share_band(0.29, 0.175),
                "sd_ratio": 0.97,
                "verdict": "prior only",
            },
            {
                "name": "phi_lung",
                "label": "phi, lung",
                "unit": "fraction",
                "prior_band": share_band(0.3, 0.18),
                "posterior_band": share_band(0.31, 0.18),
                "under_mixture": share_band(0.31, 0.18),
                "sd_ratio": 1.0,
                "verdict": "prior only",
            },
            {
                "name": "imax",
                "label": "largest suppression",
                "unit": "fraction",
                "prior_band": share_band(0.94, 0.04),
                "posterior_band": share_band(0.93, 0.02),
                "under_mixture": share_band(0.93, 0.02),
                "sd_ratio": 0.5,
                "verdict": "informed",
            },
        ],
        "subjects_status": {"ok": 786, "no_steady_state": 14},
        "audit": {"subjects": 20, "largest_error": 3.1e-7},
        "assumptions": [
            {"name": "phi_skin", "value": 0.3, "unit": "1", "note": "never measured", "source": ""}
        ],
        "rules": [
            {
                "rule": "responder rule",
                "assumed": "25 % better in three of five",
                "reason": "not in the readable material",
            }
        ],
        "bibliography": [
            {"id": "doe2020", "citation": "Doe J. A made-up paper. 2020.", "doi": "10.1000/made-up"}
        ],
    }

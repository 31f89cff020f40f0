"""The forecast's page: says what it must, never mixes what must stay apart, requests nothing from outside.

All numbers here are made up; they test the page and say nothing about any drug.
"""

import csv
import math
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import combinations
from xml.etree import ElementTree as Xml

import pytest

from drawn import SVG, figures_in, seen_in
from ifntrial.report.forecast.page import SECTIONS, render_forecast
from ifntrial.report.forecast.safety import safety_in_words
from ifntrial.studies.forecast.result import Forecast
from ifntrial.studies.json_records import validated
from made_up import FACTS

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
                "by_prior": {name: {"power_alone": 0.4, "difference": band(-1.5, 0.5)} for name in PRIORS},
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


def rendered(result: dict[str, object]) -> str:
    facts = replace(FACTS, chosen={"Left out": "vascular"}, command="ifntrial forecast daisy --seed 1")
    return render_forecast(validated(Forecast, result, "a made-up forecast", "correct it"), facts)


@pytest.fixture(scope="module")
def page() -> str:
    return rendered(made_up_forecast())


def in_words(page: str) -> str:
    """Return what a reader reads: no scripts, no styles, no tags."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).replace("\u202f", " ")


class _Elements(HTMLParser):
    """Collects tags with their attributes, and which are left open."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in {"meta", "link", "br", "img", "input", "hr", "wbr"}:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


@pytest.fixture(scope="module")
def elements(page: str) -> _Elements:
    parser = _Elements()
    parser.feed(page)
    return parser


def test_the_page_is_well_formed(elements):
    assert elements.wrong == []
    assert elements.open == []


def test_nothing_is_requested_from_outside(page, elements):
    for tag, attributes in elements.seen:
        assert "src" not in attributes, tag
        assert tag not in {"link", "iframe", "object", "embed", "base", "form"}
    policy = next(a["content"] for t, a in elements.seen if t == "meta" and "http-equiv" in a)
    assert policy.startswith("default-src 'none'")
    assert "http" not in policy
    assert not re.search(r"@import|url\(\s*['\"]?http", page.split("<script>")[0])


def test_the_page_is_small_and_has_no_script(page, elements):
    assert len(page.encode()) < 600_000
    assert "script" not in {tag for tag, _ in elements.seen}
    policy = next(a["content"] for t, a in elements.seen if t == "meta" and "http-equiv" in a)
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"


def test_every_figure_is_static_small_and_described_in_words(page):
    figures = figures_in(page)
    assert len(figures) == 2 + 2 + 2 + 3 * 3 + 2 + 1
    for name, svg in figures.items():
        assert len(svg.encode()) < 25_000
        root = Xml.fromstring(svg)
        assert root.get("aria-labelledby") == f"{name}-title {name}-desc"
        assert len(root.find(f"{SVG}title").text) + len(root.find(f"{SVG}desc").text) > 15
        assert seen_in(svg)
        for element in root.iter():
            assert "style" not in element.attrib
            assert element.tag != f"{SVG}style"
            assert element.get("id", name).startswith(name)


def test_each_figure_is_a_file_with_its_numbers_beside_the_page(page):
    linked = re.findall(r'<a href="(figures/[^"]+)" download>', page)
    assert sorted(linked) == sorted(page.files)
    for name, svg in figures_in(page).items():
        assert page.files[f"figures/{name}.svg"] == svg
    rows = list(csv.reader(page.files["figures/effect.csv"].splitlines()))
    assert rows[0] == ["Prior", "Median (5 to 95 % of worlds) [points]"]
    assert [row[0] for row in rows[1:]] == [
        "Irrelevant", "SSc reference class", "Lupus bridge", "Mixture",
    ]  # fmt: skip


def test_two_pages_of_one_result_are_the_same_bytes(page):
    again = rendered(made_up_forecast())
    assert again == page
    assert again.files == page.files


def test_letters_of_a_figure_are_readable_on_a_phone(page):
    """A phone of 390 px leaves 363 for a figure: a letter is at least 11 px there."""
    for svg in figures_in(page).values():
        root = Xml.fromstring(svg)
        width = float(root.get("viewBox").split()[2])
        sizes = [float(each.get("font-size")) for each in root.iter() if "font-size" in each.attrib]
        assert min(sizes) * 363 / width >= 11


def test_no_text_of_a_figure_leaves_it_or_lies_on_another(page):
    """Letters are taken as 0.52 of their size wide, about what usual types have."""
    for name, svg in figures_in(page).items():
        root = Xml.fromstring(svg)
        _, _, width, height = (float(part) for part in root.get("viewBox").split())
        boxes = []
        for each in root.iter(f"{SVG}text"):
            words = "".join(each.itertext())
            wide = 0.52 * 12.5 * len(words)
            x, y = float(each.get("x")), float(each.get("y"))
            left = x - {"middle": wide / 2, "end": wide}.get(each.get("text-anchor", ""), 0.0)
            assert -1 <= left, (name, words)
            assert left + wide <= width + 1, (name, words)
            assert 9 <= y <= height, (name, words)
            boxes.append((left, left + wide, y - 8, y, words))
        for one, other in combinations(boxes, 2):
            apart = one[1] <= other[0] or other[1] <= one[0] or one[3] <= other[2] or other[3] <= one[2]
            assert apart, (name, one, other)


def test_every_figure_has_its_numbers_in_a_table(page):
    for figure in re.findall(r"<figure>.*?</figure>", page, flags=re.DOTALL):
        assert "Numbers behind this figure" in figure


def test_ids_are_unique_and_every_link_inside_the_page_leads_somewhere(elements):
    ids = [a["id"] for _, a in elements.seen if "id" in a]
    assert len(ids) == len(set(ids))
    inside = [a["href"][1:] for t, a in elements.seen if t == "a" and a["href"].startswith("#")]
    assert inside == ["content", *(name for name in SECTIONS if name != "cohort"), "run"]
    assert set(inside) <= set(ids)


def test_the_disclaimer_stands_at_the_top_and_at_the_bottom(page):
    text = in_words(page)
    places = [match.start() for match in re.finditer("Not for diagnosis or treatment", text)]
    assert len(places) == 2
    assert places[0] < 300
    assert places[1] > len(text) - 300


def test_the_answer_names_every_prior_before_the_mixture(page):
    text = in_words(page)
    order = [
        "4.5 % (fewer",
        "47 % (about 1 in 2) if one believes “SSc reference class”",
        "44 % (about 2 in 5)",
        "Weighted 0.30",
        "it is 34 %",
    ]
    order[0] = "4.5 % (about 1 in 20) if one believes “Irrelevant”"
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert "declared judgement and not a measurement" in text


def test_the_page_says_that_the_effect_is_unknown_and_phi_is_prior_only(page):
    text = in_words(page)
    assert "effect of the drug in systemic sclerosis is unknown" in text
    assert "prior only for each of skin and lung: no observation" in text


def test_a_share_that_is_informed_is_not_called_prior_only():
    result = made_up_forecast()
    result["globals"][0]["verdict"] = "informed"
    text = in_words(rendered(result))
    assert "prior only for each of lung: no observation" in text
    assert "informed, indirectly, for skin." in text


@pytest.mark.parametrize(("label", "shown"), [("demonstration size", True), ("full size", False)])
def test_the_demonstration_banner_stands_only_where_it_applies(label, shown):
    text = in_words(rendered({**made_up_forecast(), "size_label": label}))
    assert ("too few to quote" in text) is shown
    assert text.count("Mixture 29 to 39 %") == (2 if shown else 1)
    assert "no measure of how far beliefs disagree" in text


def test_each_belief_is_told_where_it_is_stated_and_what_becomes_of_it():
    text = in_words(rendered(made_up_forecast()))
    assert "0.43 (−0.06 to 0.92); 12 % no benefit or harm" in text
    assert "Response of those observed, in others. Made up." in text
    assert "met: mean 0.44 for 0.43, SD 0.29 for 0.30" in text
    assert (
        "12 % no effect, 3.0 % harm; FVC lost by more than 1 point 2.0 %, by more than 3 points 1.0 %" in text
    )
    assert "Checked on 2000 other patients" in text


def test_a_belief_that_is_not_met_is_marked():
    result = made_up_forecast()
    result["by_prior"]["lupus_bridge"]["prior_check"]["is_met"] = False
    assert "not met: mean 0.37 for 0.36" in in_words(rendered(result))


def test_a_belief_without_a_weight_stands_beside_the_mixture():
    result = made_up_forecast()
    result["by_prior"]["lupus_bridge"]["weight"] = 0.0
    text = in_words(rendered(result))
    assert "Beside the mixture, with no weight in it: “Lupus bridge” 44 % (39 to 49 %)." in text
    assert "44 % (about 1 in 2) if one believes" not in text


def test_type_one_error_off_its_level_is_said_so():
    assert "which holds the nominal 2.5 %" in in_words(rendered(made_up_forecast()))
    off = rendered({**made_up_forecast(), "type_i_error": quantity(0.06, 0.01, 0.01)})
    assert "which does not hold the nominal 2.5 %" in in_words(off)
    safe = rendered({**made_up_forecast(), "type_i_error": quantity(0.012, 0.004, 0.004)})
    assert "which lies below the nominal 2.5 %: the test errs on the safe side" in in_words(safe)


def test_the_level_is_that_of_the_design():
    at_five = made_up_forecast() | {"alpha_one_sided": 0.05, "type_i_error": quantity(0.047, 0.004, 0.004)}
    text = in_words(rendered(at_five))
    assert "favours the active arm at the one-sided 5 % level" in text
    assert "4.70 % of trials" in text
    assert "which holds the nominal 5 % within its Monte Carlo error" in text
    assert "nominal 2.5 %" not in text


def test_worlds_asked_drawn_and_effective_are_said(page):
    text = in_words(page)
    assert "demonstration size: 21 worlds asked, 20 different, 18.3 effective in the mixture" in text
    assert "400 (391) 212 of 5000" in text


@pytest.mark.parametrize(("registration", "shown"), [("NCT00000000", True), ("", False)])
def test_only_a_registered_trial_has_rules_that_are_not_public(registration, shown):
    text = in_words(rendered(made_up_forecast() | {"registration": registration}))
    assert ("not public" in text) is shown
    assert ("Rules of this design" in text) is not shown


def test_an_endpoint_with_one_reading_has_no_versions():
    page = rendered(made_up_forecast() | {"variants": []})
    assert "Versions of the endpoint" not in page
    assert 'href="#rules"' not in page


def test_the_arm_that_is_not_forecast_is_named():
    text = in_words(rendered(made_up_forecast() | {"other_arms": ["half dose"]}))
    assert (
        "157 patients on anifrolumab 120 mg SC weekly and 157 on placebo; not part of this forecast: half dose"
        in text
    )


def test_the_three_suppressions_are_told_apart(page):
    text = in_words(page)
    for letter, said in {
        "a": "receptor-driven signal",
        "b": "fold-change score after over before",
        "c": "range of healthy people",
    }.items():
        assert f"({letter})" in text
        assert said in text


def test_differences_name_whom_the_median_favours(page):
    rows = re.findall(r"<td>All patients</td>.*?</tr>", page, flags=re.DOTALL)
    assert [in_words(row).split()[-1] for row in rows] == ["active", "active", "active"]
    result = made_up_forecast()
    result["endpoint_courses"][1]["higher_is_better"] = True
    rows = re.findall(r"<td>All patients</td>.*?</tr>", rendered(result), flags=re.DOTALL)
    assert [in_words(row).split()[-1] for row in rows] == ["active", "placebo", "active"]


def test_a_cohort_has_one_line_for_each_patient_and_says_why_one_is_absent():
    result = made_up_forecast()
    seen = {
        "benefit": {"q05": -0.01, "q50": 0.08, "q95": 0.2},
        "suppression_blood": {"q05": 0.7, "q50": 0.82, "q95": 0.9},
    }
    about = {"signature": "az_4_gene", "virtual_patients": 1}
    result["cohort"] = [
        {"patient": "P1", "probability_high": 0.97, "status": "predicted", "reason": "", **about, **seen},
        {
            "patient": "P2",
            "probability_high": None,
            "status": "not predicted",
            "reason": "too few genes",
            **about,
        },
    ]
    shown = rendered(result)
    text = in_words(shown)
    assert "P1 97 % 82 % (70 to 90 %) 8.0 (−1.0 to 20.0) predicted" in text
    assert "P2 not estimated not estimated not estimated too few genes" in text
    assert 'href="#cohort"' in shown
    assert "never a prediction for one person" in text


def test_text_from_the_result_cannot_become_markup():
    evil = "<script>alert(1)</script>"
    result = made_up_forecast()
    result["title"] = result["assumptions"][0]["note"] = result["endpoint_courses"][0]["label"] = evil
    result["by_prior"]["irrelevant"]["label"] = evil
    assert evil not in rendered(result)


def test_a_group_without_patients_and_an_audit_that_was_not_made_are_said_so():
    result = made_up_forecast()
    result["endpoint_courses"][0]["by_group"]["low"] = {}
    result["audit"] = None
    text = in_words(rendered(result))
    assert "No solve of this run was repeated" in text
    assert "nan" not in text.lower().split()


def test_the_trials_behind_the_beliefs_stand_with_their_numbers_and_other_readings(page):
    part = page[page.index('<section id="trials">') :].partition("</section>")[0]
    for words in (
        "TRIAL-ONE",
        "drug one: −2.6 (−4.6 to −0.6) points",
        "−1.5 (−3.6 to 0.4) points; no benefit 11",
        "without a usable number: TRIAL-LOST",
    ):
        assert words in part.replace("\N{NARROW NO-BREAK SPACE}", " "), words
    rows = [row.replace("\N{NARROW NO-BREAK SPACE}", " ") for row in part.split("<tr>") if "th scope" in row]
    cells = {
        row.partition("</th>")[0].rpartition(">")[2]: re.findall(r'class="n">([^<]*)<', row) for row in rows
    }
    assert cells["as declared"] == ["47 %", "44 %"]
    assert cells["without drug one"] == ["37 %", "–"]
    assert cells["drugs twice as far apart"] == ["–", "not estimated"]


def test_a_forecast_of_own_beliefs_shows_no_other_readings_of_trials():
    assert "read otherwise" not in rendered({**made_up_forecast(), "belief_readings": []})


def test_safety_tells_rates_counts_and_what_is_borrowed():
    row = safety_in_words(validated(Forecast, made_up_forecast(), "a made-up forecast", "correct it"))[0]
    assert row.rates == ("5.2 (1.0 to 9.0)", "1.4 (1.0 to 9.0)")
    assert row.counts == ("4 (0 to 18)", "4 (0 to 18)")
    assert row.difference == "+3.8 (0.0 to +8.0)"
    assert row.seen_difference == "+3.5 (\N{MINUS SIGN}1.0 to +9.5)"
    assert row.borrowed == "all: the rate"
    page = rendered(made_up_forecast())
    assert "Borrowed from lupus" in page
    assert "5.2 (1.0 to 9.0)" in page

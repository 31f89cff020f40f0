"""A planner's own trial with a primary endpoint that is no response, through every study over worlds and its pages."""

import re
from html import unescape

import numpy as np
import pytest

import ifntrial
from ifntrial.report.wording import sentence
from shipped import design_from_mapping

OWN = {
    "extends": "daisy",
    "schema_version": 1,
    "name": "own_phase2",
    "title": "Phase 2, 24 weeks, skin score, 2:1, 90 patients with a high signature",
    "size": {"planned": 90},
    "arms": [
        {"name": "anifrolumab", "regimen": "300 mg IV every 4 weeks", "allocation": 2},
        {"name": "placebo", "regimen": "placebo IV every 4 weeks", "is_control": True},
    ],
    "treatment_weeks": 24,
    "open_label_weeks": 0,
    "primary": {"endpoint": "mrss_change", "visit_week": 24},
    "key_secondary": [{"endpoint": "fvc_ml_change", "visit_week": 24}],
    "assumed": {
        "randomization": {"block_size": 6, "reason": "two blocks of 2 to 1 in one"},
        "schedule": {
            "visit_weeks": [0, 12, 24],
            "open_label_visit_weeks": [],
            "reason": "our own plan of visits",
        },
    },
}
SIZE = {"worlds": 8, "subjects": 24, "seed": 3, "workers": 1}
FOREIGN = ("Responders", "responder", "CRISS", "DAISY", "week 52", "log odds ratio", "120 mg", "NCT059")
"""Words of responses, and of the trial that the design extends."""


def own_design(endpoint="mrss_change", method=None, **changed):
    content = {**OWN, **changed, "primary": {"endpoint": endpoint, "visit_week": 24}}
    if method:
        analysis = {"method": method, "reason": "the analysis of our protocol"}
        content["assumed"] = {**content["assumed"], "analysis": analysis}
    return design_from_mapping(content)


def page_of(answer, tmp_path) -> str:
    """Return what the page of an answer says of the trial: without assumed numbers and sources of evidence."""
    html = answer.report(tmp_path / "page.html").read_text(encoding="utf-8")
    whole = re.sub(r"<style.*?</style>|<script.*?</script>", "", html, flags=re.DOTALL)
    for name in ("assumptions", "sources", "globals", "trials"):
        whole = re.sub(rf'<(section|details)[^>]* id="{name}".*?</\1>', "", whole, flags=re.DOTALL)
    text = unescape(re.sub(r"<[^>]+>", " ", whole))
    # a belief is stated elsewhere, and says where
    result = answer.kept.result
    for prior in (result.by_prior if hasattr(result, "by_prior") else result.priors).values():
        stated = getattr(prior, "effect_as_stated", None)
        for words in (prior.label, *((stated.title, stated.basis) if stated else ())):
            text = text.replace(words, "").replace(sentence(words), "")
    return text


@pytest.fixture(scope="module")
def forecast():
    return ifntrial.forecast(own_design(), **SIZE)


def test_a_change_is_forecast_under_every_belief(forecast):
    result = forecast.kept.result
    assert result.primary_measure.of_difference == "adjusted difference of means"
    assert result.primary_measure.difference_unit == "mrss_point"
    assert "covariance" in result.analysis
    none = result.by_prior["irrelevant"]
    # strata spread unequally, which an error pooled over them does not follow
    assert none.assurance.estimate == pytest.approx(0.025, abs=5e-4)
    assert none.difference.q50 == pytest.approx(0.0, abs=1e-9)
    for prior in result.by_prior.values():
        assert prior.assurance.low <= prior.assurance.estimate <= prior.assurance.high
        assert prior.response_placebo.q50 < 0, "placebo arms of this disease improve here"
    helped = result.by_prior["ssc_reference_class"]
    assert helped.assurance.estimate > none.assurance.estimate
    assert helped.effect_in_this_trial.mean < 0, "a lower score is better"
    assert result.reference_world.true_log_odds_ratio is None
    assert result.believe is None
    assert result.variants == ()
    assert [each.name for each in result.estimands] == ["treatment_policy", "hypothetical"]
    assert result.type_i_error.mc_low <= 0.025 <= result.type_i_error.mc_high
    assert 0 < result.testing_orders[0].with_primary["mixture"][0] < result.assurance.estimate


def test_its_page_speaks_of_no_other_trial(forecast, tmp_path):
    text = page_of(forecast, tmp_path)
    assert "Adjusted difference of means, active against placebo [points]" in text
    assert "Mean change [points]" in text
    assert [word for word in FOREIGN if word in text] == []


@pytest.mark.parametrize(
    ("endpoint", "method", "of_difference"),
    [
        ("mrss_change", "mmrm", "adjusted difference of means"),
        ("nt_probnp_ratio", None, "log ratio of the means"),
        ("new_ulcers", None, "log rate ratio"),
        ("clinical_worsening", "log_rank", "log hazard ratio"),
    ],
)
def test_every_kind_of_endpoint_is_compared(endpoint, method, of_difference):
    answer = ifntrial.compare(own_design(endpoint, method), **SIZE)
    (found,) = answer.kept.result.designs
    assert found.primary_measure.of_difference == of_difference
    for prior in found.by_prior.values():
        assert 0 < prior.assurance.estimate < 1
        assert np.isfinite([*prior.expected_response, prior.difference.q50]).all()
    assert found.by_prior["irrelevant"].assurance.estimate == pytest.approx(0.025, abs=2e-3)
    sizes = found.more_patients.by_prior["ssc_reference_class"].curve
    assert sizes[-1].estimate > sizes[0].estimate, "more patients find more"


def test_a_change_is_enriched_and_dosed(tmp_path):
    enriched = ifntrial.enrich(
        own_design(), markers=("ifn_high",), score_cutoffs=(1.0,), **{**SIZE, "subjects": 60}
    )
    assert enriched.kept.result.interim is None
    assert all(
        block.responders_gained_per_100 is None
        for row in enriched.kept.result.options
        for block in row.by_prior.values()
    )
    text = page_of(enriched, tmp_path)
    assert "Gain: adjusted difference of means" in text
    assert [word for word in FOREIGN if word in text] == []
    dosed = ifntrial.doses(own_design(), regimens=("150 mg IV every 4 weeks",), **SIZE)
    assert [each.words for each in dosed.kept.result.regimen_results] == [
        "300 mg IV every 4 weeks",
        "150 mg IV every 4 weeks",
    ]
    assert [word for word in FOREIGN if word in page_of(dosed, tmp_path)] == []


def test_a_trial_without_control_or_of_a_part_is_refused_with_what_to_do():
    for verb in (ifntrial.forecast, ifntrial.compare, ifntrial.enrich, ifntrial.doses):
        with pytest.raises(ifntrial.InputError, match="no control arm"):
            verb("anifrolumab_ssc_phase1", **SIZE)

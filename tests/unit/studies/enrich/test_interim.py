"""Adaptive enrichment in the enrichment study: rates by test result, the error kept and shown, and its words."""

from dataclasses import replace

import numpy as np
import pytest

from ifntrial.report.enrich.interim import error_text, interim_sentence, keeps_the_error
from ifntrial.studies.compare.plan import SharedPlan, world_weights
from ifntrial.studies.enrich.inputs import enrichment_inputs
from ifntrial.studies.enrich.interim import interim_study, rates_by_test
from ifntrial.studies.enrich.interim_records import TypeIError
from ifntrial.studies.enrich.options import Study
from ifntrial.studies.over_worlds import PriorFacts
from made_up import Beliefs, responses_by_signature
from shipped import load_design
from shipped import prepare_comparison as prepare

CONTROL, IN_LOW, IN_HIGH = 0.35, 0.35, 0.55


@pytest.fixture(scope="module")
def study() -> Study:
    prepared = prepare(SharedPlan((load_design("daisy"),), 6, 120, 5))
    subjects = responses_by_signature(prepared, CONTROL, IN_LOW, IN_HIGH)
    return Study(prepared, subjects, enrichment_inputs(prepared.evidence, 314))


@pytest.fixture(scope="module")
def found(study):
    return interim_study(study, world_weights(study.prepared))


def test_patients_by_test_result_respond_as_their_mixture(study):
    chance = study.inputs.markers[0].chance(study.covariates)
    for rates in rates_by_test(study, chance):
        positive = 0.65 * 0.9 + 0.35 * 0.1
        assert rates.share == pytest.approx([1 - positive, positive])
        assert rates.active[1] == pytest.approx((0.65 * 0.9 * IN_HIGH + 0.35 * 0.1 * IN_LOW) / positive)
        assert rates.control == pytest.approx([CONTROL, CONTROL])


def test_the_error_is_kept_within_its_interval(found):
    assert keeps_the_error(found)
    for row in found.rows:
        error = row.type_i_error
        assert error.low < error.estimate < error.high < error.low + 0.01
        assert error.one_sided_level == 0.025
        assert error.estimate < 0.025 + 4 * np.sqrt(0.025 * 0.975 / 20_000)


def test_an_error_beyond_chance_would_be_said(found):
    far = replace(found.rows[0], type_i_error=TypeIError(0.035, 0.03, 0.04, 0.025))
    broken = replace(found, rows=(far,))
    assert not keeps_the_error(broken)


def test_a_higher_threshold_restricts_more_trials(found):
    shares = [row.by_prior["mixture"].enriched for row in found.rows]
    assert 0 < shares[0] < shares[1] < shares[2] < 1


def test_restricting_to_those_who_gain_helps_where_others_gain_nothing(found):
    # all worlds are alike here, so that only the mixture has enough of them for an interval
    gap = found.rows[2].by_prior["mixture"].versus_fixed
    assert gap.low > 0
    for row in found.rows:
        for block in row.by_prior.values():
            assert 0 <= block.any_claim.low <= block.any_claim.estimate <= block.any_claim.high <= 1


def test_it_is_left_out_where_the_signature_is_not_studied(study):
    inputs = enrichment_inputs(study.prepared.evidence, 314, markers=["early"])
    other = Study(study.prepared, study.subjects, inputs)
    assert interim_study(other, world_weights(study.prepared)) is None


def test_the_sentence_says_whether_the_error_is_kept_under_every_named_prior(found, study):
    result = Beliefs({name: PriorFacts(name, "", 1.0, 1.0) for name in world_weights(study.prepared)})
    text = interim_sentence(found, result)
    assert "error is kept" in text
    assert "“irrelevant”" in text
    assert "mixture" not in text
    assert error_text(found.rows[1]) in text

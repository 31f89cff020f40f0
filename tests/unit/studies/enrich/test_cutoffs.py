"""Cut-offs on continuous scores: who passes, what it costs, and where most is gained, on made-up responses."""

from dataclasses import replace

import numpy as np
import pytest

from ifntrial.errors import InputError
from ifntrial.report.enrich.cutoffs import cutoff_sentence, cutoff_text, front_rows, noise_text
from ifntrial.studies.compare.plan import SharedPlan, world_weights
from ifntrial.studies.enrich.cutoff_records import PricedTrial
from ifntrial.studies.enrich.cutoffs import cutoff_studies
from ifntrial.studies.enrich.inputs import enrichment_inputs
from ifntrial.studies.enrich.options import Study
from ifntrial.studies.enrich.scores import CARDIAC, IFN_SCORE, SKIN_SPEED, shipped_scores
from ifntrial.studies.over_worlds import PriorFacts
from made_up import Beliefs, responses_by_signature
from shipped import load_design
from shipped import prepare_comparison as prepare

CONTROL, IN_LOW, IN_HIGH = 0.3, 0.32, 0.5


@pytest.fixture(scope="module")
def prepared():
    return prepare(SharedPlan((load_design("daisy"),), 6, 200, 5))


@pytest.fixture(scope="module")
def study(prepared) -> Study:
    subjects = responses_by_signature(prepared, CONTROL, IN_LOW, IN_HIGH)
    return Study(prepared, subjects, enrichment_inputs(prepared.evidence, 314))


@pytest.fixture(scope="module")
def found(study, prepared):
    return {each.score_name: each for each in cutoff_studies(study, world_weights(prepared))}


def rows(found, score, noise=None, prevalence=None):
    chosen = found[score].rows
    first = chosen[0].prevalence if prevalence is None else prevalence
    return [row for row in chosen if row.noise == noise and row.prevalence == first]


def test_the_score_tells_a_truly_high_signature_from_a_low_one(study, prepared):
    score = shipped_scores(prepared, study.inputs)[0]
    is_high = study.covariates["is_ifn_high"].astype(bool)
    assert score.values.min() > 0
    assert np.median(score.values[is_high]) > 2.5 > 1.5 > np.median(score.values[~is_high])


def test_the_assumed_noise_gives_the_assumed_sensitivity_and_specificity_at_two(found, prepared):
    noise = prepared.evidence.value("enrichment.ifn_score_noise")
    row = next(row for row in rows(found, IFN_SCORE, noise) if row.cutoff == 2.0)
    for name in ("sensitivity", "specificity"):
        assert getattr(row, name) == pytest.approx(
            prepared.evidence.value(f"enrichment.ifn_high_{name}"), abs=0.04
        )


def test_a_higher_cut_off_trades_sensitivity_for_specificity_and_screens_more(found):
    for noise in (1.0, 2.0):
        steps = rows(found, IFN_SCORE, noise)
        assert [row.cutoff for row in steps] == [0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5]
        for name, sign in (("sensitivity", -1), ("specificity", 1), ("true_share", 1), ("to_screen", 1)):
            assert np.all(sign * np.diff([getattr(row, name) for row in steps]) > 0)


def test_all_comers_and_passers_respond_as_their_mixture(found):
    for row in found[IFN_SCORE].rows:
        expected = row.true_share * IN_HIGH + (1 - row.true_share) * IN_LOW - CONTROL
        assert row.by_prior["mixture"].mean_benefit == pytest.approx(expected)


def test_a_better_measurement_gains_more_at_every_cut_off_below_the_gap(found):
    for place in range(1, 4):
        gains = [
            rows(found, IFN_SCORE, noise)[place].by_prior["mixture"].same_size.estimate
            for noise in (0.0, 1.0, 2.0)
        ]
        assert gains[0] > gains[1] > gains[2] > 0


def test_beyond_the_gap_a_higher_cut_off_costs_more_than_it_gains(found):
    """Among truly high patients the effect does not grow with the score: with no error nothing is left to gain."""
    gains = {row.cutoff: row.by_prior["mixture"] for row in rows(found, IFN_SCORE, 0.0)}
    assert gains[3.0].same_size.estimate == pytest.approx(gains[2.5].same_size.estimate, abs=0.01)
    assert gains[3.5].same_cost.estimate < gains[2.5].same_cost.estimate


def test_skin_and_heart_cut_offs_take_in_fewer_and_fewer(found):
    for score in (SKIN_SPEED, CARDIAC):
        steps = rows(found, score)
        assert len(steps) >= 3
        assert np.all(np.diff([row.positive_share for row in steps]) < 0)
        assert all(row.effective_subjects >= 50 for row in steps)
        assert found[score].left_out or len(steps) >= 5


def test_every_trial_is_in_the_pareto_table_and_the_cheapest_is_unbeaten(study, found):
    for each in found.values():
        count = 1 + len({row.cutoff for row in each.rows})
        for table in each.pareto:
            assert len(table.rows) == count * len(study.inputs.sizes)
            cheapest = [row for row in table.rows if row.cost == table.rows[0].cost]
            assert set().union(*(row.unbeaten_under for row in cheapest)) == set(each.answer)
            assert any(row.cutoff is None for row in cheapest)
    front = front_rows(found[IFN_SCORE])
    assert front == sorted(front, key=lambda row: row.cost)


def test_the_answer_is_the_best_row_in_a_sentence(found, prepared):
    result = Beliefs({name: PriorFacts(name, "", 1.0, 1.0) for name in world_weights(prepared)})
    each = found[IFN_SCORE]
    best = each.answer["lupus_bridge"].same_size
    assert best.estimate == max(
        row.by_prior["lupus_bridge"].same_size.estimate for row in rows(found, IFN_SCORE, 1.0)
    )
    text = cutoff_sentence(each, result)
    assert "“lupus_bridge”" in text
    assert "same money" in text
    assert "mixture" not in text
    assert "could be computed" in cutoff_sentence(replace(each, rows=()), result)


def test_words_of_a_measurement_and_of_no_cut_off():
    assert noise_text(0.0) == "no error"
    assert noise_text(2.0) == "SD 2"
    assert (
        cutoff_text(PricedTrial(size=1, to_screen=1.0, cost=1.0, chance={}, unbeaten_under=()))
        == "all comers"
    )


@pytest.mark.parametrize(
    "given", [{"score_cutoffs": [9.0]}, {"score_noises": [-1.0]}, {"score_cutoffs": list(range(9))}]
)
def test_cut_offs_and_noise_out_of_range_are_refused(prepared, given):
    with pytest.raises(InputError, match="cannot be computed as asked"):
        enrichment_inputs(prepared.evidence, 314, **given)

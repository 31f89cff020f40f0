"""What designs share in a comparison: candidates, luck, and the arithmetic of paired differences and sizes."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ttest_rel

from ifntrial.design.design import TrialDesign
from ifntrial.errors import InputError
from ifntrial.evidence.load import load_evidence
from ifntrial.report.compare.words import headlines, size_cell, size_in_words
from ifntrial.report.differences import points, verdict
from ifntrial.statistics.assurance import Estimate, tally_power
from ifntrial.statistics.cmh_power import StratumRates
from ifntrial.statistics.power import WorldPower
from ifntrial.statistics.sample_size import ceiling_of_power
from ifntrial.studies.compare.more_patients import (
    MorePatients,
    SizeAnswer,
    SizeAnswers,
    size_answer,
    size_for,
    sizes_around,
)
from ifntrial.studies.compare.plan import SharedPlan
from ifntrial.studies.compare.power import Difference, paired_difference
from ifntrial.studies.over_worlds import PriorFacts
from shipped import build_model, design_from_mapping, load_design, require_comparable, screen_common
from shipped import prepare_comparison as prepare


def world(power: float, active: float = 0.5, control: float = 0.4, influence: float = 0.0) -> WorldPower:
    rates = StratumRates(np.ones(1), np.array([active]), np.array([control]))
    return WorldPower(power, abs(influence), rates, np.array([influence]))


def difference(one: list[WorldPower], other: list[WorldPower], weight: np.ndarray) -> Difference:
    return paired_difference(
        *(tally_power(worlds, {"any": weight}) for worlds in (one, other)), weighting="any"
    )


def changed(name: str, **fields: object) -> TrialDesign:
    values = load_design("daisy").model_dump(mode="json", exclude_none=True)
    return design_from_mapping({**values, "name": name, **fields})


def screened(names: tuple[str, ...], subjects: int):
    designs = [load_design(name) for name in names]
    return screen_common(designs, build_model(), load_evidence(), subjects, seed=3)


def test_designs_share_the_candidates_that_both_enroll():
    common = screened(("daisy", "daisy_ifn_high"), 40)
    everyone, high = common.is_member["daisy"], common.is_member["daisy_ifn_high"]
    is_high = common.population.covariates["is_ifn_high"].astype(bool)
    assert everyone.sum() == high.sum() == 40
    assert np.all(is_high[high])
    # those with a high signature whom the wider design enrolls are enrolled by the narrower one too
    assert np.all(high[everyone & is_high])
    assert common.population.size == (everyone | high).sum() < 80
    assert common.screened["daisy_ifn_high"] > common.screened["daisy"] >= 40


def test_a_design_enrolls_the_same_people_whoever_it_is_compared_with():
    alone, beside = screened(("daisy",), 30), screened(("daisy", "daisy_early", "daisy_cardiac"), 30)
    member = beside.is_member["daisy"]
    for name, values in alone.population.covariates.items():
        np.testing.assert_array_equal(values, beside.population.covariates[name][member])


def test_more_subjects_leave_the_first_ones_unchanged():
    few, many = screened(("daisy",), 20), screened(("daisy",), 50)
    for name, values in few.population.parameters.items():
        np.testing.assert_array_equal(values, many.population.parameters[name][:20])


def test_entry_criteria_may_read_the_heart_marker():
    common = screened(("daisy_cardiac",), 25)
    assert np.all(common.population.covariates["nt_probnp"] > 125)


def test_criteria_that_let_nobody_in_are_refused():
    nobody = changed("nobody", eligibility=[{"text": "mRSS above 51", "condition": "mrss > 51"}])
    with pytest.raises(InputError, match=r"design 'nobody': 0 of \d+ patients"):
        screen_common([nobody], build_model(), load_evidence(), 20, seed=3)


def test_designs_that_differ_only_in_whom_and_how_many_share_one_simulation():
    names = ("daisy", "daisy_ifn_high", "daisy_2to1", "daisy_iv", "daisy_early")
    prepared = prepare(SharedPlan(tuple(load_design(name) for name in names), 6, 12, 1))
    assert prepared.reading_of == dict.fromkeys(names, "daisy") | {"daisy_iv": "daisy_iv"}
    assert [design.name for design in prepared.readings] == ["daisy", "daisy_iv"]


def test_words_alone_make_no_other_reading():
    values = load_design("daisy").model_dump(mode="json", exclude_none=True)
    for rule in values["assumed"].values():
        rule["reason"] = "told in other words than before"
    values["assumed"]["estimand"]["population"] = "whoever is enrolled"
    prepared = prepare(
        SharedPlan((load_design("daisy"), design_from_mapping({**values, "name": "told"})), 6, 12, 1)
    )
    assert prepared.reading_of["told"] == "daisy"


def test_a_plan_is_a_value():
    one, same = (SharedPlan((changed("mine", title="A trial"),), 6, 12, 1) for _ in range(2))
    assert len({one, same, replace(one, seed=2)}) == 2


def test_another_reading_of_the_rule_is_simulated_apart():
    values = load_design("daisy").model_dump(mode="json", exclude_none=True)
    values["assumed"]["responder_rule"]["percent"] = 20
    other = design_from_mapping({**values, "name": "rcriss20"})
    prepared = prepare(SharedPlan((load_design("daisy"), other), 6, 12, 1))
    assert prepared.reading_of["rcriss20"] == "rcriss20"


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("daisy", "daisy"), "the name 'daisy' is there twice"),
        (("daisy", "anifrolumab_ssc_phase1"), "has no control arm"),
        ((), "0 designs"),
    ],
)
def test_designs_that_cannot_be_compared_are_refused_with_the_reason(names, message):
    with pytest.raises(InputError, match=message):
        require_comparable([load_design(name) for name in names])


@pytest.mark.parametrize(("worlds", "subjects"), [(2, 50), (30, 1), (2**53 + 1, 50), (30, 10**9), (-5, 50)])
def test_sizes_out_of_range_are_refused(worlds, subjects):
    with pytest.raises(InputError, match="out of range"):
        prepare(SharedPlan((load_design("daisy"),), worlds, subjects, 1))


def test_a_design_beside_itself_differs_by_exactly_nothing():
    worlds = [world(power, influence=0.01) for power in (0.1, 0.5, 0.9)]
    gap = difference(worlds, worlds, np.ones(3))
    assert (gap.estimate, gap.low, gap.high, gap.mc_low, gap.mc_high) == (0, 0, 0, 0, 0)
    assert gap.better_in == gap.worse_in == 0


def test_the_interval_of_equal_weights_is_that_of_a_paired_t_test():
    one, other = [0.3, 0.42, 0.8, 0.55, 0.61], [0.25, 0.4, 0.81, 0.5, 0.4]
    gap = difference([world(x) for x in one], [world(x) for x in other], np.ones(5))
    expected = ttest_rel(one, other).confidence_interval(0.95)
    assert (gap.low, gap.high) == pytest.approx((expected.low, expected.high), abs=1e-12)
    assert (gap.better_in, gap.worse_in) == pytest.approx((0.8, 0.2))


def test_a_world_without_weight_does_not_count():
    pair = [world(0.5), world(0.6), world(0.0)], [world(0.4), world(0.4), world(1.0)]
    gap = difference(*pair, np.array([1.0, 1.0, 0.0]))
    assert gap.estimate == pytest.approx(0.15)
    assert gap.worse_in == 0


def test_errors_on_common_subjects_cancel():
    noisy = [world(0.5, influence=0.05), world(0.7, influence=0.05)]
    better = [world(0.6, influence=0.05), world(0.8, influence=0.05)]
    gap = difference(better, noisy, np.ones(2))
    assert gap.mc_low == pytest.approx(gap.mc_high) == pytest.approx(0.1)


@given(target=st.floats(0.11, 0.89))
def test_the_size_for_a_target_lies_between_the_computed_sizes(target):
    sizes, values = (100, 200, 400, 800), (0.1, 0.3, 0.6, 0.9)
    found = size_for(target, sizes, values)
    assert found is not None
    place = np.searchsorted(values, target)
    assert sizes[place - 1] <= found <= sizes[place]


def test_a_target_beyond_the_curve_has_no_size():
    assert size_for(0.8, (100, 1000), (0.2, 0.5)) is None
    assert size_for(0.8, (100, 1000), (0.85, 0.9)) == 100
    assert size_for(0.3, (100, 200, 400), (0.1, 0.3, 0.6)) == 200


def test_the_interval_of_a_size_turns_the_interval_of_the_curve():
    found = [Estimate(x, x - 0.2, min(x + 0.2, 1.0), x, x) for x in (0.3, 0.6, 0.85)]
    answer = size_answer(0.8, 200, (100, 400, 900), found)
    assert answer.low is not None
    assert answer.total is not None
    assert answer.low <= 400 < answer.total <= 900
    assert answer.high is None
    assert answer.more == answer.total - 200


def test_the_ceiling_is_the_weight_of_worlds_in_which_the_drug_helps():
    weight = np.array([1.0, 2.0, 1.0])
    found = tally_power([world(0.9, 0.5, 0.4), world(0.0, 0.3, 0.4), world(0.02, 0.4, 0.4)], {"any": weight})
    assert ceiling_of_power(found.difference, weight) == pytest.approx(0.25)


def test_own_size_is_on_the_curve():
    assert 314 in sizes_around(314)
    assert sizes_around(100) == tuple(sorted(set(sizes_around(100))))


NO_SIZE = SizeAnswer(
    target_assurance=0.8, total=None, low=None, high=None, more=None, largest=4000, at_largest=0.5
)


def answers(most: float, low: float, high: float, target: SizeAnswer = NO_SIZE) -> SizeAnswers:
    return SizeAnswers((), most, low, high, (target,))


def test_words_say_why_no_size_reaches_the_target():
    none = size_in_words(NO_SIZE, answers(0.55, 0.45, 0.65)).replace("\u202f", " ")
    assert none == (
        "no size reaches 80 %: in 45 % (35 to 55 %) of worlds the drug does not help, so that no trial can exceed 55 % "
        "(45 to 65 %)"
    )
    assert "50\u202f% at the largest of 4\u202f000" in size_in_words(NO_SIZE, answers(0.95, 0.9, 0.98))
    reached = replace(NO_SIZE, total=620, low=400)
    assert size_in_words(reached, answers(0.95, 0.9, 0.98)) == "about 620 patients (400 to none)"


def test_a_ceiling_from_few_worlds_is_no_fact():
    found = size_in_words(NO_SIZE, answers(0.7, 0.4, 0.89)).replace("\u202f", " ")
    assert found == (
        "so few worlds cannot tell whether a size reaches 80 %: in 30 % (11 to 60 %) of worlds the drug does not help"
    )


def test_a_difference_counts_as_one_only_beyond_both_intervals():
    gap = Difference(0.03, 0.01, 0.05, 0.01, 0.05, 0.9, 0.0)
    assert verdict(gap) == "better"
    assert verdict(replace(gap, mc_low=-0.01)) == "not told apart"
    assert verdict(Difference(-0.03, -0.05, -0.01, -0.04, -0.02, 0.0, 0.9)) == "worse"
    assert points(-0.0004) == "0.0"


BY_PRIOR = {
    "hope": answers(0.95, 0.9, 0.98, replace(NO_SIZE, total=900, low=500)),
    "doubt": answers(0.5, 0.4, 0.6),
    "mixture": answers(0.7, 0.6, 0.78, replace(NO_SIZE, total=1200, low=700)),
}


def compared(name: str, **chances: float) -> SimpleNamespace:
    """Return a design with its chance under each belief, 5 points wide to both sides."""
    found = {
        prior: SimpleNamespace(assurance=SimpleNamespace(estimate=value, low=value - 0.05, high=value + 0.05))
        for prior, value in chances.items()
    }
    return SimpleNamespace(
        name=name, total=314, by_prior=found, more_patients=MorePatients(314, (314,), BY_PRIOR)
    )


def of_designs(*designs: SimpleNamespace) -> SimpleNamespace:
    facts = {name: PriorFacts(name.upper(), "", 1.0, 1.0) for name in BY_PRIOR}
    return SimpleNamespace(designs=designs, reference=designs[0].name, priors=facts, mixture="mixture")


def test_the_headline_of_one_design_is_its_chance_and_the_size_it_needs():
    (text,) = headlines(of_designs(compared("daisy", hope=0.6, doubt=0.1, mixture=0.3)))
    assert text.replace("\u202f", " ") == (
        "With 314 patients the chance of success is 10 to 60 % by belief, and 30 % (25 to 35 %) under their mixture. "
        "Size for 80 %, under the mixture: about 1 200 patients (700 to none)."
    )


def test_the_headline_of_a_comparison_is_the_change_under_the_mixture_and_by_belief():
    gap = Difference(0.03, 0.01, 0.05, 0.01, 0.05, 0.9, 0.0)
    other = compared("other", hope=0.7, doubt=0.1, mixture=0.33)
    other.versus_reference = {
        "hope": replace(gap, estimate=0.1),
        "doubt": replace(gap, estimate=-0.01),
        "mixture": gap,
    }
    (text,) = headlines(of_designs(compared("daisy", hope=0.6, doubt=0.1, mixture=0.3), other))
    assert text == (
        "“other” instead of “daisy” changes the chance of success by +3.0 percentage points (+1.0 to +5.0; better) under "
        "the mixture of beliefs, −1.0 to +10.0 by belief."
    )


def test_a_cell_says_how_many_patients_or_why_none():
    cells = [size_cell(each.targets[0], each).replace("\u202f", " ") for each in BY_PRIOR.values()]
    assert cells == ["900 (500 to none)", "no size", "1 200 (700 to none)"]
    assert size_cell(NO_SIZE, answers(0.7, 0.4, 0.89)) == "cannot be told"
    assert size_cell(NO_SIZE, answers(0.95, 0.9, 0.98)).replace("\u202f", " ") == "more than 4 000"

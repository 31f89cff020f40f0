"""Selection by an imperfect test: weights, shares, costs and choices that nothing beats."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ifntrial.errors import InputError, UnknownNameError
from ifntrial.evidence.load import load_evidence
from ifntrial.studies.enrich.cost import pareto_front, screened_patients, size_at_cost, trial_cost
from ifntrial.studies.enrich.inputs import enrichment_inputs
from ifntrial.studies.enrich.markers import Assay, shipped_markers
from ifntrial.studies.enrich.select import at_prevalence, by_test, everyone
from shipped import parameters_of

SHARES = st.floats(0.05, 0.95)
IS_MARKED = np.array([True] * 3 + [False] * 7)
WEIGHT = np.array([1.0, 2.0, 0.5, 1.0, 1.0, 1.5, 0.2, 1.0, 1.0, 0.8])


@given(prevalence=SHARES)
@settings(max_examples=settings.default.max_examples // 2)
def test_weights_give_the_prevalence_asked_for_and_keep_their_sum(prevalence):
    weight = WEIGHT * at_prevalence(IS_MARKED, WEIGHT, prevalence)
    assert weight[IS_MARKED].sum() / weight.sum() == pytest.approx(prevalence)
    assert weight.sum() == pytest.approx(WEIGHT.sum())


@given(prevalence=SHARES, sensitivity=st.floats(0.55, 1.0), specificity=st.floats(0.55, 1.0))
def test_who_is_taken_in_follows_bayes(prevalence, sensitivity, specificity):
    assay = Assay(sensitivity, specificity)
    factor = at_prevalence(IS_MARKED, WEIGHT, prevalence)
    found = by_test(IS_MARKED, assay.chance(IS_MARKED), WEIGHT, factor)
    positive = prevalence * sensitivity + (1 - prevalence) * (1 - specificity)
    assert found.positive_share == pytest.approx(positive)
    assert found.true_share == pytest.approx(prevalence * sensitivity / positive)
    assert (found.sensitivity, found.specificity) == pytest.approx((sensitivity, specificity))


def test_a_perfect_test_takes_in_the_marked_alone():
    found = by_test(IS_MARKED, Assay(1.0, 1.0).chance(IS_MARKED), WEIGHT, np.ones(10))
    assert np.all(found.factor[~IS_MARKED] == 0)
    assert found.true_share == 1.0


def test_all_comers_are_all_taken_in():
    assert everyone(np.ones(4)).positive_share == 1.0


@pytest.mark.parametrize("is_marked", [np.zeros(10, dtype=bool), np.ones(10, dtype=bool)])
def test_a_marker_that_tells_nobody_apart_is_refused(is_marked):
    with pytest.raises(InputError, match="all or none"):
        by_test(is_marked, np.ones(10), WEIGHT, np.ones(10))
    with pytest.raises(InputError, match="all or none"):
        at_prevalence(is_marked, WEIGHT, 0.5)


@pytest.mark.parametrize("shares", [(0.5, 0.5), (1.2, 0.9), (-0.1, 0.9), (float("nan"), 0.9), (0.2, 0.3)])
def test_a_test_no_better_than_a_coin_is_refused(shares):
    with pytest.raises(InputError, match="cannot be used to select"):
        Assay(*shares)


def test_parts_of_a_marker_err_independently():
    early, high = ("disease_duration_years < 1.5", Assay(0.95, 0.95)), ("mrss >= 25", Assay(0.85, 0.85))
    covariates = {
        "disease_duration_years": np.array([1.0, 1.0, 3.0, 3.0]),
        "mrss": np.array([30.0, 20.0, 30.0, 20.0]),
    }
    by_name = {marker.name: marker for marker in shipped_markers(load_evidence())}
    both, either = by_name["early_and_high_mrss"], by_name["early_or_high_mrss"]
    assert both.parts == either.parts == (early, high)
    np.testing.assert_allclose(both.chance(covariates), [0.95 * 0.85, 0.95 * 0.15, 0.05 * 0.85, 0.05 * 0.15])
    np.testing.assert_allclose(
        either.chance(covariates), 1 - np.array([0.05 * 0.15, 0.05 * 0.85, 0.95 * 0.15, 0.95 * 0.85])
    )
    assert both.holds(covariates).tolist() == [True, False, False, False]
    assert either.holds(covariates).tolist() == [True, True, True, False]


@given(
    treated=st.floats(20, 2000),
    entry=SHARES,
    positive=SHARES,
    screening=st.floats(0, 1),
    test=st.floats(0, 0.2),
)
@settings(max_examples=settings.default.max_examples // 2)
def test_the_size_for_a_cost_turns_the_cost_of_a_size(treated, entry, positive, screening, test):
    cost = trial_cost(treated, screened_patients(treated, entry, positive), screening, test)
    assert size_at_cost(cost, entry, positive, screening, test) == pytest.approx(treated)


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=1, max_size=12))
def test_the_front_is_what_nothing_dominates(choices):
    cost, gain = zip(*choices, strict=True)
    expected = [
        not any(
            other_cost <= own_cost
            and other_gain >= own_gain
            and (other_cost, other_gain) != (own_cost, own_gain)
            for other_cost, other_gain in choices
        )
        for own_cost, own_gain in choices
    ]
    assert pareto_front(cost, gain).tolist() == expected


def test_defaults_come_from_the_evidence_with_the_design_s_own_size():
    evidence = load_evidence()
    inputs = enrichment_inputs(evidence, 314)
    assert 314 in inputs.sizes
    assert inputs.prevalences[0] == evidence.value("population.ifn_high_share_blood")
    assert inputs.assays[0].sensitivity == evidence.value("enrichment.ifn_high_sensitivity")
    rows = parameters_of(evidence, "enrichment").values()
    assert {row.status for row in rows} == {"assumed"}


def test_what_is_given_replaces_the_defaults():
    given = {"sizes": [100], "prevalences": [0.4, 0.4], "screening_costs": [0.1], "test_cost": 0.3}
    inputs = enrichment_inputs(load_evidence(), 314, markers=["ifn_high"], **given)
    assert (inputs.sizes, inputs.prevalences, inputs.screening_costs) == ((100, 314), (0.4,), (0.1,))
    assert [marker.test_cost for marker in inputs.markers] == [0.3]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"prevalences": [1.0]}, "prevalence 1 is out of range"),
        ({"prevalences": [float("nan")]}, "prevalence nan is out of range"),
        ({"sizes": [3]}, "size 3 is out of range"),
        ({"sizes": [10**7]}, "size 1e\\+07 is out of range"),
        ({"screening_costs": [-0.1]}, "cost -0.1 is out of range"),
        ({"test_cost": 1e9}, "cost 1e\\+09 is out of range"),
        ({"entry_share": 0.0}, "entry share 0 is out of range"),
        ({"sizes": list(range(100, 120))}, "21 values of size"),
    ],
)
def test_inputs_out_of_range_are_named(given, message):
    with pytest.raises(InputError, match=message):
        enrichment_inputs(load_evidence(), 314, **given)


def test_an_unknown_marker_is_refused_with_the_closest():
    with pytest.raises(UnknownNameError, match="did you mean cardiac"):
        enrichment_inputs(load_evidence(), 314, markers=["cardiak"])

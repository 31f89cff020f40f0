"""Analyses: symmetry, sparse strata, what is refused, and imputation that means what it says."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ifntrial.errors import InputError, UnknownNameError
from ifntrial.seeds import Stream
from ifntrial.statistics.ancova import ancova
from ifntrial.statistics.cmh import StratifiedCounts, cmh_test, pool_sparse
from ifntrial.statistics.hierarchical_testing import decide_in_order, decide_together
from ifntrial.statistics.imputation import analyze_imputed, impute, pool
from ifntrial.statistics.logistic import logistic
from ifntrial.statistics.looks.sequential import design_sequential, sequential_power
from ifntrial.statistics.looks.spending import SPENDING
from ifntrial.statistics.miettinen_nurminen import miettinen_nurminen
from ifntrial.statistics.mmrm import estimate_contrast, fit_mmrm, trial_design
from ifntrial.statistics.negative_binomial import negative_binomial
from ifntrial.statistics.survival import cox, log_rank


def counts(*strata: tuple[float, float, float, float]) -> StratifiedCounts:
    x1, n1, x0, n0 = np.array(strata, dtype=float).T
    return StratifiedCounts(x1, n1, x0, n0)


stratum = st.tuples(st.integers(1, 40), st.integers(1, 40)).flatmap(
    lambda n: st.tuples(st.integers(0, n[0]), st.just(n[0]), st.integers(0, n[1]), st.just(n[1]))
)


@given(st.lists(stratum, min_size=1, max_size=6))
def test_cmh_changes_sign_when_arms_are_swapped(strata: list) -> None:
    one = cmh_test(counts(*strata))
    other = cmh_test(counts(*[(x0, n0, x1, n1) for x1, n1, x0, n0 in strata]))
    assert float(one.z) == pytest.approx(-float(other.z), abs=1e-9)
    assert float(one.risk_difference) == pytest.approx(-float(other.risk_difference), abs=1e-9)
    assert 0 <= float(one.p_two_sided) <= 1
    assert -1 <= float(one.low) <= float(one.risk_difference) <= float(one.high) <= 1


@given(st.lists(stratum, min_size=1, max_size=4))
def test_score_interval_holds_its_estimate_and_agrees_with_its_test(strata: list) -> None:
    result = miettinen_nurminen(counts(*strata))
    assert -1 <= result.low <= result.estimate <= result.high <= 1
    if 1e-6 < abs(result.p_two_sided - 0.05) and -0.999 < result.low and result.high < 0.999:
        assert (result.p_two_sided < 0.05) == (result.low > 0 or result.high < 0)


def test_strata_without_information_add_nothing_to_the_test() -> None:
    full = counts((8, 20, 4, 20), (9, 15, 6, 14))
    with_empty = counts((8, 20, 4, 20), (9, 15, 6, 14), (1, 1, 0, 0), (3, 3, 2, 2), (0, 0, 0, 0))
    assert float(cmh_test(full).z) == float(cmh_test(with_empty).z)
    assert int(cmh_test(with_empty).informative_strata) == 2


def test_sparse_strata_are_pooled_on_request() -> None:
    sparse = counts((8, 20, 4, 20), (1, 1, 0, 4), (1, 2, 0, 1))
    pooled = pool_sparse(sparse)
    assert pooled.subjects_active.tolist() == [20, 0, 0, 3]
    by_hand = cmh_test(counts((8, 20, 4, 20), (2, 3, 0, 5)))
    assert float(cmh_test(sparse, sparse_strata="pool").z) == pytest.approx(float(by_hand.z))


def test_small_trials_are_flagged() -> None:
    assert not cmh_test(counts((2, 5, 1, 5))).is_large_enough
    assert cmh_test(counts((20, 50, 14, 50))).is_large_enough


def test_many_trials_at_once_equal_one_by_one() -> None:
    trials = [counts((8, 20, 4, 20), (5, 9, 3, 9)), counts((2, 20, 9, 20), (5, 9, 3, 9))]
    together = StratifiedCounts(
        *(np.stack([getattr(trial, name) for trial in trials]) for name in
          ("responders_active", "subjects_active", "responders_control", "subjects_control"))
    )  # fmt: skip
    assert cmh_test(together).z.tolist() == [float(cmh_test(trial).z) for trial in trials]


@pytest.mark.parametrize("bad", [(5, 4, 0, 3), (-1, 4, 0, 3), (np.nan, 4, 0, 3)])
def test_impossible_counts_are_refused(bad: tuple) -> None:
    with pytest.raises(InputError, match="more responders than subjects"):
        counts(bad)


def test_a_table_without_both_arms_is_refused() -> None:
    with pytest.raises(InputError, match="no stratum has subjects in both arms"):
        miettinen_nurminen(counts((3, 5, 0, 0)))


@pytest.mark.parametrize("repeated", ["active", "control"])
def test_tables_of_several_trials_are_refused(repeated: str) -> None:
    one, several = np.array([5.0, 6.0]), np.array([[5.0, 6.0], [7.0, 8.0]])
    active, control = (several if arm == repeated else one for arm in ("active", "control"))
    with pytest.raises(InputError, match="no stratum has subjects in both arms"):
        miettinen_nurminen(StratifiedCounts(active / 2, active, control / 2, control))


ACTIVE = np.arange(40) % 2 == 0
NOISE = Stream(1, "noise").normal(40)


def test_perfect_separation_is_explained() -> None:
    with pytest.raises(InputError, match="separated perfectly"):
        logistic(ACTIVE.astype(float), ACTIVE)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ancova(NOISE, np.ones(40, bool)), "only one arm"),
        (lambda: ancova(NOISE, ACTIVE, np.full((40, 1), np.nan)), "covariate is missing"),
        (lambda: ancova(NOISE, ACTIVE, np.ones((40, 1))), "linearly dependent"),
        (lambda: logistic(NOISE, ACTIVE), "neither 0 nor 1"),
        (lambda: cox(-np.ones(40), ACTIVE, ACTIVE), "zero or negative"),
        (lambda: cox(np.arange(1.0, 41.0), ACTIVE, ACTIVE), "an arm has no event"),
        (lambda: log_rank(np.ones(40), np.zeros(40, bool), ACTIVE), "no event happened"),
        (lambda: negative_binomial(NOISE, np.ones(40), ACTIVE), "no whole count"),
        (lambda: decide_in_order(["a"], [1.2], 0.05), "cannot be tested"),
        (lambda: design_sequential((0.5, 0.4, 1.0)), "not possible"),
        (lambda: design_sequential((0.5, 1.0), futility=(0.1, 0.2)), "do not fit the looks"),
        (lambda: design_sequential((0.5, 1.0), futility=(3.5,)), "futility bound lies above"),
        (
            lambda: impute(np.ones((4, 2)), ACTIVE[:4], NOISE[:4], imputations=0, seed=1),
            "number of imputations",
        ),
        (lambda: fit_mmrm(np.ones((4, 2)), np.ones((4, 3, 1))), "different shapes"),
        (lambda: fit_mmrm(np.ones((9, 2)), np.ones((9, 2, 2))), "linearly dependent"),
    ],
)
def test_what_cannot_be_analysed_is_refused(call, message: str) -> None:
    with pytest.raises(InputError, match=message):
        call()


def test_an_unknown_spending_function_names_the_closest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean pocock"):
        design_sequential((0.5, 1.0), spending="pocok")


@pytest.mark.parametrize("spending", SPENDING)
@given(st.lists(st.floats(0.05, 1.0), min_size=1, max_size=5))
@settings(max_examples=settings.default.max_examples // 3)
def test_looks_spend_exactly_alpha(spending: str, gaps: list[float]) -> None:
    rates = np.cumsum(gaps) / np.sum(gaps)
    rates[-1] = 1.0
    design = design_sequential(tuple(rates), spending=spending)
    under_null = sequential_power(design, 0.0)
    assert under_null.power == pytest.approx(0.025, abs=1e-9)
    assert np.cumsum(under_null.efficacy) == pytest.approx(design.alpha_spent, abs=1e-9)


def test_one_look_is_the_fixed_test() -> None:
    design = design_sequential((1.0,))
    assert design.critical.item() == pytest.approx(1.959963984540054, abs=1e-9)
    assert sequential_power(design, 2.8015852).power == pytest.approx(0.8, abs=1e-6)


def test_futility_that_is_not_binding_keeps_the_bounds_and_lowers_power() -> None:
    plain = design_sequential((0.5, 1.0))
    with_stop = design_sequential((0.5, 1.0), futility=(0.3,))
    assert with_stop.critical.tolist() == plain.critical.tolist()
    assert sequential_power(with_stop, 3.0).power < sequential_power(plain, 3.0).power
    assert sequential_power(with_stop, 0.0).expected_information < 0.75


def test_a_fixed_sequence_stops_at_the_first_failure() -> None:
    decisions = decide_in_order(["primary", "fvc", "mrss"], [0.01, 0.2, 0.001], 0.05)
    assert [decision.is_rejected for decision in decisions] == [True, False, False]
    assert [decision.adjusted_p for decision in decisions] == [0.01, 0.2, 0.2]


def test_holm_and_hochberg_by_hand() -> None:
    holm = decide_together(["a", "b", "c"], [0.02, 0.04, 0.045], 0.05)
    hochberg = decide_together(["a", "b", "c"], [0.02, 0.04, 0.045], 0.05, "hochberg")
    assert [decision.is_rejected for decision in holm] == [False, False, False]
    assert [decision.is_rejected for decision in hochberg] == [True, True, True]
    assert holm[0].adjusted_p == pytest.approx(0.06)


def trial_with_dropout(n: int = 200) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    active = np.arange(n) % 2 == 0
    baseline = 20 + 5 * Stream(3, "baseline").normal(n)
    shared = 2.0 * Stream(3, "shared").normal(n)
    y = np.stack([shared + Stream(3, "own").normal(n, visit=visit) for visit in range(3)], axis=1)
    y -= np.outer(active, [1.0, 2.0, 3.0])
    gone = Stream(3, "gone").uniform(n)
    y[gone < 0.3, 2] = np.nan
    y[gone < 0.15, 1] = np.nan
    return y, active, baseline


def test_references_order_the_effect_as_they_should() -> None:
    y, active, baseline = trial_with_dropout()
    x, names, contrasts = trial_design(active, baseline, 3)
    direct = estimate_contrast(fit_mmrm(y, x, names), contrasts[2]).estimate
    effect = {}
    for reference in ("missing_at_random", "copy_increments", "copy_reference", "jump_to_reference"):
        imputed = impute(y, active, baseline, reference=reference, imputations=20, seed=5)
        assert not np.isnan(imputed.outcomes).any()
        assert np.array_equal(imputed.outcomes[3][~np.isnan(y)], y[~np.isnan(y)])
        effect[reference] = analyze_imputed(
            imputed, lambda last: ancova(last, active, baseline[:, None])
        ).estimate
    assert effect["missing_at_random"] == pytest.approx(direct, abs=0.15)
    assert effect["missing_at_random"] < effect["copy_increments"] < effect["jump_to_reference"] < 0
    assert effect["missing_at_random"] < effect["copy_reference"] < 0


def test_imputations_grow_without_changing() -> None:
    y, active, baseline = trial_with_dropout(80)
    few = impute(y, active, baseline, imputations=2, seed=5)
    more = impute(y, active, baseline, imputations=4, seed=5)
    assert np.array_equal(few.outcomes, more.outcomes[:2])


def test_rubins_rules_by_hand() -> None:
    pooled = pool(np.array([1.0, 2.0, 3.0]), np.array([1.0, 1.0, 1.0]), 100.0)
    assert pooled.estimate == 2.0
    assert pooled.standard_error == pytest.approx(np.sqrt(1 + 4 / 3))
    identical = pool(np.array([2.0, 2.0, 2.0]), np.array([1.0, 1.0, 1.0]), 100.0)
    assert identical.standard_error == 1.0
    assert identical.degrees_of_freedom == pytest.approx(100 * 101 / 103)

"""Power and assurance: exactly the level without an effect, in step with exact replicates, honest error bars."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, logit, ndtr

from ifntrial.errors import InputError
from ifntrial.seeds import Stream
from ifntrial.statistics.assurance import (
    Estimate,
    assurance,
    power_in_world,
    tally_power,
    what_to_believe,
)
from ifntrial.statistics.cmh_power import StratumRates, cmh_power
from ifntrial.statistics.power import (
    WorldPower,
    power_in_subgroup,
    power_of_stratified_cmh,
    stratum_index,
    stratum_rates,
)
from ifntrial.statistics.replicates import Allocation, binomial_quantile, draw_counts, run_replicates
from shipped import load_design
from toy_trial import toy_covariates

SHARE = np.array([0.05, 0.2, 0.1, 0.15, 0.1, 0.2, 0.1, 0.1])


def rates(log_odds_ratio: float, placebo: float = 0.4) -> StratumRates:
    control = expit(logit(placebo) + 0.4 * np.linspace(-1, 1, 8))
    return StratumRates(SHARE, expit(logit(control) + log_odds_ratio), control)


@given(st.lists(st.floats(0.01, 0.99), min_size=8, max_size=8), st.integers(5, 2000), st.integers(5, 2000))
def test_without_an_effect_power_is_the_level(chances: list[float], n_active: int, n_control: int) -> None:
    same = StratumRates(SHARE, np.array(chances), np.array(chances))
    assert cmh_power(same, n_active, n_control, 0.025) == pytest.approx(0.025, abs=1e-12)


@pytest.mark.parametrize("log_odds_ratio", [0.3, 0.64, 1.0])
def test_the_formula_agrees_with_exact_replicates(log_odds_ratio: float) -> None:
    exact = run_replicates(rates(log_odds_ratio), 314, replicates=40_000, seed=5)
    assert cmh_power(rates(log_odds_ratio), 157, 157) == pytest.approx(exact.significant, abs=0.008)


@pytest.mark.parametrize(("n_active", "n_control"), [(157, 157), (210, 105), (90, 30), (40, 80)])
def test_the_power_of_one_stratum_is_the_textbook_formula(n_active: int, n_control: int) -> None:
    active, control = 0.55, 0.38
    pooled = (n_active * active + n_control * control) / (n_active + n_control)
    null = pooled * (1 - pooled) * (1 / n_active + 1 / n_control)
    # a true difference adds its square to the expected null variance, one part in the squared size
    null += (active - control) ** 2 / (n_active + n_control) ** 2
    own = active * (1 - active) / n_active + control * (1 - control) / n_control
    expected = ndtr((active - control - 1.959963984540054 * np.sqrt(null)) / np.sqrt(own))
    one = StratumRates(np.ones(1), np.array([active]), np.array([control]))
    assert float(cmh_power(one, n_active, n_control)) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("allocation", "n_active", "n_control"),
    [(Allocation(6, 4), 32, 16), (Allocation(8, 6), 48, 16), (Allocation(4, 1), 16, 48)],
)
def test_unequal_arms_keep_the_formula_in_step_with_replicates(
    allocation: Allocation, n_active: int, n_control: int
) -> None:
    """Responses of very different spread in the two arms and strata, so that it matters which arm is the larger."""
    share, active = np.array([0.5, 0.3, 0.2]), np.array([0.50, 0.40, 0.95])
    uneven = StratumRates(share, active, np.array([0.15, 0.05, 0.45]))
    found = run_replicates(uneven, n_active + n_control, allocation=allocation, replicates=40_000, seed=1)
    assert float(cmh_power(uneven, n_active, n_control)) == pytest.approx(found.significant, abs=0.02)


def test_the_type_one_error_of_the_exact_test_is_near_its_level() -> None:
    under_null = run_replicates(rates(0.0), 314, replicates=40_000, seed=6)
    assert 0.022 < under_null.significant < 0.028
    assert 0.94 < under_null.coverage < 0.96


def test_replicates_do_not_depend_on_their_number() -> None:
    few = draw_counts(rates(0.3), 314, Allocation(), 50, 7)
    many = draw_counts(rates(0.3), 314, Allocation(), 400, 7)
    later = draw_counts(rates(0.3), 314, Allocation(), 100, 7, first=300)
    assert np.array_equal(few.responders_active, many.responders_active[:50])
    assert np.array_equal(later.subjects_control, many.subjects_control[300:])


def test_every_subject_is_allocated_and_blocks_keep_arms_balanced() -> None:
    counts = draw_counts(rates(0.3), 314, Allocation(4, 2), 500, 7)
    assert np.all((counts.subjects_active + counts.subjects_control).sum(-1) == 314)
    assert np.all(np.abs(counts.subjects_active - counts.subjects_control) <= 2)
    two_to_one = draw_counts(rates(0.3), 300, Allocation(6, 4), 500, 7)
    assert two_to_one.subjects_active.sum() / two_to_one.subjects_control.sum() == pytest.approx(
        2.0, rel=0.02
    )


def test_binomial_numbers_have_mean_and_variance() -> None:
    uniform = Stream(1, "test").uniform(40_000)
    drawn = binomial_quantile(uniform, np.full(40_000, 30), 0.3)
    assert drawn.mean() == pytest.approx(9.0, abs=4 * np.sqrt(6.3 / 40_000))
    assert drawn.var() == pytest.approx(6.3, rel=0.04)
    assert binomial_quantile(uniform[:3], np.array([4, 0, 2]), 1.0).tolist() == [4, 0, 2]
    assert binomial_quantile(uniform[:3], np.array([4, 0, 2]), 0.0).tolist() == [0, 0, 0]


def one_world(subjects: int, seed: int, effect: float = 0.5) -> WorldPower:
    control = expit(-0.4 + 1.2 * Stream(seed, "disease").normal(subjects))
    active = expit(logit(control) + effect)
    stratum = (2 * Stream(seed, "stratum").uniform(subjects)).astype(int)
    weight = 0.5 + Stream(seed, "weight").uniform(subjects)
    return power_of_stratified_cmh(active, control, weight, stratum, n_active=157, n_control=157)


def test_the_standard_error_of_power_is_that_of_repeats() -> None:
    worlds = [one_world(150, seed) for seed in range(300)]
    powers = np.array([world.power for world in worlds])
    assert np.mean([world.standard_error for world in worlds]) == pytest.approx(powers.std(), rel=0.15)


def test_a_small_population_does_not_pull_power_towards_one_half() -> None:
    subjects, chance_control, chance_active = 400, 0.30, 0.48
    truth = cmh_power(
        StratumRates(np.ones(1), np.array([chance_active]), np.array([chance_control])), 157, 157
    )
    raw, corrected = [], []
    for seed in range(400):
        # one 0/1 response per subject, which both arms share as common random numbers do
        luck = Stream(seed, "luck").uniform(subjects)
        active, control = (luck < chance_active).astype(float), (luck < chance_control).astype(float)
        world = power_of_stratified_cmh(
            active, control, np.ones(subjects), np.zeros(subjects, int), n_active=157, n_control=157
        )
        raw.append(float(cmh_power(world.rates, 157, 157)))
        corrected.append(world.power)
    error = np.std(corrected) / np.sqrt(400)
    assert np.mean(raw) < truth - 4 * error
    assert np.mean(corrected) == pytest.approx(float(truth), abs=4 * error)


def test_no_effect_gives_the_level_and_no_error() -> None:
    chance = Stream(4, "chance").uniform(200)
    world = power_of_stratified_cmh(
        chance, chance, np.ones(200), np.zeros(200, int), n_active=157, n_control=157
    )
    assert world.power == pytest.approx(0.025, abs=1e-12)
    assert world.standard_error < 1e-9


def test_weights_count_as_repeated_subjects() -> None:
    active, control = np.array([0.8, 0.2, 0.5]), np.array([0.4, 0.1, 0.5])
    stratum = np.array([0, 0, 1])
    weighted = stratum_rates(active, control, np.array([2.0, 1.0, 1.0]), stratum)
    repeated = stratum_rates(active[[0, 0, 1, 2]], control[[0, 0, 1, 2]], np.ones(4), stratum[[0, 0, 1, 2]])
    for one, other in zip(
        (weighted.share, weighted.active, weighted.control),
        (repeated.share, repeated.active, repeated.control),
        strict=True,
    ):
        assert np.allclose(one, other)


def test_a_subgroup_has_its_own_size() -> None:
    active, control = np.full(100, 0.6), np.full(100, 0.4)
    member = np.arange(100) < 25
    world = power_in_subgroup(active, control, np.ones(100), member, n_active=160, n_control=160)
    alone = StratumRates(np.ones(1), np.array([0.6]), np.array([0.4]))
    assert world.power == pytest.approx(float(cmh_power(alone, 40, 40)), abs=1e-9)
    with pytest.raises(InputError, match="no subjects"):
        power_in_subgroup(active, control, np.ones(100), np.zeros(100, bool), n_active=160, n_control=160)


@pytest.mark.parametrize("bad", [np.array([1.2, 0.1]), np.array([np.nan, 0.1]), np.array([0.1, 0.2, 0.3])])
def test_bad_probabilities_are_refused(bad: np.ndarray) -> None:
    with pytest.raises(InputError, match="responses cannot be used"):
        power_of_stratified_cmh(
            bad, np.array([0.1, 0.2]), np.ones(2), np.zeros(2, int), n_active=9, n_control=9
        )


@pytest.mark.parametrize(
    "weight",
    [np.array([1.0, -0.1]), np.zeros(2), np.array([np.nan, 1.0]), np.array([np.inf, 1.0])],
    ids=["negative", "zero", "missing", "infinite"],
)
def test_bad_weights_of_subjects_are_refused(weight: np.ndarray) -> None:
    same = np.array([0.1, 0.2])
    with pytest.raises(InputError, match="negative or missing values, or sums to zero"):
        power_of_stratified_cmh(same, same, weight, np.zeros(2, int), n_active=9, n_control=9)


def test_probabilities_of_nought_and_one_are_probabilities() -> None:
    sure = np.array([0.0, 1.0])
    power_of_stratified_cmh(sure, sure, np.array([0.0, 1.0]), np.zeros(2, int), n_active=9, n_control=9)


@pytest.mark.parametrize(("replicates", "n"), [(0, 314), (-5, 314), (10**9, 314), (100, 1), (100, 10**9)])
def test_absurd_numbers_are_refused(replicates: int, n: int) -> None:
    with pytest.raises(InputError, match="not usable"):
        run_replicates(rates(0.3), n, replicates=replicates, seed=1)


def test_strata_follow_the_design() -> None:
    covariates = toy_covariates(50)
    index, names = stratum_index(load_design("daisy"), covariates)
    assert len(names) == 8
    early = np.asarray(covariates["disease_duration_years"], dtype=float) < 1.5
    assert np.array_equal(index, covariates["has_ild"] + 2 * covariates["uses_mmf"] + 4 * early)
    assert names[5] == "ILD, no MMF, duration below 18 months"


def chance(worlds: list[WorldPower], weight: np.ndarray | None = None) -> Estimate:
    return assurance(tally_power(worlds, {"": np.ones(len(worlds)) if weight is None else weight}), "")


def test_assurance_is_the_mean_over_worlds_and_counts_worlds() -> None:
    worlds = [one_world(400, 1, effect) for effect in np.linspace(-0.2, 1.0, 50)]
    powers = np.array([world.power for world in worlds])
    result = chance(worlds)
    assert result.estimate == pytest.approx(powers.mean())
    half = 2.0096 * powers.std(ddof=1) / np.sqrt(50)
    assert (result.low, result.high) == pytest.approx((powers.mean() - half, powers.mean() + half), abs=1e-4)
    assert result.mc_low < result.estimate < result.mc_high
    doubled = chance([*worlds, worlds[0]], np.array([1.0] * 50 + [0.0]))
    assert doubled.estimate == pytest.approx(result.estimate)


def test_errors_of_common_subjects_do_not_average_out() -> None:
    worlds = [one_world(400, 1, effect) for effect in np.linspace(0.4, 0.6, 20)]
    together = chance(worlds)
    apart = np.sqrt(sum(world.standard_error**2 for world in worlds)) / len(worlds)
    assert together.mc_high - together.mc_low > 3 * (2 * 1.96 * apart)
    single = power_in_world(worlds[10].power, worlds[10].standard_error)
    assert together.mc_high - together.mc_low == pytest.approx(single.mc_high - single.mc_low, rel=0.1)


@pytest.mark.parametrize("weights", [np.ones(3), np.array([-1.0, 2.0]), np.zeros(2), np.array([np.nan, 1.0])])
def test_bad_world_weights_are_refused(weights: np.ndarray) -> None:
    worlds = [one_world(50, 1), one_world(50, 2)]
    with pytest.raises(InputError, match="weights of the worlds"):
        chance(worlds, weights)


def test_no_worlds_are_refused() -> None:
    with pytest.raises(InputError, match="no world"):
        chance([])


def test_what_one_would_have_to_believe() -> None:
    rows = {(row.log_odds_ratio, row.placebo_rate): row for row in what_to_believe(157, 157)}
    assert rows[0.0, 0.4].power == pytest.approx(0.025)
    assert rows[0.3, 0.4].power == pytest.approx(0.25, abs=0.015)
    assert rows[0.64, 0.4].power == pytest.approx(0.80, abs=0.015)
    assert rows[0.64, 0.4].active_rate == pytest.approx(0.559, abs=1e-3)
    with pytest.raises(InputError, match="placebo rate"):
        what_to_believe(157, 157, placebo_rates=(1.2,))

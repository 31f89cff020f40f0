"""Power and repeats of a trial by hand: two strata, arms of two sizes."""

import numpy as np
import pytest
from scipy.special import logit, ndtr, ndtri
from scipy.stats import binom, hypergeom, norm
from statsmodels.stats.proportion import proportion_confint

from ifntrial.statistics import replicates
from ifntrial.statistics.cmh import StratifiedCounts, cmh_test
from ifntrial.statistics.cmh_power import StratumRates, cmh_power
from ifntrial.statistics.power import (
    power_in_subgroup,
    power_of_stratified_cmh,
    stratum_index,
    stratum_rates,
)
from ifntrial.statistics.replicates import Allocation, draw_counts, run_replicates, wilson_interval
from shipped import load_design

SHARE, ACTIVE, CONTROL = np.array([0.3, 0.7]), np.array([0.7, 0.45]), np.array([0.35, 0.3])
TWO = StratumRates(SHARE, ACTIVE, CONTROL)


# --- power of one world -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("n1", "n0", "alpha"), [(100, 100, 0.025), (120, 60, 0.05), (50, 150, 0.01)])
def test_power_over_strata_has_all_its_parts(n1, n0, alpha):
    n, d = n1 + n0, ACTIVE - CONTROL
    split = n1 * n0 / n**2
    pooled = (n1 * ACTIVE + n0 * CONTROL) / n
    # the sum over strata of active responders minus those expected: its mean, and its variance with and without effect
    mean = n * split * (0.3 * d[0] + 0.7 * d[1])
    null = n * split * (0.3 * pooled[0] * (1 - pooled[0]) + 0.7 * pooled[1] * (1 - pooled[1]))
    null += split**2 * (d[0] ** 2 + d[1] ** 2)
    own = (n0 * ACTIVE * (1 - ACTIVE) + n1 * CONTROL * (1 - CONTROL)) / n
    between = 0.3 * d[0] ** 2 + 0.7 * d[1] ** 2 - (0.3 * d[0] + 0.7 * d[1]) ** 2
    variance = n * split * (0.3 * own[0] + 0.7 * own[1]) + n * split**2 * between
    expected = ndtr((mean + ndtri(alpha) * np.sqrt(null)) / np.sqrt(variance))
    assert float(cmh_power(TWO, n1, n0, alpha)) == pytest.approx(expected, abs=1e-12)


def test_certain_responses_have_certain_power():
    certain = StratumRates(np.ones(1), np.ones(1), np.zeros(1))
    assert float(cmh_power(certain, 50, 50)) == 1.0
    assert float(cmh_power(StratumRates(np.ones(1), np.zeros(1), np.ones(1)), 50, 50)) == 0.0


def test_rates_of_the_population_are_those_of_its_strata():
    assert TWO.overall == (pytest.approx(0.3 * 0.7 + 0.7 * 0.45), pytest.approx(0.3 * 0.35 + 0.7 * 0.3))
    assert pytest.approx(logit(0.525) - logit(0.315)) == TWO.log_odds_ratio


def test_the_number_of_a_stratum_tells_which_conditions_hold():
    daisy = load_design("daisy")
    yes = np.array([False, True])
    covariates = {
        "has_ild": np.tile(yes, 4),
        "uses_mmf": np.tile(np.repeat(yes, 2), 2),
        "disease_duration_years": np.where(np.repeat(yes, 4), 1.0, 3.0),
    }
    index, names = stratum_index(daisy, covariates)
    assert index.tolist() == list(range(8))
    for number, name in enumerate(names):
        parts = name.split(", ")
        assert [not part.startswith("no ") for part in parts] == [bool(number >> bit & 1) for bit in range(3)]


SUBJECTS = {
    "active": np.array([0.9, 0.6, 0.7, 0.2, 0.5, 0.4]),
    "control": np.array([0.5, 0.3, 0.6, 0.2, 0.3, 0.1]),
    "prevalence_weight": np.array([1.0, 2.0, 0.5, 1.5, 1.0, 3.0]),
    "stratum": np.array([0, 0, 1, 1, 1, 1]),
}


def test_the_influence_of_a_subject_is_what_a_little_more_of_it_would_do():
    found = power_of_stratified_cmh(**SUBJECTS, n_active=80, n_control=40, alpha_one_sided=0.05)

    def power(subject: int, factor: float) -> float:
        weight = SUBJECTS["prevalence_weight"].copy()
        weight[subject] *= factor
        rates = stratum_rates(SUBJECTS["active"], SUBJECTS["control"], weight, SUBJECTS["stratum"])
        return float(cmh_power(rates, 80, 40, 0.05))

    step = 1e-5
    slopes = [(power(i, 1 + step) - power(i, 1 - step)) / (2 * step) for i in range(6)]
    assert found.influence == pytest.approx(slopes, rel=1e-4, abs=1e-8)
    assert found.standard_error == pytest.approx(np.sqrt((found.influence**2).sum()))


def test_a_noisy_power_is_moved_away_from_one_half():
    found = power_of_stratified_cmh(**SUBJECTS, n_active=90, n_control=45)
    raw = float(cmh_power(found.rates, 90, 45))
    noise = found.standard_error / norm.pdf(ndtri(raw))
    expected = ndtr(ndtri(raw) / np.sqrt(1.0 - min(noise, 0.5) ** 2))
    assert found.power == pytest.approx(float(expected), abs=1e-12)
    assert noise > 0.5, "six subjects: the correction is held"
    raw = float(cmh_power(found.rates, 30, 15))
    many = {name: np.tile(values, 400) for name, values in SUBJECTS.items()}
    whole = power_of_stratified_cmh(**many, n_active=30, n_control=15)
    noise = whole.standard_error / norm.pdf(ndtri(raw))
    assert noise < 0.1
    assert whole.power == pytest.approx(float(ndtr(ndtri(raw) / np.sqrt(1.0 - noise**2))), abs=1e-12)


def test_a_subgroup_is_tested_unadjusted_at_its_own_size():
    member = np.array([True, False, True, True, False, False])
    people = {name: SUBJECTS[name] for name in ("active", "control", "prevalence_weight")}
    found = power_in_subgroup(**people, is_member=member, n_active=90, n_control=45, alpha_one_sided=0.05)
    weight = SUBJECTS["prevalence_weight"] * member
    one = np.zeros(6, dtype=np.int64)
    expected = power_of_stratified_cmh(
        SUBJECTS["active"], SUBJECTS["control"], weight, one, n_active=30, n_control=15, alpha_one_sided=0.05
    )
    assert found.power == pytest.approx(expected.power, abs=1e-12), "members weigh 3 of 9"


# --- repeats of a trial -------------------------------------------------------------------------------------------

MANY = 20_000


def test_stratum_sizes_are_multinomial():
    three = StratumRates(np.array([0.2, 0.3, 0.5]), np.full(3, 0.5), np.full(3, 0.5))
    counts = draw_counts(three, 100, Allocation(4, 2), MANY, 3)
    sizes = counts.subjects_active + counts.subjects_control
    assert (sizes.sum(axis=1) == 100).all()
    assert sizes.mean(axis=0) == pytest.approx([20.0, 30.0, 50.0], abs=0.15)
    expected = 100 * (np.diag(three.share) - np.outer(three.share, three.share))
    assert np.cov(sizes.T) == pytest.approx(expected, abs=0.6)


@pytest.mark.parametrize(("n", "rest"), [(20, 2), (21, 3), (23, 5), (18, 0)])
def test_the_last_block_is_begun_at_random(n, rest):
    one = StratumRates(np.ones(1), np.ones(1), np.zeros(1))
    active = draw_counts(one, n, Allocation(6, 4), MANY, 3).subjects_active[:, 0]
    full = (n - rest) // 6 * 4
    begun = np.bincount((active - full).astype(int), minlength=rest + 1) / MANY
    assert begun == pytest.approx(hypergeom(6, 4, rest).pmf(np.arange(len(begun))), abs=0.012)


def test_strata_begin_their_last_blocks_apart():
    two = StratumRates(np.array([0.5, 0.5]), np.ones(2), np.zeros(2))
    counts = draw_counts(two, 79, Allocation(6, 4), MANY, 3)
    size = counts.subjects_active + counts.subjects_control
    excess = counts.subjects_active - size * 4.0 / 6.0
    assert excess.mean(axis=0) == pytest.approx([0.0, 0.0], abs=0.02)
    assert np.corrcoef(excess.T)[0, 1] == pytest.approx(0.0, abs=0.03)


def test_responders_are_binomial_in_each_arm_and_stratum_with_luck_of_their_own():
    rates = StratumRates(np.array([0.5, 0.5]), np.array([0.7, 0.2]), np.array([0.4, 0.1]))
    counts = draw_counts(rates, 80, Allocation(4, 2), MANY, 3)
    ranks = []
    for arm, chances in (("active", (0.7, 0.2)), ("control", (0.4, 0.1))):
        for place, chance in enumerate(chances):
            responders = getattr(counts, f"responders_{arm}")[:, place]
            n = getattr(counts, f"subjects_{arm}")[:, place]
            assert (responders - n * chance).mean() == pytest.approx(0.0, abs=0.06)
            standard = (responders - n * chance) / np.sqrt(n * chance * (1 - chance))
            assert standard.var() == pytest.approx(1.0, abs=0.04)
            ranks.append(standard)
    assert np.abs(np.corrcoef(ranks) - np.eye(4)).max() < 0.03
    others = [
        draw_counts(rates, 80, Allocation(4, 2), 50, seed, world=world)
        for seed, world in ((3, 0), (3, 1), (4, 0))
    ]
    for name in ("responders_active", "responders_control", "subjects_active"):
        assert len({tuple(getattr(each, name).ravel()) for each in others}) == 3, name
    assert len({tuple((each.subjects_active + each.subjects_control).ravel()) for each in others}) == 3


def test_binomial_numbers_are_the_quantiles_of_their_distribution():
    uniform = np.array([0.001, 0.2, 0.5, 0.77, 0.999, 0.3])
    trials = np.array([10, 10, 30, 30, 5, 0])
    found = replicates.binomial_quantile(uniform, trials, 0.35)
    assert found.tolist() == [*binom.ppf(uniform[:5], trials[:5], 0.35).astype(int), 0]


def test_repeats_are_summed_over_batches(monkeypatch):
    """Three batches of known trials: what counts as met, covered, and too small."""
    met = StratifiedCounts(*(np.array([[x]], dtype=float) for x in (30, 50, 15, 50)))
    close = StratifiedCounts(*(np.array([[x]], dtype=float) for x in (25, 50, 17, 50)))
    small = StratifiedCounts(*(np.array([[x]], dtype=float) for x in (3, 6, 1, 6)))
    trials = [met, close, small, met, met]
    asked = []

    def drawn(rates, n_total, allocation, size, seed, *, world, first):
        asked.append((n_total, allocation, size, seed, world, first))
        chosen = trials[first : first + size]
        return StratifiedCounts(
            *(
                np.concatenate([getattr(each, name) for each in chosen])
                for name in ("responders_active", "subjects_active", "responders_control", "subjects_control")
            )
        )

    monkeypatch.setattr(replicates, "BATCH", 2)
    monkeypatch.setattr(replicates, "draw_counts", drawn)
    rates = StratumRates(np.array([0.25, 0.75]), np.array([0.8, 0.7]), np.array([0.2, 0.3]))
    each = [cmh_test(trial) for trial in trials]
    for alpha, hits in ((0.06, 4), (0.03, 3), (1e-4, 0)):
        found = run_replicates(
            rates, 100, allocation=Allocation(6, 4), replicates=5, seed=9, world=4, alpha_one_sided=alpha
        )
        assert found.significant == hits / 5, alpha
    assert asked[:3] == [(100, Allocation(6, 4), n, 9, 4, first) for n, first in ((2, 0), (2, 2), (1, 4))]
    assert found.true_difference == pytest.approx(0.25 * 0.6 + 0.75 * 0.4)
    assert found.mean_difference == pytest.approx(np.mean([float(r.risk_difference[0]) for r in each]))
    covered = [float(r.low[0]) <= 0.45 <= float(r.high[0]) for r in each]
    assert 0 < sum(covered) < 5
    assert found.coverage == sum(covered) / 5
    assert found.too_small == 1 / 5
    assert (found.low, found.high) == pytest.approx(proportion_confint(0, 5, method="wilson"), abs=1e-9)


def test_sparse_strata_are_pooled_where_the_plan_says_so(monkeypatch):
    sparse = StratifiedCounts(
        *(np.array([row], dtype=float) for row in ([9, 1, 0], [20, 1, 1], [4, 0, 1], [20, 1, 1]))
    )
    monkeypatch.setattr(replicates, "draw_counts", lambda *_, **__: sparse)
    p = {rule: float(cmh_test(sparse, sparse_strata=rule).p_one_sided[0]) for rule in ("keep", "pool")}
    level = sum(p.values()) / 2
    hits = {
        rule: run_replicates(
            TWO, 40, replicates=1, seed=1, alpha_one_sided=level, sparse_strata=rule
        ).significant
        for rule in ("keep", "pool")
    }
    assert hits == {rule: float(value <= level) for rule, value in p.items()}
    assert set(hits.values()) == {0.0, 1.0}


@pytest.mark.parametrize(("successes", "trials"), [(0, 40), (3, 40), (20, 41), (40, 40)])
def test_the_interval_of_a_share_is_wilsons(successes, trials):
    expected = proportion_confint(successes, trials, method="wilson")
    assert wilson_interval(successes, trials) == pytest.approx(expected, abs=1e-9)

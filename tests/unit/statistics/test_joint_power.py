"""Several endpoints of one trial: the formula against whole trials drawn and analysed one by one, and by hand."""

import numpy as np
import pytest
from scipy.special import ndtr, ndtri
from scipy.stats import t as student_t

from ifntrial.clinic.observe import observe_arms
from ifntrial.clinic.responses_by_rule import RuleResponses
from ifntrial.likelihood.trial_of_subjects import TrialOfSubjects
from ifntrial.seeds import Stream
from ifntrial.statistics.cmh import StratifiedCounts, cmh_test
from ifntrial.statistics.joint_power import (
    LinearTest,
    change_test,
    correlations,
    joint_power,
    response_test,
)
from ifntrial.statistics.power import WorldPower, power_of_stratified_cmh, stratum_index
from ifntrial.studies.forecast.aims import PrimaryInWorld, Subjects, secondary_numbers
from shipped import CATALOG, load_design
from toy_trial import ERROR, toy_course, toy_covariates

SUBJECTS, REPLICATES, TRIALS, SEED = 1500, 4, 4000, 3
WEEK = 52.0
BETTER = {"rcriss": 1.0, "fvc_ml_change": 1.0, "mrss_change": -1.0}


def world_of(effect, sizes=(157, 157)):
    """Return DAISY, both arms as a trial sees them, its common subjects, and the power of the primary test."""
    design = load_design("daisy")
    shares = [arm.model_copy(update={"allocation": n}) for arm, n in zip(design.arms, sizes, strict=True)]
    total = design.size.model_copy(update={"planned": sum(sizes), "enrolled": sum(sizes)})
    design = design.model_copy(update={"arms": tuple(shares), "size": total})
    courses = {
        arm.name: toy_course(arm.name, own, SUBJECTS, design.visit_weeks)
        for arm, own in ((design.active, effect), (design.control, 0.0))
    }
    covariates = toy_covariates(SUBJECTS)
    seen = observe_arms(design, courses, covariates, ERROR, seed=SEED, replicates=REPLICATES)
    stratum, _ = stratum_index(design, covariates)
    weight = 0.5 + Stream(SEED, "toy weight").uniform(SUBJECTS)
    subjects = Subjects(covariates, weight, stratum)
    chances = [each.mean(axis=0) for each in outcomes(design, seen, "rcriss")]
    primary = power_of_stratified_cmh(*chances, weight, stratum, n_active=sizes[0], n_control=sizes[1])
    return design, seen, subjects, primary


def of_primary(power):
    """Return the power as that of a response, whose chances the other tests do not read."""
    return PrimaryInWorld(RuleResponses(np.empty(0), np.empty(0)), power)


def outcomes(design, seen, endpoint):
    """Return the outcomes on active and on control, each (replicates, subjects)."""
    compute = CATALOG.endpoints[endpoint].compute
    return [compute(seen[arm.name], WEEK, design.assumed) for arm in (design.active, design.control)]


def significant(design, seen, subjects, sizes=(157, 157)):
    """Return for each of many whole trials whether the three endpoints are significant, shape (trials, 3)."""
    total = sum(sizes)
    shape = (TRIALS, total)
    rng = np.random.default_rng(1)
    chance = subjects.weight / subjects.weight.sum()
    who = rng.choice(SUBJECTS, size=shape, p=chance)
    # sorted by stratum, patients are randomized in blocks
    who = np.take_along_axis(who, np.argsort(subjects.stratum[who], axis=1, kind="stable"), axis=1)
    block = sum(sizes) // int(np.gcd(*sizes))
    place = rng.random((TRIALS, total // block, block)).argsort(axis=2)
    is_active = (place < block * sizes[0] // total).reshape(shape)
    repeat = rng.integers(REPLICATES, size=shape)
    stratum = subjects.stratum[who]
    met = []
    for endpoint in BETTER:
        active, control = outcomes(design, seen, endpoint)
        values = np.where(is_active, active[repeat, who], control[repeat, who])
        if endpoint == "rcriss":
            met.append(cmh_test(counts(values, is_active, stratum)).p_one_sided <= 0.025)
            continue
        own = np.isfinite(values)
        if endpoint == "fvc_ml_change":
            own &= subjects.covariates["has_ild"][who]
        quantity = endpoint.removesuffix("_change")
        baseline = seen[design.control.name].values[quantity][..., 0][repeat, who]
        met.append(least_squares(BETTER[endpoint] * values, is_active, stratum, baseline, own) <= 0.025)
    return np.stack(met, axis=1)


def counts(values, is_active, stratum):
    in_stratum = stratum[..., None] == np.arange(8)

    def count(chosen):
        return (chosen[..., None] & in_stratum).sum(axis=1).astype(float)

    hit = values > 0
    return StratifiedCounts(
        count(is_active & hit), count(is_active), count(~is_active & hit), count(~is_active)
    )


def least_squares(values, is_active, stratum, baseline, own):
    """Return the one-sided p of each trial by the normal equations: arm, baseline and a column for each stratum."""
    found = np.empty(len(values))
    for trial in range(len(values)):
        chosen = own[trial]
        strata = stratum[trial, chosen][:, None] == np.unique(stratum[trial, chosen])
        matrix = np.column_stack([is_active[trial, chosen], baseline[trial, chosen], strata]).astype(float)
        normal = np.linalg.inv(matrix.T @ matrix)
        slopes = normal @ (matrix.T @ values[trial, chosen])
        free = len(matrix) - matrix.shape[1]
        rest = values[trial, chosen] - matrix @ slopes
        error = np.sqrt(rest @ rest / free * normal[0, 0])
        found[trial] = student_t.sf(slopes[0] / error, free)
    return found


@pytest.mark.parametrize(("effect", "sizes"), [(0.7, (157, 157)), (0.8, (200, 100))])
def test_whole_simulated_trials_agree(effect, sizes):
    design, seen, subjects, primary = world_of(effect, sizes)
    alone, sequences = secondary_numbers(design, CATALOG.endpoints, seen, subjects, of_primary(primary))
    met = significant(design, seen, subjects, sizes)
    expected = {
        "primary": (primary.power, met[:, 0]),
        "FVC": (alone[0].power, met[:, 1]),
        "mRSS": (alone[1].power, met[:, 2]),
        "primary and FVC": (sequences["0 1"][0], met[:, [0, 1]].all(axis=1)),
        "primary and mRSS": (sequences["1 0"][0], met[:, [0, 2]].all(axis=1)),
        "all": (sequences["0 1"][1], met.all(axis=1)),
    }
    for name, (power, hits) in expected.items():
        share = float(hits.mean())
        assert 0.1 < share < 0.95, f"{name}: nothing to compare"
        # the normal approximation is good for one point
        assert power == pytest.approx(share, abs=3.0 * np.sqrt(share * (1 - share) / TRIALS) + 0.01), name
    assert sequences["0 1"][1] == sequences["1 0"][1]
    assert met[:, [0, 2]].all(axis=1).mean() - met[:, 0].mean() * met[:, 2].mean() > 0.04, (
        "they hang together"
    )


def test_patients_are_those_with_a_reading_in_the_group():
    design, seen, subjects, primary = world_of(0.7)
    (fvc, mrss), _ = secondary_numbers(design, CATALOG.endpoints, seen, subjects, of_primary(primary))
    share = subjects.weight / subjects.weight.sum()
    for endpoint, found, member in (
        ("fvc_ml_change", fvc, subjects.covariates["has_ild"]),
        ("mrss_change", mrss, np.ones(SUBJECTS, dtype=bool)),
    ):
        for n, values in zip(
            (found.n_active, found.n_control), outcomes(design, seen, endpoint), strict=True
        ):
            read = np.isfinite(values).mean(axis=0) * member
            assert n == pytest.approx(157 * float((share * read).sum())), endpoint
    assert 0.55 < fvc.n_active / mrss.n_active < 0.65


def test_without_an_effect_every_test_has_its_level():
    design, seen, subjects, primary = world_of(0.0)
    alone, sequences = secondary_numbers(design, CATALOG.endpoints, seen, subjects, of_primary(primary))
    assert primary.power == pytest.approx(0.025, abs=1e-12)
    assert [each.power for each in alone] == pytest.approx([0.025, 0.025], abs=1e-9)
    assert [each.difference for each in alone] == pytest.approx([0.0, 0.0], abs=1e-12)
    for both, all_three in sequences.values():
        assert 0.025**2 < both < 0.01
        assert all_three < both


# --- by hand ------------------------------------------------------------------------------------------------------

TWO = TrialOfSubjects(np.full(4, 0.25), np.zeros(4, dtype=int), 100.0, 50.0)


def test_the_power_of_one_stratum_without_a_baseline_is_the_textbook_formula():
    """Four subjects, each with one repeat: variances are those of a sample (three for four)."""
    active, control = np.array([[1.0, 3.0, 5.0, 7.0]]), np.array([[0.0, 1.0, 2.0, 3.0]])
    found = change_test(
        active, control, None, np.ones(4, bool), TWO, higher_is_better=True, alpha_one_sided=0.025
    )
    # means 4 and 1.5; sums of squares about them 20 and 5, so a quarter of each and a quarter of that again
    own = {"active": 5.0 * 1.25, "control": 1.25 * 1.25}
    pooled = (100 * own["active"] + 50 * own["control"]) / 150
    true = np.sqrt(own["active"] / 100 + own["control"] / 50)
    stated = np.sqrt(pooled * (1 / 100 + 1 / 50))
    assert found.difference == pytest.approx(2.5)
    assert (found.n_active, found.n_control) == (100.0, 50.0)
    assert found.z == pytest.approx((2.5 - 1.959963984540054 * stated) / true)
    # the paired differences are 1, 2, 3, 4, about 2.5
    assert found.noise == pytest.approx(np.sqrt(5.0) / 4.0 / true)
    assert found.power == pytest.approx(ndtr(found.z / np.sqrt(1 - min(found.noise, 0.5) ** 2)))
    worse = change_test(
        active, control, None, np.ones(4, bool), TWO, higher_is_better=False, alpha_one_sided=0.025
    )
    assert worse.z == pytest.approx((-2.5 - 1.959963984540054 * stated) / true)


def test_a_baseline_takes_away_what_it_explains():
    """The outcome is twice the baseline and a gain of one, exactly: the difference is the gain, without an error."""
    baseline = np.array([[1.0, 4.0, 2.0, 9.0]])
    rest = np.array([[0.1, -0.1, 0.1, -0.1]])  # what is left of it, alike in both arms
    given = {"higher_is_better": True, "alpha_one_sided": 0.025}
    found = change_test(
        2.0 * baseline + 1.0 + rest, 2.0 * baseline + rest, baseline, np.ones(4, bool), TWO, **given
    )
    plain = change_test(
        2.0 * baseline + 1.0 + rest, 2.0 * baseline + rest, None, np.ones(4, bool), TWO, **given
    )
    assert found.difference == pytest.approx(1.0)
    assert plain.difference == pytest.approx(1.0)
    assert found.z > 10.0 > plain.z


def test_what_is_not_read_and_who_is_not_meant_do_not_count():
    active = np.array([[1.0, 3.0, np.nan, 70.0]])
    control = np.array([[0.0, 1.0, 5.0, -70.0]])
    member = np.array([True, True, True, False])
    found = change_test(active, control, None, member, TWO, higher_is_better=True, alpha_one_sided=0.025)
    assert found.difference == pytest.approx(2.0 - 2.0)
    assert (found.n_active, found.n_control) == (pytest.approx(50.0), pytest.approx(37.5))
    assert found.active[0, 3] == found.control[0, 3] == found.active[0, 2] == 0.0


def made_up_test(z, active, control):
    return LinearTest(0.0, 100.0, 100.0, z, 0.0, active, control, np.zeros(4), 1.0)


def test_two_tests_of_the_same_patients_are_as_correlated_as_their_outcomes():
    trial = TrialOfSubjects(np.full(4, 0.25), np.zeros(4, dtype=int), 100.0, 100.0)
    # many repeats of the same four, so that nothing is lost to their own means
    one = np.tile(np.array([[1.0, -1.0, 1.0, -1.0], [-1.0, 1.0, -1.0, 1.0]]), (50, 1))
    other = np.tile(
        np.array([[1.0, -1.0, -1.0, -1.0], [-1.0, 1.0, 1.0, 1.0]]), (50, 1)
    )  # half of the products
    tests = [made_up_test(0.0, one, one), made_up_test(0.0, other, other)]
    assert correlations(tests, [1.0, 1.0], trial)[0, 1] == pytest.approx(0.5)
    assert correlations(tests, [1.0, -1.0], trial)[0, 1] == pytest.approx(-0.5)
    # two normal numbers above their means: one quarter and arcsin(rho) / (2 pi)
    assert joint_power(tests, [1.0, 1.0], trial) == pytest.approx(1 / 3)
    assert joint_power(tests, [1.0, -1.0], trial) == pytest.approx(1 / 6)
    assert joint_power(tests[:1], [1.0], trial) == pytest.approx(0.5)


def test_the_same_test_twice_is_met_as_often_as_once():
    trial = TrialOfSubjects(np.full(4, 0.25), np.zeros(4, dtype=int), 100.0, 100.0)
    values = np.array([[1.0, -1.0, 1.0, -1.0]])
    test = made_up_test(0.4, values, values)
    assert joint_power([test, test], [1.0, 1.0], trial) == pytest.approx(ndtr(0.4), abs=1e-6)


def test_a_response_keeps_the_power_it_came_with():
    response = np.array([[1.0, 0.0, 1.0, 0.0]])
    power = WorldPower(0.7, 0.02, None, np.zeros(4))
    assert response_test(response, 1 - response, TWO, power=power).z == pytest.approx(ndtri(0.7))
    assert np.isfinite(
        response_test(response, response, TWO, power=WorldPower(0.0, 0.0, None, np.zeros(4))).z
    )

"""Whole trials and true effects by hand: who is in a trial, what is seen of whom, and how an analysis is judged."""

from types import SimpleNamespace

import numpy as np
import pytest

import shipped
from ifntrial.design.design import TrialDesign
from ifntrial.errors import InputError
from ifntrial.statistics.record import Comparison
from ifntrial.studies.trial.trials import TrialData, draw_subjects
from shipped import design_from_mapping, draw_trial, run_trials, true_effect

N, REPLICATES = 6, 3
DRUG = {"regimen": "120 mg SC every week"}
PLACEBO = {"name": "placebo", "regimen": "placebo SC every week", "is_control": True}


def design_of(shares: dict[str, int], size: int, block: int, **estimand_plan: object) -> TrialDesign:
    is_change = estimand_plan.get("summary") == "mean_difference"
    arms = [{"name": name, "allocation": share, **DRUG} for name, share in shares.items()]
    return design_from_mapping(
        {
            "extends": "daisy",
            "schema_version": 1,
            "name": "by hand",
            "size": {"planned": size},
            "arms": [*arms, PLACEBO],
            "strata": [{"name": "ILD", "condition": "has_ild"}],
            "primary": {"endpoint": "mrss_change" if is_change else "rcriss", "visit_week": 52},
            "assumed": {
                "randomization": {"block_size": block, "reason": "what the test needs"},
                "estimand": {"reason": "what the test needs", **estimand_plan},
            },
        }
    )


def arm_of(name: str, start: float) -> SimpleNamespace:
    """Return an arm in which replicate r and subject i have the outcome start + 10 r + i, and mRSS half of that."""
    outcome = start + 10.0 * np.arange(REPLICATES)[:, None] + np.arange(N)
    return SimpleNamespace(
        arm=name,
        outcome=outcome,
        values={"mrss": np.stack([outcome / 2.0, outcome], axis=-1)},
        covariates={"has_ild": np.array([0, 1, 0, 1, 0, 1])},
        discontinuation_week=np.full((REPLICATES, N), np.inf),
        attended=np.ones((REPLICATES, N, 2), dtype=bool),
    )


ARMS = {
    "drug": arm_of("drug", 1000.0),
    "placebo": arm_of("placebo", 2000.0),
    "other": arm_of("other", 9000.0),
}


@pytest.fixture(autouse=True)
def endpoint(monkeypatch) -> SimpleNamespace:
    """An endpoint that is the arm's outcome; lower is better."""
    found = SimpleNamespace(
        name="toy", kind="change", higher_is_better=False, compute=lambda arm, week, rules: arm.outcome
    )
    monkeypatch.setattr(
        shipped, "endpoint_named", lambda name: SimpleNamespace(**vars(found) | {"name": name})
    )
    return found


# --- who is in a trial --------------------------------------------------------------------------------------------


def test_subjects_come_by_their_weight_and_every_trial_has_its_own():
    drawn = draw_subjects(np.array([0.0, 3.0, 1.0, 0.0]), 40_000, 1, 0)
    assert np.bincount(drawn, minlength=4)[[0, 3]].tolist() == [0, 0]
    assert (drawn == 1).mean() == pytest.approx(0.75, abs=0.01)
    lists = {tuple(draw_subjects(np.ones(50), 30, seed, trial)) for seed in (1, 2) for trial in range(3)}
    assert len(lists) == 6


@pytest.mark.parametrize(
    ("shares", "size", "block", "pair", "in_a_block"),
    [
        ({"drug": 1}, 80, 4, 80, (4, 2)),
        ({"drug": 2}, 90, 6, 90, (6, 4)),
        ({"drug": 3}, 80, 8, 80, (8, 6)),
        ({"drug": 2, "other": 1}, 200, 8, 150, (6, 4)),
        ({"drug": 1, "other": 1}, 90, 6, 60, (4, 2)),
    ],
)
def test_a_trial_has_the_patients_of_its_two_arms_in_their_blocks(shares, size, block, pair, in_a_block):
    design = design_of(shares, size, block)
    data = draw_trial(design, ARMS, np.ones(N), endpoint="mrss_change", visit_week=52.0, seed=1, trial=2)
    assert len(data.subject) == pair
    assert data.stratum.tolist() == (data.subject % 2).tolist()
    for code in (0, 1):
        own = data.is_active[data.stratum == code]
        full = own[: len(own) // in_a_block[0] * in_a_block[0]].reshape(-1, in_a_block[0])
        assert set(full.sum(axis=1)) == {in_a_block[1]}


def test_each_patient_is_seen_in_its_own_arm_in_a_repeat_of_its_own():
    design = design_of({"drug": 2, "other": 1}, 400, 8)
    data = draw_trial(design, ARMS, np.ones(N), endpoint="mrss_change", visit_week=52.0, seed=1, trial=0)
    arm = np.where(data.is_active, 1000.0, 2000.0)
    repeat = (data.outcome - arm - data.subject) / 10.0
    assert set(repeat) == {0.0, 1.0, 2.0}
    assert np.bincount(repeat.astype(int)) == pytest.approx(len(repeat) / 3, rel=0.25)
    # the baseline is that of the control arm in the same repeat: readings before treatment are the same in every arm
    assert data.baseline == pytest.approx((2000.0 + 10.0 * repeat + data.subject) / 2.0)
    other = draw_trial(design, ARMS, np.ones(N), endpoint="rcriss", visit_week=52.0, seed=1, trial=1)
    assert not other.baseline.any(), "no reading is behind a response"
    assert not np.array_equal(other.is_active, data.is_active)
    assert not np.array_equal(other.outcome - other.subject, data.outcome - data.subject)


# --- how an analysis is judged ------------------------------------------------------------------------------------

# estimate, standard error, low, high, p of five trials; lower is better and the truth is -1
RESULTS = [
    (-2.0, 0.5, -3.0, -1.0, 0.05),  # met at exactly the level; the interval ends at the truth
    (-1.5, 0.7, -2.5, -0.5, 0.01),  # met, holds the truth
    (1.0, 0.6, 0.1, 2.0, 0.001),  # the wrong side
    (-0.5, 0.4, -0.9, 0.3, 0.06),  # not met, misses the truth
    None,  # cannot be analysed
]


def judged(**changed: object):
    results = iter(RESULTS)

    def analysis(data: TrialData) -> Comparison:
        row = next(results)
        if row is None:
            raise InputError("no")
        estimate, error, low, high, p = row
        return Comparison(estimate, error, low, high, p, np.inf, "difference")

    options = {"truth": -1.0, "trials": 5, "seed": 1, "endpoint": "mrss_change"} | changed
    return run_trials(design_of({"drug": 1}, 80, 4), ARMS, np.ones(N), analysis, **options)


def test_an_analysis_is_judged_over_all_trials():
    found = judged()
    assert (found.trials, found.failed) == (5, 1)
    assert found.significant == pytest.approx(2 / 5)
    # Wilson's interval of 2 of 5
    z = 1.959963984540054
    middle, half = (0.4 + z**2 / 10) / (1 + z**2 / 5), z / (1 + z**2 / 5) * np.sqrt(0.24 / 5 + z**2 / 100)
    assert (found.significant_low, found.significant_high) == pytest.approx((middle - half, middle + half))
    estimates = np.array([-2.0, -1.5, 1.0, -0.5])
    assert found.mean_estimate == pytest.approx(-0.75)
    assert found.bias == pytest.approx(0.25)
    spread = np.sqrt(((estimates + 0.75) ** 2).sum() / 3)
    assert found.empirical_error == pytest.approx(spread)
    assert found.bias_error == pytest.approx(spread / 2.0)
    assert found.mean_standard_error == pytest.approx((0.5 + 0.7 + 0.6 + 0.4) / 4)
    assert found.coverage == pytest.approx(2 / 4)


def test_the_better_side_is_that_of_the_endpoint(endpoint):
    endpoint.higher_is_better = True
    assert judged().significant == pytest.approx(1 / 5)
    assert judged(alpha_two_sided=0.0005).significant == 0.0


# --- the true effect ----------------------------------------------------------------------------------------------

ACTIVE = np.array([[1.0, 1.0, 0.0, 1.0], [1.0, 0.0, 0.0, np.nan]])
CONTROL = np.array([[0.0, 1.0, 0.0, 1.0], [0.0, 0.0, 1.0, 1.0]])
WEIGHT = np.array([1.0, 2.0, 1.0, 5.0])


def truth(endpoint: SimpleNamespace, summary: str):
    endpoint.kind = "change" if summary == "mean_difference" else "responder"
    strategy = {"discontinuation": "hypothetical", "rescue": "hypothetical"}
    design = design_of({"drug": 1}, 80, 4, summary=summary, **strategy)
    arms = {
        name: SimpleNamespace(outcome=outcome, attended=np.ones((2, 4, 2), dtype=bool))
        for name, outcome in (("drug", ACTIVE), ("placebo", CONTROL))
    }
    return true_effect(design, arms, WEIGHT)


@pytest.mark.parametrize("summary", ["risk_difference", "mean_difference"])
def test_a_true_difference_is_the_weighted_mean_of_who_is_known_in_both_arms(endpoint, summary):
    found = truth(endpoint, summary)
    # means over repeats: 1, 1/2, 0 and not known on the drug; 0, 1/2, 1/2 on placebo; weights 1, 2, 1
    assert (found.active, found.control) == (pytest.approx(2.0 / 4.0), pytest.approx(1.5 / 4.0))
    assert found.effect == pytest.approx(0.125)
    influence = np.array([1.0, 2.0, 1.0]) / 4.0 * (np.array([1.0, 0.0, -0.5]) - 0.125)
    assert found.standard_error == pytest.approx(np.sqrt((influence**2).sum()))


def test_a_true_odds_ratio_is_told_as_its_logarithm(endpoint):
    found = truth(endpoint, "odds_ratio")
    assert found.effect == pytest.approx(np.log(1.0 / (0.375 / 0.625)))
    active = (np.array([1.0, 0.5, 0.0]) - 0.5) / 0.25
    control = (np.array([0.0, 0.5, 0.5]) - 0.375) / (0.375 * 0.625)
    influence = np.array([1.0, 2.0, 1.0]) / 4.0 * (active - control)
    assert found.standard_error == pytest.approx(np.sqrt((influence**2).sum()))

"""Multiple imputation by hand: bootstrap of the subjects, means by reference, and draws around them."""

from types import SimpleNamespace

import numpy as np
import pytest

from ifntrial.statistics import imputation
from ifntrial.statistics.imputation import impute

# two arms, three visits; baseline has no effect and the arms part by 1, 2 and 3
ACTIVE = np.array([True, True, True, False, True])
COEFFICIENTS = {"visit": [10.0, 11.0, 12.0], "arm": [1.0, 2.0, 3.0]}
COVARIANCE = np.array([[4.0, 2.0, 1.0], [2.0, 4.0, 2.0], [1.0, 2.0, 4.0]])
NAN = np.nan


def complete(monkeypatch: pytest.MonkeyPatch, y: list[list[float]], reference: str) -> np.ndarray:
    """Return the completed outcomes under known parameters, every standard normal number being one half."""
    fitted = []

    def fit(outcomes: np.ndarray, x: np.ndarray) -> SimpleNamespace:
        fitted.append(outcomes)
        mean = np.concatenate([COEFFICIENTS["visit"], COEFFICIENTS["arm"], np.zeros(x.shape[2] - 6)])
        return SimpleNamespace(coefficients=mean, covariance=COVARIANCE)

    class HalfStream(imputation.Stream):
        def normal(self, subjects, **_):
            return np.full(subjects, 0.5)

    monkeypatch.setattr(imputation, "fit_mmrm", fit)
    monkeypatch.setattr(imputation, "Stream", HalfStream)
    found = impute(np.array(y), ACTIVE, np.zeros(5), reference=reference, imputations=2, seed=1)
    assert len(fitted) == 2
    return found.outcomes[0]


OWN, CONTROL = np.array([11.0, 13.0, 15.0]), np.array([10.0, 11.0, 12.0])


@pytest.mark.parametrize(
    ("reference", "mean"),
    [
        ("missing_at_random", OWN),
        ("jump_to_reference", np.array([11.0, 11.0, 12.0])),
        ("copy_reference", CONTROL),
        ("copy_increments", np.array([11.0, 12.0, 13.0])),
    ],
)
def test_what_follows_the_last_value_is_drawn_around_the_mean_of_the_reference(monkeypatch, reference, mean):
    y = [[14.0, NAN, NAN], [14.0, NAN, 17.0], [NAN] * 3, [9.0, NAN, NAN], [1.0, 2.0, 3.0]]
    found = complete(monkeypatch, y, reference)
    # given the first visit, the others keep a half and a quarter of its deviation
    slope = np.array([0.5, 0.25])
    rest = np.array([[4.0 - 1.0, 2.0 - 0.5], [2.0 - 0.5, 4.0 - 0.25]])
    noise = np.linalg.cholesky(rest) @ np.full(2, 0.5)
    assert found[0] == pytest.approx([14.0, *(mean[1:] + slope * (14.0 - mean[0]) + noise)])
    # a gap before the last value and the control arm are at random whatever the reference
    weights = np.linalg.solve(np.array([[4.0, 1.0], [1.0, 4.0]]), np.array([2.0, 2.0]))
    gap = 13.0 + weights @ (np.array([14.0, 17.0]) - [11.0, 15.0])
    spread = np.sqrt(4.0 - weights @ [2.0, 2.0])
    assert found[1] == pytest.approx([14.0, gap + 0.5 * spread, 17.0])
    assert found[3] == pytest.approx([9.0, *(CONTROL[1:] + slope * (9.0 - 10.0) + noise)])
    assert found[4].tolist() == [1.0, 2.0, 3.0], "what was seen stays"


@pytest.mark.parametrize(
    ("reference", "mean"),
    [
        ("missing_at_random", OWN),
        ("jump_to_reference", CONTROL),
        ("copy_reference", CONTROL),
        ("copy_increments", CONTROL),
    ],
)
def test_who_was_never_seen_is_drawn_from_the_reference(monkeypatch, reference, mean):
    y = [[NAN] * 3, [1.0, 2.0, 3.0], [1.0, 2.0, 3.0], [1.0, 2.0, 3.0], [1.0, 2.0, 3.0]]
    noise = np.linalg.cholesky(COVARIANCE) @ np.full(3, 0.5)
    assert complete(monkeypatch, y, reference)[0] == pytest.approx(mean + noise)


def test_subjects_are_drawn_with_replacement_within_their_arm(monkeypatch):
    active = np.repeat([True, False], [30, 12])
    y = np.stack([np.arange(42.0), np.arange(42.0)], axis=1)
    y[0, 1] = NAN
    samples = []

    def fit(outcomes: np.ndarray, x: np.ndarray) -> SimpleNamespace:
        samples.append(outcomes[:, 0].astype(int))
        assert np.array_equal(x[:, 0, 2], active[samples[-1]]), "outcomes and design stay together"
        return SimpleNamespace(coefficients=np.zeros(x.shape[2]), covariance=np.eye(2))

    monkeypatch.setattr(imputation, "fit_mmrm", fit)
    for seed in (1, 2):
        impute(y, active, np.zeros(42), imputations=60, seed=seed)
    drawn = np.array(samples)
    assert (drawn[:, :30] < 30).all()
    assert (drawn[:, 30:] >= 30).all()
    assert len({tuple(sample) for sample in samples}) == 120
    counts = np.array([np.bincount(sample, minlength=42) for sample in drawn])
    # with replacement a subject is left out with chance (1 - 1/n)^n and counts once on average
    for arm, size in ((slice(0, 30), 30), (slice(30, 42), 12)):
        assert (counts[:, arm] == 0).mean() == pytest.approx((1 - 1 / size) ** size, abs=0.04)
        assert counts[:, arm].mean() == 1.0


def test_imputation_knows_that_its_parameters_are_estimated():
    rng = np.random.default_rng(1)
    active = np.repeat([False, True], 110)
    y = rng.normal(size=(220, 2)) @ np.linalg.cholesky(np.array([[1.0, 0.5], [0.5, 1.0]])).T
    y[np.arange(220) % 110 >= 15, 1] = NAN
    completed = impute(y, active, rng.normal(size=220), imputations=60, seed=1).outcomes
    gone = np.isnan(y[:, 1]) & active
    # 15 of 110 were seen: the mean of the others is uncertain by about 0.87 / sqrt(15), not 0.87 / sqrt(95)
    assert np.std(completed[:, gone, 1].mean(axis=1)) == pytest.approx(0.87 / np.sqrt(15), rel=0.3)

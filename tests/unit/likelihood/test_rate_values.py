"""Values behind log rate and log hazard ratios: against the log-rank test of another library, and sums by hand."""

import numpy as np
import pytest
from statsmodels.duration.survfunc import survdiff

from ifntrial.likelihood.rate_values import log_hazard_values, log_rate_values
from ifntrial.likelihood.trial_of_subjects import TrialOfSubjects


def test_the_mean_is_the_log_rate_and_a_patient_moves_it_by_its_own_part():
    count, years = np.array([[2.0, 0.0, 1.0]]), np.array([[1.0, 0.5, 1.0]])
    weight = np.full(3, 1 / 3)
    found = log_rate_values(count, years, weight)
    # 3 events in 2.5 years
    assert found.mean() == pytest.approx(np.log(1.2))
    # (2 - 1.2 * 1) / 1, (0 - 1.2 * 0.5) / 1, (1 - 1.2 * 1) / 1 beside the mean, as the mean count is 1
    assert found[0] - np.log(1.2) == pytest.approx([0.8, -0.6, -0.2])


@pytest.mark.parametrize("strata", [1, 2])
def test_the_sum_over_its_spread_is_the_log_rank_test(strata):
    draw = np.random.default_rng(3)
    patients = 150
    stratum = np.arange(patients) % strata
    time = [draw.exponential(scale, patients) for scale in (1.5, 1.0)]
    until = draw.uniform(0.2, 2.0, (2, patients))
    happened = [own <= end for own, end in zip(time, until, strict=True)]
    seen = [np.minimum(own, end) for own, end in zip(time, until, strict=True)]
    sampled = TrialOfSubjects(np.full(patients, 1 / patients), stratum, patients, patients)
    active, control = log_hazard_values(
        (seen[0][None], happened[0][None]), (seen[1][None], happened[1][None]), sampled
    )
    ratio = active.mean() - control.mean()
    arm = np.repeat([1, 0], patients)
    statistic, _ = survdiff(
        np.concatenate(seen),
        np.concatenate(happened).astype(int),
        arm,
        strata=np.tile(stratum, 2) if strata > 1 else None,
    )
    # ratio = sum / variance, so that statistic = sum^2 / variance = ratio * sum: the sum by hand
    total = _sum_of_test(seen, happened, stratum)
    assert ratio * total == pytest.approx(statistic, rel=0.01)
    error = np.sqrt(active.var() / patients + control.var() / patients)
    assert ratio / error == pytest.approx(total / np.sqrt(total / ratio), rel=0.1)


def _sum_of_test(seen, happened, stratum):
    """Return events on active minus what is expected of them, by one moment after another."""
    total = 0.0
    for code in np.unique(stratum):
        own = stratum == code
        for arm in (0, 1):
            for moment in seen[arm][own & happened[arm]]:
                at_risk = [(each[own] >= moment).sum() for each in seen]
                total += (arm == 0) - at_risk[0] / sum(at_risk)
    return total


def test_nobody_with_an_event_says_nothing():
    sampled = TrialOfSubjects(np.full(2, 0.5), np.zeros(2, int), 10, 10)
    time, none = np.ones((1, 2)), np.zeros((1, 2), bool)
    active, control = log_hazard_values((time, none), (time, none), sampled)
    assert active.tolist() == control.tolist()

"""The response on placebo, one rule of the trial at a time."""

import numpy as np
import pytest

from ifntrial.studies.validate.checks.response_steps import STEPS, response_steps
from ifntrial.studies.validate.checks.setting import Setting
from shipped import CATALOG, build_model


@pytest.fixture(scope="module")
def setting(evidence):
    return Setting(CATALOG, build_model(), seed=4, subjects=50)


@pytest.fixture(scope="module")
def found(setting):
    return response_steps(setting)


def test_every_rule_is_a_step_in_order(found):
    assert [step.rule for step in found.steps] == list(STEPS)
    assert list(STEPS) == ["items", "observed_case", "organ_events", "missing", "escape"]


def test_a_failure_more_never_raises_the_rate(found):
    """The observed case takes others out, and may go either way; the rules after it only add failures."""
    change = {step.rule: step.change for step in found.steps}
    assert change["organ_events"] <= 0
    assert change["missing"] < 0
    assert change["escape"] <= 0


def test_changes_add_up_to_the_last_rate(found):
    first, *others = found.steps
    assert first.change is None
    assert first.rate + sum(step.change for step in others) == pytest.approx(others[-1].rate)


def test_missing_takes_the_share_of_those_not_seen(found):
    """Counting the unseen as failures multiplies the rate by the share seen: the same for any response."""
    rate = {step.rule: step.rate for step in found.steps}
    assert 0.5 < rate["missing"] / rate["organ_events"] < 1.0


def test_intervals_hold_the_rate_and_are_those_of_patients_not_of_repeats(found):
    for step in found.steps:
        assert step.low < step.rate < step.high
        p = step.rate / 100
        half = (step.high - step.low) / 200
        as_if_repeats_were_patients = 1.96 * np.sqrt(p * (1 - p) / (found.subjects * found.replicates))
        assert half > as_if_repeats_were_patients
        assert half < 2.2 * as_if_repeats_were_patients


def test_a_rule_is_known_better_than_the_rate_it_changes(found):
    """The same patients stand behind both rates, so that their difference has the smaller error."""
    step = found.steps[2]
    assert step.change_high - step.change_low < step.high - step.low


def test_published_rates_come_with_their_use(found):
    assert {row.use for row in found.published_rates} == {"fit", "test"}


def test_the_same_seed_gives_the_same_numbers(setting, found):
    assert response_steps(setting) == found
    other = response_steps(Setting(CATALOG, setting.model, seed=5, subjects=50))
    assert other.steps != found.steps

"""Results that weigh worlds again: by hand, and averaged over all that the worlds themselves foretell."""

import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import norm

from ifntrial.errors import InputError, UnknownNameError
from ifntrial.worlds import choose
from ifntrial.worlds.choose import choose_worlds
from ifntrial.worlds.given import GivenResult, learn
from made_up_worlds import NOTHING, belief, made_up_implied

BELIEFS = (NOTHING, belief("response", 0.9, 0.3, "large", 2.0), belief("response", 0.4, 0.2, "small"))
IMPLIED = made_up_implied()


@pytest.fixture(autouse=True)
def all_worlds_meet_what_was_published(monkeypatch):
    monkeypatch.setattr(choose, "base_weights", lambda implied, evidence: np.ones(implied.size))


@pytest.fixture
def choice():
    return choose_worlds(BELIEFS, IMPLIED, None, 400, 1)


def result(effect: float, error: float = 0.3, trial_sd: float = 0.0, address: str = "response"):
    return GivenResult("a result", "imagined", address, effect, error, trial_sd)


def test_a_normal_belief_is_updated_as_two_normal_distributions_are(choice):
    learnt = learn(choice, (result(0.3, 0.3, 0.4),), IMPLIED)
    # precision 1 / 0.2² + 1 / 0.5², mean of 0.4 and 0.3 by precision; a share of 0.023 lies below zero, without effect
    weights = learnt.choice.beliefs["small"]
    effect = IMPLIED.at["response"].effect
    mean = (weights.effect * effect).sum() / weights.effect.sum()
    precision = 1 / 0.2**2 + 1 / 0.5**2
    middle, sd = (0.4 / 0.2**2 + 0.3 / 0.5**2) / precision, precision**-0.5
    cut = middle + sd * norm.pdf(middle / sd) / norm.cdf(middle / sd)
    assert mean == pytest.approx(cut, abs=0.01)


def test_beliefs_gain_by_how_well_they_foretold(choice):
    learnt = learn(choice, (result(0.0, 0.2),), IMPLIED)
    assert learnt.chance["nothing"] > learnt.chance["small"] > learnt.chance["large"]
    assert sum(learnt.shares.values()) == pytest.approx(1.0)
    # what was held stays held
    assert dict(learnt.choice.shares) == pytest.approx(dict(choice.shares))
    # no effect foretells zero with the error alone; the mixture's density is what its beliefs' are by their shares
    weighed = sum(choice.shares[name] * learnt.chance[name] for name in choice.shares)
    assert weighed == pytest.approx(1.0)
    by_hand = {
        "nothing": norm.pdf(0.0, 0.0, 0.2),
        "large": norm.pdf(0.0, 0.9, np.hypot(0.3, 0.2)),
    }
    assert learnt.chance["nothing"] / learnt.chance["large"] == pytest.approx(
        by_hand["nothing"] / by_hand["large"], rel=0.05
    )


def test_two_results_are_the_one_that_pools_them(choice):
    two = learn(choice, (result(0.2, 0.4), result(0.6, 0.4)), IMPLIED)
    pooled = learn(choice, (result(0.4, 0.4 / np.sqrt(2.0)),), IMPLIED)
    assert two.choice.counts["mixture"] == pytest.approx(pooled.choice.counts["mixture"])
    assert dict(two.chance) == pytest.approx(dict(pooled.chance))


def test_a_result_without_weight_changes_nothing(choice):
    learnt = learn(choice, (result(5.0, 1e4),), IMPLIED)
    for name, count in choice.counts.items():
        assert learnt.choice.counts[name] == pytest.approx(count, abs=1e-6)


def power_of(weights) -> float:
    """Return a mean of something that rises with the effect, with its value where there is none."""
    rising = ndtr(2.0 * IMPLIED.at["response"].effect - 1.0)
    return float((weights.effect * rising).sum() + weights.no_effect.sum() * ndtr(-1.0))


@pytest.mark.parametrize("name", ["large", "small"])
def test_averaged_over_what_a_belief_foretells_the_answer_stays(choice, name):
    one = result(0.0, 0.5, 0.3)
    law = learn(choice, (one,), IMPLIED).foretold[name][0]
    seen = law.quantile((np.arange(200) + 0.5) / 200)
    after = [
        power_of(learn(choice, (result(float(y), 0.5, 0.3),), IMPLIED).choice.beliefs[name]) for y in seen
    ]
    assert np.std(after) > 0.01
    assert np.mean(after) == pytest.approx(power_of(choice.beliefs[name]), abs=2e-3)


def test_averaged_over_what_the_mixture_foretells_its_answer_stays_if_shares_follow(choice):
    before = sum(share * power_of(choice.beliefs[name]) for name, share in choice.shares.items())
    law = learn(choice, (result(0.0, 0.5, 0.3),), IMPLIED).foretold["mixture"][0]
    after = []
    for y in law.quantile((np.arange(200) + 0.5) / 200):
        learnt = learn(choice, (result(float(y), 0.5, 0.3),), IMPLIED)
        after.append(
            sum(learnt.shares[each] * power_of(learnt.choice.beliefs[each]) for each in learnt.shares)
        )
    assert np.mean(after) == pytest.approx(before, abs=2e-3)


def test_the_true_effect_has_a_uniform_rank(choice):
    numbers, effect = np.random.default_rng(11), IMPLIED.at["response"].effect
    weights = choice.beliefs["large"].effect
    ranks = []
    for _ in range(300):
        true = numbers.choice(effect, p=weights / weights.sum())
        learnt = learn(choice, (result(float(numbers.normal(true, 0.4)), 0.4),), IMPLIED)
        after = learnt.choice.beliefs["large"].effect
        ranks.append(after[effect < true].sum() / after.sum())
    reached = np.sort(ranks)
    distance = np.abs(reached - (np.arange(300) + 0.5) / 300).max()
    # five of a hundred uniform samples of 300 are further than 0.078 from the line, one of a thousand than 0.112
    assert distance < 0.112


def test_what_no_world_foretells_is_refused(choice):
    with pytest.raises(InputError, match="leave too few worlds"):
        learn(choice, (result(4.0, 0.01),), IMPLIED)


def test_an_address_that_is_none_is_refused(choice):
    with pytest.raises(UnknownNameError, match="address"):
        learn(choice, (result(0.4, 0.1, address="nowhere"),), IMPLIED)

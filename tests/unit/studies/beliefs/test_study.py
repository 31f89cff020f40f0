"""What a belief implies for response, worked out by hand on worlds that were never simulated."""

import pytest

from ifntrial.errors import InputError
from ifntrial.report.terminal.beliefs import belief_lines
from ifntrial.studies.beliefs.study import address_facts, implied_rates
from ifntrial.worlds.beliefs import Belief, Statement
from made_up_calibration import made_up_catalog, normal

# 1.6449 standard deviations hold 90 % of a normal distribution between them and their mirror image


@pytest.fixture(scope="module")
def catalog(tmp_path_factory):
    return made_up_catalog(tmp_path_factory.mktemp("made up"))


def implied(catalog, address, mean, sd, **given):
    stated = Statement(address, normal(mean, sd), "made up", **given)
    (found,) = implied_rates((Belief("some", "Some", "some belief", 2.0, stated),), catalog)
    return found


def test_a_log_odds_ratio_means_a_response_on_active(catalog):
    """35 % on control are odds of 0.53846; times e^0.5 they are 0.88777, or 47.03 %."""
    found = implied(catalog, "rcriss20_observed", 0.5, 0.3)
    assert found.weight == 1.0
    assert found.control == pytest.approx(0.35, abs=1e-6)
    effect = (found.stated_effect.q05, found.stated_effect.q50, found.stated_effect.q95)
    assert effect == pytest.approx((0.00654, 0.5, 0.99346), abs=1e-4)
    active = (found.active.q05, found.active.q50, found.active.q95)
    assert active == pytest.approx((0.35149, 0.47028, 0.59254), abs=1e-4)
    assert found.no_benefit == pytest.approx(0.04779, abs=1e-4)


def test_a_difference_is_added_to_the_change_on_control(catalog):
    """-2 points on control; a lower score is better, so that what lies above zero is no benefit: 9.12 %."""
    found = implied(catalog, "mrss_year", -2.0, 1.5)
    assert found.control == pytest.approx(-2.0, abs=1e-6)
    active = (found.active.q05, found.active.q50, found.active.q95)
    assert active == pytest.approx((-6.4673, -4.0, -1.5327), abs=1e-3)
    assert found.no_benefit == pytest.approx(0.09121, abs=1e-4)


@pytest.mark.parametrize(("address", "sign"), [("rcriss20_observed", -1.0), ("mrss_year", 1.0)])
def test_harm_alone_is_half_of_a_distribution(catalog, address, sign):
    """The 5, 50 and 95 % of a half-normal are 0.06271, 0.67449 and 1.95996 of its scale."""
    found = implied(catalog, address, 0.0, 0.3, below_zero="harm", only_harm=True)
    sizes = sorted(
        abs(each) for each in (found.stated_effect.q05, found.stated_effect.q50, found.stated_effect.q95)
    )
    assert sizes == pytest.approx([0.3 * 0.06271, 0.3 * 0.67449, 0.3 * 1.95996], abs=1e-4)
    assert found.stated_effect.q50 * sign > 0
    assert found.no_benefit == 1.0


def test_a_belief_that_is_truncated_says_so(catalog):
    """Worlds end at a log odds ratio of 2.5: of N(1.9, 0.3) 2.275 % lie beyond."""
    found = implied(catalog, "rcriss20_observed", 1.9, 0.3)
    assert found.unreached == pytest.approx(0.02275, abs=1e-4)
    assert "2.3\u202f% beyond all worlds, left out" in " ".join(belief_lines(found))


def test_a_belief_within_reach_says_nothing_of_truncation(catalog):
    found = implied(catalog, "rcriss20_observed", 0.5, 0.3)
    assert found.unreached < 1e-4
    assert "beyond" not in " ".join(belief_lines(found))


def test_a_belief_beyond_what_worlds_reach_is_refused(catalog):
    with pytest.raises(
        InputError, match=r"do not reach enough of the belief 'some'.*go from -1\.\d+ to 2\.50"
    ):
        implied(catalog, "rcriss20_observed", 2.5, 0.3)


def test_no_effect_leaves_active_as_control(catalog):
    (found,) = implied_rates((Belief("none", "None", "none", 0.0),), catalog)
    assert (found.weight, found.address_facts, found.no_benefit) == (0.0, None, 1.0)
    assert list(belief_lines(found)) == [
        "none: None (beside the mixture)",
        "  no effect, exactly: active as control in every trial",
    ]


def test_addresses_say_what_is_stated_there(catalog):
    found = {each.name: each for each in address_facts(catalog)}
    assert set(found) == {"mrss_year", "rcriss20_observed", "rcriss25_composite"}
    skin, response = found["mrss_year"], found["rcriss20_observed"]
    assert (skin.measure, skin.unit, skin.is_lower_better) == ("mean_difference", "mrss_point", True)
    assert (response.measure, response.unit, response.is_lower_better) == ("log_odds_ratio", "1", False)
    assert (skin.week, response.week) == (52.0, 52.0)
    assert (
        skin.population == "adults with early diffuse systemic sclerosis without background immunosuppression"
    )
    assert "mRSS above 10 with early disease" in found["rcriss25_composite"].population
    # the ladder's last rung is half a rung below its end
    assert response.reach[1] == pytest.approx(2.5, abs=0.01)
    assert skin.reach[0] == pytest.approx(-7.5, abs=0.01)
    assert response.control_over_worlds.q50 == pytest.approx(0.35, abs=1e-6)

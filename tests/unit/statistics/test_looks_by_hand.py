"""Several hypotheses and several looks, by hand and against the bivariate normal distribution."""

import numpy as np
import pytest
from scipy import stats

from ifntrial.errors import InputError
from ifntrial.statistics.hierarchical_testing import decide_in_order, decide_together
from ifntrial.statistics.looks.sequential import design_sequential, sequential_power, spend_beta
from ifntrial.statistics.looks.spending import SPENDING, hwang_shih_decani

# The two-sided 5 % point of the normal distribution.
POINT = 1.959963984540054


def test_a_p_equal_to_the_level_is_rejected():
    assert [d.is_rejected for d in decide_in_order(["a", "b"], [0.05, 0.0501], 0.05)] == [True, False]
    assert decide_together(["a"], [0.05], 0.05)[0].is_rejected


def test_holm_and_hochberg_in_any_order():
    holm = decide_together(["a", "b", "c"], [0.04, 0.01, 0.02], 0.05)
    assert [d.name for d in holm] == ["a", "b", "c"]
    assert [d.p for d in holm] == [0.04, 0.01, 0.02]
    assert [d.adjusted_p for d in holm] == pytest.approx([0.04, 0.03, 0.04])
    assert [d.is_rejected for d in holm] == [True, True, True]
    hochberg = decide_together(["a", "b"], [0.04, 0.03], 0.05, "hochberg")
    assert [d.adjusted_p for d in hochberg] == pytest.approx([0.04, 0.04])


@pytest.mark.parametrize(
    ("names", "p_values", "alpha"),
    [([], [], 0.05), (["a"], [0.1, 0.2], 0.05), (["a"], [-0.1], 0.05), (["a"], [0.1], 0.0), (["a"], [0.1], 1.0)],
)  # fmt: skip
def test_hypotheses_that_cannot_be_tested(names, p_values, alpha):
    with pytest.raises(InputError, match="hypotheses cannot be tested"):
        decide_in_order(names, p_values, alpha)
    with pytest.raises(InputError, match="hypotheses cannot be tested"):
        decide_together(names, p_values, alpha)


def test_p_of_zero_and_one_can_be_tested():
    assert [d.is_rejected for d in decide_in_order(["a", "b"], [0.0, 1.0], 0.05)] == [True, False]


def test_spending_by_hand():
    half = np.array([0.25, 1.0])
    assert hwang_shih_decani(0.0)(half, 0.02) == pytest.approx([0.005, 0.02])
    assert hwang_shih_decani(-4.0)(half, 0.02) == pytest.approx([0.02 * (np.e - 1) / (np.e**4 - 1), 0.02])
    assert SPENDING["hwang_shih_decani_2"](half, 0.02)[0] == pytest.approx(
        0.02 * (np.e**0.5 - 1) / (np.e**2 - 1)
    )
    assert SPENDING["hwang_shih_decani_4"](half, 0.02)[0] == pytest.approx(0.02 * (np.e - 1) / (np.e**4 - 1))
    assert SPENDING["linear"](half, 0.02) == pytest.approx([0.005, 0.02])
    assert SPENDING["quadratic"](half, 0.02) == pytest.approx([0.00125, 0.02])
    assert SPENDING["pocock"](half, 0.02) == pytest.approx([0.02 * np.log(1 + (np.e - 1) / 4), 0.02])
    assert SPENDING["obrien_fleming"](half, 0.02) == pytest.approx(
        [2 * stats.norm.sf(2 * stats.norm.isf(0.01)), 0.02]
    )


def test_two_looks_against_the_bivariate_normal():
    design = design_sequential((0.5, 1.0), spending="pocock", alpha_one_sided=0.05)
    first, last = design.critical
    assert stats.norm.sf(first) == pytest.approx(design.alpha_spent[0])
    for drift in (0.0, 2.0):
        joint = stats.multivariate_normal(
            [drift * np.sqrt(0.5), drift], [[1, np.sqrt(0.5)], [np.sqrt(0.5), 1]]
        )
        found = sequential_power(design, drift)
        assert found.efficacy[0] == pytest.approx(stats.norm.sf(first - drift * np.sqrt(0.5)), abs=1e-8)
        assert 1.0 - found.power == pytest.approx(joint.cdf([first, last]), abs=1e-5)
        assert found.expected_information == pytest.approx(1.0 - 0.5 * found.efficacy[0])


def test_the_default_level_is_one_sided_two_and_a_half_percent():
    assert design_sequential((1.0,)).critical.item() == pytest.approx(POINT)
    assert design_sequential((1.0,), alpha_one_sided=0.05).critical.item() == pytest.approx(
        1.6448536269514722
    )


@pytest.mark.parametrize(
    ("rates", "alpha"),
    [((0.5, 1.0), 0.0), ((0.5, 1.0), 0.5), ((0.5, 0.9), 0.025), ((0.0, 1.0), 0.025), ((), 0.025),
     (tuple(np.arange(1, 22) / 21), 0.025)],
)  # fmt: skip
def test_looks_that_are_not_possible(rates, alpha):
    with pytest.raises(InputError, match="not possible"):
        design_sequential(rates, alpha_one_sided=alpha)


def test_twenty_looks_are_possible():
    assert len(design_sequential(tuple(np.arange(1, 21) / 20)).critical) == 20


@pytest.mark.parametrize("beta", [0.0, 0.975])
def test_a_chance_to_miss_must_leave_power_above_the_level(beta):
    with pytest.raises(InputError, match="not possible"):
        spend_beta((0.5, 1.0), beta=beta)


def test_one_look_needs_the_usual_drift():
    _, drift = spend_beta((1.0,), alpha_one_sided=0.05, beta=0.2)
    assert drift == pytest.approx(1.6448536269514722 + 0.8416212335729143)

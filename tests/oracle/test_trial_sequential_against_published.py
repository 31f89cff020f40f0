"""Group-sequential bounds against figures printed by others.

Sources: the gsDesign technical manual (Anderson), first chapter: output of the default design (three looks, alpha
0.025, beta 0.1, Hwang-Shih-DeCani spending with gamma -4 and -2, non-binding futility). Lan and DeMets (Biometrika
1983) and Reboussin, DeMets, Kim and Lan (Control Clin Trials 2000;21:190): O'Brien-Fleming- and Pocock-like bounds of
five equal looks at one-sided 0.025.
"""

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from ifntrial.errors import InputError
from ifntrial.statistics.looks.sequential import design_sequential, sequential_power, spend_beta

THIRDS = (1 / 3, 2 / 3, 1.0)


def test_the_default_design_of_gsdesign() -> None:
    design, drift = spend_beta(THIRDS)
    assert design.critical == pytest.approx([3.01, 2.55, 2.00], abs=5.1e-3)
    assert design.futility[:2] == pytest.approx([-0.24, 0.94], abs=5.1e-3)
    assert ndtr(-design.critical) == pytest.approx([0.0013, 0.0054, 0.0228], abs=5.1e-5)
    assert ndtr(design.futility[:2]) == pytest.approx([0.4057, 0.8267], abs=5.1e-5)
    assert np.diff(design.alpha_spent, prepend=0.0) == pytest.approx([0.0013, 0.0049, 0.0188], abs=5.1e-5)
    ratio = (drift / (ndtri(0.975) + ndtri(0.9))) ** 2
    assert ratio * design.information_rates == pytest.approx([0.357, 0.713, 1.070], abs=5.1e-4)


@pytest.mark.parametrize(
    ("share_of_drift", "efficacy", "futility", "mean_size"),
    [
        (0.0, [0.0013, 0.0049, 0.0171], [0.4057, 0.4290], 0.6249),
        (1.0, [0.1412, 0.4403, 0.3185], [0.0148, 0.0289], 0.7913),
    ],
)
def test_what_the_default_design_of_gsdesign_does(
    share_of_drift: float, efficacy: list[float], futility: list[float], mean_size: float
) -> None:
    design, drift = spend_beta(THIRDS)
    found = sequential_power(design, share_of_drift * drift)
    assert found.efficacy == pytest.approx(efficacy, abs=5.1e-5)
    assert found.futility[:2] == pytest.approx(futility, abs=5.1e-5)
    ratio = (drift / (ndtri(0.975) + ndtri(0.9))) ** 2
    assert ratio * found.expected_information == pytest.approx(mean_size, abs=5.1e-5)
    if share_of_drift == 1.0:
        assert found.power == pytest.approx(0.9, abs=1e-9)


@pytest.mark.parametrize(
    ("spending", "bounds"),
    [
        ("obrien_fleming", [4.8769, 3.3569, 2.6803, 2.2898, 2.0310]),
        ("pocock", [2.4380, 2.4268, 2.4101, 2.3966, 2.3859]),
    ],
)
def test_lan_and_demets_bounds_of_five_equal_looks(spending: str, bounds: list[float]) -> None:
    found = design_sequential((0.2, 0.4, 0.6, 0.8, 1.0), spending=spending)
    assert found.critical == pytest.approx(bounds, abs=5.1e-4)


@pytest.mark.parametrize("looks", [2, 4])
@pytest.mark.parametrize("spending", ["obrien_fleming", "pocock", "hwang_shih_decani_4"])
def test_beta_spending_has_its_power_and_keeps_alpha_if_futility_is_ignored(
    looks: int, spending: str
) -> None:
    rates = tuple((np.arange(looks) + 1) / looks)
    design, drift = spend_beta(rates, spending=spending, beta=0.2)
    assert sequential_power(design, drift).power == pytest.approx(0.8, abs=1e-9)
    assert sequential_power(design, 0.0).power < 0.025
    ignored = design_sequential(rates, spending=spending)
    assert sequential_power(ignored, 0.0).power == pytest.approx(0.025, abs=1e-9)
    assert design.critical == pytest.approx(ignored.critical)


def test_a_beta_that_is_not_a_chance_is_refused() -> None:
    with pytest.raises(InputError, match="not possible"):
        spend_beta(THIRDS, beta=1.0)

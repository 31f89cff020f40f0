"""Numbers in words: what is rounded, what is absent, and the sign of zero."""

import math

import numpy as np
import pytest

from ifntrial.report.wording import (
    band_text,
    difference_text,
    finer_percent,
    fixed,
    in_a_row,
    is_number,
    number,
    one_in,
    percent,
    percent_range,
)
from ifntrial.worlds.quantiles import Spread


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u2212", "-")


@pytest.mark.parametrize("absent", [None, math.nan, math.inf, "0.3", True])
def test_what_is_not_a_number_is_said_to_be_absent(absent):
    assert not is_number(absent)
    assert percent(absent) == finer_percent(absent) == one_in(absent) == number(absent) == "not estimated"
    assert percent_range(absent, 0.5) == percent_range(0.5, absent) == "not estimated"
    assert band_text(None, "points") == "not estimated"


@pytest.mark.parametrize(
    ("fraction", "said"),
    [
        (0, "0 %"),
        (0.0004, "0.0 %"),
        (0.025, "2.5 %"),
        (0.0994, "9.9 %"),
        (0.0996, "10 %"),
        (0.5, "50 %"),
        (-0.5, "-50 %"),
        (1, "100 %"),
    ],
)
def test_percentages_keep_a_decimal_only_below_ten(fraction, said):
    assert plain(percent(fraction)) == said


@pytest.mark.parametrize(
    ("fraction", "said"),
    [(0.0512, "5.12 %"), (0.025, "2.50 %"), (0.000149, "0.01 %"), (1, "100.00 %"), (-0.0512, "-5.12 %")],
)
def test_error_rates_are_percentages_with_two_decimals(fraction, said):
    assert plain(finer_percent(fraction)) == said


def test_a_negative_that_rounds_to_zero_has_no_sign():
    assert fixed(-0.001, 2) == "0.00"
    assert plain(percent_range(-0.0001, 0.2)) == "0.0 to 20.0 %"


@pytest.mark.parametrize("count", range(1, 100))
def test_natural_frequencies_are_never_far_from_the_probability(count):
    probability = count / 100
    said = one_in(probability)
    if said.startswith("about"):
        part, whole = said.removeprefix("about ").split(" in ")
        assert abs(int(part) / int(whole) - probability) <= max(0.26 * probability, 0.05) + 1e-9
    else:
        bound = {"fewer than 1 in 50": probability < 0.02, "more than 19 in 20": probability > 0.95}
        assert bound[said]


def test_numbers_of_numpy_are_numbers():
    assert is_number(np.int64(3))
    assert is_number(np.float32(0.5))
    assert not is_number(np.bool_(True))
    assert number(np.int64(12)) == "12"


def test_differences_of_fractions_are_percentage_points():
    band = Spread(-0.02, 0.095, 0.209)
    assert plain(difference_text(band, "fraction")) == "9.5 (-2.0 to 20.9)"
    assert plain(difference_text(Spread(-4.0, -1.5, 1.0), "points")) == "-1.5 (-4.0 to 1.0)"
    assert difference_text(None, "fraction") == "not estimated"


@pytest.mark.parametrize(
    ("band", "said"),
    [
        ((-3.79, -0.56, 0.7), "-0.56 (-3.79 to 0.70)"),
        ((0.0011, 0.0025, 0.0052), "0.0025 (0.0011 to 0.0052)"),
        ((12.0, 40.0, 250.0), "40.0 (12.0 to 250.0)"),
        ((-80.0, 0.02, 250.0), "0 (-80 to 250)"),
        ((0.0, 0.0, 0.0), "0 (0 to 0)"),
        ((-0.0704, -0.0003, 0.0), "0 (-0.070 to 0)"),
        ((0.0, 0.00001, 0.0002), "1×10⁻⁵ (0 to 0.0002)"),
    ],
)
def test_a_band_shares_its_decimals(band, said):
    assert plain(band_text(Spread(*band), "points")) == said


@pytest.mark.parametrize(
    ("texts", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_lists_are_spoken(texts, said):
    assert in_a_row(texts) == said

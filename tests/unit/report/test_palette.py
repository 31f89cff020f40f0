"""Colours: one per arm and prior, readable as text, and apart from each other."""

from itertools import combinations

import pytest

from ifntrial.report import palette

ARMS = ("low dose", "sham")
PRIORS = ["irrelevant", "ssc_reference_class", "lupus_bridge", "mixture", "a prior of one's own"]


def luminance(color: str) -> float:
    """Return the relative luminance as defined by WCAG 2."""
    parts = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    "color", [*palette.prior_colors(PRIORS).values(), *palette.arm_colors(*ARMS).values(), palette.QUIET]
)
def test_colors_are_readable_as_text_on_white(color):
    assert 1.05 / (luminance(color) + 0.05) >= 4.5


@pytest.mark.parametrize(
    "color", [palette.INK, palette.QUIET, palette.ACTIVE, palette.PLACEBO, palette.BLOOD]
)
def test_colors_are_readable_in_the_dark_scheme(color):
    paper = luminance(palette.DARK[palette.PAPER]) + 0.05
    assert (luminance(palette.DARK[color]) + 0.05) / paper >= 4.5


def test_every_color_of_a_belief_has_one_in_the_dark_scheme():
    paper = luminance(palette.DARK[palette.PAPER]) + 0.05
    for color in palette.prior_colors([*PRIORS, "another", "a third"]).values():
        assert (luminance(palette.DARK[color]) + 0.05) / paper >= 4.5


def test_each_arm_and_each_prior_has_its_own_color():
    for colors in (palette.arm_colors(*ARMS), palette.prior_colors(PRIORS)):
        assert all(one != other for one, other in combinations(colors.values(), 2))


def test_the_control_is_grey_whatever_it_is_called():
    assert palette.arm_colors(*ARMS) == {"low dose": "#005f9e", "sham": "#6b6b6b"}
    assert palette.arm_colors("placebo", "drug")["drug"] == "#6b6b6b"

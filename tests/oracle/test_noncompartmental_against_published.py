"""Non-compartmental measures against closed forms and against Phoenix WinNonlin.

The published figures are those of Phoenix WinNonlin for the theophylline data of R (subjects 1 and 2), linear up and
logarithmic down, as the validation of the R package NonCompart prints them; the area to 12.12 h is that of the vignette
of the R package PKNCA.
"""

import numpy as np
import pytest

from ifntrial.course.noncompartmental import areas, terminal_half_lives, time_above

HOURS = {
    1: [0.0, 0.25, 0.57, 1.12, 2.02, 3.82, 5.10, 7.03, 9.05, 12.12, 24.37],
    2: [0.0, 0.27, 0.52, 1.00, 1.92, 3.50, 5.02, 7.03, 9.00, 12.00, 24.30],
}
THEOPHYLLINE = {
    1: [0.74, 2.84, 6.57, 10.50, 9.66, 8.58, 8.36, 7.47, 6.89, 5.94, 3.28],
    2: [0.0, 1.72, 7.91, 8.31, 8.33, 6.85, 6.08, 5.40, 4.55, 3.01, 0.90],
}


@pytest.mark.parametrize(
    ("subject", "area", "half_life"), [(1, 147.2347485, 14.3043776), (2, 88.7312755, 6.6593416)]
)
def test_theophylline_as_winnonlin(subject, area, half_life):
    time, level = np.array(HOURS[subject]), np.array([THEOPHYLLINE[subject]])
    assert areas(time, level)[0] == pytest.approx(area, abs=5e-8)
    assert terminal_half_lives(time, level)[0] == pytest.approx(half_life, abs=5e-8)


def test_a_part_of_the_area_as_pknca():
    assert areas(np.array(HOURS[1][:-1]), np.array([THEOPHYLLINE[1][:-1]]))[0] == pytest.approx(
        92.3654416, abs=5e-8
    )


def test_a_fall_by_one_exponential_is_exact_on_any_grid():
    time = np.array([0.0, 0.1, 3.0, 3.5, 11.0, 40.0])
    rate = np.array([0.05, 0.2])
    level = np.array([80.0, 20.0])[:, None] * np.exp(-rate[:, None] * time)
    assert areas(time, level) == pytest.approx(
        np.array([80, 20]) / rate * (1 - np.exp(-rate * 40)), rel=1e-12
    )
    assert terminal_half_lives(time, level) == pytest.approx(np.log(2) / rate, rel=1e-9)
    # 80 exp(-0.05 t) = 10 at ln(8) / 0.05; 20 exp(-0.2 t) = 10 at ln(2) / 0.2
    assert time_above(time, level, 10.0) == pytest.approx([np.log(8) / 0.05 if np.log(8) / 0.05 < 40 else 40.0,
                                                           np.log(2) / 0.2], rel=1e-12)  # fmt: skip


def test_a_rise_is_a_line():
    time, level = np.array([0.0, 2.0, 4.0]), np.array([[0.0, 10.0, 10.0]])
    assert areas(time, level).tolist() == [30.0]
    assert time_above(time, level, 5.0).tolist() == [3.0]
    assert time_above(time, level, 0.0).tolist() == [4.0]
    assert time_above(time, level, 10.0).tolist() == [0.0]


def test_two_exponentials_on_a_fine_grid_to_one_in_a_million():
    time = np.linspace(0.0, 28.0, 40_001)
    level = (60 * np.exp(-0.8 * time) + 40 * np.exp(-0.03 * time))[None, :]
    expected = 60 / 0.8 * (1 - np.exp(-0.8 * 28)) + 40 / 0.03 * (1 - np.exp(-0.03 * 28))
    assert areas(time, level)[0] == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(
    "level", [[1.0, 2.0, 3.0, 4.0, 5.0], [5.0, 4.0, 0.0, 0.0, 0.0], [0.0] * 5, [5.0, 3.0, 3.0, 3.0, 3.0]]
)
def test_what_does_not_fall_has_no_half_life(level):
    assert np.isnan(terminal_half_lives(np.arange(5.0), np.array([level])))[0]


def test_a_level_that_ends_at_nothing_keeps_its_area():
    # a fall to zero is no exponential: a line
    assert areas(np.array([0.0, 1.0, 2.0]), np.array([[4.0, 0.0, 0.0]])).tolist() == [2.0]

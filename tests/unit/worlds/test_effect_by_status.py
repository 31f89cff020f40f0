"""The effect by interferon status, by hand and in drawn worlds."""

import numpy as np
import pytest

from ifntrial.worlds.draw import Worlds, draw_worlds
from ifntrial.worlds.effect_by_status import low_over_high


def test_the_ratio_by_hand():
    parameters = {
        "phi_skin": np.array([0.2, 0.2, 0.8]),
        "effect_half_signal": np.array([4.0, 4.0, 4.0]),
        "effect_follows_signal": np.array([1.0, 0.0, 1.0]),
    }
    worlds = Worlds(np.arange(3), parameters, {}, np.zeros(3, dtype=bool))
    # at half the reference signal 5 / 9 is heard; of 0.8 + 0.2 * 5 / 9 and of 0.2 + 0.8 * 5 / 9
    expected = [5 / 9 / (0.8 + 1 / 9), 1.0, 5 / 9 / (0.2 + 4 / 9)]
    assert low_over_high(worlds, "skin", 0.5) == pytest.approx(expected)


def test_a_low_signal_never_gains_more_and_some_worlds_make_no_difference(model, evidence):
    worlds = draw_worlds(model, evidence, 2000, 4)
    ratio = low_over_high(worlds, "skin", 0.1)
    assert 0.0 < ratio.min() < ratio.max() == 1.0
    assert np.mean(ratio == 1.0) == pytest.approx(evidence.value("world.relative_form_share"), abs=0.03)

"""The calibration in blocks of worlds: the blocks change no bit, and all of the work is reported."""

import numpy as np

from ifntrial.studies.calibrate import implied
from ifntrial.studies.calibrate.calibrate import calibrate

WORLDS, SUBJECTS, LARGE = 7, 8, (3, 12)


def test_blocks_of_worlds_change_no_bit_and_are_reported(evidence, monkeypatch):
    whole = calibrate(evidence, WORLDS, SUBJECTS, large=LARGE)
    monkeypatch.setattr(implied, "SUBJECTS_AT_ONCE", 24)  # three worlds, or two of the large ones
    reported = []
    blocks = calibrate(
        evidence, WORLDS, SUBJECTS, 1, lambda done, total: reported.append((done, total)), large=LARGE
    )
    for name in ("log_odds_ratio", "mrss_difference", "fvc_difference"):
        found, wanted = getattr(blocks.implied, name), getattr(whole.implied, name)
        assert found.shape == (7,)
        np.testing.assert_array_equal(found, wanted)
    # 7 worlds of 8 subjects, then 3 worlds of 12
    assert reported == [(done, 92) for done in (0, 24, 48, 56, 56, 80, 92)]

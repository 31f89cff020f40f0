"""The calibration in blocks of worlds: they change no bit, are not done again, and all of the work is reported."""

import numpy as np
import pytest

from ifntrial.errors import RunError
from ifntrial.studies.calibrate import implied
from ifntrial.studies.calibrate.study import calibrate
from shipped import CATALOG

WORLDS, SUBJECTS, LARGE = 7, 8, (3, 12)


def test_blocks_of_worlds_change_no_bit_and_are_reported(monkeypatch):
    whole = calibrate(CATALOG, WORLDS, SUBJECTS, large=LARGE)
    monkeypatch.setattr(implied, "SUBJECTS_AT_ONCE", 24)  # three worlds, or two of the large ones
    reported = []
    blocks = calibrate(
        CATALOG, WORLDS, SUBJECTS, 1, lambda done, total: reported.append((done, total)), large=LARGE
    )
    for name in ("log_odds_ratio", "mrss_difference", "fvc_difference"):
        found, wanted = getattr(blocks.implied, name), getattr(whole.implied, name)
        assert found.shape == (7,)
        np.testing.assert_array_equal(found, wanted)
    # 7 worlds of 8 subjects, then 3 worlds of 12
    assert reported == [(done, 92) for done in (0, 24, 48, 56, 56, 80, 92)]


def test_a_stopped_calibration_goes_on_to_the_same_bits(evidence, monkeypatch, tmp_path):
    monkeypatch.setattr(implied, "SUBJECTS_AT_ONCE", 24)
    whole = calibrate(CATALOG, WORLDS, SUBJECTS, large=LARGE)

    def stop(done, total):
        del total
        if done == 80:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        calibrate(CATALOG, WORLDS, SUBJECTS, 1, stop, large=LARGE, folder=tmp_path)
    names = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.glob("*/*.parquet"))
    assert names == [f"common/block=00000{block}.parquet" for block in range(3)] + [
        "many/block=000000.parquet"
    ]
    reported = []
    resumed = calibrate(
        CATALOG, WORLDS, SUBJECTS, 1, lambda *told: reported.append(told), large=LARGE, folder=tmp_path
    )
    assert reported == [(done, 92) for done in (56, 80, 92)]
    for name in ("log_odds_ratio", "mrss_difference", "fvc_difference"):
        np.testing.assert_array_equal(getattr(resumed.implied, name), getattr(whole.implied, name))
    with pytest.raises(RunError, match="the folder holds another run"):
        calibrate(CATALOG, WORLDS + 1, SUBJECTS, large=LARGE, folder=tmp_path)

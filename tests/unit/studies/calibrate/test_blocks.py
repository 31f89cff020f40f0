"""The calibration in blocks of worlds: they change no bit, are not done again, and all of the work is reported."""

import numpy as np
import pytest

from ifntrial.errors import RunError
from ifntrial.studies import common_trial
from ifntrial.studies.calibrate.study import calibrate
from shipped import CATALOG

WORLDS, SUBJECTS, SIZES = 7, 8, {"many": (3, 12), "check": (2, 10)}
ADDRESSES = ("mrss_year", "rcriss20_observed", "rcriss25_composite")


@pytest.fixture(scope="module")
def whole():
    return calibrate(CATALOG, WORLDS, SUBJECTS, **SIZES)


def require_same_bits(found, wanted):
    assert tuple(found.implied.at) == ADDRESSES
    np.testing.assert_array_equal(found.implied.number, wanted.implied.number)
    for name in ADDRESSES:
        for column in ("effect", "control", "checked", "checked_effect", "standard_error"):
            np.testing.assert_array_equal(
                getattr(found.implied.at[name], column), getattr(wanted.implied.at[name], column)
            )


def test_worlds_are_kept_by_how_well_they_meet_what_was_published(whole):
    kept = whole.implied
    assert whole.candidates == 35
    assert 3 <= kept.size <= 12
    assert kept.predictions.values.shape[0] == 35, "also of those that were not kept"
    assert ((kept.chance > 0) & (kept.chance <= 1)).all()
    assert (np.diff(kept.number) > 0).all()


def test_an_address_that_counts_skin_says_that_less_is_better(whole):
    assert [whole.implied.at[name].is_lower_better for name in ADDRESSES] == [True, False, False]
    assert (whole.implied.at["rcriss20_observed"].control > 0).all()
    assert (whole.implied.at["rcriss20_observed"].control < 1).all()


def test_blocks_of_worlds_change_no_bit_and_are_reported(whole, monkeypatch):
    # three worlds, or two of the many and of the check
    monkeypatch.setattr(common_trial, "SUBJECTS_TOGETHER", 24)
    reported = []
    blocks = calibrate(
        CATALOG, WORLDS, SUBJECTS, 1, lambda done, total: reported.append((done, total)), **SIZES
    )
    require_same_bits(blocks, whole)
    common = 8 * whole.worlds
    total = common + 3 * 12 + 2 * 10
    assert {each[1] for each in reported} == {total}
    done = [each[0] for each in reported]
    # twice where one part ends and the next begins
    first = [8 * n for n in range(0, whole.worlds, 3)] + [common]
    assert done == [*first, common, common + 24, common + 36, common + 36, common + 56]


def test_a_stopped_calibration_goes_on_to_the_same_bits(whole, monkeypatch, tmp_path):
    monkeypatch.setattr(common_trial, "SUBJECTS_TOGETHER", 24)
    common = 8 * whole.worlds

    def stop(done, total):
        del total
        if done == common + 24:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        calibrate(CATALOG, WORLDS, SUBJECTS, 1, stop, **SIZES, folder=tmp_path)
    names = {path.parent.name for path in tmp_path.glob("*/*.parquet")}
    assert names == {"common", "many"}
    reported = []
    resumed = calibrate(
        CATALOG, WORLDS, SUBJECTS, 1, lambda *told: reported.append(told[0]), **SIZES, folder=tmp_path
    )
    assert reported == [common, common + 24, common + 36, common + 36, common + 56]
    require_same_bits(resumed, whole)
    with pytest.raises(RunError, match="the folder holds another run"):
        calibrate(CATALOG, WORLDS + 1, SUBJECTS, **SIZES, folder=tmp_path)

"""Which base a logarithm has: read where the numbers tell it, refused where they do not."""

import numpy as np
import pandas as pd
import pytest

from ifntrial.errors import InputError
from ifntrial.signature import ReadOptions
from shipped import read_expression
from unit.signature.made import make_cohort

LOG2 = make_cohort().log2
LEVELS = np.exp2(LOG2)
DEPTH = np.exp2(np.random.default_rng(8).uniform(0.0, 3.0, 20))
COUNTS = (LEVELS * DEPTH).round()
CPM = COUNTS / COUNTS.sum() * 1e6


def scale_of(frame: pd.DataFrame) -> str:
    return read_expression(frame).scale


@pytest.mark.parametrize(
    ("frame", "scale"),
    [
        (LOG2, "log2"),
        (np.log2(CPM + 1.0), "log2"),
        (np.log(CPM + 1.0), "ln"),
        (np.log(CPM / 100.0 + 1.0), "ln"),
        (np.log2(LEVELS.round() + 1.0), "log2"),
        (np.log(LEVELS.round() + 1.0), "ln"),
        (np.log10(LEVELS.round() + 1.0), "log10"),
    ],
)
def test_the_base_is_told(frame, scale):
    assert scale_of(frame) == scale


def test_natural_logarithms_that_are_told_give_the_levels_of_log2():
    found, own = (read_expression(make(CPM + 1.0)).values for make in (np.log, np.log2))
    np.testing.assert_allclose(found, own, rtol=1e-12)


@pytest.mark.parametrize(
    "frame", [LOG2 * np.log(2.0), np.log(LEVELS * 65_535.0 / LEVELS.to_numpy().max()), LOG2 * 0.8]
)
def test_what_two_bases_explain_is_refused(frame):
    with pytest.raises(InputError, match="base of the logarithm"):
        scale_of(frame)


@pytest.mark.parametrize("make", [np.log2, np.log])
def test_logarithms_of_raw_counts_are_refused_and_can_be_said(make):
    frame = make(COUNTS + 1.0)
    with pytest.raises(InputError, match="raw counts need a correction"):
        scale_of(frame)
    assert read_expression(frame, ReadOptions(scale="log2")).scale == "log2"


def test_zeros_far_below_every_level_are_refused():
    holes = LOG2.mask(np.random.default_rng(1).uniform(size=LOG2.shape) < 0.02, 0.0)
    with pytest.raises(InputError, match="zeros may be levels"):
        scale_of(holes)
    assert scale_of(holes.replace(0.0, np.nan)) == "log2"


@pytest.mark.parametrize("name", ["rRNA", "Undetermined", "chrM", "EBV", "rest", "Mitochondria"])
def test_rows_of_a_middling_share_that_are_no_genes_never_change_a_level(name):
    share = np.random.default_rng(2).uniform(0.02, 0.25, 20)
    frame = pd.concat([COUNTS, pd.DataFrame([(COUNTS.sum() * share).round()], index=[name])])
    clean = read_expression(COUNTS, ReadOptions(scale="counts")).values
    if name in ("rRNA", "Undetermined", "rest"):
        pd.testing.assert_frame_equal(read_expression(frame).values, clean, check_names=False)
        return
    with pytest.raises(InputError, match=f"'{name}' holds"):
        read_expression(frame)
    left_out = read_expression(frame, ReadOptions(set_aside=(name,))).values
    pd.testing.assert_frame_equal(left_out, clean, check_names=False)


@pytest.mark.parametrize("name", ["NTC", "Pool", "REF", "calibrator_2"])
def test_controls_among_samples_are_a_question(name):
    with pytest.raises(InputError, match="control or pool"):
        scale_of(LOG2.assign(**{name: LOG2.mean(axis=1) + 0.3}))
    assert scale_of(LOG2.drop(columns="PT_9").rename(columns={"PT_8": "sample_8"})) == "log2"

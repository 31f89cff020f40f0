"""The information that random sizes of strata leave, from cases counted by hand and from drawn allocations."""

import numpy as np
import pytest

from ifntrial.statistics.random_allocation import expected_information
from ifntrial.statistics.replicates import Allocation

HALVES = Allocation(4, 2)


def information(share, known=(1.0, 1.0), patients=20, blocks=HALVES):
    return expected_information(
        np.array(share),
        *(np.full(len(share), each) for each in known),
        n_active=patients * blocks.active_per_block / blocks.block_size,
        n_control=patients * (1 - blocks.active_per_block / blocks.block_size),
        blocks=blocks,
    )


def test_one_stratum_of_whole_blocks_is_what_it_is():
    found = information([1.0])
    assert found.mean == pytest.approx([5.0])  # 10 times 10 over 20
    assert (found.variance, found.strata) == pytest.approx((0.0, 1.0))


def test_a_begun_block_splits_unevenly():
    # three of a block of two and two: two to one, whichever way
    assert information([1.0], patients=3).mean == pytest.approx([2 / 3])
    # two of them: one to one in four of six orders
    assert information([1.0], patients=2).mean == pytest.approx([4 / 6 * 0.5])


def test_two_patients_in_two_strata():
    # both in one stratum with chance a half, on different arms in two thirds of these: half a patient, or nothing
    found = information([0.5, 0.5], patients=2)
    assert found.mean == pytest.approx([1 / 12, 1 / 12])
    assert found.strata == pytest.approx(1.5)


@pytest.mark.parametrize(
    ("share", "known", "patients", "blocks"),
    [
        ([0.1, 0.2, 0.3, 0.4], (0.9, 0.8), 30, HALVES),
        ([0.05] * 4 + [0.2] * 4, (0.95, 0.95), 30, Allocation(6, 4)),
        ([0.5, 0.5], (1.0, 1.0), 120, HALVES),
    ],
)
def test_drawn_allocations_have_it(share, known, patients, blocks):
    draw, trials = np.random.default_rng(3), 40_000
    sizes = draw.multinomial(patients, share, size=trials)
    full, begun = np.divmod(sizes, blocks.block_size)
    last = draw.hypergeometric(blocks.active_per_block, blocks.block_size - blocks.active_per_block, begun)
    active = full * blocks.active_per_block + last
    own, other = draw.binomial(active, known[0]), draw.binomial(sizes - active, known[1])
    seen = own * other / np.maximum(own + other, 1)
    found = information(share, known, patients, blocks)
    assert found.mean.sum() == pytest.approx(seen.sum(axis=1).mean(), rel=0.02)
    assert found.strata == pytest.approx((own + other > 0).sum(axis=1).mean(), rel=0.01)
    assert np.sqrt(found.variance) == pytest.approx(seen.sum(axis=1).std(), rel=0.2)


def test_blocks_that_are_not_told_are_balanced():
    found = expected_information(
        np.array([0.5, 0.5]), np.ones(2), np.ones(2), n_active=10.5, n_control=10.5, blocks=None
    )
    assert found.mean == pytest.approx([10.5 / 4, 10.5 / 4])
    # what one stratum has more, the other has less
    assert found.variance == pytest.approx(0.0, abs=1e-9)

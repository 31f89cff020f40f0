"""Randomization in permuted blocks within strata."""

from collections.abc import Sequence

import numpy as np

from ifntrial.arrays import BoolArray, IntArray
from ifntrial.errors import InputError
from ifntrial.seeds import Stream


def randomize(
    stratum: IntArray, *, block_size: int, active_per_block: int, seed: int, trial: int = 0
) -> BoolArray:
    """Return who gets active, shape (subjects,).

    Parameters
    ----------
    stratum
        Number of the stratum of each subject, in the order of enrolment, shape (subjects,).
    block_size, active_per_block
        Every full block of a stratum holds exactly this many active subjects.
    seed, trial
        Of the lists; a later subject never changes an earlier one.

    Raises
    ------
    InputError
        If a block cannot hold both arms.
    """
    if not 0 < active_per_block < block_size:
        raise InputError(
            "a block cannot hold both arms",
            given=f"{active_per_block} active of {block_size}",
            allowed="at least one active and one control in a block",
            fix="use blocks of 4 with 2 active for 1:1",
        )
    is_active: BoolArray = (
        randomize_arms(
            stratum,
            (active_per_block, block_size - active_per_block),
            block_size=block_size,
            seed=seed,
            trial=trial,
        )
        == 0
    )
    return is_active


def randomize_arms(
    stratum: IntArray, allocation: Sequence[int], *, block_size: int, seed: int, trial: int = 0
) -> IntArray:
    """Return the place of each subject's arm in ``allocation``, shape (subjects,).

    Parameters
    ----------
    allocation
        Shares of the arms; a block holds a whole multiple of their sum.
    stratum, block_size, seed, trial
        As in ``randomize``.

    Raises
    ------
    InputError
        If the block size is no multiple of the sum of the shares.
    """
    total = sum(allocation)
    if block_size % total:
        raise InputError(
            "a block does not hold all arms in their shares",
            given=f"blocks of {block_size}, shares {list(allocation)}",
            allowed=f"a multiple of {total}",
            fix="change the block size",
        )
    ends = np.cumsum(allocation) * (block_size // total)
    arm = np.zeros(len(stratum), dtype=np.int64)
    stream = Stream(seed, "randomization list")
    for code in np.unique(stratum):
        members = np.flatnonzero(stratum == code)
        blocks = -(-len(members) // block_size)
        uniform = stream.uniform(blocks * block_size, world=trial, draw=int(code)).reshape(blocks, block_size)
        place = uniform.argsort(axis=1, kind="stable").argsort(axis=1, kind="stable")
        arm[members] = np.searchsorted(ends, place, side="right").ravel()[: len(members)]
    return arm

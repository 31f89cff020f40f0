"""Random numbers that belong to a purpose and a subject, not to the order of calls.

Counter-based (Philox): the key is a hash of the seed and the purpose, the counter is (subject, draw, visit, world).
A subject's number is the same in every arm, for any number of workers, and does not change when more subjects,
visits or worlds are added.
"""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from threading import local

import numpy as np
from scipy.special import ndtri

from ifntrial.arrays import FloatArray, UnsignedArray

_NUMBERS_PER_BLOCK = 4
_TO_UNIT = 2.0**-53
_NOTHING_BUFFERED = np.zeros(_NUMBERS_PER_BLOCK, dtype=np.uint64)
_NOTHING_BUFFERED.setflags(write=False)


def seed_of_its_own(seed: int, purpose: str, bits: int = 48) -> int:
    """Return a seed for what draws numbers by a seed itself: a library, or a run within the run.

    Parameters
    ----------
    seed
        The run's seed.
    purpose
        What the numbers are for.
    bits
        How large it may be, whole bytes.
    """
    return int.from_bytes(_digest(seed, purpose)[: bits // 8], "big")


def _digest(seed: int, purpose: str) -> bytes:
    return sha256(f"{seed}\x1f{purpose}".encode()).digest()


@dataclass(frozen=True, slots=True)
class Stream:
    """The random numbers of one purpose under one seed.

    Parameters
    ----------
    seed
        The run's seed, a non-negative integer.
    purpose
        What the numbers are for, e.g. ``"body weight"``; two purposes never share numbers.
    """

    seed: int
    purpose: str

    def uniform(
        self, subjects: int, *, world: int = 0, visit: int = 0, draw: int = 0, first: int = 0
    ) -> FloatArray:
        """Return one number in (0, 1) per subject ``first .. first + subjects - 1``, shape (subjects,)."""
        block, skipped = divmod(first, _NUMBERS_PER_BLOCK)
        raw = _raw(_key(self.seed, self.purpose), (block, draw, visit, world), subjects + skipped)[skipped:]
        return ((raw >> np.uint64(11)).astype(np.float64) + 0.5) * _TO_UNIT

    def normal(
        self, subjects: int, *, world: int = 0, visit: int = 0, draw: int = 0, first: int = 0
    ) -> FloatArray:
        """Return one standard normal number per subject by inverse distribution function, shape (subjects,)."""
        return ndtri(self.uniform(subjects, world=world, visit=visit, draw=draw, first=first))


@lru_cache(maxsize=1024)
def _key(seed: int, purpose: str) -> tuple[int, int]:
    digest = _digest(seed, purpose)
    return int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:16], "little")


class _Generators(local):
    """A generator for each thread: setting it to another key and counter takes a quarter of making another."""

    def __init__(self) -> None:
        self.philox = np.random.Philox(key=0)


_GENERATORS = _Generators()


def _raw(key: tuple[int, int], counter: tuple[int, int, int, int], count: int) -> UnsignedArray:
    philox = _GENERATORS.philox
    philox.state = {
        "bit_generator": "Philox",
        "state": {"counter": np.array(counter, dtype=np.uint64), "key": np.array(key, dtype=np.uint64)},
        "buffer": _NOTHING_BUFFERED,
        "buffer_pos": _NUMBERS_PER_BLOCK,
        "has_uint32": 0,
        "uinteger": 0,
    }
    return philox.random_raw(count)

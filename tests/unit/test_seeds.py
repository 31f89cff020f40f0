"""Random numbers belong to a purpose and a subject: nothing that is added changes anyone who was there."""

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kstest

from ifntrial.seeds import Stream, seed_of_its_own

SEEDS = st.integers(0, 2**63 - 1)
FEW = settings(max_examples=settings.default.max_examples // 2)


@FEW
@given(seed=SEEDS, few=st.integers(1, 30), more=st.integers(0, 30))
def test_more_subjects_keep_the_first(seed, few, more):
    stream = Stream(seed, "weight")
    assert np.array_equal(stream.uniform(few + more)[:few], stream.uniform(few))


@FEW
@given(seed=SEEDS, first=st.integers(0, 1000), count=st.integers(1, 20))
def test_a_block_in_the_middle_is_the_same_as_in_the_whole(seed, first, count):
    stream = Stream(seed, "weight")
    assert np.array_equal(stream.uniform(count, first=first), stream.uniform(first + count)[first:])


@FEW
@given(
    seed=SEEDS,
    one=st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)),
    other=st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)),
)
def test_worlds_visits_and_draws_have_their_own_numbers(seed, one, other):
    stream = Stream(seed, "reading")

    def numbers(key):
        world, visit, draw = key
        return stream.uniform(8, world=world, visit=visit, draw=draw)

    assert np.array_equal(numbers(one), numbers(other)) == (one == other)
    if one != other:
        assert not np.intersect1d(numbers(one), numbers(other)).size


def test_purposes_and_seeds_have_their_own_numbers():
    streams = [Stream(seed, purpose) for seed in (1, 2, 11) for purpose in ("a", "b", "1a")]
    drawn = np.concatenate([stream.uniform(1000) for stream in streams])
    assert len(np.unique(drawn)) == len(drawn)


PINNED = [0.6937450220236079, 0.2584296337939686, 0.5454393154384682, 0.9107370933326013]


def test_numbers_are_pinned():
    """Philox by its published definition in NumPy: a change of these four numbers changes every result."""
    assert Stream(7, "body weight").uniform(4) == pytest.approx(PINNED, abs=0)


def test_numbers_are_uniform_and_normal():
    stream = Stream(3, "distribution")
    assert kstest(stream.uniform(20_000), "uniform").pvalue > 1e-3
    assert kstest(stream.normal(20_000), "norm").pvalue > 1e-3
    across_worlds = np.array([stream.uniform(1, world=world)[0] for world in range(2000)])
    assert kstest(across_worlds, "uniform").pvalue > 1e-3
    assert abs(np.corrcoef(stream.normal(20_000), stream.normal(20_000, world=1))[0, 1]) < 0.04


def test_no_number_is_zero_or_one_so_that_quantiles_are_finite():
    numbers = Stream(5, "open interval").uniform(200_000)
    assert 0 < numbers.min() < numbers.max() < 1
    assert np.isfinite(Stream(5, "open interval").normal(200_000)).all()


def test_a_seed_of_its_own_belongs_to_seed_and_purpose():
    # printf '5\x1fpanel 3' | sha256sum
    assert seed_of_its_own(5, "panel 3") == 0x6FC1886CD9C3
    assert seed_of_its_own(5, "panel 3", bits=32) == 0x6FC1886C
    assert (
        len({seed_of_its_own(5, "panel 4"), seed_of_its_own(6, "panel 3"), seed_of_its_own(5, "panel 3")})
        == 3
    )


@FEW
@given(
    seed=SEEDS,
    draw=st.integers(0, 5),
    visit=st.integers(0, 5),
    world=st.integers(0, 5),
    first=st.integers(0, 9),
)
def test_numbers_are_those_of_a_fresh_philox_generator(seed, draw, visit, world, first):
    """Key from the hash of seed and purpose, counter from place, draw, visit and world; between two others' numbers."""
    Stream(seed + 1, "other").uniform(3)
    found = Stream(seed, "weight").uniform(7, world=world, visit=visit, draw=draw, first=first)
    key = np.frombuffer(sha256(f"{seed}\x1fweight".encode()).digest()[:16], dtype=np.uint64)
    counter = np.array([first // 4, draw, visit, world], dtype=np.uint64)
    raw = np.random.Philox(key=key, counter=counter).random_raw(7 + first % 4)[first % 4 :]
    assert np.array_equal(found, ((raw >> np.uint64(11)) + 0.5) / 2.0**53)


def test_threads_do_not_disturb_each_other():
    asked = [(seed, draw) for seed in range(8) for draw in range(50)]
    alone = [Stream(seed, "a").uniform(40, draw=draw) for seed, draw in asked]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda each: Stream(each[0], "a").uniform(40, draw=each[1]), asked))
    assert np.array_equal(alone, together)

"""Numbers put aside come back as they were, from a file that nobody sees."""

import tracemalloc

import numpy as np
import pytest

from ifntrial.errors import FileError
from ifntrial.studies.aside import put_aside


def test_numbers_come_back_world_by_world_and_nothing_is_left(tmp_path):
    worlds = [np.arange(6.0).reshape(2, 3) + 10 * world for world in range(4)]
    with put_aside(tmp_path, np.float32) as aside:
        for world in worlds:
            aside.add(world)
        found = aside.total()
        assert list(tmp_path.iterdir()) == []
    assert found.shape == (4, 2, 3)
    assert np.array_equal(found, np.array(worlds, dtype=np.float32))
    with pytest.raises(ValueError, match="read-only"):
        found[0, 0, 0] = 1.0


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_numbers_keep_the_precision_asked_for(tmp_path, kind):
    with put_aside(tmp_path, kind) as aside:
        aside.add(np.array([1 / 3]))
        found = aside.total()
    assert found.dtype == kind
    assert found[0, 0] == kind(1 / 3)


def test_numbers_of_another_shape_are_refused(tmp_path):
    with put_aside(tmp_path, np.float64) as aside:
        aside.add(np.zeros(3))
        with pytest.raises(ValueError, match=r"shape \(3,\), this one \(2,\)"):
            aside.add(np.zeros(2))


def test_more_worlds_take_no_more_memory(tmp_path):
    def measured(worlds: int) -> int:
        tracemalloc.start()
        with put_aside(tmp_path, np.float32) as aside:
            for world in range(worlds):
                aside.add(np.full(1000, world, np.float32))
            found = aside.total()
        assert found[-1, 0] == worlds - 1
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    measured(10)
    assert measured(1000) < measured(10) + 100_000


def test_a_folder_without_room_is_one_message(tmp_path):
    with pytest.raises(FileError, match="cannot be put aside"), put_aside(tmp_path / "absent", np.float32):
        pass

"""A disk that is full, or a quota that is used up: one message, and the same command goes on when there is room."""

import errno
import os
import resource
import subprocess
from contextlib import contextmanager

import pytest

from ifntrial.errors import FileError
from ifntrial.studies.executors import Here, Part
from ifntrial.studies.part_done import PartDoneError
from interruption.kill_cluster import contents, done

WHO = {"one process": Here(1), "two processes": Here(2), "a part": Part(2, 3, 1)}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("undisturbed")
    done(folder, 1)
    return contents(folder)


@contextmanager
def no_file_longer_than(length):
    """Stand in for a quota: a file of this process, or of one that it starts, holds so many bytes [B]."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (length, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def go_on(folder, who):
    """Give the same again; the part of several, and then the others."""
    if isinstance(who, Part):
        for number in (who.number, 1, 3):
            with pytest.raises(PartDoneError):
                done(folder, Part(number, who.parts, 1))
    done(folder, 1)


@pytest.mark.parametrize("who", WHO.values(), ids=WHO)
def test_a_quota_that_is_used_up_is_one_message(tmp_path, whole, who):
    longest = max(map(len, whole.values()))
    with (
        no_file_longer_than(longest // 2),
        pytest.raises(FileError, match=rf"cannot be written: {os.strerror(errno.EFBIG)}.*make room"),
    ):
        done(tmp_path, who)
    assert not [path for path in (tmp_path / "blocks").iterdir() if path.suffix != ".parquet"]
    go_on(tmp_path, who)
    assert contents(tmp_path) == whole


@pytest.fixture
def small_disk(tmp_path):
    """Mount a disk of few pages; return its folder and what makes it larger."""
    folder = tmp_path / "small"
    folder.mkdir()
    asked = ["mount", "-t", "tmpfs", "-o", "size=40k", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(asked, capture_output=True, check=False)
    except OSError:
        pytest.skip("there is no mount")
    if mounted.returncode:
        pytest.skip("no disk may be mounted here")
    try:
        yield folder, lambda: subprocess.run(["mount", "-o", "remount,size=4m", str(folder)], check=True)
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("who", WHO.values(), ids=WHO)
def test_a_full_disk_is_one_message_and_what_is_done_is_kept(small_disk, whole, who):
    folder, enlarge = small_disk
    with pytest.raises(FileError, match=rf"{os.strerror(errno.ENOSPC)}.*make room"):
        done(folder, who)
    kept = contents(folder)
    assert 0 < len(kept) < len(whole)
    assert kept.items() <= whole.items()
    enlarge()
    go_on(folder, who)
    assert contents(folder) == whole

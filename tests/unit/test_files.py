"""Files that are whole or absent, and folders for one process at a time."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from ifntrial.errors import FileError, RunError
from ifntrial.files import held, write_whole

ANOTHER = """
import sys
from pathlib import Path
from ifntrial.files import held
with held(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_file_is_replaced_whole_and_nothing_else_is_left(tmp_path):
    path = tmp_path / "a.json"
    write_whole(path, b"one")
    write_whole(path, "zwölf")
    assert path.read_bytes() == b"zw\xc3\xb6lf"
    assert os.listdir(tmp_path) == ["a.json"]


def test_whoever_may_read_new_files_may_read_this_one(tmp_path):
    other = tmp_path / "other"
    other.touch()
    write_whole(tmp_path / "a", "")
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == stat.S_IMODE(other.stat().st_mode)


def test_links_and_pipes_are_written_through(tmp_path):
    target, link = tmp_path / "target", tmp_path / "link"
    target.touch()
    link.symlink_to(target)
    write_whole(link, "through")
    assert (link.is_symlink(), target.read_text()) == (True, "through")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_whole(pipe, "through")
    assert os.read(reader, 100) == b"through"
    os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_folder_in_the_place_of_a_file_is_one_message(tmp_path):
    (tmp_path / "a.json").mkdir()
    with pytest.raises(FileError, match=r"a\.json cannot be written: Is a directory"):
        write_whole(tmp_path / "a.json", "")


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_file_that_cannot_be_finished_leaves_what_was_there(tmp_path, monkeypatch, error):
    path = tmp_path / "a.json"
    path.write_text("before")

    def fail(number):
        del number
        assert (tmp_path / "a.json").read_text() == "before"
        assert len(os.listdir(tmp_path)) == 2
        raise error

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises((FileError, KeyboardInterrupt)) as told:
        write_whole(path, "after")
    if isinstance(error, OSError):
        assert str(told.value) == (
            f"{path} cannot be written: No space left on device. To do: make room or choose another place, then give "
            "the same command again."
        )
    assert path.read_text() == "before"
    assert os.listdir(tmp_path) == ["a.json"]


def test_a_folder_is_held_by_one_process_until_its_end(tmp_path):
    other = subprocess.Popen(
        [sys.executable, "-c", ANOTHER, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(RunError) as told, held(tmp_path):
            pass
        assert str(told.value) == (
            f"another process works in this folder. Given: {tmp_path}. To do: wait until it has ended, or choose "
            "another --out."
        )
    finally:
        other.send_signal(signal.SIGKILL)
        other.communicate()
    with held(tmp_path):
        pass


def test_only_what_a_killed_write_left_is_removed(tmp_path):
    (tmp_path / "worlds").mkdir()
    left = [Path(f"a.json.{'0f' * 16}.partial"), Path(f"worlds/b.{'a1' * 16}.partial")]
    kept = [Path("film.partial"), Path("worlds/b.json"), Path("worlds/b.123.partial")]
    for name in (*left, *kept):
        (tmp_path / name).touch()
    with held(tmp_path):
        found = {path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()}
        assert found == {*kept, Path(".lock")}

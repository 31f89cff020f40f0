"""A run's folder: one plan, only what is absent is done, another run or a damaged file is refused."""

from functools import partial

import pytest

from ifntrial.errors import RunError
from ifntrial.studies.runs import claimed, do_absent


def contents(folder):
    return {path.name: path.read_text() for path in folder.rglob("*") if path.is_file()}


def make(folder, place):
    (folder / f"{place}.txt").write_text(str(place * place))


def test_only_what_is_absent_is_done_and_reported(tmp_path):
    (tmp_path / "1.txt").write_text("kept")
    reported = []
    paths = [tmp_path / f"{place}.txt" for place in range(4)]
    do_absent(partial(make, tmp_path), paths, 1, lambda done, total: reported.append((done, total)))
    assert contents(tmp_path) == {"0.txt": "0", "1.txt": "kept", "2.txt": "4", "3.txt": "9"}
    assert reported == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_folder_has_one_plan(tmp_path):
    folder = tmp_path / "run"
    for _ in range(2):
        with claimed(folder, "größer", ("worlds",)):
            assert (folder / "worlds").is_dir()
    before = contents(folder)
    assert before == {".lock": "", "plan.json": "größer"}
    with pytest.raises(RunError, match="the folder holds another run"), claimed(folder, "other", ("more",)):
        pass
    assert contents(folder) == before
    assert not (folder / "more").exists()


def test_a_plan_that_is_no_text_is_another_run(tmp_path):
    (tmp_path / "plan.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RunError, match="the folder holds another run"), claimed(tmp_path, "{}", ()):
        pass


def test_two_runs_at_once_in_one_folder_are_refused(tmp_path):
    with (
        claimed(tmp_path, "{}", ()),
        pytest.raises(RunError, match="another process works in this folder"),
        claimed(tmp_path, "{}", ()),
    ):
        pass
    with claimed(tmp_path, "{}", ()):
        pass

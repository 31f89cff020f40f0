"""A run's folder: one plan, only absent blocks are done, other runs and those of older versions are refused."""

from dataclasses import dataclass
from functools import partial

import pandas as pd
import pytest

from ifntrial.errors import InputError, RunError
from ifntrial.studies.fill_in import do_absent
from ifntrial.studies.plans import claimed, plan_text, refuse_older, run_name
from ifntrial.studies.runs import WorldRow, WorldRun, each_world, worlds_at_once
from shipped import CATALOG


@dataclass(frozen=True)
class Square:
    square: float


def run_in(folder, worlds=7, at_once=2) -> WorldRun[Square]:
    return WorldRun(folder, "plan", worlds, at_once, Square)


def square_of(world: int) -> Square:
    if world == 3:
        raise InputError("three is odd")
    return Square(world**2 / 3)


def do(run, block, simulate=square_of):
    run.write(block, each_world(simulate, block))


def done(run, simulate=square_of, workers=1):
    """Do what is absent and return what was reported."""
    reported = []
    with claimed(run.folder, run.plan, ("blocks",)):
        do_absent(run, partial(do, run, simulate=simulate), workers, lambda *told: reported.append(told))
    return reported


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_world_has_a_row_in_order_with_its_status(tmp_path):
    run = run_in(tmp_path)
    done(run)
    rows = list(run.rows())
    assert [row.place for row in rows] == [0, 1, 2, 3, 4, 5, 6]
    assert [row.record for row in rows] == [
        None if world == 3 else Square(world**2 / 3) for world in range(7)
    ]
    assert [row.reason for row in rows] == ["three is odd." if world == 3 else "" for world in range(7)]
    table = pd.read_parquet(tmp_path / "blocks" / "block=000001.parquet")
    assert table["place"].tolist() == [2, 3]
    assert table["status"].tolist() == ["done", "failed"]


def test_records_end_with_an_error_that_names_the_failed_worlds(tmp_path):
    run = run_in(tmp_path)
    done(run)
    read = []
    with pytest.raises(RunError, match="1 of 7 worlds could not be simulated") as told:
        read.extend(place for place, _ in run.records())
    assert read == [0, 1, 2, 4, 5, 6]
    assert told.value.problems == ("world 3: three is odd.",)


def test_only_absent_blocks_are_done_and_worlds_are_reported(tmp_path):
    run = run_in(tmp_path)
    assert done(run) == [(0, 7), (2, 7), (4, 7), (6, 7), (7, 7)]
    whole = contents(tmp_path)
    run.path(run.blocks[0]).unlink()
    run.path(run.blocks[3]).unlink()
    assert done(run) == [(4, 7), (6, 7), (7, 7)]
    assert contents(tmp_path) == whole
    assert done(run, simulate=None) == [(7, 7)]


def test_workers_get_the_task_and_change_no_byte(tmp_path):
    one, two = run_in(tmp_path / "one"), run_in(tmp_path / "two")
    done(one)
    assert sorted(done(two, workers=2))[-1] == (7, 7)
    assert contents(two.folder) == contents(one.folder)


@pytest.mark.parametrize(
    "change", ["truncate", "another block", "another run", "another kind", "remove", "empty"]
)
def test_a_block_that_is_not_what_was_written_is_named(tmp_path, change):
    run = run_in(tmp_path)
    done(run)
    path, content = run.path(run.blocks[1]), run.path(run.blocks[1]).read_bytes()
    other = WorldRun(tmp_path / "other", "another plan", 7, 2, Square)
    done(other)
    beside = WorldRun(tmp_path / "beside", "plan", 7, 2, Square, "squares")
    with claimed(beside.folder, beside.plan, ("squares",)):
        do(beside, beside.blocks[1])
    new = {
        "truncate": content[:-40],
        "another block": run.path(run.blocks[0]).read_bytes(),
        "another run": other.path(other.blocks[1]).read_bytes(),
        "another kind": beside.path(beside.blocks[1]).read_bytes(),
        "empty": b"",
    }
    path.unlink() if change == "remove" else path.write_bytes(new[change])
    with pytest.raises(RunError, match="block 1 of this run cannot be read") as told:
        list(run.rows())
    assert str(path) in str(told.value)
    assert "remove that file and give the same command again" in str(told.value)


def test_a_block_with_any_altered_byte_is_named(tmp_path):
    run = run_in(tmp_path)
    done(run)
    path, content = run.path(run.blocks[0]), run.path(run.blocks[0]).read_bytes()
    for place in range(0, len(content), 23):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(RunError, match="block 0 of this run cannot be read"):
            next(run.rows())


def test_a_footer_says_what_a_block_holds(tmp_path):
    from hashlib import sha256

    from pyarrow import parquet

    run = run_in(tmp_path)
    done(run)
    path = run.path(run.blocks[1])
    said = parquet.read_metadata(path).metadata
    content = path.read_bytes().replace(said[b"sha256"], b"0" * 64)
    told = {name.decode(): text.decode() for name, text in said.items() if name != b"ARROW:schema"}
    assert told == {
        "run": sha256(b"plan").hexdigest(),
        "kind": "blocks",
        "block": "1",
        "first_world": "2",
        "last_world": "3",
        "rows": "2",
        "sha256": sha256(content).hexdigest(),
    }


def test_rows_are_read_one_block_at_a_time(tmp_path):
    run = run_in(tmp_path)
    done(run)
    run.path(run.blocks[2]).unlink()
    rows = run.rows()
    assert [next(rows).place for _ in range(4)] == [0, 1, 2, 3]
    with pytest.raises(RunError, match="block 2"):
        next(rows)


@pytest.mark.parametrize(
    ("worlds", "subjects", "expected"),
    [(6, 20, 1), (256, 200, 1), (257, 200, 2), (20_000, 200, 16), (20_000, 5_000, 4), (20_000, 20_000, 1)],
)
def test_blocks_are_small_so_that_a_stop_is_soon(worlds, subjects, expected):
    assert worlds_at_once(worlds, subjects) == expected


def test_no_world_is_dropped(tmp_path):
    run = run_in(tmp_path)
    with claimed(run.folder, run.plan, ("blocks",)), pytest.raises(ValueError, match="one row"):
        run.write(run.blocks[0], [WorldRow(1, Square(1.0))])
    assert not run.path(run.blocks[0]).exists()


def test_a_failure_of_the_program_itself_is_no_row(tmp_path):
    def broken(world):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        done(run_in(tmp_path), simulate=broken)
    assert WorldRow(1, None, "why").record is None


def test_a_folder_has_one_plan(tmp_path):
    folder = tmp_path / "run"
    for _ in range(2):
        with claimed(folder, "größer", ("blocks",)):
            assert (folder / "blocks").is_dir()
    before = contents(folder)
    assert before == {".lock": b"", "plan.json": "größer".encode()}
    said = r"the folder holds another run\. Given: .*run, whose plan says größer, not other\."
    with pytest.raises(RunError, match=said), claimed(folder, "other", ("more",)):
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


@pytest.mark.parametrize(
    "name", ["worlds/world=0000.json", "responses/world=0003.npz", "blocks/block=000001.npz"]
)
def test_a_run_of_an_older_version_is_refused_by_the_name_of_its_file(tmp_path, name):
    path = tmp_path / name
    path.parent.mkdir()
    path.write_bytes(b"")
    for claim in (lambda: claimed(tmp_path, "plan", ()).__enter__(), lambda: refuse_older(tmp_path)):
        with pytest.raises(RunError, match="a run of an older ifntrial") as told:
            claim()
        assert str(path) in str(told.value)
        assert "choose another --out" in str(told.value)


def test_a_plan_is_told_whole_and_names_the_run():
    text = plan_text(Square(0.5), CATALOG, 70, 4, calibration="abc")
    for part in (
        '"square": 0.5',
        '"worlds_in_all": 70',
        '"worlds_in_a_block": 4',
        '"calibration": "abc"',
        '"model_version"',
        f'"catalog": "{CATALOG.fingerprint}"',
    ):
        assert part in text
    assert run_name("daisy", text) == run_name("daisy", text) != run_name("daisy", text + " ")
    assert run_name("daisy", text).startswith("daisy-")

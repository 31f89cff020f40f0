"""How far a run is, by hand: twelve blocks of two worlds, of which some are there."""

import json
import os
from dataclasses import dataclass
from functools import partial

import pytest

from ifntrial.errors import FileError, InputError
from ifntrial.studies.executors import Part
from ifntrial.studies.fill_in import do_absent
from ifntrial.studies.part_done import PartDoneError
from ifntrial.studies.plans import claimed
from ifntrial.studies.runs import WorldRun, each_world
from ifntrial.studies.status.study import run_status

NOW = 1_800_000_000.0
PLAN = json.dumps({"worlds_in_all": 24, "worlds_in_a_block": 2})


@dataclass(frozen=True)
class Half:
    half: float


def half_of(world: int) -> Half:
    if world in (4, 5, 17):
        raise InputError("no half")
    return Half(world / 2)


def do(run, block):
    run.write(block, each_world(half_of, block))


@pytest.fixture
def folder(tmp_path):
    """A run of which the first of three parts is done."""
    run = WorldRun(tmp_path, PLAN, 24, 2, Half)
    with claimed(tmp_path, run.plan, ("blocks",)), pytest.raises(PartDoneError):
        do_absent(run, partial(do, run), Part(1, 3, 1), lambda done, total: None)
    return tmp_path


def note(folder, name, **content):
    path = folder / ".run" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))


def sign(folder, name, *, began, seen, done):
    about = {"host": name, "process": 7, "part": "2/3", "workers": 4, "kind": "blocks", "todo": 4}
    note(folder, f"at_work/{name}.json", began=began, seen=seen, done=done, **about)


def written(folder, seconds):
    for path in (folder / "blocks").iterdir():
        os.utime(path, (seconds, seconds))


def test_blocks_and_failed_worlds_are_counted(folder):
    found = run_status(folder, NOW)
    (stage,) = found.stages
    # blocks 0, 3, 6 and 9: worlds 0, 1, 6, 7, 12, 13, 18, 19, of which none fails
    assert (stage.blocks, stage.blocks_done, stage.blocks_lost) == (12, 4, 0)
    assert (stage.worlds, stage.worlds_done, stage.worlds_failed) == (24, 8, 0)
    assert (found.state, found.blocks_per_hour, found.seconds_left) == ("stopped", None, None)


def test_failed_worlds_are_told_apart_within_a_block(folder):
    run = WorldRun(folder, PLAN, 24, 2, Half)
    do(run, run.blocks[2])  # worlds 4 and 5 fail
    do(run, run.blocks[8])  # of 16 and 17 one
    assert run_status(folder, NOW).stages[0].worlds_failed == 3


def test_the_time_left_by_hand(folder):
    written(folder, NOW - 60)
    sign(folder, "one", began=NOW - 200, seen=NOW - 10, done=3)
    sign(folder, "two", began=NOW - 100, seen=NOW - 20, done=1)
    found = run_status(folder, NOW)
    # four blocks in the 200 s since the first began: 72 an hour; eight are absent
    assert found.state == "at work"
    assert found.blocks_per_hour == pytest.approx(72.0)
    assert found.seconds_left == pytest.approx(400.0)


def test_who_gives_no_sign_is_silent(folder):
    # a block in 10 s: silent after 100 s; one in 3 s: after a minute
    sign(folder, "slow", began=NOW - 119, seen=NOW - 99, done=2)
    sign(folder, "gone", began=NOW - 121, seen=NOW - 101, done=2)
    sign(folder, "quick", began=NOW - 67, seen=NOW - 61, done=2)
    found = run_status(folder, NOW)
    assert [each.host for each in found.at_work] == ["slow"]
    assert [each.host for each in found.silent] == ["gone", "quick"]


def test_a_lost_block_is_named_until_it_is_there(folder):
    lost = {"kind": "blocks", "first_world": 2, "last_world": 3, "tries": 3, "reason": "killed"}
    note(folder, "lost/one.json", block=1, **lost)
    note(folder, "lost/three.json", block=3, **lost)  # is there
    found = run_status(folder, NOW)
    assert [each.block for each in found.lost] == [1]
    assert found.stages[0].blocks_lost == 1


def test_a_run_whose_blocks_are_all_there_is_complete_and_with_a_result_finished(folder):
    run = WorldRun(folder, PLAN, 24, 2, Half)
    with claimed(folder, run.plan, ("blocks",)):
        do_absent(run, partial(do, run), 1, lambda done, total: None)
    assert run_status(folder, NOW).state == "complete"
    (folder / "manifest.json").write_text('{"kind": "forecast"}')
    assert run_status(folder, NOW).state == "finished"


def test_without_notes_the_plan_tells(folder):
    (folder / ".run" / "stages" / "blocks.json").unlink()
    assert run_status(folder, NOW).stages[0].blocks == 12


def test_what_is_no_run(tmp_path):
    with pytest.raises(FileError, match="is not the folder of a run"):
        run_status(tmp_path)
    (tmp_path / "plan.json").write_text("[]")
    with pytest.raises(FileError, match="cannot be read"):
        run_status(tmp_path)

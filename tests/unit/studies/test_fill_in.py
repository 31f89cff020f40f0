"""Who does the blocks of a run changes no byte: all at once, parts in any order and twice, or nobody any more."""

import json
import random
from dataclasses import dataclass
from functools import partial

import pytest

from ifntrial.errors import InputError, RunError
from ifntrial.studies.access import Access
from ifntrial.studies.executors import Here, Nobody, Part, executor_of, read_part
from ifntrial.studies.fill_in import do_absent
from ifntrial.studies.part_done import PartDoneError
from ifntrial.studies.plans import claimed
from ifntrial.studies.run_notes import at_work_in, lost_in, stages_of
from ifntrial.studies.runs import WorldRun, each_world
from ifntrial.studies.worker_processes import Failure

WORLDS, AT_ONCE = 23, 2


@dataclass(frozen=True)
class Root:
    root: float


def run_in(folder) -> WorldRun[Root]:
    return WorldRun(folder, "plan", WORLDS, AT_ONCE, Root)


def root_of(world: int) -> Root:
    if world == 5:
        raise InputError("five has none")
    return Root(world**0.5 / 3)


def do(run, block):
    run.write(block, each_world(root_of, block))


def done(folder, workers, **asked):
    """Do what is absent; return what was reported and where the run goes on."""
    run, told = run_in(folder), []
    with claimed(folder, run.plan, ("blocks",), executor_of(workers).access):
        there = do_absent(run, partial(do, run), workers, lambda *each: told.append(each), **asked)
    return told, there


def do_part(folder, number, parts):
    with pytest.raises(PartDoneError) as ended:
        done(folder, Part(number, parts, 1))
    return ended.value


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.fixture
def whole(tmp_path):
    done(tmp_path / "whole", 1)
    return contents(tmp_path / "whole")


# --- parts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_eight_parts_in_any_order_and_twice_give_the_bytes_of_one_process(tmp_path, whole, seed):
    folder, order = tmp_path / "parts", [*range(1, 9), *range(1, 9)]
    random.Random(seed).shuffle(order)
    for number in order:
        do_part(folder, number, 8)
    assert contents(folder) == whole


def test_a_part_does_every_so_many_th_block_and_tells_of_its_own(tmp_path):
    told = []
    run = run_in(tmp_path)
    with claimed(tmp_path, run.plan, ("blocks",), Access.BESIDE), pytest.raises(PartDoneError) as ended:
        do_absent(run, partial(do, run), Part(2, 5, 1), lambda *each: told.append(each))
    # blocks 1, 6 and 11 of twelve, of which the last holds one world
    assert sorted(path.name for path in (tmp_path / "blocks").iterdir()) == [
        "block=000001.parquet",
        "block=000006.parquet",
        "block=000011.parquet",
    ]
    assert told == [(0, 5), (2, 5), (4, 5), (5, 5)]
    assert (ended.value.there, ended.value.blocks, ended.value.is_last) == (3, 12, True)


def test_the_last_part_of_a_stage_goes_on_to_the_next(tmp_path):
    with pytest.raises(PartDoneError) as ended:
        done(tmp_path, Part(1, 2, 1), is_last=False)
    assert not ended.value.is_last
    assert done(tmp_path, Part(2, 2, 1), is_last=False)[1] == range(WORLDS)


def test_parts_work_side_by_side_and_the_whole_run_alone(tmp_path):
    plan = "plan"
    with claimed(tmp_path, plan, ("blocks",), Access.BESIDE):
        do_part(tmp_path, 1, 2)
        with pytest.raises(RunError, match="another process works in this folder"):
            done(tmp_path, 1)
    with (
        claimed(tmp_path, plan, ("blocks",)),
        pytest.raises(RunError, match="another process works in this folder"),
    ):
        done(tmp_path, Part(1, 2, 1))


def test_a_part_leaves_alone_what_another_is_writing(tmp_path):
    do_part(tmp_path, 1, 2)
    unfinished = tmp_path / "blocks" / f"block=000001.parquet.{'a' * 32}.partial"
    unfinished.touch()
    do_part(tmp_path, 1, 2)
    assert unfinished.exists()
    done(tmp_path, 1)
    assert not unfinished.exists()


def test_a_part_of_another_run_is_refused(tmp_path):
    do_part(tmp_path, 1, 2)
    other = WorldRun(tmp_path, "another plan", WORLDS, AT_ONCE, Root)
    with (
        pytest.raises(RunError, match="the folder holds another run"),
        claimed(tmp_path, other.plan, (), Access.BESIDE),
    ):
        pass


@pytest.mark.parametrize("text", ["0/3", "4/3", "3", "1/0", "-1/3", "a/b", "1.5/3", "", "1/2/3"])
def test_what_is_no_part(text):
    with pytest.raises(InputError, match="the part cannot be read"):
        read_part(text, 1)


def test_a_part_is_read():
    assert read_part("3/16", 2) == Part(3, 16, 2)
    assert read_part("1/1", 1).share(range(3)) == [0, 1, 2]


# --- nobody -------------------------------------------------------------------------------------------------------


def test_nobody_goes_on_with_the_worlds_that_are_there_and_have_not_failed(tmp_path):
    do_part(tmp_path, 3, 6)  # blocks 2 and 8: worlds 4, 5 and 16, 17
    before = contents(tmp_path)
    assert done(tmp_path, Nobody(1), needs_all=False) == ([], [4, 16, 17])
    assert contents(tmp_path) == before


def test_some_worlds_are_numbered_anew(tmp_path):
    done(tmp_path, 1)
    run = WorldRun(tmp_path, "plan", WORLDS, AT_ONCE, Root, only=(4, 16, 17))
    assert list(run.records()) == [(0, Root(2 / 3)), (1, Root(4 / 3)), (2, Root(17**0.5 / 3))]


def test_a_study_that_needs_all_worlds_names_the_absent_blocks(tmp_path):
    done(tmp_path, 1)
    (tmp_path / "blocks" / "block=000007.parquet").unlink()
    with pytest.raises(RunError, match=r"1 of 12 blocks of this run are absent.*without block 7"):
        done(tmp_path, Nobody(1))


def test_nobody_needs_a_run(tmp_path):
    with pytest.raises(InputError, match=r"the plan of the run in .* cannot be read"):
        done(tmp_path, Nobody(1))


# --- what is noted ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Loses(Here):
    """Loses the process of one block."""

    block: int = 4

    def answers(self, task, places):
        for place in places:
            yield (
                place,
                Failure("its process was killed (signal 9)", 3) if place == self.block else task(place),
            )


def test_a_lost_block_is_noted_until_it_is_done(tmp_path):
    with pytest.raises(RunError, match="1 of 12 blocks could not be done"):
        done(tmp_path, Loses(1))
    (lost,) = lost_in(tmp_path)
    assert (lost.block, lost.first_world, lost.last_world, lost.tries) == (4, 8, 9, 3)
    assert lost.reason == "its process was killed (signal 9)"
    done(tmp_path, 1)
    assert lost_in(tmp_path) == ()


def test_signs_of_work_are_there_while_it_lasts(tmp_path):
    run, seen = run_in(tmp_path), []
    with claimed(tmp_path, run.plan, ("blocks",)):
        do_absent(run, partial(do, run), 1, lambda done, total: seen.append(at_work_in(tmp_path)))
    assert seen[0] == ()
    assert {(sign.todo, sign.kind, sign.part) for signs in seen[1:] for sign in signs} == {(12, "blocks", "")}
    assert at_work_in(tmp_path) == ()
    (stage,) = stages_of(tmp_path)
    assert (stage.kind, stage.worlds, stage.worlds_at_once, stage.blocks) == ("blocks", 23, 2, 12)


def test_a_damaged_note_is_none(tmp_path):
    done(tmp_path, 1)
    (tmp_path / ".run" / "stages" / "blocks.json").write_text("{")
    (tmp_path / ".run" / "lost").mkdir()
    (tmp_path / ".run" / "lost" / "x.json").write_text(json.dumps({"kind": 3}))
    assert (stages_of(tmp_path), lost_in(tmp_path)) == ((), ())

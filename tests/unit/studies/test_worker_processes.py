"""Runs in worker processes that are interrupted or lose workers: what is still done, what is named, what is left.

Signals are sent once files say where the tasks are, and bounds are counts of tasks: the speed of the machine is not
part of any test.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

TOY = Path(__file__).parents[2] / "interruption" / "toy_run.py"
LONGEST = 60.0
"""Seconds after which something hangs."""


@contextmanager
def started(*words: object) -> Iterator[subprocess.Popen[bytes]]:
    """Start a toy run at the head of a process group of its own; afterwards nothing of it is left, whatever happened."""
    run = subprocess.Popen(
        [sys.executable, TOY, *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        process_group=0,
    )
    try:
        yield run
    finally:
        if left_of(run.pid):
            os.killpg(run.pid, signal.SIGKILL)
        run.communicate()


def left_of(group: int) -> list[int]:
    """Return the processes of a group that live."""
    table = subprocess.run(["ps", "-A", "-o", "pid=,pgid=,stat="], capture_output=True, text=True, check=True)
    rows = [line.split() for line in table.stdout.splitlines()]
    return [int(pid) for pid, own, state in rows if int(own) == group and not state.startswith("Z")]


def wait_for(condition: Callable[[], object]) -> None:
    end = time.monotonic() + LONGEST
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)


def count(folder: Path, pattern: str) -> int:
    return len(list(folder.glob(pattern)))


def results(output: bytes) -> dict[int, int]:
    rows = [line.split() for line in output.splitlines()]
    return {int(place): int(square) for place, square in rows}


def squares(places: object) -> dict[int, int]:
    return {place: place * place for place in places}


@pytest.mark.parametrize("whom", [os.kill, os.killpg], ids=["first process", "group"])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_lets_begun_tasks_end_and_begins_no_other(tmp_path, whom, number, code):
    with started(tmp_path, 2, 40, "gated") as run:
        wait_for(lambda: count(tmp_path, "*.try.*") == 2)
        whom(run.pid, number)
        assert run.stderr.readline() == b"\n"
        (tmp_path / "open").touch()
        _, said = run.communicate(timeout=LONGEST)
        wait_for(lambda: not left_of(run.pid))
    assert run.returncode == code
    assert said == b"Stopping; a second time stops at once.\nInterrupted. The same command begins anew.\n"
    assert count(tmp_path, "*.try.*") == count(tmp_path, "*.done") == 2


@pytest.mark.parametrize(
    ("whom", "number", "code"), [(os.kill, signal.SIGINT, 130), (os.killpg, signal.SIGTERM, 143)]
)
def test_a_second_signal_stops_at_once(tmp_path, whom, number, code):
    with started(tmp_path, 2, 40, "gated") as run:
        wait_for(lambda: count(tmp_path, "*.try.*") == 2)
        whom(run.pid, number)
        assert run.stderr.readline() == b"\n"
        whom(run.pid, number)
        _, said = run.communicate(timeout=LONGEST)
        wait_for(lambda: not left_of(run.pid))
    assert run.returncode == code
    assert b"Traceback" not in said
    assert count(tmp_path, "*.done") == 0


def test_a_second_interrupt_stops_at_once_where_nobody_handles_signals(tmp_path):
    with started(tmp_path, 2, 40, "gated", "plain") as run:
        wait_for(lambda: count(tmp_path, "*.try.*") == 2)
        run.send_signal(signal.SIGINT)
        assert run.stderr.readline() == b"waiting\n"
        run.send_signal(signal.SIGINT)
        run.communicate(timeout=LONGEST)
        wait_for(lambda: not left_of(run.pid))
    assert run.returncode == 130
    assert count(tmp_path, "*.done") == 0


TWICE = """
import signal, sys, time
from multiprocessing import get_context
from ifntrial.app.stopping import listen

signal.signal(signal.SIGINT, signal.default_int_handler)
listen()
worker = get_context("spawn").Process(target=time.sleep, args=(1000,), daemon=True)
worker.start()
for _ in range(2):
    before = worker.is_alive()
    try:
        signal.raise_signal(signal.SIGINT)
    except KeyboardInterrupt:
        pass
worker.join()
print(before, worker.exitcode)
"""


def test_the_second_signal_kills_workers_even_if_nobody_heeds_its_exception():
    told = subprocess.run([sys.executable, "-c", TWICE], capture_output=True, text=True, timeout=LONGEST)
    assert told.stdout == "True -9\n", told.stderr


def test_a_signal_while_workers_start_is_no_traceback(tmp_path):
    with started(tmp_path, 4, 40, "gated") as run:
        wait_for(lambda: len(left_of(run.pid)) >= 4)
        os.killpg(run.pid, signal.SIGINT)
        (tmp_path / "open").touch()
        _, said = run.communicate(timeout=LONGEST)
        wait_for(lambda: not left_of(run.pid))
    assert run.returncode == 130
    assert said.splitlines() == [
        b"",
        b"Stopping; a second time stops at once.",
        b"Interrupted. The same command begins anew.",
    ]
    assert count(tmp_path, "*.done") <= 4


def test_workers_end_with_the_first_process(tmp_path):
    with started(tmp_path, 3, 40, "gated") as run:
        wait_for(lambda: count(tmp_path, "*.try.*") == 3)
        assert len(left_of(run.pid)) >= 4
        run.kill()
        run.wait()
        wait_for(lambda: not left_of(run.pid))
    assert count(tmp_path, "*.done") == 0


def test_a_killed_worker_is_replaced_and_its_task_done_again(tmp_path):
    with started(tmp_path, 3, 12, "kill=2:1", "kill=7:2") as run:
        said, errors = run.communicate(timeout=LONGEST)
    assert results(said) == squares(range(12))
    assert not errors
    tries = {place: count(tmp_path, f"{place}.try.*") for place in range(12)}
    assert tries == dict.fromkeys(range(12), 1) | {2: 2, 7: 3}


def test_a_worker_killed_from_outside_is_replaced(tmp_path):
    with started(tmp_path, 2, 6, "gated") as run:
        wait_for(lambda: count(tmp_path, "*.try.*") == 2)
        wait_for((tmp_path / "1.try.0").read_text)
        os.kill(int((tmp_path / "1.try.0").read_text()), signal.SIGKILL)
        wait_for(lambda: count(tmp_path, "*.try.*") == 3)
        (tmp_path / "open").touch()
        said, errors = run.communicate(timeout=LONGEST)
    assert results(said) == squares(range(6))
    assert not errors


def test_tasks_that_kill_every_worker_are_named_and_the_others_done(tmp_path):
    with started(tmp_path, 2, 12, "kill=5", "kill=6") as run:
        said, errors = run.communicate(timeout=LONGEST)
    assert results(said) == squares({*range(12)} - {5, 6})
    assert run.returncode == 2
    assert errors.startswith(b"2 of 12 blocks could not be done; the others are finished. Problems:\n")
    reason = "failed 3 times: its process was killed (signal 9); this is often a lack of memory"
    assert f"block 5 {reason}\n".encode() in errors
    assert f"block 6 {reason}\n".encode() in errors
    assert b"with fewer --workers" in errors
    tries = {place: count(tmp_path, f"{place}.try.*") for place in range(12)}
    assert tries == dict.fromkeys(range(12), 1) | {5: 3, 6: 3}


def test_a_task_without_memory_is_named(tmp_path):
    with started(tmp_path, 2, 6, "memory=3") as run:
        said, errors = run.communicate(timeout=LONGEST)
    assert run.returncode == 2
    assert results(said) == squares({*range(6)} - {3})
    assert b"block 3 failed 3 times: there was not enough memory\n" in errors
    assert count(tmp_path, "3.try.*") == 3


def test_what_a_task_raises_ends_the_run_with_its_traceback(tmp_path):
    with started(tmp_path, 2, 40, "raise=1") as run:
        _, errors = run.communicate(timeout=LONGEST)
        wait_for(lambda: not left_of(run.pid))
    assert run.returncode == 1
    assert b"RuntimeError: OddError: oddity\n" in errors
    assert b'raise OddError("odd", "ity")' in errors
    assert count(tmp_path, "*.try.*") < 40


def test_processes_that_never_begin_are_one_message(tmp_path):
    with started(tmp_path, 3, 40, "stillborn") as run:
        said, errors = run.communicate(timeout=LONGEST)
    assert (run.returncode, said) == (2, b"")
    assert errors == (
        b"no worker process could begin: its process ended (exit code 3). To do: close other programs, or give the "
        b"same command again with --workers 1.\n"
    )

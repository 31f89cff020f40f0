"""Kill runs at random moments, resume them, and compare every number with a run that nobody disturbed.

``make check-interruption``; takes half an hour on two processors and is no part of the tests. A moment is a random number
of finished worlds and a random share of the time that the next one takes, so that all stages of a run are hit on a
machine of any speed: start, worlds, the writing of results. Every other run that is killed whole has one worker and is
resumed with two. Exit code 1, with reasons, if anything is wrong.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import click

from ifntrial.files import held
from interruption.watched import (
    KINDS,
    LONGEST,
    WORKERS,
    Kind,
    living,
    numbers,
    started,
    undisturbed,
    wait_for,
    world_files,
)


@dataclass
class Tally:
    """What was seen of one command and one way to stop it."""

    runs: int = 0
    kept: int = 0
    redone: int = 0
    begun_again: int = 0
    problems: list[str] = field(default_factory=list)


def wait_for_moment(kind: Kind, folder: Path, times: list[float], luck: random.Random) -> None:
    """Wait until a random number of worlds is there, then for a random share of the time to the next stage."""
    stage = luck.randrange(len(times) - 1)
    wait_for(lambda: len(world_files(kind, folder)) >= stage)
    time.sleep(luck.random() * (times[stage + 1] - times[stage]))


def stop_everything(run: subprocess.Popen[str]) -> int:
    os.killpg(run.pid, signal.SIGKILL)
    return -signal.SIGKILL


def stop_the_first(run: subprocess.Popen[str]) -> int:
    run.kill()
    return -signal.SIGKILL


def press_ctrl_c(run: subprocess.Popen[str]) -> int:
    os.killpg(run.pid, signal.SIGINT)
    return 128 + signal.SIGINT


def ask_to_end(run: subprocess.Popen[str]) -> int:
    os.killpg(run.pid, signal.SIGTERM)
    return 128 + signal.SIGTERM


def kill_a_worker(run: subprocess.Popen[str]) -> int:
    # a run has its first process, multiprocessing's resource tracker and the workers, in the order of their start
    for pid in living(run.pid)[2:3]:
        os.kill(pid, signal.SIGKILL)
    return 0


WAYS = {
    "kill -9 of everything": stop_everything,
    "kill -9 of the first process": stop_the_first,
    "kill -9 of a worker": kill_a_worker,
    "Ctrl-C": press_ctrl_c,
    "SIGTERM": ask_to_end,
}


def disturb(
    kind: Kind,
    way: str,
    folder: Path,
    times: list[float],
    whole: dict[str, object],
    luck: random.Random,
    tally: Tally,
) -> None:
    """Stop one run at a random moment, resume it, and note what differs from an undisturbed one."""
    tally.runs += 1
    workers = 1 + tally.runs % 2 if way == "kill -9 of everything" else WORKERS
    with started(kind, folder, workers) as run:
        wait_for_moment(kind, folder, times, luck)
        if way in ("Ctrl-C", "SIGTERM"):  # Python itself is told before the command begins
            wait_for(lambda: (folder / "plan.json").exists())
        wanted = 0 if run.poll() is not None else WAYS[way](run)
        said = run.communicate(timeout=LONGEST)[1]
        wait_for(lambda: not living(run.pid))
    # as a shell says it: a signal that comes while Python itself ends, the run being done, is not heard by the program
    ended = run.returncode if run.returncode >= 0 else 128 - run.returncode
    if ended not in (wanted if wanted >= 0 else 128 - wanted, 0):
        tally.problems.append(f"{way}: exit code {ended}, not {wanted}: {said[-500:]}")
    if "Traceback" in said:
        tally.problems.append(f"{way}: {said[-500:]}")
    kept = world_files(kind, folder)
    with started(kind, folder) as run:
        said = run.communicate(timeout=LONGEST)[1]
    if run.returncode != 0:
        tally.problems.append(f"after {way}: cannot be resumed: {said[-500:]}")
        return
    after = world_files(kind, folder)
    tally.kept += len(kept)
    tally.redone += len(after) - len(kept)
    tally.begun_again += sum(after[name] != what for name, what in kept.items())
    found = numbers(folder)
    differing = sorted(name for name in {*whole, *found} if whole.get(name) != found.get(name))
    if differing:
        tally.problems.append(f"after {way}: other numbers in {', '.join(differing[:5])}")


def fill_the_disk(kind: Kind, folder: Path, whole: dict[str, object], tally: Tally) -> str:
    """Run on a small disk until it is full, make it larger, resume; return why not, if it cannot be tried here."""
    folder.mkdir()
    # a tmpfs counts in pages: enough for the plan and half of the worlds
    pages = [-(-path.stat().st_size // 4096) for path in folder.parent.glob("whole/*/*")]
    size = 4 * (sum(pages) // 2 + 2) + (folder.parent / "whole" / "plan.json").stat().st_size // 1024
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", folder],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode != 0:
        return mounted.stderr.strip()
    try:
        tally.runs += 1
        with started(kind, folder) as run:
            said = run.communicate(timeout=LONGEST)[1]
        told = [line for line in said.splitlines() if line.startswith("ifntrial: ")]
        if run.returncode != 2 or len(told) != 1 or "No space left" not in told[0] or "Traceback" in said:
            tally.problems.append(f"full disk: exit code {run.returncode}: {said[-500:]}")
        tally.kept += len(world_files(kind, folder))
        subprocess.run(["mount", "-o", "remount,size=64m", folder], check=True)
        with started(kind, folder) as run:
            said = run.communicate(timeout=LONGEST)[1]
        if run.returncode != 0 or numbers(folder) != whole:
            tally.problems.append(f"full disk: not resumed to the same numbers: {said[-500:]}")
    finally:
        subprocess.run(["umount", folder], check=False)
    return ""


def run_twice_at_once(kind: Kind, folder: Path, whole: dict[str, object], tally: Tally) -> None:
    """Start a command while another process works in its folder, and again when that has ended."""
    tally.runs += 1
    folder.mkdir()
    with held(folder), started(kind, folder) as second:
        said = second.communicate(timeout=LONGEST)[1]
    if second.returncode != 2 or "another process works in this folder" not in said:
        tally.problems.append(f"two at once: exit code {second.returncode}: {said[-500:]}")
    with started(kind, folder) as first:
        said = first.communicate(timeout=LONGEST)[1]
    if first.returncode != 0 or numbers(folder) != whole:
        tally.problems.append(f"two at once: cannot be run afterwards: {said[-500:]}")


def main() -> int:
    """Do all of it; return the exit code."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--times", type=int, default=20, help="kills of everything for each command")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--only", choices=list(KINDS), help="one command")
    chosen = options.parse_args()
    # what a shell starts in the background ignores Ctrl-C, and so would the runs
    signal.signal(signal.SIGINT, signal.default_int_handler)
    luck = random.Random(chosen.seed)
    problems = []
    click.echo(
        f"{'command':<16}{'stopped by':<30}{'runs':>6}{'kept':>7}{'done after':>12}{'kept, done again':>18}"
    )
    for name, kind in KINDS.items():
        if chosen.only not in (None, name):
            continue
        with tempfile.TemporaryDirectory() as place:
            top = Path(place)
            times = undisturbed(kind, top / "whole")
            whole = numbers(top / "whole")
            for way in WAYS:
                tally = Tally()
                for number in range(
                    chosen.times if way == "kill -9 of everything" else -(-chosen.times // 5)
                ):
                    disturb(kind, way, top / f"{way} {number}", times, whole, luck, tally)
                problems += show(name, way, tally)
            tally = Tally()
            run_twice_at_once(kind, top / "twice", whole, tally)
            problems += show(name, "a second run at once", tally)
            tally = Tally()
            skipped = fill_the_disk(kind, top / "small", whole, tally)
            if skipped:
                click.echo(f"{name:<16}skipped: a full disk: {skipped}")
            problems += show(name, "a full disk", tally)
    for problem in problems:
        click.echo(problem, err=True)
    click.echo(
        "Every run came to the numbers of an undisturbed one."
        if not problems
        else f"Problems: {len(problems)}."
    )
    return 1 if problems else 0


def show(name: str, way: str, tally: Tally) -> list[str]:
    if tally.runs:
        counts = f"{tally.runs:>6}{tally.kept:>7}{tally.redone:>12}{tally.begun_again:>18}"
        click.echo(
            f"{name:<16}{way:<30}{counts}{'  ' + str(len(tally.problems)) + ' PROBLEMS' if tally.problems else ''}"
        )
    return [f"{name}: {problem}" for problem in tally.problems]


if __name__ == "__main__":
    sys.exit(main())

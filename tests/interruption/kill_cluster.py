"""Kill random workers of a Dask cluster at random moments: the same files as one process, every time.

``python -m interruption.kill_cluster [--times 20] [--workers 3] [--seed 1]``, with the extra ``cluster``. Each run has a
time limit. Then a block that always kills its worker: it alone fails, and it is named.
"""

import argparse
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from ifntrial.errors import RunError
from ifntrial.studies.cluster import Cluster
from ifntrial.studies.executors import Workers, executor_of
from ifntrial.studies.fill_in import do_absent
from ifntrial.studies.run_notes import lost_in
from ifntrial.studies.runs import WorldRun, each_world

WORLDS, AT_ONCE = 48, 2
LONGEST = 300.0
"""Seconds after which a run hangs."""


@dataclass(frozen=True)
class Root:
    root: float


def run_in(folder: Path) -> WorldRun[Root]:
    return WorldRun(folder, "plan", WORLDS, AT_ONCE, Root)


def root_of(seconds: float, poison: int, world: int) -> Root:
    if world == poison:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(seconds)
    return Root(world**0.5 / 3)


def do(run: WorldRun[Root], seconds: float, poison: int, block: object) -> None:
    run.write(block, each_world(partial(root_of, seconds, poison), block))


def done(folder: Path, workers: Workers, seconds: float = 0.0, poison: int = -1) -> None:
    # a worker, which imports this module, begins ten times as fast without what this brings
    from ifntrial.studies.plans import claimed

    run = run_in(folder)
    with claimed(folder, run.plan, ("blocks",), executor_of(workers).access):
        do_absent(run, partial(do, run, seconds, poison), workers, lambda done, total: None)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "blocks").iterdir()}


class HangingError(Exception):
    """A run takes longer than it may."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise in the main thread if the block takes longer."""

    def hang(*_: object) -> None:
        raise HangingError(f"it hangs: no end in {seconds:.0f} s")

    before = signal.signal(signal.SIGALRM, hang)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def killed_at_random(luck: random.Random, kills: int, folder: Path) -> Iterator[list[int]]:
    """Kill workers at random moments while the block lasts; yield those killed."""
    over, killed = threading.Event(), list[int]()
    killer = threading.Thread(target=kill_at_random, args=(luck, kills, folder, over, killed))
    killer.start()
    try:
        yield killed
    finally:
        over.set()
        killer.join()


def workers_below(process: int) -> list[int]:
    """Return the workers of a local cluster: processes below this one that run no child of their own."""
    found, parents = [], {process}
    pairs = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            number, _, rest = path.read_text().partition(" (")
            pairs.append(
                (int(number), int(rest.rpartition(")")[2].split()[1]), (path.parent / "cmdline").read_text())
            )
        except OSError:
            continue
    for _ in range(4):
        for number, parent, words in pairs:
            if parent in parents and number not in parents:
                parents.add(number)
                if "spawn_main" in words:
                    found.append(number)
    return found


def kill_at_random(
    luck: random.Random, kills: int, folder: Path, over: threading.Event, killed: list[int]
) -> None:
    """Kill workers now and then, from the first block on."""
    while not over.wait(0.05) and not any(folder.glob("blocks/*.parquet")):
        pass
    for _ in range(kills):
        if over.wait(luck.uniform(0.0, 1.0)):
            return
        alive = workers_below(os.getpid())
        if alive:
            victim = luck.choice(alive)
            try:
                os.kill(victim, signal.SIGKILL)
            except ProcessLookupError:
                continue
            killed.append(victim)


def main() -> int:
    """Do all of it; return the exit code."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--times", type=int, default=20)
    options.add_argument("--workers", type=int, default=3)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    luck, problems = random.Random(chosen.seed), 0
    with tempfile.TemporaryDirectory() as place:
        top = Path(place)
        done(top / "serial", 1)
        whole = contents(top / "serial")
        for number in range(chosen.times):
            folder, kills = top / f"run{number}", luck.randrange(1, 7)
            start, said = time.monotonic(), ""
            with killed_at_random(luck, kills, folder) as killed:
                try:
                    with limited(LONGEST):
                        done(folder, Cluster(f"local:{chosen.workers}", 1, silence=30.0), seconds=0.2)
                except (RunError, HangingError) as error:
                    said = str(error)
            is_same = not said and contents(folder) == whole
            problems += not is_same
            click.echo(
                f"run {number}: {len(killed)} workers killed, {time.monotonic() - start:.0f} s, "
                f"{'same bytes' if is_same else 'NOT THE SAME: ' + said}"
            )
        problems += poisoned(top / "poisoned", whole, chosen.workers)
    return 1 if problems else 0


def poisoned(folder: Path, whole: dict[str, bytes], workers: int) -> bool:
    """Let the block of world 7 kill its worker; return whether anything else than it alone is lost."""
    start, said = time.monotonic(), ""
    try:
        with limited(LONGEST):
            done(folder, Cluster(f"local:{workers}", 1, silence=30.0), poison=7)
    except (RunError, HangingError) as error:
        said = str(error)
    lost = [(each.block, each.first_world, each.last_world) for each in lost_in(folder)]
    found = contents(folder)
    is_right = lost == [(3, 6, 7)] and found == {
        k: v for k, v in whole.items() if k != "block=000003.parquet"
    }
    click.echo(
        f"poisoned: lost {lost}, {len(found)} of {len(whole)} blocks, {time.monotonic() - start:.0f} s: {said}"
    )
    return not is_right


if __name__ == "__main__":
    sys.exit(main())

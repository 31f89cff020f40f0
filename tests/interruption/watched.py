"""Commands that are stopped and resumed, the processes they start, and what they wrote."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PROGRAM = [sys.executable, "-c", "from ifntrial.app.cli import main; main()"]
WORKERS = 2
LONGEST = 1800.0
"""Seconds after which a run hangs."""
VARYING = {"seconds", "date", "command", "chosen"}
"""What a result says of its making; every other value is compared."""


@dataclass(frozen=True)
class Kind:
    """A command, the files of its worlds (or blocks of them) and of its result."""

    words: tuple[str, ...]
    worlds: str
    result: str


SMALL = ("--worlds", "16", "--subjects", "10")
KINDS = {
    "forecast": Kind(("forecast", "daisy", *SMALL), "blocks/*.parquet", "forecast.json"),
    "design compare": Kind(
        ("design", "compare", "daisy", "daisy_iv", *SMALL), "blocks/*.parquet", "comparison.json"
    ),
    "enrich": Kind(("enrich", "daisy", *SMALL), "blocks/*.parquet", "enrichment.json"),
    "sensitivity": Kind(
        ("sensitivity", "daisy", "--samples", "8", "--subjects", "10"), "blocks/*.parquet", "sensitivity.json"
    ),
    "validate": Kind(("validate", "--subjects", "50"), "blocks/*.parquet", "validation.json"),
}


@contextmanager
def started(kind: Kind, folder: Path, workers: int = WORKERS) -> Iterator[subprocess.Popen[str]]:
    words = [*PROGRAM, *kind.words, "--workers", str(workers), "--out", str(folder)]
    run = subprocess.Popen(
        words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, process_group=0
    )
    try:
        yield run
    finally:
        if living(run.pid):
            os.killpg(run.pid, signal.SIGKILL)
        run.communicate()


def living(group: int) -> list[int]:
    """Return the living processes of a group, the first one at the head."""
    table = subprocess.run(["ps", "-A", "-o", "pid=,pgid=,stat="], capture_output=True, text=True, check=True)
    rows = [line.split() for line in table.stdout.splitlines()]
    return sorted(int(pid) for pid, own, state in rows if int(own) == group and not state.startswith("Z"))


def wait_for(condition: Callable[[], object]) -> None:
    end = time.monotonic() + LONGEST
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("it never came")
        time.sleep(0.02)


def world_files(kind: Kind, folder: Path) -> dict[str, tuple[int, int]]:
    """Return the name of each finished world's file with what changes when it is written again."""
    return {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in folder.glob(kind.worlds)}


def undisturbed(kind: Kind, folder: Path) -> list[float]:
    """Run a command whole; return the seconds at which it began, had each world, and ended."""
    times = [time.monotonic()]
    with started(kind, folder) as run:
        while run.poll() is None:
            missing = len(world_files(kind, folder)) - (len(times) - 1)
            times += [time.monotonic()] * missing
            time.sleep(0.02)
        if run.returncode != 0:
            raise RuntimeError(f"the undisturbed run failed: {run.communicate()[1]}")
    return [*times, time.monotonic()]


def numbers(folder: Path) -> dict[str, object]:
    """Return all numbers that a run wrote: bytes of every file, results without what they say of their making.

    What a run notes of itself in ``.run`` holds no number, and the name of its folder.
    """
    found: dict[str, object] = {}
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if (
            not path.is_file()
            or name.startswith(".run/")
            or name in ("report.html", "sensitivity.html", "manifest.json")
        ):
            continue
        content: object = path.read_bytes()
        if path.parent == folder and path.suffix == ".json":
            values = json.loads(path.read_bytes())
            content = {key: value for key, value in values.items() if key not in VARYING}
        found[name] = content
    return found

"""A process with the libraries loaded that runs pytest in forks of itself, as loading is most of a short run."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Self

from mutants.copies import environment_of

POLL_SECONDS = 0.02
CRASHED = 70


class Host:
    """Runs of pytest in one copy of the tree, one at a time."""

    def __init__(self, copy: Path, libraries: Sequence[str]):
        self.copy = copy
        self._process = subprocess.Popen(
            [sys.executable, "-m", "mutants.host", *libraries],
            cwd=copy,
            env=environment_of(copy),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(
        self, arguments: Sequence[str], limit: float, wait: float | None = None
    ) -> tuple[int | None, str]:
        """Return how pytest ended, None if it took too long, and what it printed.

        Parameters
        ----------
        limit
            Seconds of the processor, so that a crowded machine ends nothing.
        wait
            Seconds on the clock, for a run that waits for ever; by default twenty times the limit.
        """
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the host has no pipes")
        output = self.copy / ".output"
        order = {
            "arguments": list(arguments),
            "limit": limit,
            "wait": wait or 20.0 * limit,
            "output": str(output),
        }
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError("the host of the tests ended")
        return json.loads(answer), output.read_text(encoding="utf-8", errors="replace")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()


def serve(libraries: Sequence[str]) -> None:
    """Load the libraries; run pytest for every order on the standard input."""
    for library in ["pytest", *libraries]:
        import_module(library)
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            _be_child(order["arguments"], order["output"], order["limit"])
        print(json.dumps(_wait(child, order["wait"])), flush=True)


def _be_child(arguments: list[str], output: str, limit: float) -> None:
    os.setsid()
    spent = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    resource.setrlimit(resource.RLIMIT_CPU, (int(spent + limit) + 1, resource.RLIM_INFINITY))
    target = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, number in ((nothing, 0), (target, 1), (target, 2)):
        os.dup2(source, number)
    code = CRASHED
    try:
        code = int(import_module("pytest").main(arguments))
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _wait(child: int, wait: float) -> int | None:
    """Return how a child ended; one that takes too long is ended, with all that it started."""
    until = time.monotonic() + wait
    while time.monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            code = os.waitstatus_to_exitcode(status)
            return None if code == -signal.SIGXCPU else code
        time.sleep(POLL_SECONDS)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


if __name__ == "__main__":
    serve(sys.argv[1:])

"""Progress with an estimate of the time left, on a terminal or in a log."""

import os
import sys
import time
from collections.abc import Callable

SECONDS_BETWEEN_LINES = 10.0
SECONDS_UNTIL_LONG = 2.0
SHARE_TO_JUDGE_BY = 0.05
"""Of what there is to do; less says little about the rest."""


def default_workers() -> int:
    """Return the number of processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)


class Pace:
    """How fast things are done, judged from the second one on: the first also bears the start and the compiling."""

    def __init__(self) -> None:
        self._kept: int | None = None
        self._first: tuple[float, int] | None = None

    def seconds_left(self, done: int, total: int, now: float) -> float | None:
        """Return how long the rest will take, or None as long as nobody can know.

        To be called with every ``done``; what is done at the first call was done before.
        """
        if self._kept is None:
            self._kept = done
        if self._first is None:
            if done > self._kept:
                self._first = now, done
            return None
        start, there = self._first
        if done == there or done - self._kept < SHARE_TO_JUDGE_BY * (total - self._kept):
            return None
        return (now - start) / (done - there) * (total - done)


def progress_reporter(label: str) -> Callable[[int, int], None]:
    """Return ``report(done, total)``: rewrites one line on a terminal, prints one now and then elsewhere."""
    start = time.monotonic()
    last = start
    pace = Pace()
    on_terminal = sys.stderr.isatty()
    is_over = False

    def report(done: int, total: int) -> None:
        nonlocal last, is_over
        if is_over:
            return
        now = time.monotonic()
        left = pace.seconds_left(done, total, now)
        is_last = is_over = done >= total
        if not (is_last or on_terminal or now - last >= SECONDS_BETWEEN_LINES):
            return
        last = now
        text = f"{label}: {done} of {total} ({100 * done / max(total, 1):.0f} %)"
        if is_last:
            text += f", done in {now - start:.0f} s"
        elif left is not None:
            text += f", about {left:.0f} s left"
        end = "\n" if is_last or not on_terminal else ""
        sys.stderr.write(f"{f'{chr(13)}{text:<70}' if on_terminal else text}{end}")
        sys.stderr.flush()

    return report


def terminal_reporter(label: str) -> Callable[[int, int], None]:
    """Return ``report(done, total)`` for what is short as a rule: says nothing but to a terminal, and after a while."""
    start = time.monotonic()
    tell = progress_reporter(label)
    has_told = False

    def report(done: int, total: int) -> None:
        nonlocal has_told
        has_told = has_told or (done < total and time.monotonic() - start >= SECONDS_UNTIL_LONG)
        if has_told:
            tell(done, total)

    return report if sys.stderr.isatty() else lambda done, total: None

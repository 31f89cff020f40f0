"""Progress with an estimate of the time left, on a terminal or in a log."""

import os
import sys
import time
from collections.abc import Callable

import click

SECONDS_BETWEEN_LINES = 10.0


def default_workers() -> int:
    """Return the number of processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)


def progress_reporter(label: str) -> Callable[[int, int], None]:
    """Return ``report(done, total)``: rewrites one line on a terminal, prints one now and then elsewhere."""
    start = time.monotonic()
    last = start
    on_terminal = sys.stderr.isatty()

    def report(done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        is_last = done >= total
        if not (is_last or on_terminal or now - last >= SECONDS_BETWEEN_LINES):
            return
        last = now
        left = (now - start) / max(done, 1) * (total - done)
        text = f"{label}: {done} of {total} ({100 * done / max(total, 1):.0f} %), " + (
            f"done in {now - start:.0f} s" if is_last else f"about {left:.0f} s left"
        )
        click.echo(f"\r{text:<70}" if on_terminal else text, err=True, nl=is_last or not on_terminal)

    return report

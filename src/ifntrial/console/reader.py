"""What a command does when nobody reads its output any more, as before ``head``."""

import os
import select
import signal
from contextlib import suppress


def end_without_reader() -> None:
    """End the process as a tool does whose output nobody reads any more, such as before ``head``; else return.

    Nothing is said, and the exit code is the one that a shell gives for SIGPIPE. What a run has written stays.
    """
    gone = [number for number in (1, 2) if _has_no_reader(number)]
    if not gone:
        return  # the pipe was another one, such as to a worker process
    for number in gone:
        # what is still to be written at the end goes nowhere, instead of failing again
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, number)
        os.close(nowhere)
    raise SystemExit(128 + signal.SIGPIPE)


def _has_no_reader(number: int) -> bool:
    """Return whether a file descriptor is a pipe that nobody reads from."""
    with suppress(OSError):
        watch = select.poll()
        watch.register(number, select.POLLOUT)
        return any(events & (select.POLLERR | select.POLLHUP) for _, events in watch.poll(0))
    return False

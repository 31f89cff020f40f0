"""What Ctrl-C and a request to end do: one line that says how to go on, and the exit code the shell expects."""

import os
import signal
from contextlib import suppress
from multiprocessing import active_children
from types import FrameType

import click

_HINT = b"\nStopping; a second time stops at once.\n"


class Stopped(KeyboardInterrupt):
    """A signal asks this process to end; ``code`` is the exit code that tells which."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.code = 128 + number


def listen() -> None:
    """Let SIGINT and SIGTERM raise ``Stopped`` in the main thread from now on, unless they are ignored.

    The second one kills the worker processes first, wherever the handling of the first one is.
    """
    is_first = True

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal is_first
        del frame
        if is_first:
            is_first = False
            # not through Python's own stream, which may be in the middle of a line
            with suppress(OSError):
                os.write(2, _HINT)
        else:
            for worker in active_children():
                worker.kill()
        raise Stopped(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        # a command in the background of a script is started with Ctrl-C ignored: it is meant for others
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, stop)


def say_stopped(stop: KeyboardInterrupt) -> int:
    """Say that the command was stopped and how to go on; return the exit code."""
    notes = getattr(stop, "__notes__", ["The same command begins anew."])
    click.echo(f"Interrupted. {notes[0]}", err=True)
    return stop.code if isinstance(stop, Stopped) else 128 + signal.SIGINT

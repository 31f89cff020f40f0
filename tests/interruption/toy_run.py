"""A run of toy tasks to interrupt: ``toy_run.py FOLDER WORKERS PLACES [OPTION]...``.

Each place writes its tries and its end as files in the folder, and a line to the output. Options: ``gated``: no place
ends before the file ``open`` is there, so that a test, and not the clock, says when; ``kill=PLACE[:TIMES]``: a place
kills its process, always or so many times; ``memory=PLACE``: it finds no memory; ``raise=PLACE``: it raises what cannot
be sent to another process; ``stillborn``: processes end before they begin; ``plain``: without the command line's
handling of signals, and says when it waits for workers to end.
"""

import os
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import click


class OddError(Exception):
    """An error that cannot be made again from what it was packed as."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(one + two)


@dataclass(frozen=True)
class Toy:
    """What is done at each place."""

    folder: Path
    options: tuple[str, ...]

    def __call__(self, place: int) -> tuple[int, int]:
        tries = len(list(self.folder.glob(f"{place}.try.*")))
        (self.folder / f"{place}.try.{tries}").write_text(str(os.getpid()))
        if tries < self.kills(place):
            os.kill(os.getpid(), signal.SIGKILL)
        if f"memory={place}" in self.options:
            raise MemoryError
        if f"raise={place}" in self.options:
            raise OddError("odd", "ity")
        while "gated" in self.options and not (self.folder / "open").exists():
            time.sleep(0.005)
        (self.folder / f"{place}.done").touch()
        return place, place**2

    def found(self, place: int) -> tuple[int, int] | None:
        return (place, place**2) if (self.folder / f"{place}.done").exists() else None

    def kills(self, place: int) -> int:
        """Return how many processes a place kills."""
        times = [
            option.partition(":")[2] for option in self.options if option.split(":")[0] == f"kill={place}"
        ]
        return max((int(each or 1000) for each in times), default=0)

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        made = stillborn if "stillborn" in self.options else Toy
        return made, (self.folder, self.options)


def stillborn(*_: object) -> None:
    os._exit(3)


def tell_of_waiting() -> None:
    from ifntrial.studies.worker_processes import _Crew

    leave = _Crew.leave

    def told(crew: _Crew[object]) -> None:
        click.echo("waiting", err=True)
        leave(crew)

    _Crew.leave = told


def main(folder: str, workers: str, places: str, *options: str) -> None:
    from ifntrial.app.stopping import listen, say_stopped
    from ifntrial.errors import IfntrialError
    from ifntrial.studies.executors import finished

    signal.signal(signal.SIGINT, signal.default_int_handler)  # the children of a background job ignore it
    if "plain" in options:
        tell_of_waiting()
    else:
        listen()
    try:
        for place, square in finished(Toy(Path(folder), options), range(int(places)), int(workers)):
            click.echo(f"{place} {square}")
    except KeyboardInterrupt as stop:
        sys.exit(say_stopped(stop))
    except IfntrialError as error:
        click.echo(str(error), err=True)
        sys.exit(2)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""A run of toy tasks to interrupt: ``toy_run.py FOLDER WORKERS PLACES [gated] [kill=PLACE[:TIMES]]...``.

Each place writes its number of tries and its end as files in the folder. ``gated``: no place ends before the file
``open`` is there, so that a test, and not the clock, says when. ``kill``: the place kills its own process, always or so
many times. Prints a line for each place.
"""

import os
import signal
import sys
import time
from functools import partial
from pathlib import Path

import click


def task(folder: str, is_gated: bool, kills: dict[int, int], place: int) -> tuple[int, int]:
    tries = len(list(Path(folder).glob(f"{place}.try.*")))
    Path(folder, f"{place}.try.{tries}").write_text(str(os.getpid()))
    if tries < kills.get(place, 0):
        os.kill(os.getpid(), signal.SIGKILL)
    while is_gated and not Path(folder, "open").exists():
        time.sleep(0.005)
    Path(folder, f"{place}.done").touch()
    return place, place**2


def main(folder: str, workers: str, places: str, *options: str) -> None:
    from ifntrial.app.stopping import listen, say_stopped
    from ifntrial.errors import IfntrialError
    from ifntrial.trial.parallel import finished

    kills = {}
    for option in options:
        if option.startswith("kill="):
            place, _, times = option.removeprefix("kill=").partition(":")
            kills[int(place)] = int(times or 1000)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # the children of a background job ignore it
    listen()
    try:
        for place, square in finished(
            partial(task, folder, "gated" in options, kills), range(int(places)), int(workers)
        ):
            click.echo(f"{place} {square}")
    except KeyboardInterrupt as stop:
        sys.exit(say_stopped(stop))
    except IfntrialError as error:
        click.echo(str(error), err=True)
        sys.exit(2)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Memory of a forecast of many worlds: ``python benchmarks/large_forecast.py [--worlds 20000] [--subjects 10]``.

The courses of a few worlds are simulated and written at all places; what a process holds hangs on how many worlds there
are and not on what is in them. Each step is a process of its own, whose largest resident memory is told: a worker that
does a block, with all that it is sent, and the first process, which reads all blocks and makes the result.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from ifntrial.catalog import shipped
from ifntrial.studies.executors import Nobody
from ifntrial.studies.forecast.run import ForecastPlan, PreparedForecast, prepare, run_in, run_there
from ifntrial.studies.forecast.study import forecast_result
from ifntrial.studies.forecast.world import simulate_world
from ifntrial.studies.runs import WorldRow

SEED = 1


def prepared_for(worlds: int, subjects: int) -> PreparedForecast:
    catalog = shipped()
    return prepare(ForecastPlan(catalog.design("daisy"), worlds, subjects, SEED), catalog)


def do_blocks(worlds: int, subjects: int, folder: Path) -> str:
    """Do the first block, and write its worlds at all places."""
    prepared = prepared_for(worlds, subjects)
    run = run_in(prepared, folder)
    places = len(prepared.choice.positions)
    first = run.blocks[0]
    kinds = [bool(each) for each in prepared.choice.has_effect]
    records = {kind: simulate_world(prepared.trial, kinds.index(kind)).record for kind in (False, True)}
    (folder / "blocks").mkdir(parents=True)
    (folder / "plan.json").write_bytes(run.plan.encode())
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for block in run.blocks:
        rows = []
        for place in block.worlds:
            record = records[kinds[place]]
            numbers = replace(record.numbers, world=int(prepared.trial.worlds.number[place]))
            rows.append(WorldRow(place, replace(record, numbers=numbers)))
        run.write(block, rows)
    return f"a worker at {len(first.worlds)} worlds of {places}: {most:.0f} MiB"


def gather(worlds: int, subjects: int, folder: Path) -> str:
    """Make the result of all blocks."""
    start = time.monotonic()
    prepared, found = run_there(prepared_for(worlds, subjects), folder, Nobody(1), lambda done, total: None)
    forecast_result(prepared, found)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"the first process, {len(found.numbers)} worlds: {most:.0f} MiB, {time.monotonic() - start:.0f} s"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--worlds", type=int, default=20_000)
    parser.add_argument("--subjects", type=int, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        steps: tuple[Callable[..., str], ...] = (do_blocks, gather)
        for step in steps:
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
                work = partial(step, options.worlds, options.subjects, Path(place) / "run")
                print(pool.submit(work).result(), flush=True)


if __name__ == "__main__":
    main()

"""What gathering a forecast takes of memory: ``python benchmarks/memory.py [--worlds FEW MANY] [--json FILE]``.

Simulates one world of DAISY, writes it to blocks as often as asked for, and gathers them as a forecast does. What many
worlds take beyond few, shared out over the worlds between, is the price of a world; it is what Python and numpy
allocate at most at once, which leaves out the files that hold courses over time.
"""

import argparse
import json
import tempfile
import tracemalloc
from dataclasses import replace
from pathlib import Path

import numpy as np

from ifntrial.catalog import shipped
from ifntrial.studies.forecast.gather import gather_worlds
from ifntrial.studies.forecast.records import ForecastWorld
from ifntrial.studies.forecast.run import ForecastPlan, PreparedForecast, prepare
from ifntrial.studies.forecast.world import FIRST_NULL_WORLDS, simulate_world
from ifntrial.studies.plans import claimed
from ifntrial.studies.runs import WORLDS, WorldRow, WorldRun, worlds_at_once

SUBJECTS, SEED = 10, 1


def write_worlds(prepared: PreparedForecast, worlds: int, folder: Path) -> WorldRun[ForecastWorld]:
    """Write one world again and again; the first few are also known without drug effect, as in a forecast."""
    record = simulate_world(prepared.trial, 0, with_null=True).record
    later = replace(record, numbers=replace(record.numbers, null=None))
    run = WorldRun(folder, "plan", worlds, worlds_at_once(worlds, SUBJECTS), ForecastWorld)
    with claimed(folder, run.plan, (WORLDS,)):
        for block in run.blocks:
            run.write(block, [WorldRow(i, record if i < FIRST_NULL_WORLDS else later) for i in block.worlds])
    return run


def measure(prepared: PreparedForecast, worlds: int) -> int:
    """Return the most memory [bytes] in use while so many worlds are gathered."""
    counts = {name: np.ones(worlds) for name in prepared.choice.counts}
    with tempfile.TemporaryDirectory() as folder:
        run = write_worlds(prepared, worlds, Path(folder))
        tracemalloc.start()
        gather_worlds(run.records(), counts, Path(folder))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return most


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--worlds", type=int, nargs=2, default=(200, 2000), metavar=("FEW", "MANY"))
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the numbers here")
    options = parser.parse_args()
    catalog = shipped()
    prepared = prepare(ForecastPlan(catalog.design("daisy"), 6, SUBJECTS, SEED), catalog)
    measure(prepared, min(options.worlds))  # what is made once is made before
    found = {worlds: measure(prepared, worlds) for worlds in options.worlds}
    few, many = options.worlds
    report = {
        "bytes_at_most": {str(worlds): most for worlds, most in found.items()},
        "bytes_a_world": (found[many] - found[few]) / (many - few),
    }
    for worlds, most in found.items():
        print(f"{worlds:6d} worlds {most / 1e6:8.2f} MB at most")
    print(f"{report['bytes_a_world']:.0f} bytes a world")
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""What worlds take of memory in the making of a result: ``python benchmarks/memory.py [--worlds FEW MANY]``.

Simulates one world of each study of DAISY, writes it to blocks as often as asked for, and makes of them what the command
keeps of all worlds and its result; of a forecast what it keeps alone. What many worlds take beyond few, shared out over
the worlds between, is the price of a world. It is what Python and numpy allocate at most at once, which leaves out files
without a name.
"""

import argparse
import json
import tempfile
import tracemalloc
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from ifntrial.catalog import Catalog, shipped
from ifntrial.studies.compare.more_patients import sizes_around
from ifntrial.studies.compare.plan import PreparedComparison, SharedPlan
from ifntrial.studies.compare.plan import prepare as prepare_comparison
from ifntrial.studies.compare.run import WorldResponses, respond
from ifntrial.studies.compare.study import comparison_result
from ifntrial.studies.compare.worlds import gather_power
from ifntrial.studies.enrich.inputs import enrichment_inputs
from ifntrial.studies.enrich.study import enrichment_result
from ifntrial.studies.enrich.subjects import gather_subjects
from ifntrial.studies.forecast.gather import gather_worlds
from ifntrial.studies.forecast.records import ForecastWorld
from ifntrial.studies.forecast.run import ForecastPlan
from ifntrial.studies.forecast.run import prepare as prepare_forecast
from ifntrial.studies.forecast.world import simulate_world
from ifntrial.studies.plans import claimed
from ifntrial.studies.runs import WORLDS, WorldRow, WorldRun, worlds_at_once
from ifntrial.studies.sensitivity.outputs import WorldOutputs
from ifntrial.studies.sensitivity.run import SensitivityPlan, gather_outputs
from ifntrial.studies.sensitivity.run import prepare as prepare_sensitivity
from ifntrial.studies.sensitivity.study import sensitivity_result
from ifntrial.worlds.choose import WorldChoice

SUBJECTS, SEED = 100, 1

Record = TypeVar("Record")
Work = Callable[[], object]


def written(folder: Path, kind: type[Record], records: Iterable[Record], worlds: int) -> WorldRun[Record]:
    """Return a run whose worlds are these, as they are on disk."""
    run = WorldRun(folder, "plan", worlds, worlds_at_once(worlds, SUBJECTS), kind)
    each = iter(records)
    with claimed(folder, run.plan, (WORLDS,)):
        for block in run.blocks:
            run.write(block, [WorldRow(place, next(each)) for place in block.worlds])
    return run


def same_world(choice: WorldChoice, worlds: int) -> WorldChoice:
    """Return the choice of one world that is there so many times."""
    same = np.zeros(worlds, dtype=np.int64)
    return replace(
        choice,
        positions=choice.positions[same],
        part=choice.part[same],
        ratio=choice.ratio[same],
        counts={name: np.ones(worlds) for name in choice.counts},
    )


def forecast(catalog: Catalog, worlds: int, folder: Path) -> Work:
    """Return what gathers a forecast of one world that is there so many times."""
    prepared = prepare_forecast(ForecastPlan(catalog.design("daisy"), 6, SUBJECTS, SEED), catalog)
    record = simulate_world(prepared.trial, 0).record
    run = written(folder, ForecastWorld, (record for _ in range(worlds)), worlds)
    choice = same_world(prepared.choice, worlds)
    panels = [prepared.trial.panel_of_world[0]] * worlds
    return lambda: gather_worlds(run.records(), choice, panels, folder)


def compared(catalog: Catalog, worlds: int, names: tuple[str, ...]) -> PreparedComparison:
    """Return designs in one world that is there so many times."""
    designs = tuple(catalog.design(name) for name in names)
    prepared = prepare_comparison(SharedPlan(designs, 6, SUBJECTS, SEED), catalog)
    choice = same_world(prepared.choice, worlds)
    return replace(prepared, worlds=prepared.worlds.take(np.zeros(worlds, dtype=np.int64)), choice=choice)


def compare(catalog: Catalog, worlds: int, folder: Path) -> Work:
    """Return what makes the result of a comparison of two designs."""
    prepared = compared(catalog, worlds, ("daisy", "daisy_iv"))
    record = respond(prepared, 0)
    run = written(folder, WorldResponses, (record for _ in range(worlds)), worlds)
    return lambda: comparison_result(prepared, gather_power(prepared, run.records(), sizes_around))


def enrich(catalog: Catalog, worlds: int, folder: Path) -> Work:
    """Return what makes the result of a study of enrichment."""
    prepared = compared(catalog, worlds, ("daisy",))
    record = respond(prepared, 0)
    run = written(folder, WorldResponses, (record for _ in range(worlds)), worlds)
    inputs = enrichment_inputs(prepared.evidence, prepared.designs[0].size.analyzed)
    return lambda: enrichment_result(prepared, *gather_subjects(prepared, run.records(), folder), inputs)


def sensitivity(catalog: Catalog, worlds: int, folder: Path) -> Work:
    """Return what makes the result of a screening, of as many worlds as fit its plan."""
    samples = 1 << (worlds // 20).bit_length()
    plan = SensitivityPlan(catalog.design("daisy"), "morris", "mechanism", samples, 10, SEED)
    prepared = prepare_sensitivity(plan, catalog)
    places = range(len(prepared.design.points))
    records = (WorldOutputs(place % 7 / 7, place % 5, place % 3, place % 2, 0) for place in places)
    run = written(folder, WorldOutputs, records, len(places))
    return lambda: sensitivity_result(prepared, gather_outputs(run.records()))


STUDIES = {"forecast": forecast, "design compare": compare, "enrich": enrich, "sensitivity": sensitivity}


def measure(study: Callable[[Catalog, int, Path], Work], catalog: Catalog, worlds: int) -> int:
    """Return the most memory [bytes] in use while a result is made of so many worlds."""
    with tempfile.TemporaryDirectory() as folder:
        work = study(catalog, worlds, Path(folder))
        tracemalloc.start()
        work()
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return most


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--worlds", type=int, nargs=2, default=(200, 2000), metavar=("FEW", "MANY"))
    parser.add_argument("--only", choices=list(STUDIES), help="one study")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the numbers here")
    options = parser.parse_args()
    catalog = shipped()
    few, many = options.worlds
    report = {}
    for name in [options.only] if options.only else STUDIES:
        measure(STUDIES[name], catalog, few)  # what is made once is made before
        found = {worlds: measure(STUDIES[name], catalog, worlds) for worlds in options.worlds}
        a_world = (found[many] - found[few]) / (many - few)
        report[name] = {
            "bytes_at_most": {str(worlds): most for worlds, most in found.items()},
            "bytes_a_world": a_world,
        }
        said = ", ".join(f"{worlds} worlds {most / 1e6:.2f} MB at most" for worlds, most in found.items())
        print(f"{name}: {said}, {a_world:.0f} bytes a world")
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

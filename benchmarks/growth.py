"""How processor time grows: ``python benchmarks/growth.py [--subjects 400] [--worlds 4]``.

With worlds and subjects, the worlds of a forecast of DAISY; with states and doses, a year of linked turnover models, of
which a depot is dosed. An exponent is the slope of the logarithm of time over that of size, by least squares. Then what
10^6 patient-years and 10^4 designs of 10^4 worlds each take at 200 subjects, if no design shares a reading with another.
"""

import argparse
import platform
import time
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from ifntrial.catalog import shipped
from ifntrial.solver import DoseTable, OdeSystem, simulate, symbol
from ifntrial.studies.forecast.run import ForecastPlan, prepare
from ifntrial.studies.forecast.world import simulate_world

SEED, YEAR, AGAIN = 1, 364.0, 3
SUBJECTS_AT_ONCE, DESIGNS, WORLDS = 200, 10**4, 10**4


def seconds_of(work: Callable[[], object]) -> float:
    """Return the processor time [s] of the quickest of a few."""
    found = []
    for _ in range(AGAIN):
        began = time.process_time()
        work()
        found.append(time.process_time() - began)
    return min(found)


def told(noun: str, sizes: Sequence[int], seconds: Sequence[float]) -> None:
    exponent = np.polyfit(np.log(sizes), np.log(seconds), 1)[0]
    each = ", ".join(f"{size}: {second:.3g} s" for size, second in zip(sizes, seconds, strict=True))
    print(f"{noun}: exponent {exponent:.2f} ({each})", flush=True)


def linked(models: int) -> OdeSystem:
    """Return a depot and models of turnover in a row, each driven by the one before."""
    names = ("depot", *(f"level_{number}" for number in range(models - 1)))
    of, rate = [symbol(name) for name in names], symbol("rate")
    driven = [rate * (1 + before / (1 + before)) - rate * own for before, own in pairwise(of)]
    return OdeSystem(
        name=f"linked_{models}",
        states=names,
        parameters=("rate",),
        rates=(-rate * of[0], *driven),
        initial=tuple(0 * rate for _ in names),
        scales=tuple(1 + 0 * rate for _ in names),
    )


def year_of(system: OdeSystem, doses: int, subjects: int) -> float:
    rates = np.linspace(0.1, 0.5, subjects)[:, None]
    every = YEAR / doses
    table = DoseTable.from_columns(
        subjects=subjects,
        subject=np.arange(subjects),
        time=np.zeros(subjects),
        state="depot",
        amount=np.ones(subjects),
        additional=np.full(subjects, doses - 1),
        interval=np.full(subjects, every),
    )
    visits = np.linspace(0.0, YEAR, 14)
    simulate(system, rates, table, visits)  # compiled before it is timed
    return seconds_of(lambda: simulate(system, rates, table, visits))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--subjects", type=int, default=400, help="most subjects of a world")
    parser.add_argument("--worlds", type=int, default=4, help="most worlds")
    options = parser.parse_args()
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}, one core")
    catalog = shipped()
    sizes = [options.subjects >> power for power in (3, 2, 1, 0)]
    prepared = {
        size: prepare(ForecastPlan(catalog.design("daisy"), max(6, options.worlds), size, SEED), catalog)
        for size in {*sizes, SUBJECTS_AT_ONCE}
    }
    simulate_world(prepared[SUBJECTS_AT_ONCE].trial, 0)
    many = [1 << power for power in range(options.worlds.bit_length())]

    def worlds(number: int) -> None:
        for place in range(number):
            simulate_world(prepared[SUBJECTS_AT_ONCE].trial, place)

    told("worlds", many, [seconds_of(lambda number=number: worlds(number)) for number in many])
    told("subjects", sizes, [seconds_of(lambda n=n: simulate_world(prepared[n].trial, 0)) for n in sizes])
    for noun, every in (("states", (5, 10, 20, 40)), ("doses", (13, 26, 52, 104, 182))):
        found = [
            year_of(linked(number), 26, 200) if noun == "states" else year_of(linked(20), number, 200)
            for number in every
        ]
        told(noun, every, found)
    a_world = seconds_of(lambda: worlds(many[-1])) / many[-1]
    years = 2 * SUBJECTS_AT_ONCE
    print(f"10^6 patient-years: {a_world * 1e6 / years:.0f} s of a core ({a_world:.2f} s a world, both arms)")
    print(f"{DESIGNS} designs of {WORLDS} worlds: {a_world * DESIGNS * WORLDS / 3600:,.0f} core-hours")


if __name__ == "__main__":
    main()

"""How fast and how well calibrated the trial engine is: ``python benchmarks/trials.py [--json FILE]``.

Draws 10,000 trials of DAISY's size from a super-population of 20,000 invented subjects, under a sharp null and under an
effect, and measures time, memory, type I error and coverage.
"""

import argparse
import json
import resource
import sys
import time
from pathlib import Path

import numpy as np

from ifntrial.catalog import shipped
from ifntrial.clinic.observe import response_probabilities
from ifntrial.clinic.readings import measurement_error
from ifntrial.statistics.power import power_of_stratified_cmh, stratum_index
from ifntrial.statistics.replicates import Allocation, run_replicates

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from toy_trial import toy_course, toy_covariates

SUBJECTS = 20_000
REPLICATES = 10_000
MANY_REPLICATES = 200_000
SEED = 20_240_607


def peak_megabytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def one_case(effect):
    catalog = shipped()
    design = catalog.designs["daisy"]
    covariates = toy_covariates(SUBJECTS)
    stratum, _ = stratum_index(design, covariates)
    started = time.perf_counter()
    courses = {
        arm.name: toy_course(arm.name, 0.0 if arm.is_control else effect, SUBJECTS, design.visit_weeks)
        for arm in design.arms
    }
    chances = response_probabilities(
        design,
        courses,
        covariates,
        measurement_error(catalog.evidence),
        catalog.endpoints[design.primary.endpoint],
        seed=SEED,
        replicates=4,
    )
    seen = time.perf_counter()
    n_active, n_control = (design.n_of(arm) for arm in (design.active, design.control))
    world = power_of_stratified_cmh(
        chances.active, chances.control, np.ones(SUBJECTS), stratum, n_active=n_active, n_control=n_control
    )
    summary = run_replicates(
        world.rates, design.size.analyzed, allocation=Allocation(4, 2), replicates=REPLICATES, seed=SEED
    )
    done = time.perf_counter()
    return world, {
        "effect": effect,
        "seconds_observing": seen - started,
        "seconds_replicates": done - seen,
        "power_formula": world.power,
        "power_formula_error": world.standard_error,
        "significant": summary.significant,
        "significant_low": summary.low,
        "significant_high": summary.high,
        "coverage": summary.coverage,
        "bias": summary.mean_difference - summary.true_difference,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=Path, help="write the numbers to this file")
    arguments = parser.parse_args()
    started = time.perf_counter()
    cases = [one_case(effect)[1] for effect in (0.0, 1.0)]
    elapsed = time.perf_counter() - started
    before = peak_megabytes()
    world, _ = one_case(0.0)
    many = run_replicates(world.rates, 314, replicates=MANY_REPLICATES, seed=SEED)
    result = {
        "subjects": SUBJECTS,
        "replicates": REPLICATES,
        "seconds": elapsed,
        "type_i_error": cases[0]["significant"],
        "type_i_error_many_replicates": many.significant,
        "coverage": min(case["coverage"] for case in cases),
        "peak_megabytes": before,
        "peak_megabytes_twenty_times_the_replicates": peak_megabytes(),
        "cases": cases,
    }
    text = json.dumps(result, indent=2)
    print(text)
    if arguments.json:
        arguments.json.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

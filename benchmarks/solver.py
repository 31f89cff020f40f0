"""Our population solver against libroadrunner, numbalsoda and SciPy: one process, paired, medians.

    python benchmarks/solver.py [--quick] [--json FILE] [--stream N]

Times are of one core unless said. Each repeat runs a peer and ours in turn and keeps the ratio, because clocks drift.
Errors are the largest over visits and states of |y - reference| / (|reference| + 1e-3 max |reference|), where the
reference is our own method at 1e-11; the tests compare that with Radau and libroadrunner.
"""

import argparse
import json
import os
import platform
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from cases import Case, list_cases
from hardware import count_operations, measure_peak
from peers.task import list_segments

from ifntrial.solver import simulate_to_parquet
from ifntrial.solver.audit import compute_errors
from ifntrial.solver.compiler.kernel import compile_kernel
from ifntrial.solver.engine import solve_problem
from ifntrial.solver.problem import Problem, take_subjects
from ifntrial.solver.schedule import build_schedule

PEERS = ("libroadrunner", "numbalsoda", "scipy")
MODULES = {
    "libroadrunner": "peers.roadrunner_peer",
    "numbalsoda": "peers.numbalsoda_peer",
    "scipy": "peers.scipy_peer",
}
SAME, TIGHT = 1e-6, 1e-11
PEER_TOLERANCES = (1e-6, 1e-7, 1e-8)


@dataclass(frozen=True, slots=True)
class Size:
    """How much is run."""

    repeats: int
    own_subjects: int
    peer_subjects: int
    scipy_subjects: int
    stressed_subjects: int


QUICK, FULL = Size(3, 120, 2, 1, 200), Size(5, 1000, 20, 2, 10_000)


def clock(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def at_tolerance(case: Case, drawn: Any, relative: float) -> Problem:
    return case.build(drawn, relative)


def measure_compile(case: Case) -> dict[str, float]:
    """Time the compilation of a system from nothing, and from the disk."""
    kept = os.environ.get("IFNTRIAL_CACHE")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["IFNTRIAL_CACHE"] = folder
        compile_kernel.cache_clear()
        cold, _ = clock(lambda: compile_kernel(case.system))
        compile_kernel.cache_clear()
        cached, kernel = clock(lambda: compile_kernel(case.system))
    if not kernel.is_from_cache:
        raise SystemExit("the cache of compiled systems was not used")
    os.environ.pop("IFNTRIAL_CACHE")
    if kept is not None:
        os.environ["IFNTRIAL_CACHE"] = kept
    compile_kernel.cache_clear()
    return {"compile_cold_s": cold, "compile_cached_s": cached}


def measure_own(case: Case, size: Size, peak: float) -> tuple[dict[str, Any], Any]:
    """Measure speed, accuracy and scaling of our own solver."""
    drawn = case.draw(size.own_subjects)
    problem = case.build(drawn, SAME)
    solve_problem(take_subjects(problem, np.arange(8)), 2)
    runs, pairs = [], []
    for _ in range(size.repeats):
        one, found = clock(lambda: solve_problem(problem, 1))
        two, _ = clock(lambda: solve_problem(problem, 2))
        runs.append(one)
        pairs.append(one / two)
    seconds = float(np.median(runs))
    steps = int((found.accepted + found.rejected).sum())
    audited = np.arange(min(200, size.own_subjects))
    exact = solve_problem(take_subjects(case.build(drawn, TIGHT), audited), 2).values
    calibration = {}
    for relative in (1e-4, 1e-5, 1e-6, 1e-7):
        values = solve_problem(take_subjects(case.build(drawn, relative), audited), 2).values
        calibration[f"{relative:g}"] = float(np.nanmedian(compute_errors(values, exact, 1e-3)))
    errors = compute_errors(found.values[audited], exact, 1e-3)
    result = {
        "states": len(case.system.states),
        "milliseconds_per_patient": 1e3 * seconds / problem.subjects,
        "patients_per_second_per_core": problem.subjects / seconds,
        "thread_scaling": float(np.median(pairs)),
        "steps_per_patient": steps / problem.subjects,
        "rejected_share": float(found.rejected.sum() / steps),
        "operations_per_step": count_operations(case.system),
        "fma_share": count_operations(case.system) * steps / min(runs) / peak,
        "error_median": float(np.nanmedian(errors)),
        "error_p99": float(np.nanquantile(errors, 0.99)),
        "error_median_by_rtol": calibration,
        "failures": int((~found.is_ok).sum()),
        "milliseconds_per_patient_trial": 1e3
        * clock(lambda: solve_problem(case.build(drawn, 1e-5), 1))[0]
        / problem.subjects,
    }
    return result, (drawn, exact)


def measure_peer(name: str, case: Case, size: Size, drawn: Any, exact: Any) -> dict[str, Any]:
    """Measure one peer, paired with ours; a peer that is not installed says so."""
    try:
        solve = import_module(MODULES[name]).prepare(case.system)
    except ImportError as error:
        return {f"{name}_status": f"not installed ({error})"}
    count = size.scipy_subjects if name == "scipy" else size.peer_subjects
    chosen = np.arange(count)
    ours = case.build(drawn, SAME)
    problem, initial = take_subjects(ours, chosen), drawn[2]
    segments = [list_segments(problem, subject) for subject in chosen]
    solve(problem, 0, segments[0], initial[0], SAME)
    times: dict[float, list[float]] = {relative: [] for relative in PEER_TOLERANCES}
    errors: dict[float, float] = {}
    own = []
    for _ in range(1 if name == "scipy" else size.repeats):
        own.append(clock(lambda: solve_problem(ours, 1))[0] / ours.subjects)
        for relative in PEER_TOLERANCES[:1] if name == "scipy" else PEER_TOLERANCES:
            spent, values = clock(
                lambda r=relative: [solve(problem, s, segments[s], initial[s].copy(), r) for s in chosen]
            )
            times[relative].append(spent / count / own[-1])
            errors[relative] = float(np.nanmedian(compute_errors(np.array(values), exact[chosen], 1e-3)))
    ratios = {relative: float(np.median(found)) for relative, found in times.items() if found}
    report = {f"{name}_status": "run", f"ratio_{name}_same_rtol": ratios[SAME]}
    report[f"{name}_by_rtol"] = {f"{r:g}": {"ratio": ratios[r], "error_median": errors[r]} for r in ratios}
    if len(ratios) > 1:
        ours_error = float(
            np.nanmedian(compute_errors(solve_problem(problem, 1).values, exact[chosen], 1e-3))
        )
        report[f"ratio_{name}_equal_accuracy"] = interpolate(ratios, errors, ours_error)
    return report


def interpolate(ratios: dict[float, float], errors: dict[float, float], wanted: float) -> float:
    """Return the ratio at which a peer has the wanted error, from the nearest two tolerances, in logarithms."""
    order = sorted(ratios, key=lambda relative: errors[relative])
    x = np.log([errors[relative] for relative in order])
    y = np.log([ratios[relative] for relative in order])
    # outside what was measured the nearest is taken, which can only favor the peer at the tight end
    return float(np.exp(np.interp(np.log(wanted), x, y)))


def measure_stress(case: Case, size: Size) -> dict[str, Any]:
    """Count failures in populations far beyond what is plausible."""
    report: dict[str, Any] = {}
    for name, (draw, allowed) in case.stress.items():
        drawn = draw(size.stressed_subjects)
        spent, found = clock(lambda d=drawn: solve_problem(case.build(d, SAME, ("matrix",)), 2))
        flagged = (
            bool(np.isnan(found.values[~found.is_ok]).any(axis=(1, 2)).all())
            if (~found.is_ok).any()
            else True
        )
        report[name] = {
            "subjects": size.stressed_subjects,
            "failures": int((~found.is_ok).sum()),
            "allowed": allowed,
            "all_flagged": flagged and bool(np.isfinite(found.values[found.is_ok]).all()),
            "most_steps": int((found.accepted + found.rejected).max()),
            "seconds_two_threads": spent,
        }
    return {"stress": report} if report else {}


def measure_tables(case: Case, size: Size) -> dict[str, float]:
    """Time the schedules of many subjects."""
    del size
    subjects = 100_000
    from problems.receptor_blockade import plan_doses

    table = plan_doses(subjects, "sc")
    spent, plan = clock(lambda: build_schedule(table, case.system.states))
    return {"event_tables_100000_s": spent, "event_rows": len(plan.time)}


def measure_million(case: Case, subjects: int) -> dict[str, float]:
    """Solve a million subjects into a file, and report time and the growth of memory."""
    block = case.draw(10_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peaks = []

    def draw(first: int, count: int) -> Any:
        peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
        # the same ten thousand again and again: what is measured is memory and time, not variety
        return block[0][:count], block[1] if count == 10_000 else block[1].take(np.arange(count))

    with tempfile.TemporaryDirectory() as folder:
        spent, summary = clock(
            lambda: simulate_to_parquet(
                Path(folder) / "run.parquet",
                case.system,
                subjects,
                draw,
                case.visits,
                outputs=("central", "matrix"),
                workers=2,
                progress=show_progress,
            )
        )
        print(file=sys.stderr)
        written = (Path(folder) / "run.parquet").stat().st_size
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "stream_subjects": subjects,
        "stream_s": spent,
        "stream_peak_mb_before": before / 1024,
        "stream_peak_mb_second_block": peaks[min(2, len(peaks) - 1)] / 1024,
        "stream_peak_mb_end": after / 1024,
        "stream_file_mb": written / 2**20,
        "stream_failures": subjects - summary.statuses.get("ok", 0),
        "stream_largest_audited_error": summary.largest_error,
    }


def show_progress(done: int, total: int) -> None:
    """Write how many subjects are done, over the line before."""
    print(f"\r  {done:,} of {total:,} subjects", end="", file=sys.stderr, flush=True)


def print_table(report: dict[str, Any]) -> None:
    for name, case in report["problems"].items():
        print(f"\n{name}")
        for key, value in case.items():
            shown = f"{value:.4g}" if isinstance(value, float) else value
            print(f"  {key:40s} {shown}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="ends within a minute")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the numbers here")
    parser.add_argument("--stream", type=int, metavar="N", help="also stream N subjects to a file")
    options = parser.parse_args()
    size = QUICK if options.quick else FULL
    peak = measure_peak()
    cases, absent = list_cases()
    machine = {
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "peak_gflops": peak / 1e9,
    }
    report: dict[str, Any] = {"machine": machine, "not_run": absent, "problems": {}}
    for case in cases:
        numbers: dict[str, Any] = measure_compile(case)
        own, (drawn, exact) = measure_own(case, size, peak)
        numbers |= own
        for peer in PEERS:
            if options.quick and peer == "scipy" and case is not cases[0]:
                numbers["scipy_status"] = "left out of the quick run"
                continue
            numbers |= measure_peer(peer, case, size, drawn, exact)
        numbers |= measure_stress(case, size)
        if case is cases[0]:
            numbers |= measure_tables(case, size)
            if options.stream:
                numbers |= measure_million(case, options.stream)
        report["problems"][case.name] = numbers
    print(json.dumps(report["machine"]), *absent, sep="\n")
    print_table(report)
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

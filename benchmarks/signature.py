"""Time and peak memory of scoring against GSEApy and decoupler, on the same made-up expression tables.

Each job runs in a process of its own. The table is made before the clock starts and held in memory by every tool.
Run: ``python benchmarks/signature.py [--quick] [--json FILE]``.
"""

import argparse
import json
import platform
import resource
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter, process_time

FULL = ((1_000, 20_000), (10_000, 20_000))
QUICK = ((100, 2_000), (400, 2_000))
SETS = ("az_4_gene", "ags_6", "aybey_ifn_i", "chiche_m1_2", "chiche_m3_4")
HEALTHY = 50
LONGEST_SECONDS = 1200
# tool -> (job, library it needs)
TOOLS = {
    "ifntrial singscore": ("rank score", "ifntrial"),
    "gseapy ssgsea": ("rank score", "gseapy"),
    "ifntrial mean_z": ("mean against a reference", "ifntrial"),
    "decoupler zscore": ("mean against a reference", "decoupler"),
    "decoupler ulm": ("mean against a reference", "decoupler"),
    "ifntrial with calls": ("mean, cut-offs, 100 draws", "ifntrial"),
}
OWN = {"rank score": "ifntrial singscore", "mean against a reference": "ifntrial mean_z"}


def make_table(samples: int, genes: int):
    import numpy as np
    import pandas as pd

    from ifntrial.catalog import shipped

    members = sorted({gene for name in SETS for gene in shipped().signatures[name].genes})
    names = [*members, *(f"G{i}" for i in range(genes - len(members)))]
    values = np.random.default_rng(1).standard_normal((samples, genes))
    values *= 2.0
    values += 8.0
    return pd.DataFrame(values, index=[f"s{i}" for i in range(samples)], columns=names)


def ours(data, method: str, *, with_calls: bool = False) -> int:
    from ifntrial.catalog import shipped
    from ifntrial.signature import Expression, ScoreSettings, compute_scores, score_samples

    expression = Expression(data, data[[]], "log2", "rna")
    healthy, library = list(data.index[:HEALTHY]), shipped().library
    if with_calls:
        result = score_samples(
            expression,
            library,
            healthy=healthy,
            signatures=SETS,
            methods=[method],
            settings=ScoreSettings(draws=100),
        )
        return len(result.table)
    return compute_scores(expression, library, healthy=healthy, signatures=SETS, methods=[method]).size


def gseapy_ssgsea(data) -> int:
    import gseapy

    from ifntrial.catalog import shipped

    sets = {name: list(shipped().signatures[name].genes) for name in SETS}
    found = gseapy.ssgsea(
        data=data.T, gene_sets=sets, outdir=None, sample_norm_method="rank", permutation_num=0, min_size=1,
        no_plot=True, threads=2,
    )  # fmt: skip
    return len(found.res2d)


def decoupler_method(data, name: str) -> int:
    import decoupler
    import pandas as pd

    from ifntrial.catalog import shipped

    rows = [(s, gene, 1.0) for s in SETS for gene in shipped().signatures[s].genes]
    net = pd.DataFrame(rows, columns=["source", "target", "weight"])
    scores, _ = getattr(decoupler.mt, name)(data=data, net=net, tmin=1)
    return scores.size


RUN: dict[str, Callable] = {
    "ifntrial singscore": lambda data: ours(data, "singscore"),
    "ifntrial mean_z": lambda data: ours(data, "mean_z"),
    "ifntrial with calls": lambda data: ours(data, "mean_z", with_calls=True),
    "gseapy ssgsea": gseapy_ssgsea,
    "decoupler zscore": lambda data: decoupler_method(data, "zscore"),
    "decoupler ulm": lambda data: decoupler_method(data, "ulm"),
}


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0


def run_one(tool: str, samples: int, genes: int) -> dict[str, object]:
    data = make_table(samples, genes)
    RUN[tool](data.iloc[:60, :1000])  # imports and compilation are not timed
    before = peak_mib()
    start, busy = perf_counter(), process_time()
    scores = RUN[tool](data)
    seconds, busy = perf_counter() - start, process_time() - busy
    return {
        "seconds": seconds,
        "processor_seconds": busy,
        "peak_mib": peak_mib(),
        "added_mib": peak_mib() - before,
        "scores": scores,
    }


def run_child(tool: str, samples: int, genes: int) -> dict[str, object]:
    if find_spec(TOOLS[tool][1]) is None:
        return {"note": f"{TOOLS[tool][1]} is not installed"}
    words = [sys.executable, "-W", "ignore", __file__, "--one", tool, str(samples), str(genes)]
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=LONGEST_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return {"note": f"took longer than {LONGEST_SECONDS} s"}
    if done.returncode:
        return {
            "note": f"failed: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else done.returncode}"
        }
    return json.loads(done.stdout.strip().splitlines()[-1])


def run_all(sizes: tuple[tuple[int, int], ...]) -> list[dict[str, object]]:
    rows = []
    print(
        f"{'tool':<20}{'job':<26}{'samples':>9}{'genes':>8}{'seconds':>10}{'CPU s':>9}{'ms/sample':>11}{'added MiB':>11}"
    )
    for samples, genes in sizes:
        for tool, (job, _) in TOOLS.items():
            row = {
                "tool": tool,
                "job": job,
                "samples": samples,
                "genes": genes,
                **run_child(tool, samples, genes),
            }
            rows.append(row)
            head = f"{tool:<20}{job:<26}{samples:>9}{genes:>8}"
            if "seconds" in row:
                each = 1000.0 * row["seconds"] / samples
                print(
                    f"{head}{row['seconds']:>10.2f}{row['processor_seconds']:>9.2f}{each:>11.3f}{row['added_mib']:>11.0f}",
                    flush=True,
                )
            else:
                print(f"{head}  {row['note']}", flush=True)
    return rows


def judge(rows: list[dict[str, object]]) -> list[str]:
    """Return how each other tool compares with ours at the same job, and how our time grows with samples."""
    # Processor time, so that other work on the machine does not decide.
    seconds = {(row["tool"], row["samples"]): row["processor_seconds"] for row in rows if "seconds" in row}
    lines = []
    for (tool, samples), taken in seconds.items():
        mine = OWN.get(TOOLS[tool][0], tool)
        if mine != tool and (own := seconds.get((mine, samples))):
            lines.append(f"{samples} samples: {mine} takes {own / taken:.3f} of the processor time of {tool}")
    for tool in (*OWN.values(), "ifntrial with calls"):
        sizes = sorted(samples for name, samples in seconds if name == tool)
        if len(sizes) == 2:
            grown = seconds[tool, sizes[1]] / seconds[tool, sizes[0]]
            lines.append(
                f"{tool}: {sizes[1] / sizes[0]:g} times the samples take {grown:.1f} times the processor time"
            )
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small tables, seconds in all")
    parser.add_argument("--json", type=Path, help="write the numbers")
    parser.add_argument("--one", nargs=3, metavar=("TOOL", "SAMPLES", "GENES"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(run_one(given.one[0], int(given.one[1]), int(given.one[2]))))
        return
    rows = run_all(QUICK if given.quick else FULL)
    lines = judge(rows)
    print("\n".join(lines))
    if given.json:
        found = {
            "python": platform.python_version(),
            "machine": platform.machine(),
            "rows": rows,
            "summary": lines,
        }
        given.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

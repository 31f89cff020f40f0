"""Where the time of a forecast goes: ``python benchmarks/forecast.py [--worlds N] [--subjects N] [--json FILE]``.

Runs the forecast of DAISY in one process under Python's profiler, and adds up the time spent in each part of the project
and each library. Compiled code counts where it is called from: the kernels under ``ifntrial.solver``. Finding, reading
and compiling modules is told apart as ``imports``; it is much where Python may not keep compiled modules.
"""

import argparse
import cProfile
import json
import pstats
import re
import tempfile
import time
from collections import Counter
from pathlib import Path

from ifntrial.app.forecast import command

SHOWN = 12


def find_part(file: str) -> str:
    """Return the part of the project, or the library, that a source file belongs to."""
    for pattern in (r"[/\\](ifntrial[/\\]\w+)", r"site-packages[/\\](\w+)"):
        found = re.search(pattern, file)
        if found:
            return re.sub(r"[/\\]", ".", found[1])
    return "imports" if "importlib" in file else "Python"


def add_up(profile: cProfile.Profile) -> Counter[str]:
    """Return the seconds spent in each part; what is built in counts for the part that called it."""
    spent: Counter[str] = Counter()
    for (file, _, _), (_, _, own, _, callers) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]  # not in the type stubs
        if file == "~" and callers:
            for (caller, _, _), (_, _, share, _) in callers.items():
                spent["Python" if caller == "~" else find_part(caller)] += share
        else:
            spent[find_part(file)] += own
    return spent


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--worlds", type=int, default=20)
    parser.add_argument("--subjects", type=int, default=200)
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the numbers here")
    options = parser.parse_args()
    profile, start = cProfile.Profile(), time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        given = ["daisy", "--worlds", str(options.worlds), "--subjects", str(options.subjects)]
        profile.runcall(
            command.main, [*given, "--workers", "1", "--out", f"{folder}/run"], standalone_mode=False
        )
    seconds = time.perf_counter() - start
    spent = add_up(profile)
    total = sum(spent.values())
    report = {
        "worlds": options.worlds,
        "subjects": options.subjects,
        "seconds": seconds,
        "share": {part: own / total for part, own in spent.most_common(SHOWN)},
    }
    print(f"\n{options.worlds} worlds of {options.subjects} subjects, {seconds:.1f} s under the profiler")
    for part, share in report["share"].items():
        print(f"  {part:30s} {share:6.1%}")
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""How long usual tasks take, kept in a history: ``python benchmarks/usual.py [--json FILE] [--quick]``.

Each task is timed in a process of its own that has imported and compiled nothing before, the best of three: what a user
waits for. A record says when, where and of which code; numbers of other machines are not to be compared with it.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
HISTORY = Path(__file__).with_name("history.json")
TASKS = {
    "import": "import ifntrial",
    "help": "from ifntrial.app.cli import cli; cli(['--help'], standalone_mode=False)",
    "load a design": "import ifntrial; ifntrial.load_design('daisy')",
    "simulate, 50 subjects": (
        "import ifntrial; ifntrial.simulate('120 mg SC every week', weeks=12, subjects=50, workers=1)"
    ),
    "forecast, 24 worlds of 40 subjects": (
        "import ifntrial; ifntrial.forecast('daisy', worlds=24, subjects=40, seed=1, workers=1)"
    ),
}
"""Name of a task to the code that does it."""


def seconds_of(code: str, repeats: int) -> float:
    """Return the shortest time of a task [s]."""
    found = []
    for _ in range(repeats):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
        found.append(time.perf_counter() - start)
    return round(min(found), 3)


def machine() -> dict[str, str | int]:
    """Return where this runs: the machine's name, its processor and what is on it."""
    processor = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        processor = next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    return {
        "name": platform.node(),
        "processor": processor,
        "processors": os.cpu_count() or 1,
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }


def code_of_now() -> dict[str, str]:
    """Return which code is timed: its version and commit, with a mark where files have changed since."""
    import ifntrial

    def git(*words: str) -> str:
        ended = subprocess.run(["git", *words], capture_output=True, text=True, check=False, cwd=ROOT)
        return ended.stdout.strip()

    changed = "+" if git("status", "--porcelain", "--untracked-files=no") else ""
    return {"version": ifntrial.__version__, "commit": git("rev-parse", "--short=12", "HEAD") + changed}


def add_record(path: Path, record: dict[str, object]) -> None:
    """Put a record at the end of a history."""
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    path.write_text(json.dumps([*known, record], indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Time every task, print and keep it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", type=Path, default=HISTORY, help="history to add to")
    parser.add_argument("--quick", action="store_true", help="the first three tasks, once each")
    given = parser.parse_args()
    tasks = dict(list(TASKS.items())[:3]) if given.quick else TASKS
    seconds = {}
    for name, code in tasks.items():
        seconds[name] = seconds_of(code, 1 if given.quick else 3)
        print(f"{name:<36}{seconds[name]:>8.3f} s")
    date = datetime.now(UTC).isoformat(timespec="seconds")
    add_record(given.json, {"date": date, "machine": machine(), **code_of_now(), "seconds": seconds})


if __name__ == "__main__":
    main()

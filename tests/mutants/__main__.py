"""Change the program in one place at a time and see whether a test notices: ``make mutants SAMPLE=30 SEED=1``."""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from pathlib import Path
from queue import Queue

from mutants.copies import update_copy
from mutants.equivalent import key_of, load_equivalent
from mutants.find import Mutant
from mutants.host import Host
from mutants.judge import Verdict, judge, require_clean
from mutants.sample import draw_sample
from mutants.settings import load_settings
from mutants.source import Source
from mutants.store import RecordedTest
from mutants.table import KILLED, diff_of, table_of
from mutants.touched import load_tests

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".mutants"


def main() -> None:
    """Draw, judge, print."""
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("--sample", type=int, default=30, help="how many changes")
    parser.add_argument("--seed", type=int, default=1, help="which changes")
    parser.add_argument("--processes", type=int, default=2, help="how many changes are judged at a time")
    parser.add_argument("--budget", type=float, default=300.0, help="seconds of tests for one change")
    parser.add_argument("--again", action="store_true", help="only those that survived the last time")
    chosen = parser.parse_args()
    settings = load_settings()
    sample = draw_sample(ROOT, settings, chosen.sample, chosen.seed)
    FOLDER.mkdir(exist_ok=True)
    copies = [FOLDER / f"copy-{number + 1}" for number in range(chosen.processes)]
    for copy in copies:
        update_copy(ROOT, copy)
    tests = load_tests(FOLDER, ROOT, copies[0], settings)
    record = FOLDER / f"sample-{chosen.sample}-seed-{chosen.seed}.json"
    states = json.loads(record.read_text(encoding="utf-8")) if chosen.again else {}
    with ExitStack() as stack:
        hosts = [stack.enter_context(Host(copy, settings.libraries)) for copy in copies]
        for host in hosts:
            require_clean(host, tests)
        mutants = [mutant for found in sample.values() for mutant in found]
        verdicts = judge_all(mutants, hosts, tests, chosen.budget, states)
    record.write_text(json.dumps({" | ".join(key_of(m)): v.state for m, v in verdicts.items()}, indent=1))
    by_stratum = {name: [verdicts[mutant] for mutant in found] for name, found in sample.items()}
    print_result(by_stratum, copies[0])


def judge_all(
    mutants: Sequence[Mutant],
    hosts: Sequence[Host],
    tests: Sequence[RecordedTest],
    budget: float,
    states: Mapping[str, str],
) -> dict[Mutant, Verdict]:
    """Return a verdict on each change, judging as many at a time as there are hosts.

    ``states`` holds earlier verdicts; those killed before are not judged again.
    """
    equivalent = load_equivalent()
    free: Queue[Host] = Queue()
    for host in hosts:
        free.put(host)

    def decide(mutant: Mutant) -> Verdict:
        if key_of(mutant) in equivalent:
            return Verdict(mutant, "equivalent")
        before = states.get(" | ".join(key_of(mutant)), "")
        if before in KILLED:
            return Verdict(mutant, before)
        host = free.get()
        try:
            return judge(mutant, host, tests, budget)
        finally:
            free.put(host)

    found: dict[Mutant, Verdict] = {}
    with ThreadPoolExecutor(len(hosts)) as pool:
        for place, future in enumerate(
            as_completed([pool.submit(decide, each) for each in mutants]), start=1
        ):
            verdict = future.result()
            found[verdict.mutant] = verdict
            if verdict.seconds:
                print(f"{place}/{len(mutants)} {describe(verdict)}", flush=True)
    return found


def describe(verdict: Verdict) -> str:
    """Return a verdict on one line."""
    mutant = verdict.mutant
    by = f" by {verdict.by}" if verdict.by else ""
    return f"{verdict.state} {mutant.path}:{mutant.number} {mutant.change} ({verdict.seconds:.0f} s{by})"


def print_result(by_stratum: Mapping[str, Sequence[Verdict]], copy: Path) -> None:
    """Print the survivors, as changes of the files in a copy, and the table."""
    for found in by_stratum.values():
        for verdict in found:
            if verdict.state not in (*KILLED, "equivalent"):
                print(f"\n{diff_of(verdict, Source((copy / verdict.mutant.path).read_bytes()))}")
    print(f"\n{table_of(by_stratum)}")


if __name__ == "__main__":
    sys.exit(main())

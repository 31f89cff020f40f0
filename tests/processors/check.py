"""The same answer on every processor: runs each variant, compares it with the first, and prints a table.

    python tests/processors/check.py [--quick] [VARIANT ...]

A variant that this processor cannot run is skipped by name. Without names all are run. ``--quick`` takes small runs and
those oracle tests that rest on linear algebra or special functions; it is what continuous integration does with two
variants.
"""

import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from compare import AGREES, FLOOR, Agreement, compare_files
from expression import write_cohort
from variants import Variant, all_variants, command, environment, kernel_in_use, missing, script

HERE = Path(__file__).parent
ROOT = HERE.parents[1]

SMALL = {
    "forecast": "forecast daisy --worlds 9 --subjects 16 --workers 1",
    "score": "score {folder}/levels.csv --healthy {folder}/healthy.txt --metadata {folder}/about.csv --visit week"
    " --group status --variables mrss --tissue blood --draws 40",
}
LARGE = SMALL | {
    "forecast": "forecast daisy --worlds 40 --subjects 40 --workers 1",
    "compare": "design compare daisy daisy_2to1 --worlds 12 --subjects 20 --workers 1",
    "doses": "doses daisy --worlds 9 --subjects 16 --workers 1",
    "enrich": "enrich daisy --worlds 9 --subjects 120 --workers 1",
    "validate": "validate --subjects 50",
}
QUICK_TESTS = (
    "test_trial_analyses_against_r.py",
    "test_trial_mmrm_against_exact.py",
    "test_trial_mmrm_against_r_and_sas.py",
    "test_trial_analyses_against_own_sums.py",
)


@dataclass
class Outcome:
    """What one variant gave: agreements by run, the oracle tests' last line, and whether all is well."""

    variant: Variant
    kernels: str = ""
    tests: str = ""
    runs: dict[str, Agreement] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def run_variant(variant: Variant, runs: dict[str, str], data: Path, folder: Path) -> list[str]:
    """Write ``NAME.json`` of every run into a folder; return what went wrong."""
    folder.mkdir()
    problems = []
    for name, words in runs.items():
        asked = [*words.format(folder=data).split(), "--out", str(folder / name)]
        problems += _call(command(variant, *asked, "--json", str(folder / f"{name}.json")), variant)
    return problems + _call(script(variant, HERE / "analyses.py", str(folder / "analyses.json")), variant)


def run_tests(variant: Variant, quick: bool) -> tuple[str, list[str]]:
    """Run the oracle tests; return their last line and what failed. The made-up processors have none."""
    if variant.rounding is not None:
        return "-", []
    chosen = [f"tests/oracle/{name}" for name in QUICK_TESTS] if quick else ["tests/oracle"]
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rf", *chosen]
    found = subprocess.run(
        words, cwd=ROOT, env=environment(variant), capture_output=True, text=True, check=False
    )
    lines = found.stdout.strip().splitlines() or [found.stderr.strip()]
    return lines[-1], [line for line in lines if line.startswith("FAILED")] or (
        [lines[-1]] if found.returncode else []
    )


def _call(words: list[str], variant: Variant) -> list[str]:
    found = subprocess.run(
        words, cwd=ROOT, env=environment(variant), capture_output=True, text=True, check=False
    )
    return [f"{' '.join(words[-9:])}: {found.stderr.strip()[-800:]}"] if found.returncode else []


def look(
    variant: Variant, first: Path, runs: dict[str, str], data: Path, folder: Path, quick: bool
) -> Outcome:
    """Return how a variant compares with the first one."""
    outcome = Outcome(variant, kernel_in_use(variant))
    outcome.problems = run_variant(variant, runs, data, folder) if folder != first else []
    outcome.tests, failed = run_tests(variant, quick)
    outcome.problems += failed
    for path in sorted(first.glob("*.json")):
        if not (folder / path.name).exists():
            continue
        found = outcome.runs[path.stem] = compare_files(path, folder / path.name)
        if not found.agrees or (variant.same_bits and path.stem != "analyses" and not found.is_same):
            outcome.problems.append(f"{path.stem} differs by {found.worst:.1e} at {found.where}")
    return outcome


def show(outcomes: list[Outcome], skipped: dict[str, str]) -> None:
    """Print the table."""
    names = sorted({name for outcome in outcomes for name in outcome.runs})
    wide = max(len(outcome.variant.name) for outcome in outcomes) + 2
    print(
        f"\nLargest relative difference (of at least {FLOOR:g}); {AGREES:g} is allowed, 'same' is every bit."
    )
    print(
        "".join(
            [
                "variant".ljust(wide),
                "kernels".ljust(14),
                *(name.rjust(10) for name in names),
                "  oracle tests",
            ]
        )
    )
    for outcome in outcomes:
        cells = [_cell(outcome.runs.get(name)).rjust(10) for name in names]
        kernels = outcome.kernels.ljust(14)
        print("".join([outcome.variant.name.ljust(wide), kernels, *cells, "  ", outcome.tests]))
    for name, lack in skipped.items():
        print(f"{name.ljust(wide)}skipped: this machine lacks {lack}")
    for outcome in outcomes:
        for problem in outcome.problems:
            print(f"FAILED {outcome.variant.name}: {problem}")


def _cell(found: Agreement | None) -> str:
    if found is None:
        return "none"
    return "same" if found.is_same else f"{found.worst:.0e}"


def main() -> int:
    """Run what was asked for; return 1 if anything differs or fails."""
    start, words = time.monotonic(), sys.argv[1:]
    quick = "--quick" in words
    names = [word for word in words if word != "--quick"]
    first, *others = all_variants()
    unknown = [name for name in names if name not in {variant.name for variant in others}]
    if unknown:
        print(f"unknown variants: {', '.join(unknown)}; there are: {', '.join(v.name for v in others)}")
        return 2
    chosen = [variant for variant in others if not names or variant.name in names]
    skipped = {variant.name: lack for variant in chosen if (lack := missing(variant))}
    runs = SMALL if quick else LARGE
    with tempfile.TemporaryDirectory() as place:
        data, reference = Path(place) / "data", Path(place) / "first"
        write_cohort(data)
        problems = run_variant(first, runs, data, reference)
        outcomes = [look(first, reference, runs, data, reference, quick)] if not quick else []
        for number, variant in enumerate(v for v in chosen if v.name not in skipped):
            outcomes.append(look(variant, reference, runs, data, Path(place) / str(number), quick))
    if outcomes:
        show(outcomes, skipped)
    problems += [problem for outcome in outcomes for problem in outcome.problems]
    print(f"{'Something differs' if problems else 'The same on all'}: {len(outcomes)} variants, "
          f"{len(skipped)} skipped, {time.monotonic() - start:.0f} s.")  # fmt: skip
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

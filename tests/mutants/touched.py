"""Which tests reach which lines, recorded once and anew only for test files that are new or changed."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from coverage import CoverageData

from mutants.copies import environment_of, list_files
from mutants.recorder import FILES, REPORT
from mutants.settings import Settings
from mutants.store import RecordedTest, Store, digest_of

STORE = "touched.json"
# So many test files are run at a time, so that little is lost when it is interrupted.
CHUNK = 12
QUIET = ("-q", "--no-header", "-p", "no:cacheprovider", "--hypothesis-seed=0")


def load_tests(folder: Path, root: Path, copy: Path, settings: Settings) -> list[RecordedTest]:
    """Return the tests with what they reach; test files that the store in the folder does not know are run first.

    Lines of a source that was changed since are found again by their text.
    """
    store = Store(folder / STORE)
    sources = {path: (root / path).read_text(encoding="utf-8") for path in settings.all_files(root)}
    files = {name: digest_of((root / name).read_bytes()) for name in _test_files(root, settings)}
    stale = [name for name, digest in files.items() if not store.knows(name, digest, sources)]
    for done in range(0, len(stale), CHUNK):
        names = stale[done : done + CHUNK]
        print(f"Recording which lines tests reach: {done} of {len(stale)} test files are done", flush=True)
        found = _record(names, folder, copy, settings)
        for name in names:
            tests = {test: seen for test, seen in found.items() if test.split("::")[0] == name}
            store.put(name, files[name], sources, tests)
        store.write()
    return [test for name in files for test in store.tests_of(name, sources)]


def _test_files(root: Path, settings: Settings) -> Iterator[str]:
    for name in list_files(root):
        is_left_out = any(fnmatch(name, pattern) for pattern in settings.left_out)
        if is_left_out or not name.endswith(".py") or not name.startswith(settings.test_paths):
            continue
        if Path(name).name.startswith("test_") or (
            name.startswith("src/") and ">>>" in (root / name).read_text()
        ):
            yield name


def _record(names: list[str], folder: Path, copy: Path, settings: Settings) -> dict[str, dict[str, Any]]:
    """Run test files in a copy; return for each passing test its seconds and lines."""
    report, data, config = folder / "report.json", folder / "lines", folder / "coverage.ini"
    changed = settings.all_files(copy)
    config.write_text(
        "\n    ".join(["[run]\ncore = ctrace\nrelative_files = true\ninclude =", *changed]) + "\n"
    )
    parallel = ["-n", "2", "--dist", "loadfile"] if len(names) > 1 else ["-n", "0"]
    options = [*parallel, "-p", "mutants.recorder", *QUIET]
    options += ["--cov", f"--cov-config={config}", "--cov-context=test", "--cov-report="]
    environment = environment_of(copy) | {
        REPORT: str(report),
        FILES: "\n".join(str(copy / path) for path in changed),
        "COVERAGE_FILE": str(data),
    }
    command = [sys.executable, "-m", "pytest", *options, *names]
    ended = subprocess.run(command, cwd=copy, env=environment, check=False)
    if ended.returncode not in (0, 1):
        raise RuntimeError(f"the tests could not be run: pytest ended with {ended.returncode}")
    seen = json.loads(report.read_text(encoding="utf-8"))
    failed = [name for name, each in seen.items() if each["outcome"] == "failed"]
    if failed:
        print(f"Left out, as they fail without any change: {', '.join(sorted(failed))}")
    reached = _lines_by_context(data)
    passed = {name: each for name, each in seen.items() if each["outcome"] == "passed"}
    return {
        name: {"seconds": each["seconds"], "lines": _together(reached, [name, *each["shared"]])}
        for name, each in passed.items()
    }


def _lines_by_context(path: Path) -> dict[str, dict[str, set[int]]]:
    data = CoverageData(str(path))
    data.read()
    found: dict[str, dict[str, set[int]]] = {}
    for file in data.measured_files():
        for line, contexts in data.contexts_by_lineno(file).items():
            for context in contexts:
                name = context.rsplit("|", 1)[0]
                found.setdefault(name, {}).setdefault(file, set()).add(line)
    return found


def _together(reached: Mapping[str, Mapping[str, set[int]]], names: list[str]) -> dict[str, list[int]]:
    found: dict[str, set[int]] = {}
    for name in names:
        for file, lines in reached.get(name, {}).items():
            found.setdefault(file, set()).update(lines)
    return {file: sorted(lines) for file, lines in found.items()}

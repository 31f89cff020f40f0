"""What the tests say about a change."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from mutants.find import Mutant
from mutants.host import Host
from mutants.source import Source
from mutants.store import RecordedTest
from mutants.touched import QUIET

# The quickest tests go first and alone: most changes fall there, and no other test file has to be read.
QUICK_SECONDS, QUICK_TESTS = 10.0, 40
PATIENCE, GRACE = 5.0, 60.0
LOADED_BEFORE = ("-W", "ignore::pytest.PytestAssertRewriteWarning")


@dataclass(frozen=True, slots=True)
class Verdict:
    """``state`` is "killed", "timed out", "survived", "not reached" or "equivalent"; ``by`` the test that failed.

    ``reaching`` tests may run the change; ``given`` of them, the quickest, were there to notice it.
    """

    mutant: Mutant
    state: str
    by: str = ""
    reaching: int = 0
    given: int = 0
    seconds: float = 0.0


def judge(mutant: Mutant, host: Host, tests: Sequence[RecordedTest], budget: float) -> Verdict:
    """Apply a change in the copy of a host, run the tests that reach it until one fails, and take it back.

    The quickest tests are run, as many as took ``budget`` seconds together when they were recorded.
    """
    began = time.monotonic()
    reaching = sorted((test for test in tests if test.reaches(mutant)), key=lambda test: test.seconds)
    given = [
        test
        for test, spent in zip(reaching, accumulate(t.seconds for t in reaching), strict=True)
        if spent <= budget
    ]
    state, by = ("survived" if reaching else "not reached"), ""
    place = host.copy / mutant.path
    original = place.read_bytes()
    try:
        _write(place, Source(original).edited(mutant.edit))
        for batch in _batches(given):
            state, by = run_tests(host, batch)
            if state != "survived":
                break
    finally:
        _write(place, original)
    return Verdict(mutant, state, by, len(reaching), len(given), time.monotonic() - began)


def run_tests(host: Host, tests: Sequence[RecordedTest]) -> tuple[str, str]:
    """Return how the tests end in the copy of a host, and the name of the first that fails."""
    names = host.copy / ".tests"
    names.write_text("\n".join(test.name for test in tests) + "\n", encoding="utf-8")
    limit = GRACE + PATIENCE * sum(test.seconds for test in tests)
    code, output = host.run([*QUIET, *LOADED_BEFORE, "-x", "--tb=no", f"@{names}"], limit)
    if code is None:
        return "timed out", ""
    if code == 0:
        return "survived", ""
    failures = [line for line in output.splitlines() if line.startswith(("FAILED ", "ERROR ", "ERROR: "))]
    if not failures:
        raise RuntimeError(f"the tests could not be run, pytest ended with {code}:\n{output}")
    return "killed", failures[0].split(" ", 1)[1].split(" - ")[0]


def require_clean(host: Host, tests: Sequence[RecordedTest]) -> None:
    """Raise RuntimeError if tests fail where nothing was changed: every verdict would be wrong."""
    quickest = sorted(tests, key=lambda test: test.seconds)[:QUICK_TESTS]
    state, by = run_tests(host, quickest)
    if state != "survived":
        raise RuntimeError(f"a test fails although nothing was changed: {by}")


def _batches(tests: Sequence[RecordedTest]) -> Iterator[Sequence[RecordedTest]]:
    """Yield the quick tests, then the others; each batch in the order of its files."""
    total, quick = 0.0, 0
    for test in tests[:QUICK_TESTS]:
        total += test.seconds
        if total > QUICK_SECONDS:
            break
        quick += 1
    for batch in (tests[:quick], tests[quick:]):
        if batch:
            yield sorted(batch, key=lambda test: (test.name.split("::")[0], test.seconds))


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
        compiled.unlink()

"""A plugin of pytest that records for every test how long it took and which lines it reached.

It goes with ``pytest-cov --cov-context=test``. What a fixture of a module or a session runs is recorded under the
fixture, as every test that asks for it depends on it, not only the first. Caches of the changed files are emptied
before every test, for the same reason.
"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import coverage
import pytest

# Environment variables: where the report goes, and the files that are changed, one a line.
REPORT, FILES = "MUTANTS_REPORT", "MUTANTS_FILES"
_seen: dict[str, dict[str, Any]] = {}


def fixture_context(fixture: Any) -> str:
    """Return the name under which the lines of a fixture are recorded."""
    return f"fixture {fixture.baseid}::{fixture.argname}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        known = getattr(item, "_fixtureinfo", None)
        fixtures = [one for each in known.name2fixturedefs.values() for one in each] if known else []
        shared = sorted({fixture_context(each) for each in fixtures if each.scope != "function"})
        item.user_properties.append(("shared", shared))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    changed = set(os.environ[FILES].splitlines())
    for module in list(sys.modules.values()):
        if getattr(module, "__file__", None) in changed:
            for value in vars(module).values():
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: Any, request: Any) -> Iterator[Any]:
    running = coverage.Coverage.current()
    if running is None or fixturedef.scope == "function":
        return (yield)
    running.switch_context(fixture_context(fixturedef))
    try:
        return (yield)
    finally:
        running.switch_context(f"{os.environ['PYTEST_CURRENT_TEST'].rsplit(' ', 1)[0]}|setup")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    entry = _seen.setdefault(report.nodeid, {"seconds": 0.0, "outcome": "passed", "shared": []})
    entry["seconds"] += report.duration
    if report.outcome != "passed":
        entry["outcome"] = report.outcome
    entry["shared"] = dict(report.user_properties)["shared"]


def pytest_sessionfinish(session: pytest.Session) -> None:
    if not hasattr(session.config, "workerinput"):
        Path(os.environ[REPORT]).write_text(json.dumps(_seen), encoding="utf-8")

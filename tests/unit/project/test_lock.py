"""The locks are complete: nothing that is needed is missing from them, and nothing else is in them."""

import re
import tomllib
from functools import cache
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from ifntrial.extras import EXTRAS

ROOT = Path(__file__).parents[3]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
OPTIONAL = PROJECT["project"]["optional-dependencies"]
BUILD = [*PROJECT["build-system"]["requires"], *PROJECT["dependency-groups"]["build"]]
CORE = [*PROJECT["project"]["dependencies"], *BUILD]
ROOTS = {
    "requirements.lock": CORE,
    "requirements-dev.lock": [*CORE, *(text for extra in OPTIONAL.values() for text in extra)],
}
LOCKS = tuple(ROOTS)
MACHINES = {
    "Linux x86_64": {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64"},
    "Linux aarch64": {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": "aarch64"},
    "macOS arm64": {"sys_platform": "darwin", "platform_system": "Darwin", "platform_machine": "arm64"},
}


def read_entries(name: str) -> list[str]:
    """Return the entries of a lock, each with its hashes on one line."""
    lines = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    return [" ".join(line.split()) for line in lines if line.strip() and not line.startswith("#")]


def read_versions(name: str, environment: dict[str, str]) -> dict[str, str]:
    """Return package to version, of the entries that hold in an environment."""
    found = {}
    for entry in read_entries(name):
        requirement = Requirement(entry.partition(" --hash")[0])
        if requirement.marker is None or requirement.marker.evaluate(environment):
            (pin,) = requirement.specifier
            found[canonicalize_name(requirement.name)] = pin.version
    return found


@cache
def requirements_of(name: str) -> tuple[Requirement, ...]:
    return tuple(Requirement(text) for text in distribution(name).requires or ())


@cache
def is_installed(name: str, version: str) -> bool:
    try:
        return distribution(name).version == version
    except ModuleNotFoundError:
        return False


def applies(requirement: Requirement, extra: str, environment: dict[str, str]) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({**environment, "extra": extra})


def walk(roots: list[str], locked: dict[str, str], environment: dict[str, str]) -> tuple[set[str], list[str]]:
    """Return what is reached from ``roots``, and every requirement on the way that is not locked as asked.

    Requirements of a package are those of the installed distribution, with the extras that are asked for.
    """
    pending = [("ifntrial", r) for r in map(Requirement, roots) if applies(r, "", environment)]
    seen: set[tuple[str, str]] = set()
    problems = []
    while pending:
        asker, requirement = pending.pop()
        name = canonicalize_name(requirement.name)
        if name not in locked or not requirement.specifier.contains(locked[name], prereleases=True):
            problems.append(f"{asker} asks for {requirement}, locked is {locked.get(name, 'nothing')}")
            continue
        for extra in {"", *requirement.extras} - {extra for known, extra in seen if known == name}:
            seen.add((name, extra))
            if is_installed(name, locked[name]):
                pending += [(name, r) for r in requirements_of(name) if applies(r, extra, environment)]
    return {name for name, _ in seen}, problems


@pytest.mark.parametrize("name", [*LOCKS, ".ci/oldest-pip.lock"])
def test_a_lock_names_no_index_and_no_host(name):
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        assert "://" not in line
        assert not re.match(r"\s*(-i|-f|--index-url|--extra-index-url|--find-links|--trusted-host)\b", line)
        assert " @ " not in line


@pytest.mark.parametrize("name", [*LOCKS, ".ci/oldest-pip.lock"])
def test_every_entry_has_one_version_and_hashes(name):
    entries = read_entries(name)
    assert len(entries) >= {"requirements.lock": 30, "requirements-dev.lock": 90}.get(name, 3)
    for entry in entries:
        assert re.fullmatch(
            r"[a-z0-9-]+==\d[\w.]*( ; [\w'\"!<>=. ]+)?( --hash=sha256:[0-9a-f]{64})+", entry
        ), entry[:80]


@pytest.mark.parametrize("name", LOCKS)
def test_what_computes_numbers_has_one_version_for_every_python(name):
    names = [entry.partition("==")[0] for entry in read_entries(name)]
    assert len(names) == len(set(names))


def test_the_small_lock_is_a_part_of_the_large_one():
    assert set(read_entries("requirements.lock")) < set(read_entries("requirements-dev.lock"))


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_what_is_needed_here_and_nothing_else(name):
    here = dict(default_environment())
    locked = read_versions(name, here)
    assert not [f"{key}=={version}" for key, version in locked.items() if not is_installed(key, version)]
    reached, problems = walk(ROOTS[name], locked, here)
    assert not problems
    assert reached == set(locked)


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_what_is_needed_elsewhere(name, machine, python):
    """As far as it can be told from here: what only other machines install is not asked for its own needs."""
    there = {**default_environment(), **MACHINES[machine], "python_version": python}
    there["python_full_version"] = f"{python}.0"
    _, problems = walk(ROOTS[name], read_versions(name, there), there)
    assert not problems


def test_the_walk_follows_extras_versions_and_markers():
    here = dict(default_environment())
    locked = read_versions("requirements-dev.lock", here)
    roots = ["bioregistry", "pandas", "colorama; sys_platform == 'nowhere'"]
    assert walk(roots, locked, here)[1] == []
    # What only an extra of a locked package asks for: Bioregistry asks for pydantic with its extra email.
    without = {name: version for name, version in locked.items() if name != "email-validator"}
    (problem,) = walk(roots, without, here)[1]
    assert problem.startswith("pydantic asks for email-validator")
    (problem,) = walk(roots, {**locked, "pytz": "1990.1"}, here)[1]
    assert problem.startswith("pandas asks for pytz")
    assert problem.endswith("locked is 1990.1")


def test_what_only_tests_need_is_not_in_the_core():
    core = {entry.partition("==")[0] for entry in read_entries("requirements.lock")}
    tests_only = {canonicalize_name(Requirement(text).name) for text in OPTIONAL["dev"]} - {"packaging"}
    assert not core & tests_only
    assert not core & {"anndata", "bioregistry", "h5py", "plotly", "salib", "zarr"}


def test_every_extra_is_asked_for_by_name_in_the_program_and_named_in_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = {name: [Requirement(text).name for text in wanted] for name, wanted in OPTIONAL.items()}
    for mine in ("docs", "dev"):
        named.pop(mine)
    assert named == {extra: [distribution] for distribution, extra in EXTRAS.values()}
    for name in named:
        assert f"`{name}`" in readme


@pytest.mark.parametrize("folder", ["src", "docs", "README.md", "CONTRIBUTING.md"])
def test_nobody_is_told_to_install_a_package_of_our_name(folder):
    """No such package is published, and anyone could take the name."""
    path = ROOT / folder
    files = [path] if path.is_file() else [p for p in path.rglob("*") if p.suffix in {".py", ".md", ".j2"}]
    assert files
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"\bpip install[^\n]*\bifntrial\b", text), file
        assert "ifntrial[" not in text, file

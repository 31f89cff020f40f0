"""A validation is kept check by check, and comes to the same numbers however it is stopped and by how many it is done."""

from dataclasses import replace

import pytest

from ifntrial.errors import RunError
from ifntrial.studies.validate.checks import CHECKS
from ifntrial.studies.validate.run import ValidationPlan
from ifntrial.studies.validate.study import validate
from shipped import CATALOG

PLAN = ValidationPlan(subjects=50, seed=3, drug="anifrolumab", worlds=2)
IN_ALL = 21
"""Seventeen checks, the rules of a trial, the typical world with fewer subjects, and two worlds."""


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """Return a folder with the checks of a whole validation, and its result."""
    folder = tmp_path_factory.mktemp("whole")
    return folder, validate(PLAN, CATALOG, folder=folder)


def bytes_in(folder):
    return {path.name: path.read_bytes() for path in sorted((folder / "blocks").iterdir())}


def test_each_check_is_a_block(undisturbed):
    folder, _ = undisturbed
    assert sum(len(checks) for _, checks in CHECKS.values()) + 2 + PLAN.worlds == IN_ALL
    assert list(bytes_in(folder)) == [f"block={number:06d}.parquet" for number in range(IN_ALL)]


@pytest.mark.slow
def test_a_stopped_run_goes_on_to_the_same_numbers_on_other_workers(undisturbed, tmp_path):
    def stop(done, total):
        assert total == IN_ALL
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        validate(PLAN, CATALOG, 1, stop, tmp_path)
    assert list(bytes_in(tmp_path)) == [f"block={number:06d}.parquet" for number in range(4)]
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "blocks").iterdir()}
    reported = []
    resumed = validate(PLAN, CATALOG, 2, lambda done, total: reported.append((done, total)), tmp_path)
    folder, whole = undisturbed
    assert reported == [(done, IN_ALL) for done in range(4, IN_ALL + 1)]
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert bytes_in(tmp_path) == bytes_in(folder)
    assert resumed == whole


def test_without_a_folder_the_numbers_are_the_same(undisturbed):
    assert validate(PLAN, CATALOG) == undisturbed[1]


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        ({"seed": 4}, "seed"),
        ({"subjects": 60}, "subjects"),
        ({"worlds": 3}, "worlds"),
        ({"without": ("safety",)}, "without"),
    ],
)
def test_a_folder_of_other_numbers_is_refused(undisturbed, change, differs):
    with pytest.raises(RunError, match=differs):
        validate(replace(PLAN, **change), CATALOG, folder=undisturbed[0])


def test_a_damaged_check_is_named(undisturbed, tmp_path):
    folder, _ = undisturbed
    (tmp_path / "blocks").mkdir()
    (tmp_path / "plan.json").write_bytes((folder / "plan.json").read_bytes())
    for name, content in bytes_in(folder).items():
        (tmp_path / "blocks" / name).write_bytes(content)
    (tmp_path / "blocks" / "block=000002.parquet").write_bytes(bytes_in(folder)["block=000003.parquet"])
    with pytest.raises(RunError, match="block 2 of this run cannot be read: it says block 3"):
        validate(PLAN, CATALOG, folder=tmp_path)

"""Rows are declared by who reads them: names, units, one row per key, and what is not as declared."""

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Annotated

import pytest

import ifntrial
from ifntrial.errors import EvidenceError, UnknownNameError
from ifntrial.evidence.records import Evidence, Observation, ParameterValue
from ifntrial.evidence.rows import Each, Fitted, Pure, Rows, Years, declared

PACKAGE = Path(ifntrial.__file__).parent


def _row(name, value, unit):
    return ParameterValue(name, value, unit, None, "none", "normal", 1.0, 2.0, "paper", "fitted", "")


RESULT = Observation(
    "t.a.age.w0", "T", "a", "SSc", 0.0, "age", "mean", 50.0, None, None, "none", 9.0, 40, "year", "paper", "fit",
)  # fmt: skip
EVIDENCE = Evidence(
    (),
    (
        _row("people.age_mean", 50.0, "year"),
        _row("people.share", 0.25, "1"),
        _row("people.skin_change_sd", 6.0, "mrss_point"),
        _row("people.fvc_change_sd", 3.0, "percent_predicted"),
    ),
    (RESULT,),
    (),
    (),
    (),
    (),
)
UNITS = {"skin": "mrss_point", "fvc_percent": "percent_predicted"}


@dataclass(frozen=True)
class People:
    """Rows of an example."""

    age_mean: Years
    share: Annotated[ParameterValue, "1"]
    sd: Annotated[
        Mapping[str, float], Each("{}_change_sd", UNITS, lambda item: item.removesuffix("_percent"))
    ]


@dataclass(frozen=True)
class Shares:
    """One row, in a unit that it may not have."""

    age_mean: Pure


@dataclass(frozen=True)
class Absent:
    """A row that is not there."""

    age_maen: Years


def test_a_group_gives_numbers_whole_rows_and_one_row_per_key():
    assert Rows("people", People).read(EVIDENCE) == People(
        50.0, EVIDENCE.parameters[1], {"skin": 6.0, "fvc_percent": 3.0}
    )


def test_a_group_says_its_rows_and_their_units_before_anything_is_read():
    assert Rows("people", People).units == {
        "people.age_mean": "year",
        "people.share": "1",
        "people.skin_change_sd": "mrss_point",
        "people.fvc_change_sd": "percent_predicted",
    }
    assert Rows("", Shares).units == {"age_mean": "1"}


def test_a_row_in_another_unit_is_not_read():
    with pytest.raises(EvidenceError, match=r"'people.age_mean' is in \[year\]; it is read in \[1\]"):
        Rows("people", Shares).read(EVIDENCE)


def test_an_absent_row_is_named_with_the_closest():
    with pytest.raises(UnknownNameError, match=r"people\.age_maen.*did you mean people\.age_mean"):
        Rows("people", Absent).read(EVIDENCE)


def test_fitted_results_are_read_by_id():
    assert Fitted(("t.a.age.w0",)).read(EVIDENCE) == (RESULT,)
    with pytest.raises(UnknownNameError, match=r"t\.b\.age\.w0"):
        Fitted(("t.b.age.w0",)).read(EVIDENCE)


def test_what_a_module_declares_is_found():
    module = ModuleType("room.people")
    module.GROUP, module.FIT, module.other = Rows("people", People), Fitted(("a",)), People
    assert list(declared([module])) == [("room.people", module.GROUP), ("room.people", module.FIT)]


MODULES = [
    found.name
    for found in pkgutil.walk_packages(ifntrial.__path__, "ifntrial.")
    if not found.name.startswith(("ifntrial.__main__", "ifntrial.evidence"))
]


@pytest.mark.parametrize(
    "module", [name for name in MODULES if not name.startswith("ifntrial.app")], ids=lambda name: name
)
def test_rooms_reach_rows_by_declaring_them(module):
    source = inspect.getsource(importlib.import_module(module))
    called = {
        node.func.attr
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and ast.unparse(node.func.value).endswith("evidence")
    }
    assert not called & {"parameter", "value"}
    compares = module.startswith(("ifntrial.studies.validate", "ifntrial.formats", "ifntrial.report"))
    # the rows that weigh worlds are declared beside those that are looked up here
    if not compares and module != "ifntrial.worlds.posterior":
        assert "observation" not in called


def test_every_declared_field_is_read():
    modules = [importlib.import_module(name) for name in MODULES]
    source = {module.__name__: inspect.getsource(module) for module in modules}
    readers, groups = {}, {}
    for name, group in declared(modules):
        if isinstance(group, Rows):
            readers.setdefault(id(group), []).append(name)
            groups[id(group)] = group
    assert len(groups) > 10
    unread = [
        f"{group.record.__name__}.{field}"
        for key, group in groups.items()
        for field in inspect.get_annotations(group.record)
        if not any(re.search(rf"\.{field}\b", source[name]) for name in readers[key])
    ]
    assert unread == []

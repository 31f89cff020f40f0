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
from ifntrial.evidence.rows import Each, Family, Published, Pure, Rows, Selected, Years, declared
from ifntrial.studies.evidence.users import declarations, of_observation

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


def test_of_published_results_only_those_held_can_be_asked_for():
    assert Published(("t.b.age.w0", "t.a.age.w0")).held(EVIDENCE) == {"t.a.age.w0": RESULT}


def test_published_results_are_read_by_id():
    assert Published(("t.a.age.w0",)).read(EVIDENCE) == (RESULT,)
    assert Published(("t.a.age.w0",)).by_id(EVIDENCE) == {"t.a.age.w0": RESULT}
    with pytest.raises(UnknownNameError, match=r"t\.b\.age\.w0"):
        Published(("t.b.age.w0",)).by_id(EVIDENCE)


@pytest.mark.parametrize(
    ("group", "found"),
    [
        (Selected(), (RESULT,)),
        (Selected(uses=("fit", "test")), (RESULT,)),
        (Selected(uses=("test",)), ()),
        (Selected(begin=("t.a.", "u.")), (RESULT,)),
        (Selected(begin=("t.b.",)), ()),
        (Selected(uses=("fit",), begin=("t.b.",)), ()),
    ],
)
def test_results_are_looked_through_by_use_and_name(group, found):
    assert group.read(EVIDENCE) == found


def test_a_family_is_listed_in_the_order_of_the_tables():
    rows = EVIDENCE.parameters
    assert Family(("people.share", "people.age")).read(EVIDENCE) == rows[:2]
    assert Family(("people.fvc",)).read(EVIDENCE, also=("people.age_mean",)) == (rows[0], rows[3])
    assert Rows("people", People).rows(EVIDENCE) == rows


def test_other_values_are_put_in_by_name():
    other = EVIDENCE.with_values({"people.share": 0.5})
    assert [row.value for row in other.parameters] == [50.0, 0.5, 6.0, 3.0]
    assert [row.value for row in EVIDENCE.parameters] == [50.0, 0.25, 6.0, 3.0]
    with pytest.raises(UnknownNameError, match=r"people\.shape"):
        EVIDENCE.with_values({"people.shape": 0.5})


def test_what_a_module_declares_is_found():
    module = ModuleType("room.people")
    groups = [
        Rows("people", People),
        Published(("a",), is_fitted=True),
        Published(("a",)),
        Selected(),
        Family(("people.",)),
    ]
    for place, group in enumerate(groups):
        setattr(module, f"GROUP_{place}", group)
    module.other = People
    assert list(declared([module])) == [("room.people", group) for group in groups]


def test_who_reads_a_result_is_known(evidence):
    rows = {row.id: row for row in evidence.observations}
    assert "patients/targets.py" in of_observation(rows["asset.placebo.age.w0"])
    assert "studies/validate/checks/setting.py" in of_observation(rows["tulip_pooled.all.ifn_high_blood.w0"])
    assert "formats/petab.py" in of_observation(rows["anifrolumab_in_healthy_volunteers.300_mg_sc.tmax"])
    assert {"focussced.ild_subset.age.w0", "tulip_pooled.all.ifn_high_blood.w0"} <= set(
        declarations().published
    )


MODULES = [
    found.name
    for found in pkgutil.walk_packages(ifntrial.__path__, "ifntrial.")
    if not found.name.startswith(("ifntrial.__main__", "ifntrial.evidence"))
]
MODEL_ROWS = "ifntrial.model.values"
"""Looks up what mechanisms declare as their parameters."""


def bypasses(source: str) -> list[str]:
    """Return the rows of tables of numbers that a module reaches without declaring them."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in ("observation", "observations_where", "first_parameter"):
                found.append(ast.unparse(node.func))
        if isinstance(node, ast.Attribute) and _is_evidence(node.value):
            if node.attr in ("parameter", "value", "parameters", "observations"):
                found.append(ast.unparse(node))
        if isinstance(node, ast.Assign):
            found.extend(ast.unparse(node) for name, value in _bound(node) if _is_renamed(name, value))
    return found


def _bound(node: ast.Assign) -> list[tuple[ast.expr, ast.expr]]:
    """Return what an assignment gives to which name, one by one where it has several."""
    name, value = node.targets[0], node.value
    if isinstance(name, ast.Tuple) and isinstance(value, ast.Tuple):
        return list(zip(name.elts, value.elts, strict=False))
    return [(each, value) for each in node.targets]


def _is_renamed(name: ast.expr, value: ast.expr) -> bool:
    return _is_evidence(value) and not _is_evidence(name)


def _is_evidence(node: ast.expr) -> bool:
    return ast.unparse(node).endswith(("evidence", "evidence()"))


ALLOWED = {
    MODEL_ROWS: ["evidence.first_parameter"],
    # compares the unit of a row of one's own with that of the row whose place it takes
    "ifntrial.catalog.extension": ["evidence.first_parameter"],
    # shows the rows behind each box of the map, whichever these are
    "ifntrial.studies.pathway.study": ["pool.evidence.parameters"],
}


@pytest.mark.parametrize(
    "module", [name for name in MODULES if not name.startswith("ifntrial.app")], ids=lambda name: name
)
def test_rooms_reach_rows_by_declaring_them(module):
    found = bypasses(inspect.getsource(importlib.import_module(module)))
    assert found == ALLOWED.get(module, [])


@pytest.mark.parametrize(
    "text",
    [
        'evidence.observation("x").n',
        "self.catalog.evidence.observation(id)",
        "tables = setting.evidence\ntables.observation(id)",
        "[row for row in evidence.observations if row.n]",
        'catalog.evidence.observations_where(use="fit")',
        'evidence.value("prior.x")',
        'find_evidence().parameter("prior.x")',
        "[row for row in self.evidence.parameters]",
        'evidence.first_parameter(("x",))',
        "tables = catalog.evidence\ntables.parameters",
        "model, tables = catalog.model(), catalog.evidence",
    ],
)
def test_a_row_reached_without_being_declared_is_found(text):
    assert bypasses(text) != []


def test_every_declared_field_is_read():
    modules = [importlib.import_module(name) for name in MODULES]
    source = {module.__name__: inspect.getsource(module) for module in modules}
    readers, groups = {}, {}
    for name, group in declared(modules):
        if isinstance(group, Rows):
            readers.setdefault(id(group), []).append(name)
            groups[id(group)] = group
    # a room that is handed the record reads it too
    for module in modules:
        for key, group in groups.items():
            if any(value is group.record for value in vars(module).values()):
                readers[key].append(module.__name__)
    assert len(groups) > 10
    unread = [
        f"{group.record.__name__}.{field}"
        for key, group in groups.items()
        for field in inspect.get_annotations(group.record)
        if not any(re.search(rf"\.{field}\b", source[name]) for name in readers[key])
    ]
    assert unread == []

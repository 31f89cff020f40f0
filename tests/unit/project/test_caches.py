"""What is cached belongs to everyone: no array of a cached result, of a module or of a lazy field takes a change."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import numpy as np
import pytest

import ifntrial
from ifntrial.course.system import build_system
from ifntrial.design.design import TrialDesign
from ifntrial.design.looks import Looks
from ifntrial.evidence.load import load_evidence
from ifntrial.solver.hybrid.system import HybridSystem
from ifntrial.solver.system import OdeSystem, symbol
from ifntrial.statistics.replicates import Allocation
from ifntrial.studies.blocks import Block
from shipped import CATALOG, build_model

PACKAGE = "ifntrial"
DRAWN = (1, 0, (0.0, 4.0, 12.0), 3)


def setting():
    return import_module("ifntrial.studies.validate.checks.setting").Setting(CATALOG, build_model(), 1, 10)


def decay() -> OdeSystem:
    x, k = symbol("x"), symbol("k")
    return OdeSystem("decay", ("x",), ("k",), rates=(-k * x,), initial=(k,))


def hybrid() -> HybridSystem:
    return HybridSystem(decay())


def call(name: str, *arguments: object) -> Callable[[], object]:
    module, function = name.split(":")
    return lambda: getattr(import_module(f"{PACKAGE}.{module}"), function)(*arguments)


# Every cached function and lazy field of the package, with what to call it with.
RESULTS: dict[str, Callable[[], object]] = {
    "studies.validate.checks.setting:Setting.lupus": lambda: setting().lupus,
    "studies.validate.checks.setting:Setting.sclerosis": lambda: setting().sclerosis,
    "studies.validate.checks.setting:Setting.typical": lambda: setting().typical,
    "evidence.records:Evidence._observation": lambda: load_evidence()._observation,
    "evidence.records:Evidence._parameter": lambda: load_evidence()._parameter,
    "evidence.records:Evidence._source": lambda: load_evidence()._source,
    "model.build:_build": build_model,
    "patients.weights_file:load_patients": lambda: CATALOG.patients,
    "course.system:build_system": lambda: build_system(build_model()),
    "patients.untreated_year:_quadrature": call("patients.untreated_year:_quadrature"),
    "report.page:_environment": call("report.page:_environment"),
    "catalog.record:Catalog.fingerprint": lambda: CATALOG.fingerprint,
    "catalog.package:shipped": call("catalog.package:shipped"),
    "seeds:_key": call("seeds:_key", 1, "a purpose"),
    "solver.audit:_scale_function": call("solver.audit:_scale_function", decay()),
    "solver.needed:needed_system": call("solver.needed:needed_system", decay(), ("x",)),
    "statistics.normal_orthant:_nodes": call("statistics.normal_orthant:_nodes", 4),
    "solver.compiler.kernel:compile_kernel": call("solver.compiler.kernel:compile_kernel", decay()),
    "solver.hybrid.crossings:_compile": call("solver.hybrid.crossings:_compile", hybrid()),
    "solver.hybrid.functions:compile_function": call(
        "solver.hybrid.functions:compile_function", hybrid(), (symbol("x"),)
    ),
    "solver.hybrid.history:_compile": call("solver.hybrid.history:_compile", hybrid()),
    "solver.hybrid.piece:split": call("solver.hybrid.piece:split", hybrid()),
    "solver.hybrid.queue:_compile": call("solver.hybrid.queue:_compile", hybrid()),
    "solver.hybrid.queue:_draw_block": call("solver.hybrid.queue:_draw_block", 0),
    "solver.hybrid.stepwise:_compile": call("solver.hybrid.stepwise:_compile", hybrid()),
    "solver.hybrid.system:HybridSystem.moving": lambda: hybrid().moving,
    "solver.hybrid.system:HybridSystem.still": lambda: hybrid().still,
    "solver.hybrid.switches:_compile": call("solver.hybrid.switches:_compile", hybrid()),
    "solver.hybrid.switches:find_switches": call("solver.hybrid.switches:find_switches", hybrid()),
    "solver.reference:_compile": call("solver.reference:_compile", decay()),
    "statistics.looks.recursion:_quadrature": call("statistics.looks.recursion:_quadrature"),
    "statistics.looks.plan:_table": call(
        "statistics.looks.plan:_table", Looks(information=(0.5,), reason="what is checked here"), 0.025, 90
    ),
    "statistics.random_allocation:_last_block": call(
        "statistics.random_allocation:_last_block", Allocation()
    ),
    "studies.columns:_kinds": call("studies.columns:_kinds", Block),
    "clinic.conduct:draw_conduct_noise": call("clinic.conduct:draw_conduct_noise", *DRAWN),
    "yaml_files:nodes_of": call("yaml_files:nodes_of", "name: mine"),
    "record_fields:_fields": call("record_fields:_fields", TrialDesign),
    "design.readable:_adapter": call("design.readable:_adapter", TrialDesign, "name"),
    "clinic.readings:draw_measurement_noise": call("clinic.readings:draw_measurement_noise", *DRAWN),
    "clinic.visit_days:draw_visit_offsets": call("clinic.visit_days:draw_visit_offsets", *DRAWN, 7.0),
    "report.pathway.arrange:arrangement": call("report.pathway.arrange:arrangement", "wide"),
    "units:_factor": call("units:_factor", "day", "week"),
    "units:parse_unit": call("units:parse_unit", "day"),
}

# Those known to hand out arrays: the search below must find them, or it would prove nothing.
HOLD_ARRAYS = {
    "studies.validate.checks.setting:Setting.lupus",
    "studies.validate.checks.setting:Setting.sclerosis",
    "studies.validate.checks.setting:Setting.typical",
    "patients.untreated_year:_quadrature",
    "solver.hybrid.queue:_draw_block",
    "statistics.normal_orthant:_nodes",
    "statistics.looks.recursion:_quadrature",
    "statistics.looks.plan:_table",
    "statistics.random_allocation:_last_block",
    "clinic.conduct:draw_conduct_noise",
    "clinic.readings:draw_measurement_noise",
    "clinic.visit_days:draw_visit_offsets",
}


def modules() -> list:
    found = [module.name for module in walk_packages(ifntrial.__path__, f"{PACKAGE}.")]
    return [import_module(name) for name in found if not name.endswith("__main__")]


def is_cached(value: object) -> bool:
    return hasattr(value, "cache_info") or isinstance(value, cached_property)


def cached_names() -> Iterator[str]:
    for module in modules():
        place = module.__name__.removeprefix(f"{PACKAGE}.")
        for name, value in vars(module).items():
            if is_cached(value) and value.__module__ == module.__name__:
                yield f"{place}:{name}"
            if isinstance(value, type) and value.__module__ == module.__name__:
                yield from (f"{place}:{name}.{own}" for own, each in vars(value).items() if is_cached(each))


def arrays_in(value: object, place: str = "result") -> Iterator[tuple[str, np.ndarray]]:
    if isinstance(value, np.ndarray):
        yield place, value
        if value.base is not None:
            yield from arrays_in(value.base, f"{place}, behind the view")
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from arrays_in(each, f"{place}[{key!r}]")
    elif isinstance(value, tuple | list | set | frozenset):
        for number, each in enumerate(value):
            yield from arrays_in(each, f"{place}[{number}]")
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from arrays_in(getattr(value, field.name), f"{place}.{field.name}")


def test_the_table_holds_every_cached_function_and_lazy_field():
    assert sorted(cached_names()) == sorted(RESULTS)


def test_no_function_is_cached_where_the_search_does_not_look():
    shown = {
        line.strip()
        for path in Path(ifntrial.__path__[0]).rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if ("lru_cache" in line or "@cache" in line) and not line.startswith(("from ", "import "))
    }
    assert all(line.startswith(("@lru_cache(", "@cached_property")) for line in shown), shown
    written = sum(
        path.read_text(encoding="utf-8").count("\n@lru_cache(")
        + path.read_text(encoding="utf-8").count("\n    @cached_property\n")
        for path in Path(ifntrial.__path__[0]).rglob("*.py")
    )
    assert written == len(RESULTS)


@pytest.mark.parametrize("name", RESULTS)
def test_no_array_of_a_cached_result_can_be_changed(name):
    found = dict(arrays_in(RESULTS[name]()))
    assert bool(found) == (name in HOLD_ARRAYS)
    assert not [place for place, array in found.items() if array.flags.writeable]


def test_no_array_of_a_module_can_be_changed():
    found = {
        f"{module.__name__}:{place}": array
        for module in modules()
        for name, value in vars(module).items()
        if not name.startswith("__")
        for place, array in arrays_in(value, name)
    }
    assert found
    assert not [place for place, array in found.items() if array.flags.writeable]


def test_a_change_of_what_was_drawn_is_refused_and_changes_no_later_trial():
    draw = import_module("ifntrial.clinic.visit_days").draw_visit_offsets
    first = draw(*DRAWN, 7.0)
    with pytest.raises(ValueError, match="read-only"):
        first[:] = 99.0
    assert np.abs(draw(*DRAWN, 7.0)).max() <= 7.0

"""Clinical items: what is said of each, written out; that every room knows each of them; and that none repeats it."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from math import inf

import numpy as np
import pytest

from ifntrial.clinic.readings import draw_measurement_noise, measurement_error, read_values
from ifntrial.course.simulate import CLINICAL
from ifntrial.evidence.load import load_evidence
from ifntrial.formats.adam.dictionary import COVARIATES, DICTIONARY, PARAMETERS
from ifntrial.items import CORE_ITEMS, ITEMS
from ifntrial.units import parse_unit
from package_source import PACKAGE, constants, modules_but
from shipped import build_model

SCALES = {
    "mrss": ("mrss_point", 0.0, 51.0, 1.0, False),
    "fvc_percent": ("percent_predicted", 5.0, 200.0, 0.1, True),
    "fvc_ml": ("mL", 50.0, inf, 10.0, True),
    "haq_di": ("haq_point", 0.0, 3.0, 0.125, False),
    "patient_global": ("global_point", 0.0, 10.0, 1.0, False),
    "physician_global": ("global_point", 0.0, 10.0, 1.0, False),
    "nt_probnp": ("pg/mL", 1.0, inf, 1.0, False),
    "troponin": ("ng/L", 1.0, inf, 1.0, False),
    "dlco_percent": ("percent_predicted", 5.0, 200.0, 0.1, True),
    "capillary_density": ("1/mm", 0.0, 20.0, 0.1, True),
    "chemokine_score": ("1", 0.0, 20.0, 0.01, False),
    "signature_suppression_blood": ("1", -inf, 1.0, 0.01, True),
    "signature_suppression_skin": ("1", -inf, 1.0, 0.01, True),
}
ERRORS = {
    "mrss": ("mrss_sd", False),
    "fvc_percent": ("fvc_percent_sd", False),
    "fvc_ml": ("fvc_percent_sd", False),
    "haq_di": ("haq_di_sd", False),
    "patient_global": ("patient_global_sd", False),
    "physician_global": ("physician_global_sd", False),
    "nt_probnp": ("nt_probnp_log_sd", True),
    "troponin": ("troponin_log_sd", True),
    "dlco_percent": ("dlco_percent_sd", False),
    "capillary_density": ("capillary_density_sd", False),
    "chemokine_score": ("chemokine_score_sd", False),
    "signature_suppression_blood": ("signature_sd", False),
    "signature_suppression_skin": ("signature_sd", False),
}
ADAM = {
    "mrss": ("MRSS", "Modified Rodnan skin score (points)"),
    "fvc_percent": ("FVCPP", "Forced vital capacity (% predicted)"),
    "fvc_ml": ("FVCML", "Forced vital capacity (mL)"),
    "haq_di": ("HAQDI", "HAQ disability index (points)"),
    "patient_global": ("PTGA", "Patient global assessment (points of 10)"),
    "physician_global": ("PHGA", "Physician global assessment (points of 10)"),
    "nt_probnp": ("NTPROBNP", "NT-proBNP (pg/mL)"),
    "troponin": ("TROPT", "High-sensitivity troponin T (ng/L)"),
    "dlco_percent": ("DLCOPP", "Transfer factor of the lung for carbon monoxide (% predicted)"),
    "capillary_density": ("CAPDENS", "Nailfold capillary density (per mm)"),
    "chemokine_score": ("CHEMOK6", "Serum six-chemokine score (mean natural logarithm)"),
    "signature_suppression_blood": ("IFNSBLD", "Suppression of the interferon signature, blood (fraction)"),
    "signature_suppression_skin": ("IFNSSKN", "Suppression of the interferon signature, skin (fraction)"),
}
AT_ENTRY = {
    "mrss": ("MRSSENT", "Skin score (mRSS) at entry", "mrss_point"),
    "fvc_percent": ("FVCPPENT", "Forced vital capacity at entry", "percent_predicted"),
    "haq_di": ("HAQDIENT", "Disability (HAQ-DI) at entry", "haq_point"),
    "patient_global": ("PTGAENT", "Patient global assessment at entry", "global_point"),
    "physician_global": ("PHGAENT", "Physician global assessment at entry", "global_point"),
    "nt_probnp": ("NTPROENT", "NT-proBNP at entry", "pg/mL"),
    "troponin": ("TROPTENT", "Troponin T at entry", "ng/L"),
    "dlco_percent": ("DLCOPENT", "Transfer factor (DLCO) at entry", "percent_predicted"),
}
SPEEDS = {
    "mrss": "k_skin_matrix_turnover",
    "haq_di": "k_report_adaptation",
    "patient_global": "k_report_adaptation",
    "physician_global": "k_report_adaptation",
}


@pytest.fixture(scope="module")
def model():
    return build_model()


def test_the_scale_of_every_item() -> None:
    found = {i.name: (i.unit, i.low, i.high, i.step, i.higher_is_better) for i in ITEMS.values()}
    assert found == SCALES


def test_the_error_of_every_item() -> None:
    assert {name: (item.error, item.is_ratio) for name, item in ITEMS.items()} == ERRORS
    assert {name: item.read_with for name, item in ITEMS.items() if item.read_with} == {
        "fvc_ml": "fvc_percent"
    }


def test_the_natural_change_of_every_item() -> None:
    assert {name: item.speed for name, item in ITEMS.items() if item.speed} == SPEEDS
    assert {name: item.history for name, item in ITEMS.items() if item.history} == {
        "mrss": "mrss",
        "fvc_percent": "fvc",
        "haq_di": "haq_di",
        "patient_global": "patient_global",
        "physician_global": "physician_global",
    }
    assert CORE_ITEMS == ("mrss", "haq_di", "patient_global", "physician_global", "fvc_percent")


def test_the_names_of_every_item_in_adam_tables() -> None:
    assert PARAMETERS == ADAM
    found = {
        name: (code, DICTIONARY[code].label, DICTIONARY[code].unit)
        for name, code in COVARIATES.items()
        if name in ITEMS
    }
    assert found == AT_ENTRY


@pytest.mark.parametrize("item", ITEMS.values(), ids=lambda item: item.name)
def test_every_room_knows_the_item(item, model) -> None:
    evidence = load_evidence()
    quantities = {each.name: each.unit for each in (*model.species, *model.assignments, *model.observables)}
    assert parse_unit(quantities[item.name]) == parse_unit(item.unit)
    assert item.name in CLINICAL
    row = evidence.parameter(f"measurement.{item.error}")
    assert parse_unit(row.unit) == parse_unit(
        "1" if item.is_ratio else ITEMS[item.read_with or item.name].unit
    )
    assert not item.speed or item.speed in {each.name for each in model.parameters}
    if item.history:
        assert evidence.value(f"history.{item.history}_change_trial_sd") > 0
    assert item.adam_code.isupper()
    assert len(item.adam_code) <= 8


@pytest.mark.parametrize("item", ITEMS.values(), ids=lambda item: item.name)
def test_every_item_is_read_within_its_scale_and_on_its_step(item) -> None:
    noise = draw_measurement_noise(1, 0, (0.0,), 2000)
    middle = {
        "fvc_percent": 80.0,
        "fvc_ml": 2500.0,
        "nt_probnp": 200.0,
        "troponin": 12.0,
        "dlco_percent": 70.0,
    }.get(item.name, 0.5 * item.high)
    true = {name: np.full((2000, 1), middle) for name in {item.name, item.read_with} - {""}}
    read = read_values(true, measurement_error(load_evidence()), noise)[item.name]
    assert len(np.unique(read)) > 2
    assert read.min() >= item.low
    assert read.max() <= item.high
    np.testing.assert_allclose(read / item.step, np.round(read / item.step), atol=1e-9)


ONE_MORE = """
import json
from dataclasses import replace
from ifntrial import items
peptide = items.ITEMS["nt_probnp"]
added = replace(peptide, name="troponin", label="troponin", title="Troponin", heading="Troponin", unit="ng/L",
                spoken_unit="ng/L", low=2.0, high=90.0, step=4.0, adam_code="TROPON")
items.ITEMS = {**items.ITEMS, "troponin": added}

import numpy as np
from ifntrial.clinic.readings import draw_measurement_noise, measurement_error, read_values
from ifntrial.course.simulate import CLINICAL
from ifntrial.evidence.load import load_evidence
from ifntrial.formats.adam.dictionary import PARAMETERS
from ifntrial.studies.forecast.world import FOLLOWED

noise = draw_measurement_noise(1, 0, (0.0,), 400)
read = read_values({"troponin": np.full((400, 1), 30.0)}, measurement_error(load_evidence()), noise)["troponin"]
print(json.dumps({
    "is_simulated": "troponin" in CLINICAL, "is_followed": "troponin" in FOLLOWED, "adam": PARAMETERS["troponin"],
    "steps": sorted({float(each) % 4.0 for each in read.ravel()}),
    "low": bool(read.min() < 26), "high": bool(read.max() > 34),
}))
"""


def test_one_entry_makes_an_item() -> None:
    ended = subprocess.run([sys.executable, "-c", ONE_MORE], capture_output=True, text=True, check=True)
    assert json.loads(ended.stdout) == {
        "is_simulated": True,
        "is_followed": True,
        "adam": ["TROPON", "Troponin (ng/L)"],
        "steps": [0.0],
        "low": True,
        "high": True,
    }


# --- said once ----------------------------------------------------------------------------------------------------

MANY = 2


def _tables(tree: ast.AST) -> Iterator[dict[str, ast.expr]]:
    """Yield tables keyed by items: dictionaries, and calls or tuples that begin with the name of one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            named = {
                key.value: value
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant) and key.value in SCALES
            }
            if len(named) >= MANY:
                yield named
        parts = node.args if isinstance(node, ast.Call) else node.elts if isinstance(node, ast.Tuple) else []
        if len(parts) > MANY and isinstance(parts[0], ast.Constant) and parts[0].value in SCALES:
            yield {parts[0].value: ast.Tuple(elts=parts[1:])}


def repeats(tree: ast.AST) -> list[str]:
    """Return the items whose limits, steps or directions a module writes down again."""
    found = []
    for table in _tables(tree):
        for name, value in table.items():
            _, low, high, step, _ = SCALES[name]
            said = {float(each) for each in constants(value) if isinstance(each, int | float)}
            if said & ({high, step} - {inf, 1.0}) or {low, high} <= said:
                found.append(name)
        signs = [ast.unparse(value) for value in table.values()]
        if len(table) >= MANY and {s.replace(".0", "") for s in signs} == {"1", "-1"}:
            found.extend(table)
    return found


def test_no_other_file_repeats_a_scale() -> None:
    found = {str(path): names for path, tree in modules_but("items.py") if (names := repeats(tree))}
    assert found == {}


UNITS = {
    "mrss_point",
    "percent_predicted",
    "haq_point",
    "global_point",
    "pg/mL",
    "% predicted",
    "points of 10",
}
"""What the items are measured in; litres and fractions are units of much else."""

DEFINED_ELSEWHERE = {
    # where units are defined
    "units.py": {"mrss_point", "percent_predicted", "haq_point", "global_point"},
    # the name of random numbers, which must stay whatever the item is called
    "patients/sample.py": {"NT-proBNP"},
}


def said(texts: Iterable[str]) -> set[str]:
    """Return the names of items, as they are spelt in the record or begin a sentence, and the units within texts."""
    exact = {text for item in ITEMS.values() for text in (item.label, item.adam_code)} | UNITS
    titles = {text for item in ITEMS.values() for text in (item.title, item.heading)} - {"", *exact}
    patterns = [(text, re.compile(_whole(text))) for text in exact]
    patterns += [(text, re.compile(_whole(text), re.IGNORECASE)) for text in titles]
    return {name for name, pattern in patterns for text in texts if pattern.search(text)}


def _whole(text: str) -> str:
    return rf"(?<!\w){re.escape(text)}(?!\w)"


def spoken(tree: ast.AST) -> set[str]:
    """Return the texts of a module but its docstrings, which are prose for who reads the code."""
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose
    }


def test_no_other_file_repeats_a_label_or_a_unit() -> None:
    found = {path.as_posix(): said(spoken(tree)) for path, tree in modules_but("items.py")}
    assert {path: names for path, names in found.items() if names} == DEFINED_ELSEWHERE


def test_no_page_spells_an_item_by_itself() -> None:
    pages = sorted(PACKAGE.rglob("*.j2"))
    assert len(pages) > 5
    found = {page.name: said([page.read_text("utf-8")]) for page in pages}
    assert {page: names for page, names in found.items() if names} == {}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('Species("mrss", "mrss_point", "skin", law, "skin")', "mrss_point"),
        ('Parameter("fvc_repair", "percent_predicted/day", "gain")', "percent_predicted"),
        ('Parameter("ratio", "mL/percent_predicted", "volume")', "percent_predicted"),
        ('KIND = _Kind("Skin score (mRSS) in systemic sclerosis", "1")', "Skin score (mRSS)"),
        ('MEANING = "the same of forced vital capacity"', "Forced vital capacity"),
        ('points = f"an mRSS of {high:g} or more"', "mRSS"),
        ('LABEL = "effect on FVC at the last visit"', "FVC"),
        ('DEFINITION = "globals (0-10) and HAQ-DI"', "HAQ-DI"),
        ('CODE = {"x": "NTPROBNP"}', "NTPROBNP"),
    ],
)
def test_a_name_or_a_unit_written_down_again_is_found(text: str, name: str) -> None:
    assert name in said(spoken(ast.parse(text)))


def test_an_items_name_in_the_code_is_no_label() -> None:
    assert (
        said(spoken(ast.parse('read("mrss")\n"""The mRSS."""\ncurve("fvc_ml", "ug/mL", "haq_di_sd")')))
        == set()
    )


def test_a_title_in_a_sentence_keeps_the_capitals_of_an_abbreviation() -> None:
    assert {item.title_in_sentence for item in ITEMS.values()} == {
        "modified Rodnan skin score",
        "forced vital capacity",
        "HAQ disability index",
        "patient global assessment",
        "physician global assessment",
        "NT-proBNP",
        "high-sensitivity troponin T",
        "transfer factor of the lung for carbon monoxide",
        "nailfold capillary density",
        "serum six-chemokine score",
        "suppression of the interferon signature, blood",
        "suppression of the interferon signature, skin",
    }


@pytest.mark.parametrize(
    "text",
    [
        'LIMITS = {"mrss": (0, 51), "haq_di": (0.0, 3.0)}',
        'STEPS = {"haq_di": 0.125, "mrss": 1.0}',
        'SCALES = (Scale("haq_di", "haq_di_sd", 0.125, 0.0, 3.0), Scale("nt_probnp", "sd", 1.0, 1.0, 9.0))',
        'SIGNS = {"mrss": 1.0, "fvc_percent": -1.0}',
    ],
)
def test_a_scale_written_down_again_is_found(text: str) -> None:
    assert repeats(ast.parse(text)) != []

"""Lists of what can be named: whole, in words, and the same as what commands and designs take."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from ifntrial.app.cli import cli
from ifntrial.design.conditions import parse_condition
from ifntrial.patients.sample import sample_population
from ifntrial.studies.known.study import KINDS, known_things
from shipped import CATALOG

SOME = {
    "drugs": ("anifrolumab", {"routes": "SC, IV", "usual": "120 mg SC every week"}),
    "mechanisms": ("vascular", {"of": "every drug"}),
    "endpoints": ("fvc_ml_change", {"kind": "change", "unit": "mL", "better": "higher"}),
    "markers": ("cardiac", {"truly has it": "(nt_probnp > 125)"}),
    "covariates": ("subset", {"unit": "", "values": "diffuse, limited"}),
    "designs": ("daisy", {"patients": "314", "primary": "Revised CRISS-25 response at week 52",
                          "registered": "NCT05925803"}),
    "signatures": ("az_4_gene", {"genes": "4", "of": "rna", "answers to": "IFN-I", "method": "mean_z", "usual": "yes"}),
    "methods": ("singscore", {"healthy samples": "not needed"}),
    "analyses": ("cmh", {"tests": "responder"}),
}  # fmt: skip
NUMBERS = {"drugs": 10, "mechanisms": 15, "endpoints": 20, "markers": 7, "covariates": 24, "designs": 14,
           "signatures": 13, "methods": 7, "analyses": 9}  # fmt: skip


def listed(kind: str, *more: str) -> str:
    ended = CliRunner().invoke(cli, ["list", kind, *more])
    assert ended.exit_code == 0, ended.output
    return ended.stdout


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_is_whole_as_a_table_and_as_json(kind, tmp_path):
    heading, *rows = listed(kind, "--json", str(tmp_path / "k.json")).splitlines()
    found = json.loads((tmp_path / "k.json").read_text(encoding="utf-8"))["known_things"]
    assert len(rows) == len(found) == NUMBERS[kind]
    assert [row.split()[0] for row in rows] == [each["name"] for each in found]
    name, told = SOME[kind]
    (one,) = [each for each in found if each["name"] == name]
    assert told.items() <= one["told"].items()
    for each, row in zip(found, rows, strict=True):
        assert each["label"]
        # a table holds every text in the columns of its headings
        for text in (each["label"], *each["told"].values()):
            assert text in row
    assert {"name", "words", *(word for key in found[0]["told"] for word in key.split())} <= set(
        heading.split()
    )


@pytest.mark.parametrize("kind", ["addresses", "beliefs"])
def test_what_is_listed_in_words_is_there_as_json(kind, tmp_path):
    shown = listed(kind, "--json", str(tmp_path / "k.json"))
    found = json.loads((tmp_path / "k.json").read_text(encoding="utf-8"))[kind]
    assert found
    assert [line.split(":")[0] for line in shown.splitlines() if not line.startswith(" ")] == [
        each["name"] for each in found
    ]


def test_every_covariate_that_is_listed_can_be_asked_for_as_it_is_told():
    people = sample_population(CATALOG.model(), CATALOG.evidence, 200, 3).covariates
    things = {each.name: each for each in known_things(CATALOG, "covariates").known_things}
    assert set(things) == set(people)
    for name, thing in things.items():
        told = thing.told["values"]
        if told == "a number":
            assert parse_condition(f"{name} >= -51").holds(people).all()
        elif told.startswith("yes or no"):
            has, has_not = parse_condition(name).holds(people), parse_condition(f"not {name}").holds(people)
            assert (has ^ has_not).all()
        else:
            shares = [parse_condition(f"{name} == '{value}'").holds(people) for value in told.split(", ")]
            assert (np.sum(shares, axis=0) == 1).all()


def test_every_mechanism_that_is_listed_can_be_left_out():
    for each in known_things(CATALOG, "mechanisms").known_things:
        assert CATALOG.model(without=(each.name,)).without == (each.name,)

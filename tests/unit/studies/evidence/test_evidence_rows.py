"""Rows of the evidence tables as a result: every row of every table, unchanged, with the name of its table."""

import json
from dataclasses import asdict

import jsonschema
import pytest

from ifntrial.evidence.rules.checked import all_rows
from ifntrial.studies.evidence.study import gather_rows
from ifntrial.studies.result_json import result_schema, write_result
from made_up import FACTS
from shipped import CATALOG

TABLES = {
    "sources": "source",
    "parameters": "parameter",
    "observations": "observation",
    "entities": "entity",
    "claims": "claim",
    "effects": "effect",
    "double_uses": "double",
}


@pytest.mark.parametrize(("field", "table"), TABLES.items())
def test_every_row_is_shown_as_it_is_with_its_table(field, table):
    rows = getattr(CATALOG.evidence, field)
    shown = gather_rows("all of them", rows).rows
    assert [asdict(each) for each in shown] == [{"table": table} | asdict(row) for row in rows]


def test_every_row_fits_the_schema(tmp_path):
    write_result(tmp_path / "rows.json", FACTS, gather_rows("all", all_rows(CATALOG.evidence)))
    written = json.loads((tmp_path / "rows.json").read_text(encoding="utf-8"))
    assert {row["table"] for row in written["rows"]} == set(TABLES.values())
    fits = jsonschema.Draft202012Validator(result_schema("evidence show"))
    fits.validate(written)
    written["rows"][0]["table"] = "parameter"
    assert not fits.is_valid(written)

"""The published schema of every kind of result: what a command writes fits it, comes back, and every key is told."""

import json
from dataclasses import fields

import jsonschema
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from ifntrial.app.cli import cli
from ifntrial.errors import FileError, UnknownNameError
from ifntrial.signature.catalog import load_signatures
from ifntrial.studies.json_records import field_words
from ifntrial.studies.result_json import RESULTS, read_result, result_schema, write_result
from ifntrial.studies.run_facts import RunFacts
from ifntrial.studies.value.candidates import EXAMPLE
from made_up import FACTS
from made_up_prediction import made_up_locked

SMALL = ["--worlds", "6", "--subjects", "20", "--workers", "1"]
COMMANDS = {
    "simulate": ["simulate", "300 mg IV every 4 weeks", "--weeks", "2", "--subjects", "3"],
    "map": ["map", "--week", "2", "--subjects", "3"],
    "sensitivity": ["sensitivity", "daisy", "--samples", "4", "--subjects", "10", "--workers", "1"],
    "validate": ["validate", "--subjects", "50", "--workers", "1"],
    "calibrate": ["calibrate", "--show"],
    "design compare": ["design", "compare", "daisy", "daisy_iv", *SMALL],
    "doses": ["doses", "daisy", "--regimen", "300 mg IV every 4 weeks", *SMALL],
    "enrich": ["enrich", "daisy", *SMALL],
    "forecast": ["forecast", "daisy", *SMALL],
    "design simulate": ["design", "simulate", "daisy"],
    "score": [
        "score",
        "levels.csv",
        "--scale",
        "log2",
        "--metadata",
        "about.csv",
        "--healthy",
        "group=healthy",
        "--variables",
        "mrss",
        "--draws",
        "20",
    ],
    "evidence check": ["evidence", "check"],
    "evidence show": ["evidence", "show", "asset"],
    "evidence without": [
        "evidence",
        "without",
        "tummala2018",
        "--worlds",
        "6",
        "--subjects",
        "10",
        "--workers",
        "1",
    ],
    "evidence effects": ["evidence", "effects"],
    "status": ["status", "."],
    "value": [
        "value",
        "daisy",
        "--studies",
        "studies.yaml",
        *"--worlds 12 --subjects 10 --workers 1".split(),
    ],
    "prediction score": ["prediction", "score", "locked.json", "--outcome", "outcome.yaml"],
    **{kind: kind.split() for kind in RESULTS if kind.startswith("list ")},
}


def write_levels():
    """Write made-up levels of six healthy people and of six patients at two visits."""
    samples = [*(f"H{i}" for i in range(6)), *(f"P{i}v{visit}" for i in range(6) for visit in (0, 12))]
    genes = sorted({gene for each in load_signatures() if each.material == "rna" for gene in each.genes})
    draws = np.random.default_rng(3).normal(8.0, 0.4, (len(samples), len(genes)))
    rise = np.array(
        [0.0 if name.startswith("H") else 2.0 if name.endswith("v0") else 1.0 for name in samples]
    )
    pd.DataFrame(draws + rise[:, None], index=samples, columns=genes).T.to_csv(
        "levels.csv", index_label="gene"
    )
    about = {
        "sample": samples,
        "subject": [name.split("v")[0] for name in samples],
        "visit": [name.partition("v")[2] for name in samples],
        "group": ["healthy" if name.startswith("H") else "patient" for name in samples],
        "mrss": np.arange(len(samples), dtype=float),
    }
    pd.DataFrame(about).to_csv("about.csv", index=False)


def call(*words):
    return CliRunner().invoke(cli, [str(word) for word in words])


@pytest.fixture(scope="module")
def monkeypatch_module():
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="module", params=RESULTS)
def written(request, tmp_path_factory, monkeypatch_module):
    """Return kind and path of a result that its command wrote."""
    place = tmp_path_factory.mktemp("written")
    path = place / "result.json"
    monkeypatch_module.chdir(place)
    write_levels()
    (place / "plan.json").write_text('{"worlds_in_all": 24, "worlds_in_a_block": 2}', encoding="utf-8")
    made_up_locked(place)
    (place / "studies.yaml").write_text(EXAMPLE, encoding="utf-8")
    ended = call(*COMMANDS[request.param], "--json", path)
    assert ended.exit_code == 0, ended.output
    return request.param, path


def test_what_a_command_writes_fits_its_schema_and_comes_back(written, tmp_path):
    kind, path = written
    jsonschema.Draft202012Validator(result_schema(kind)).validate(json.loads(path.read_text("utf-8")))
    facts, result = read_result(path)
    assert (facts.kind, type(result)) == (kind, RESULTS[kind])
    write_result(tmp_path / "again.json", facts, result)
    assert (tmp_path / "again.json").read_bytes() == path.read_bytes()


@pytest.mark.parametrize("kind", RESULTS)
def test_every_key_is_told(kind):
    schema = result_schema(kind)
    records = {kind: schema, **schema.get("$defs", {})}
    silent = [
        f"{name}.{key}"
        for name, record in records.items()
        for key, field in record["properties"].items()
        if not field.get("description")
    ]
    assert not silent


@pytest.mark.parametrize("kind", RESULTS)
def test_facts_of_a_run_and_its_result_share_no_key(kind):
    assert not {each.name for each in fields(RunFacts)} & {each.name for each in fields(RESULTS[kind])}


def test_words_of_a_field_are_those_of_its_docstring():
    class Weighed:
        """Something.

        Parameters
        ----------
        light, heavy
            Weight [kg],
            on Earth.

            More of it.
        none
            Of no weight.
        """

    assert field_words(Weighed) == {
        "light": "Weight [kg], on Earth. More of it.",
        "heavy": "Weight [kg], on Earth. More of it.",
        "none": "Of no weight.",
    }


def test_the_command_lists_kinds_and_prints_a_schema():
    assert call("schema").output.splitlines() == list(RESULTS)
    assert json.loads(call("schema", "validate").output) == result_schema("validate")
    with pytest.raises(UnknownNameError, match="did you mean validate"):
        result_schema("validat")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "cannot be read"),
        ("[]", "does not hold a result"),
        ('{"kind": "other"}', "does not hold a result"),
        ('{"kind": "simulate"}', "schema_version: Field required"),
    ],
)
def test_what_is_no_result_is_refused(tmp_path, content, said):
    path = tmp_path / "r.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(FileError, match=said):
        read_result(path)


def test_a_number_that_is_not_finite_is_never_written(tmp_path):
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_result(tmp_path / "r.json", FACTS, {"share": float("nan")})
    assert not (tmp_path / "r.json").exists()

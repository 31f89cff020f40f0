"""The commands of locked predictions, as they are typed."""

import json
from zipfile import ZipFile

import pytest
from click.testing import CliRunner

from ifntrial.app.cli import cli
from ifntrial.errors import FileError
from made_up_prediction import made_up_run


def call(*words: object):
    return CliRunner().invoke(cli, ["prediction", *map(str, words)])


@pytest.fixture
def locked(tmp_path):
    ended = call("lock", made_up_run(tmp_path / "run"), "--out", tmp_path / "ledger", "--known", "it failed")
    assert ended.exit_code == 0, ended.output
    assert "A back-test: when it was locked it was known that it failed" in ended.output
    assert "not for diagnosis or treatment" in ended.output
    (path,) = (tmp_path / "ledger").iterdir()
    return path


def hash_of(path) -> str:
    return json.loads(path.read_text())["sha256"]


def test_it_is_not_locked_twice(locked, tmp_path):
    ended = call("lock", tmp_path / "run", "--out", tmp_path / "ledger")
    assert isinstance(ended.exception, FileError)
    assert "is there already" in str(ended.exception)


def test_verify_says_so_and_names_the_change(locked):
    ended = call("verify", locked, "--hash", hash_of(locked).upper())
    assert (ended.exit_code, f"sha256 {hash_of(locked)}" in ended.output) == (0, True)
    ended = call("verify", locked, "--hash", "0" * 64)
    assert "not the registered 000" in str(ended.exception)
    text = locked.read_text()
    locked.write_text(text.replace("it failed", "it worked", 1))
    ended = call("verify", locked)
    assert isinstance(ended.exception, FileError)
    assert ended.exception.problems == (f"{locked}: known was changed",)


def test_scores_are_printed_and_kept(locked, tmp_path):
    (tmp_path / "o.yaml").write_text(
        f"prediction: {hash_of(locked)}\nsource: a paper\nread_out: 2027-12-01\n"
        "observed: {primary_met: yes, primary_difference: 0.1, zoster_active: 3}\n"
    )
    ended = call("score", locked, "--outcome", tmp_path / "o.yaml", "--json", tmp_path / "s.json")
    assert ended.exit_code == 0, ended.output
    assert "A coin" in ended.output
    found = json.loads((tmp_path / "s.json").read_text())
    assert found["kind"] == "prediction score"
    assert {each["key"] for each in found["numbers"]} == {"primary_difference", "zoster_active"}


def test_a_deposit_holds_what_a_person_needs(locked, tmp_path):
    ended = call("deposit", locked, "--out", tmp_path / "d")
    assert ended.exit_code == 0, ended.output
    (path,) = (tmp_path / "d").iterdir()
    with ZipFile(path) as archive:
        assert archive.namelist() == [locked.name, "metadata.json", "README.txt"]
        assert archive.read(locked.name) == locked.read_bytes()
        about = json.loads(archive.read("metadata.json"))
    assert about["creators"] == [{"name": "TO FILL IN", "affiliation": "TO FILL IN"}]
    assert hash_of(locked) in about["description"]
    assert "is there already" in str(call("deposit", locked, "--out", tmp_path / "d").exception)

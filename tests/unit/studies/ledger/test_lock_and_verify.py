"""A locked prediction says what its run said, and no byte of it changes unseen."""

import json

import numpy as np
import pytest

from ifntrial.catalog import shipped
from ifntrial.errors import FileError, RunError
from ifntrial.studies.ledger.canonical import locked_text, read_locked, write_new
from ifntrial.studies.ledger.lock import lock
from made_up_prediction import made_up_run


@pytest.fixture
def locked(tmp_path):
    path = tmp_path / "daisy-2026-01-01.json"
    found = lock(made_up_run(tmp_path / "run"), shipped().evidence, date="2026-01-01")
    write_new(path, locked_text(found))
    return path


def test_it_reads_back_what_the_run_said(locked):
    found, digest = read_locked(locked)
    assert (found.form, found.locked, found.known) == ("ifntrial prediction 1", "2026-01-01", "")
    assert found.predictive.foretold["mrss_change_difference"].expected == (0.0, -3.0)
    assert found.trial.design_file == "name: daisy\n"
    assert found.run.command == "ifntrial forecast daisy"
    assert set(found.run.files) == {"forecast.json", "design.yaml", "predictive.json"}
    assert found.beliefs["mixture"].weight is None
    assert {name: each.chance for name, each in found.baselines.items()} == {"coin": 0.5, "base_rate": 0.6}
    assert len(digest) == 64
    assert read_locked(locked)[1] == digest


def test_the_same_run_gives_the_same_bytes(locked, tmp_path):
    again = lock(tmp_path / "run", shipped().evidence, date="2026-01-01")
    assert locked_text(again) == locked.read_text()


@pytest.mark.parametrize("seed", range(60))
def test_no_byte_changes_unseen(locked, seed):
    content = bytearray(locked.read_bytes())
    numbers = np.random.default_rng(seed)
    place = int(numbers.integers(len(content)))
    content[place] ^= int(numbers.integers(1, 255))
    locked.write_bytes(content)
    with pytest.raises(FileError, match=r"not what was locked|no locked prediction|another form"):
        read_locked(locked)


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ('"expected":[0.0,-3.0]', '"expected":[0.0,-2.0]', "predictive.foretold.mrss_change_difference"),
        ('"chance":0.6', '"chance":0.5', "baselines"),
        ('"locked":"2026-01-01"', '"locked":"2025-01-01"', "locked"),
        ('"known":""', '"known":"x"', "known"),
        ('"mixture":[0.5,0.5]', '"mixture":[0.4,0.6]', "predictive.weights"),
        ("name: daisy\\\\n", "name: other\\\\n", "trial"),
    ],
)
def test_the_changed_part_is_named(locked, old, new, part):
    text = locked.read_text()
    old, new = old.replace("\\\\", "\\"), new.replace("\\\\", "\\")
    assert old in text
    locked.write_text(text.replace(old, new, 1))
    with pytest.raises(FileError) as caught:
        read_locked(locked)
    assert caught.value.problems == (f"{part} was changed",)


def test_spelling_is_part_of_it(locked):
    locked.write_text(json.dumps(json.loads(locked.read_text()), indent=1))
    with pytest.raises(FileError, match="byte 1 is not as it was written"):
        read_locked(locked)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not what was locked"),
        (b"[1, 2]", "no locked prediction"),
        (b'{"content": NaN, "hashes": {}, "sha256": ""}', "NaN is no number"),
        (b"[" * 100_000, "not what was locked"),
        (b'{"content":{"form":"ifntrial prediction 9"},"hashes":{},"sha256":""}', "another form"),
        (b'{"content":{"form":"ifntrial prediction 1"},"hashes":[],"sha256":""}', "not those behind sha256"),
        ("é".encode(), "not ASCII"),
    ],
)
def test_other_files_are_refused(tmp_path, content, words):
    path = tmp_path / "other.json"
    path.write_bytes(content)
    with pytest.raises(FileError, match=words):
        read_locked(path)


def test_a_locked_file_is_never_written_over(locked):
    before = locked.read_bytes()
    with pytest.raises(FileError, match="is there already"):
        write_new(locked, "other")
    assert locked.read_bytes() == before


def test_a_run_that_was_changed_is_not_locked(tmp_path):
    folder = made_up_run(tmp_path / "run")
    (folder / "predictive.json").write_text("{}")
    (folder / "design.yaml").unlink()
    with pytest.raises(FileError) as caught:
        lock(folder, shipped().evidence, date="2026-01-01")
    assert caught.value.problems == (
        "predictive.json was changed after the run",
        "design.yaml is absent",
    )


def test_only_a_finished_forecast_is_locked(tmp_path):
    with pytest.raises(RunError, match="cannot be locked"):
        lock(made_up_run(tmp_path / "other", "doses"), shipped().evidence, date="2026-01-01")
    with pytest.raises(FileError, match="not the folder of a finished run"):
        lock(tmp_path, shipped().evidence, date="2026-01-01")

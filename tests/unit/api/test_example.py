"""The verbs at a tiny size: each answers what its command writes, and shows it."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

import ifntrial as ift
from ifntrial.app.cli import cli
from ifntrial.app.command_line import command_text, read_words, words_of
from ifntrial.studies.manifest import load_manifest
from made_up_calibration import made_up_catalog

VARYING = {"version", "lock_hash", "date", "seconds", "command", "chosen"}
SIZES = {"worlds": 6, "subjects": 12}


@pytest.fixture(scope="module")
def frozen(tmp_path_factory) -> Path:
    """Return frozen worlds that no change of a number makes stale."""
    folder = tmp_path_factory.mktemp("frozen")
    made_up_catalog(folder)
    return folder / "worlds.npz"


@pytest.fixture(scope="module")
def answer(frozen):
    return ift.forecast("daisy", **SIZES, calibration=frozen, seed=1, workers=1)


def written_by_command(words: list[str], folder: Path, name: str) -> dict:
    ended = CliRunner().invoke(cli, [*words, "--out", str(folder)])
    assert ended.exit_code == 0, ended.output
    return json.loads((folder / name).read_text(encoding="utf-8"))


def require_same(text: str, written: dict) -> None:
    found = json.loads(text)
    assert list(found) == list(written)
    assert {name for name in found if found[name] != written[name]} <= VARYING


def words_in(answer) -> list[str]:
    words = answer.kept.run.words
    assert words is not None
    assert command_text(words_of(read_words(words))) == answer.facts.command, "the command that does the same"
    return list(words)


@pytest.mark.slow
def test_a_forecast_is_what_the_command_writes(answer, tmp_path):
    assert answer.by_prior["lupus_bridge"].assurance.estimate == pytest.approx(answer.table()["assurance"][2])
    require_same(answer.to_json(), written_by_command(words_in(answer), tmp_path / "run", "forecast.json"))
    saved = answer.save(tmp_path / "saved")
    kept = {each.file: each.sha256 for each in load_manifest(saved).results}
    other = {each.file: each.sha256 for each in load_manifest(tmp_path / "run").results}
    assert set(kept) == set(other)
    same = set(kept) - {"forecast.json", "report.html"}
    assert {name: kept[name] for name in same} == {name: other[name] for name in same}
    ended = CliRunner().invoke(cli, ["reproduce", str(saved), "--workers", "1"])
    assert ended.exit_code == 0, ended.output
    assert "Equal bit for bit" in ended.output


def test_an_answer_shows_itself(answer, tmp_path):
    table = answer.table()
    assert list(table["prior"]) == list(answer.by_prior)
    assert table.attrs["columns"]["assurance"] == {
        "meaning": "probability that the primary endpoint is met",
        "unit": "1",
    }
    assert set(table.attrs["columns"]) == set(table.columns)
    text = repr(answer)
    assert text.startswith("Forecast of daisy: ")
    assert "not for diagnosis or treatment" in text
    assert len(text.splitlines()) < 15
    html = answer._repr_html_()
    assert "<table" in html
    assert "not for diagnosis or treatment" in html
    page = answer.report(tmp_path / "pages" / "daisy.html")
    text = page.read_text(encoding="utf-8")
    assert answer.facts.command.split(" --")[0] in text
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="plot" id="believe"' in text
    assert "figures/" not in text
    assert [path.name for path in page.parent.iterdir()] == ["daisy.html"]


def test_what_was_simulated_is_there_as_long_as_the_answer(frozen, tmp_path):
    mine = ift.load_design("daisy").changed(size=40, name="small")
    found = ift.compare("daisy", mine, **SIZES, calibration=frozen, workers=1)
    place = found.kept.run.folder
    assert list(place.glob("blocks/*.parquet"))
    saved = found.save(tmp_path)
    assert {path.name for path in saved.iterdir()} == {
        "blocks",
        "comparison.json",
        "figures",
        "manifest.json",
        "plan.json",
        "report.html",
    }
    call = "ifntrial.compare(daisy, small, worlds=6, subjects=12, "
    assert found.facts.command.startswith(call)
    manifest = load_manifest(saved)
    assert manifest.arguments is None
    assert manifest.command.startswith(call)
    ended = CliRunner().invoke(cli, ["reproduce", str(saved)])
    assert "made by a call in Python that no command does. Given: ifntrial.compare(" in str(ended.exception)
    assert found.table()["versus_first"].notna().sum() == len(found.priors)
    assert "small" in repr(found)
    del found
    assert not place.exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("ask", "name"),
    [
        (lambda given: ift.compare("daisy", "daisy_iv", **given), "comparison.json"),
        (lambda given: ift.doses("daisy", regimens=["300 mg IV every 4 weeks"], **given), "doses.json"),
        (
            lambda given: ift.enrich("daisy", markers=["ifn_high"], assays=[(0.9, 0.8)], **given),
            "enrichment.json",
        ),
    ],
    ids=["compare", "doses", "enrich"],
)
def test_designs_in_common_worlds_are_what_the_commands_write(ask, name, frozen, tmp_path):
    found = ask({"worlds": 6, "subjects": 40, "calibration": frozen, "workers": 1, "seed": 3})
    require_same(found.to_json(), written_by_command(words_in(found), tmp_path / "run", name))
    assert len(found.table())
    assert len(repr(found).splitlines()) < 15


def test_a_regimen_is_what_the_command_writes(tmp_path):
    found = ift.simulate(
        "150 mg SC every 2 weeks", drug="anifrolumab", at=[0, 14, 28], weeks=6, subjects=5, workers=1
    )
    table = found.table()
    assert table["day"].tolist() == [0.0, 14.0, 28.0]
    assert table.attrs["columns"]["concentration_q50"]["unit"] == "ug/mL"
    assert (table["concentration_q05"] <= table["concentration_q95"]).all()
    assert len(found.table(all_times=True)) == len(found.followed[0].time_days)
    require_same(found.to_json(), written_by_command(words_in(found), tmp_path, "simulation.json"))


def test_out_writes_what_the_command_writes(tmp_path):
    found = ift.simulate("300 mg IV every 4 weeks", weeks=2, subjects=3, workers=1, out=tmp_path / "run")
    shutil.copytree(tmp_path / "run", tmp_path / "copy")
    assert found.save(tmp_path / "run") == tmp_path / "run"
    for path in (each for each in (tmp_path / "copy").rglob("*") if each.is_file()):
        place = path.relative_to(tmp_path / "copy")
        assert path.read_bytes() == (tmp_path / "run" / place).read_bytes(), place
    assert (tmp_path / "copy" / "figures" / "concentration.svg").is_file()
    assert {path.name for path in (tmp_path / "copy").iterdir()} >= {
        *("manifest.json", "report.html", "simulation.json"),
    }


def test_progress_is_silent_unless_it_is_asked_for(frozen, capsys):
    ift.compare("daisy", **SIZES, calibration=frozen, workers=1)
    assert capsys.readouterr() == ("", "")
    ift.compare("daisy", **SIZES, calibration=frozen, workers=1, progress=True)
    assert "worlds: 6 of 6" in capsys.readouterr().err

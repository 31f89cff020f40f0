"""A forecast at a tiny size: what the result holds, and that workers, crashes and company change no number."""

import json
import re
import shutil
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from pydantic_core import to_json

from drawn import figures_in, seen_in
from ifntrial.app import cli
from ifntrial.errors import InputError, RunError
from ifntrial.patients.records import VirtualPopulation
from ifntrial.studies.beliefs.declared import declared_beliefs
from ifntrial.studies.beliefs.variants import OtherReading
from ifntrial.studies.forecast import run as forecast_run
from ifntrial.studies.forecast.gather import gather_worlds
from ifntrial.studies.forecast.run import ForecastPlan, plan_text, run_name, run_worlds
from ifntrial.studies.forecast.study import forecast_result
from ifntrial.studies.forecast.tables import write_subjects
from ifntrial.studies.forecast.told import belief_readings
from ifntrial.studies.forecast.world import simulate_world
from shipped import load_design
from shipped import prepare_forecast as prepare

WORLDS, SUBJECTS, SEED = 6, 12, 5
BAND = ("q05", "q25", "q50", "q75", "q95")
ESTIMATE = {"estimate", "low", "high", "mc_low", "mc_high"}
BELIEFS = {
    "irrelevant",
    "ssc_reference_class",
    "lupus_bridge",
    "net_harm",
    "ssc_skin_class",
    "lupus_bridge_observed",
    "lupus_bridge_skin",
    "mixture",
}


def plan(**changed) -> ForecastPlan:
    return replace(ForecastPlan(load_design("daisy"), WORLDS, SUBJECTS, SEED, outcomes=True), **changed)


@pytest.fixture(scope="module")
def prepared():
    return prepare(plan())


@pytest.fixture(scope="module")
def finished(prepared, tmp_path_factory):
    """A finished run: its folder and its result."""
    folder = tmp_path_factory.mktemp("run") / "first"
    ended = forecast(folder, "--outcomes")
    assert ended.exit_code == 0, ended.output
    return folder, json.loads((folder / "forecast.json").read_text(encoding="utf-8"))


def forecast(folder, *options):
    """Run the forecast of the plan into a folder by its command."""
    sizes = ["--worlds", str(WORLDS), "--subjects", str(SUBJECTS), "--seed", str(SEED), "--workers", "1"]
    return CliRunner().invoke(cli.cli, ["forecast", "daisy", *sizes, *options, "--out", str(folder)])


def assert_same_again(result, prepared, folder):
    """Require that running the plan into a folder once more gives every number of a result."""
    numbers = json.loads(to_json(forecast_result(prepared, run_worlds(prepared, folder))))
    assert numbers["power"]["estimate"] > 0
    assert {name: result[name] for name in numbers} == numbers


# --- what the result holds ----------------------------------------------------------------------------------------


def test_the_result_has_every_promised_entry(finished):
    _, result = finished
    for name in ("power", "type_i_error"):
        assert ESTIMATE <= set(result[name]), name
    assert set(result["assurance"]) == {"estimate", "low", "high", "parts"}
    assert set(result["assurance"]["parts"]) == {"worlds_error", "subjects_error", "calibration_error"}
    promised = (
        "power_by_world by_prior by_ifn worlds subjects seconds seed model_version evidence_hash".split()
    )
    assert set(promised) <= set(result)
    assert result["subjects"] == SUBJECTS
    assert result["seed"] == SEED
    assert 1 <= result["worlds"] <= WORLDS
    assert len(result["evidence_hash"]) == 64
    assert result["size_label"] == "demonstration size"


def test_every_probability_is_one_and_lies_within_its_bounds(finished):
    _, result = finished
    blocks = [result, *result["by_prior"].values(), *result["by_ifn"].values()]
    estimates = [block["assurance"] for block in blocks] + [result["power"], result["type_i_error"]]
    for estimate in estimates:
        assert 0 <= estimate["low"] <= estimate["estimate"] <= estimate["high"] <= 1
    for estimate in (result["power"], result["type_i_error"]):
        assert 0 <= estimate["mc_low"] <= estimate["estimate"] <= estimate["mc_high"] <= 1
    for block in blocks:
        band = block["power_by_world"]
        assert set(band) == set(BAND)
        levels = [band[level] for level in BAND]
        assert levels == sorted(levels)
        assert 0 <= levels[0] <= levels[-1] <= 1
    assert result["type_i_error"]["mc_low"] < 0.03
    assert result["type_i_error"]["mc_high"] > 0.02


def test_all_beliefs_and_the_mixture_are_reported(finished):
    _, result = finished
    assert set(result["by_prior"]) == BELIEFS
    weights = {name: block["weight"] for name, block in result["by_prior"].items() if name != "mixture"}
    assert sum(weights.values()) == pytest.approx(1.0)
    mixed = sum(weights[name] * result["by_prior"][name]["assurance"]["estimate"] for name in weights)
    assert result["by_prior"]["mixture"]["assurance"]["estimate"] == pytest.approx(mixed, abs=1e-9)
    assert result["assurance"] == result["by_prior"]["mixture"]["assurance"]
    for name in BELIEFS - {"net_harm"}:
        assert result["by_prior"][name]["structural_worlds_effective"] >= 1000, (
            "effective number of structural worlds"
        )


def test_other_readings_of_the_trials_are_answered_as_the_declared_ones_are(
    prepared, finished, tmp_path, monkeypatch
):
    """A reading that changes nothing gives the belief's own answer; one of a selected pool a lower one."""
    _, result = finished
    readings = {(each["belief"], each["reading"]): each for each in result["belief_readings"]}
    selected = readings[
        "ssc_reference_class", "pools without a significant difference are published 25% as often"
    ]
    assert selected["mean"] == pytest.approx(0.285, abs=0.001)
    own = {name: block["assurance"]["estimate"] for name, block in result["by_prior"].items()}
    assert selected["assurance_estimate"] < own["ssc_reference_class"]
    same = [OtherReading("as it is", each) for each in declared_beliefs(prepared.catalog.evidence)]
    monkeypatch.setattr(belief_readings, "other_readings", lambda evidence: same)
    again = belief_readings.belief_readings(prepared, run_worlds(prepared, tmp_path))
    assert {each.belief for each in again} == BELIEFS - {"irrelevant", "mixture"}
    for each in again:
        assert each.assurance_estimate == pytest.approx(own[each.belief], abs=1e-9)


def test_beliefs_of_ones_own_have_no_other_readings(prepared, tmp_path):
    stated = replace(prepared.beliefs[1].statement, basis="mine")
    mine = (replace(prepared.beliefs[1], statement=stated),)
    assert belief_readings.belief_readings(replace(prepared, beliefs=mine), None) == ()


def test_a_belief_is_told_as_stated_as_met_and_in_this_trial(finished):
    _, result = finished
    nothing, other = result["by_prior"]["irrelevant"], result["by_prior"]["ssc_reference_class"]
    assert nothing["effect_as_stated"] is None
    assert nothing["prior_check"] is None
    assert nothing["effect_in_this_trial"]["mean"] == 0.0
    assert nothing["effect_in_this_trial"]["no_effect"] == 1.0
    for item in ("mrss_difference", "fvc_difference"):
        assert max(map(abs, nothing[item].values())) < 1e-6, "zero to the accuracy of the solver"
    assert nothing["assurance"]["estimate"] == pytest.approx(0.025, abs=1e-9)
    stated, check = other["effect_as_stated"], other["prior_check"]
    assert (stated["address"], stated["measure"], stated["unit"]) == (
        "rcriss20_observed",
        "log_odds_ratio",
        "1",
    )
    assert stated["mean"] == pytest.approx(0.385, abs=0.002)
    assert stated["no_benefit"] == pytest.approx(0.150, abs=0.002)
    # with the mass below zero at zero
    assert check["stated_mean"] == pytest.approx(0.436, abs=0.003)
    assert check["subjects"] >= 2000
    assert other["worlds_different"] == 5


@pytest.mark.xfail(
    strict=True,
    reason="a known miss: no mean change is moved to reach a response rate any more, and 23 % respond on placebo; "
    "the source's trials, which are not named, had 38.9 %",
)
def test_the_placebo_rate_at_an_address_is_about_that_of_its_source(finished):
    _, result = finished
    assert 0.33 < result["by_prior"]["ssc_reference_class"]["effect_as_stated"]["control"] < 0.41


def test_a_thousand_structural_worlds_stand_behind_net_harm(finished):
    _, result = finished
    assert result["by_prior"]["net_harm"]["structural_worlds_effective"] >= 1000


def test_the_unknown_drug_effect_is_called_prior_only(finished):
    _, result = finished
    verdict = {row["name"]: row["verdict"] for row in result["globals"]}
    assert {name: verdict[name] for name in verdict if name.startswith("phi_")} == dict.fromkeys(
        [name for name in verdict if name.startswith("phi_")], "prior only"
    )
    assert sum(name.startswith("phi_") for name in verdict) == 6


def test_the_table_of_belief_and_the_shares_of_variance(finished):
    _, result = finished
    believe = result["believe"]
    power = np.array(believe["power_grid"])
    assert power.shape == (len(believe["log_odds_ratios"]), len(believe["placebo_rates"]))
    assert (np.diff(power, axis=0) > -1e-9).all(), "a larger effect never means less power"
    shares = [row["share"] for row in result["variance"]]
    assert all(share >= 0 for share in shares)
    assert sum(shares) == pytest.approx(1.0)
    assert {"efficacy", "placebo and trial effect", "endpoint rule", "pharmacokinetics", "Monte Carlo"} <= {
        row["source"] for row in result["variance"]
    }


def test_nothing_in_the_result_is_not_a_number(finished):
    folder, result = finished

    def leaves(value):
        if isinstance(value, dict):
            for each in value.values():
                yield from leaves(each)
        elif isinstance(value, list):
            for each in value:
                yield from leaves(each)
        else:
            yield value

    numbers = [leaf for leaf in leaves(result) if isinstance(leaf, float)]
    assert len(numbers) > 1000
    assert np.isfinite(numbers).all()
    stored = json.loads((folder / "forecast.json").read_text(encoding="utf-8"))
    assert stored == json.loads(json.dumps(result))


def test_the_page_prints_the_numbers_of_the_result_on_one_scale(finished):
    """Cards, the table of beliefs, the bars of what one would have to believe and the reference world."""
    folder, result = finished
    page = (folder / "report.html").read_text(encoding="utf-8")
    for odd, plain in (("\N{NARROW NO-BREAK SPACE}", " "), ("\N{MINUS SIGN}", "-")):
        page = page.replace(odd, plain)
    cards = dict(re.findall(r'<h3>([^<]+)</h3>\s*<p class="big">([\d.]+) %</p>', page))
    rows = dict(
        re.findall(
            r'<tr><th scope="row">([^<]+?)(?: <span.*?</span>)?</th>(.*?)</tr>',
            page.partition('id="beliefs"')[2].partition('id="effect"')[0],
        )
    )
    thick = [each for each in seen_in(figures_in(page)["believe"]) if each.role == "25 to 75 %"]
    bars = {each.label: each.numbers["y"] + each.numbers["y-end"] for each in thick}
    assert set(cards) == {block["label"] for block in result["by_prior"].values() if block["weight"] > 0}
    for name, block in result["by_prior"].items():
        here = block["effect_in_this_trial"]["quantiles"]
        if block["label"] in cards:
            shown = float(cards[block["label"]])
            assert shown == pytest.approx(100 * block["assurance"]["estimate"], abs=0.51), name
        if name != "mixture":
            numbers = re.findall(r"<td>(-?[\d.]+) \((-?[\d.]+) to (-?[\d.]+)\)", rows[block["label"]])
            told = [float(each) for each in numbers[-1]]
            assert told == pytest.approx([here["q50"], here["q05"], here["q95"]], abs=0.0051), name
        assert bars[block["label"]] == pytest.approx([here["q25"], here["q75"]], rel=1e-5, abs=1e-9), name
    believed = result["believe"]["log_odds_ratios"]
    assert min(believed) <= result["reference_world"]["true_log_odds_ratio"] <= max(believed)


# --- the run folder -----------------------------------------------------------------------------------------------


def test_the_folder_holds_all_of_a_run(finished):
    folder, result = finished
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {"forecast.json", "manifest.json", "plan.json", "subjects.parquet", "report.html"} <= names
    for place in range(result["worlds"]):
        assert {f"{kind}/block={place:06d}.parquet" for kind in ("blocks", "outcomes")} <= names
    assert not [name for name in names if "partial" in name]


def test_the_manifest_says_what_made_the_run(finished, prepared):
    folder, result = finished
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for name in ("model_version", "evidence_hash", "seed", "lock_hash", "version", "date", "command"):
        assert manifest[name] == result[name]
    assert manifest["schema_version"] == 2
    assert json.loads(plan_text(prepared)) == json.loads((folder / "plan.json").read_text(encoding="utf-8"))


def test_outcomes_are_one_long_table_per_block(finished):
    folder, result = finished
    table = pd.read_parquet(folder / "outcomes" / "block=000000.parquet")
    assert tuple(table.columns) == ("world", "subject", "arm", "visit_week", "endpoint", "value", "observed")
    assert set(table["arm"]) == {"anifrolumab", "placebo"}
    assert set(table["visit_week"]) == set(result["endpoint_courses"][0]["visit_weeks"])
    sizes = table.groupby(["arm", "visit_week", "endpoint"], observed=True)["subject"].nunique()
    assert (sizes == SUBJECTS).all()
    assert not table.duplicated(["subject", "arm", "visit_week", "endpoint"]).any()
    baseline = table[(table["visit_week"] == 0) & (table["endpoint"] == "mrss")]
    both = baseline.pivot(index="subject", columns="arm", values="value")
    assert (both["anifrolumab"] == both["placebo"]).all(), "one subject, one baseline, both arms"
    assert (both["placebo"] % 1 == 0).all()


def test_outcomes_are_kept_only_when_asked_for_and_change_no_number(finished, prepared, tmp_path):
    folder, result = finished
    without = prepare(plan(outcomes=False))
    assert_same_again(result, without, tmp_path)
    assert {path.parent.name for path in tmp_path.glob("*/*.parquet")} == {"blocks"}
    assert run_name(without) != run_name(prepared), "both may stand side by side"
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert "--outcomes" in manifest["command"]
    assert "outcomes/block=000000.parquet" in {each["file"] for each in manifest["results"]}
    assert result["chosen"] == {}, "no banner: no number hangs on it"


@pytest.mark.parametrize(("begun", "asked"), [(False, True), (True, False)])
def test_a_run_begun_without_outcomes_is_not_resumed_with_them(begun, asked, tmp_path):
    (tmp_path / "plan.json").write_text(plan_text(prepare(plan(outcomes=begun))), encoding="utf-8")
    said = rf'plan says "outcomes": {str(begun).lower()}, not "outcomes": {str(asked).lower()}\..*give the command that'
    with pytest.raises(RunError, match=said):
        run_worlds(prepare(plan(outcomes=asked)), tmp_path)
    assert not (tmp_path / "blocks").exists()


def test_every_subject_has_a_status_row_in_every_world(finished, prepared):
    folder, result = finished
    table = pd.read_parquet(folder / "subjects.parquet")
    assert len(table) == result["worlds"] * SUBJECTS
    assert (table.groupby("world")["subject"].nunique() == SUBJECTS).all()
    assert set(table["world"]) == {int(x) for x in prepared.trial.worlds.number}
    assert {"age_years", "is_ifn_high", "mrss", "prevalence_weight", "status", "reason"} <= set(table)
    assert set(table["status"]) == {"ok"}


def broken_trial(prepared):
    """Return the trial with one subject of each panel whose clearance is not a number and one of infinite weight."""
    people = prepared.trial.common.population
    parameters = {name: values.copy() for name, values in people.parameters.items()}
    parameters["eta_clearance"][2::SUBJECTS] = np.nan
    parameters["body_weight"][7::SUBJECTS] = np.inf
    spoiled = VirtualPopulation(people.covariates, parameters, people.history, people.prevalence_weight)
    return replace(prepared.trial, common=replace(prepared.trial.common, population=spoiled))


def test_a_broken_subject_is_a_status_row_and_weighs_nothing(prepared, tmp_path):
    trial = broken_trial(prepared)
    outcomes = [simulate_world(trial, place) for place in range(2)]
    worlds = [outcome.record.numbers for outcome in outcomes]
    for world in worlds:
        assert set(world.failed) == {"2", "7"}
        assert sum(world.status.values()) == 2 * SUBJECTS
        assert world.status["ok"] == 2 * (SUBJECTS - 2)
        rule = world.rules[""]
        assert np.isfinite([rule.power, rule.active, rule.control]).all()
    choice = SimpleNamespace(counts={"mixture": np.full(2, 0.5)}, has_effect=np.array([True, True]))
    records = ((place, each.record) for place, each in enumerate(outcomes))
    gathered = gather_worlds(records, choice, trial.panel_of_world, tmp_path)
    assert gathered.failed == {0: worlds[0].failed, 1: worlds[1].failed}
    write_subjects(trial, gathered, tmp_path)
    table = pd.read_parquet(tmp_path / "subjects.parquet")
    assert len(table) == 2 * SUBJECTS
    failed = table[table["status"] != "ok"]
    places = [place * SUBJECTS + k for place in trial.panel_of_world[:2] for k in (2, 7)]
    assert sorted(failed["subject"].unique()) == sorted(set(places)), "the same number is the same person"
    assert failed["reason"].str.contains("bad_").all()
    assert (table[table["status"] == "ok"]["reason"] == "").all()


def test_a_world_without_any_sound_subject_is_an_error(prepared):
    trial = broken_trial(prepared)
    trial.common.population.parameters["eta_clearance"][:] = np.nan
    with pytest.raises(InputError, match="no subject of world"):
        simulate_world(trial, 0)


# --- the same numbers ---------------------------------------------------------------------------------------------


def stored(folder):
    """Return the bytes of every block of a run."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.glob("*/*.parquet"))
    }


@pytest.mark.slow
def test_two_workers_give_the_numbers_of_one(finished, prepared, tmp_path):
    folder, _ = finished
    reported = []
    total = len(run_worlds(prepared, tmp_path, 2, lambda done, total: reported.append((done, total))).numbers)
    assert stored(tmp_path) == stored(folder)
    assert reported == [(done, total) for done in range(total + 1)]


def test_an_interrupted_run_goes_on_to_the_same_numbers(finished, prepared, tmp_path, monkeypatch):
    _, result = finished
    done = []

    def interrupt(trial, position, **kept):
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(position)
        return simulate_world(trial, position, **kept)

    monkeypatch.setattr(forecast_run, "simulate_world", interrupt)
    assert forecast(tmp_path, "--outcomes").exit_code == 130
    assert len(list((tmp_path / "blocks").glob("*.parquet"))) == 2
    assert not (tmp_path / "forecast.json").exists()
    monkeypatch.undo()
    assert_same_again(result, prepared, tmp_path)


def test_a_crash_between_outcomes_and_worlds_leaves_nothing_half_done(finished, prepared, tmp_path):
    folder, result = finished
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    (copy / "blocks" / "block=000001.parquet").unlink()
    (copy / "blocks" / "block=000004.parquet").unlink()
    # what a killed process leaves: outcomes without their worlds, cut short, and a partial block
    (copy / "outcomes" / "block=000004.parquet").write_bytes(b"PAR1")
    (copy / "blocks" / "block=000001.123.partial").write_bytes(b"PAR1")
    (copy / "forecast.json").unlink()
    (copy / "subjects.parquet").unlink()
    assert_same_again(result, prepared, copy)
    assert stored(copy) == stored(folder)


def test_a_damaged_block_is_named(finished, prepared, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(finished[0], copy)
    path = copy / "blocks" / "block=000003.parquet"
    path.write_bytes((copy / "outcomes" / "block=000003.parquet").read_bytes())
    with pytest.raises(RunError, match="block 3 of this run cannot be read"):
        run_worlds(prepared, copy)


def test_a_world_that_fails_is_named_after_the_others_and_kept_as_a_row(prepared, tmp_path, monkeypatch):
    def fail(trial, position, **kept):
        if position == 2:
            raise InputError("its parameters are odd")
        return simulate_world(trial, position, **kept)

    monkeypatch.setattr(forecast_run, "simulate_world", fail)
    with pytest.raises(RunError, match=r"1 of \d+ worlds could not be simulated") as told:
        run_worlds(prepared, tmp_path)
    assert told.value.problems == ("world 2: its parameters are odd.",)
    rows = pd.concat(pd.read_parquet(path) for path in sorted((tmp_path / "blocks").glob("*.parquet")))
    assert rows["place"].tolist() == list(range(len(prepared.choice.positions)))
    assert rows["status"].tolist() == ["failed" if place == 2 else "done" for place in rows["place"]]
    assert rows["reason"].tolist()[2] == "its parameters are odd."
    assert pd.read_parquet(tmp_path / "outcomes" / "block=000002.parquet").empty


def test_a_run_of_an_older_version_is_refused_by_name(prepared, tmp_path):
    older = tmp_path / "worlds" / "world=0000.json"
    older.parent.mkdir()
    older.write_text("{}", encoding="utf-8")
    (tmp_path / "plan.json").write_text(plan_text(prepared), encoding="utf-8")
    with pytest.raises(RunError, match="a run of an older ifntrial") as told:
        run_worlds(prepared, tmp_path)
    assert str(older) in str(told.value)
    assert "choose another --out" in str(told.value)


def test_a_finished_run_is_not_simulated_again(finished, prepared, monkeypatch):
    folder, result = finished

    def never(*_, **__):
        raise AssertionError("simulated again")

    monkeypatch.setattr(forecast_run, "simulate_world", never)
    assert_same_again(result, prepared, folder)


def test_blocks_of_several_worlds_change_no_number(finished, prepared, tmp_path, monkeypatch):
    folder, result = finished
    monkeypatch.setattr(forecast_run, "worlds_at_once", lambda worlds, subjects: 4)
    assert_same_again(result, prepared, tmp_path)
    assert [path.name for path in sorted((tmp_path / "blocks").iterdir())] == [
        "block=000000.parquet",
        "block=000001.parquet",
    ]
    for kind in ("blocks", "outcomes"):
        one, other = (
            pd.concat(pd.read_parquet(path) for path in sorted((place / kind).iterdir()))
            for place in (folder, tmp_path)
        )
        columns = ["place", "status"] if kind == "blocks" else list(one.columns)
        pd.testing.assert_frame_equal(
            one[columns].reset_index(drop=True), other[columns].reset_index(drop=True), check_exact=True
        )


# --- other plans --------------------------------------------------------------------------------------------------


def test_a_folder_with_another_plan_is_refused(finished):
    folder, _ = finished
    with pytest.raises(RunError, match="the folder holds another run"):
        run_worlds(prepare(plan(seed=SEED + 1)), folder)


def test_the_name_of_a_run_follows_what_decides_its_numbers(prepared):
    other = prepare(plan(seed=SEED + 1))
    assert run_name(prepared) == run_name(prepare(plan()))
    assert run_name(prepared) != run_name(other)
    assert json.loads(plan_text(prepared))["plan"]["seed"] == SEED
    assert run_name(prepared).startswith("daisy-")


def test_more_worlds_and_subjects_leave_the_people_as_they_are(prepared):
    more = prepare(plan(worlds=30, subjects=20))
    few, many = (
        {
            int(number): each.trial.in_world(place).population.covariates
            for place, number in enumerate(each.trial.worlds.number)
        }
        for each in (prepared, more)
    )
    panels = {number % 25: people for number, people in many.items()}
    shared = [number for number in few if number % 25 in panels]
    assert len(shared) > 2
    for number in shared:
        for name, values in few[number].items():
            assert np.array_equal(values, panels[number % 25][name][:SUBJECTS]), name
    assert not np.array_equal(few[shared[0]]["age_years"], few[shared[1]]["age_years"])


@pytest.mark.parametrize(
    ("worlds", "subjects"), [(5, 50), (2**53 + 1, 50), (50, 9), (50, 20_001), (0, 0), (-1, 50)]
)
def test_an_absurd_size_is_refused(worlds, subjects):
    with pytest.raises(InputError, match="is out of range"):
        prepare(plan(worlds=worlds, subjects=subjects))

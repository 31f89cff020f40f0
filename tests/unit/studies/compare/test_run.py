"""A tiny comparison from designs to page: common random numbers, resume, and wrong input."""

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from statsmodels.stats.proportion import proportion_confint

from ifntrial.app.cli import cli
from ifntrial.errors import FileError, IfntrialError, InputError, RunError
from ifntrial.report.compare.page import APPENDIX, SECTIONS, render_comparison
from ifntrial.studies.compare.more_patients import sizes_around
from ifntrial.studies.compare.plan import SharedPlan
from ifntrial.studies.compare.run import WorldResponses, run_in, simulate_responses
from ifntrial.studies.compare.study import comparison_result
from ifntrial.studies.compare.worlds import gather_power
from made_up import FACTS
from shipped import design_from_mapping, load_design
from shipped import prepare_comparison as prepare

WORLDS, SUBJECTS, SEED = 6, 14, 5


def designs():
    daisy = load_design("daisy")
    twin = design_from_mapping(daisy.model_dump(mode="json", exclude_none=True) | {"name": "twin"})
    return [daisy, twin, load_design("daisy_ifn_high"), load_design("daisy_iv")]


@pytest.fixture(scope="module")
def prepared():
    return prepare(SharedPlan(tuple(designs()), WORLDS, SUBJECTS, SEED))


@pytest.fixture(scope="module")
def folder(prepared, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("compare")
    simulate_responses(prepared, path)
    return path


@pytest.fixture(scope="module")
def result(prepared, folder):
    return comparison_result(
        prepared, gather_power(prepared, run_in(prepared, folder).records(), sizes_around)
    )


def test_every_subject_of_every_world_has_a_status(prepared, result):
    rows = prepared.worlds.size * prepared.common.population.size
    assert sum(result.subjects_status.values()) == rows


def test_a_twin_under_another_name_is_exactly_the_same(result):
    twin = next(design for design in result.designs if design.name == "twin")
    for gap in twin.versus_reference.values():
        assert {gap.estimate, gap.low, gap.high, gap.mc_low, gap.mc_high} == {0.0}


def test_each_design_is_answered_under_every_prior_and_the_mixture(result):
    assert list(result.priors) == ["irrelevant", "ssc_reference_class", "lupus_bridge", "net_harm", "mixture"]
    for design in result.designs:
        assert list(design.by_prior) == list(result.priors)
        for block in design.by_prior.values():
            chance = block.assurance
            assert 0 <= chance.low <= chance.estimate <= chance.high <= 1
    assert result.designs[0].versus_reference is None


def test_the_difference_is_that_of_the_two_chances(result):
    first, *others = result.designs
    for design in others:
        for prior, gap in design.versus_reference.items():
            chances = [each.by_prior[prior].assurance.estimate for each in (design, first)]
            assert gap.estimate == pytest.approx(chances[0] - chances[1], abs=1e-12)


def test_the_curve_passes_through_the_design_itself(result):
    for design in result.designs:
        more = design.more_patients
        place = more.sizes.index(design.total)
        for prior, answer in more.by_prior.items():
            own = design.by_prior[prior].assurance.estimate
            assert answer.curve[place].estimate == pytest.approx(own, abs=1e-12)


def test_an_interrupted_run_goes_on_to_the_same_numbers(prepared, folder, result, tmp_path):
    for place in (0, 3):
        name = f"blocks/block={place:06d}.parquet"
        (tmp_path / "blocks").mkdir(exist_ok=True)
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    (tmp_path / "plan.json").write_text((folder / "plan.json").read_text())
    again = gather_power(prepared, simulate_responses(prepared, tmp_path).records(), sizes_around)
    assert comparison_result(prepared, again) == result


def test_a_folder_with_another_plan_is_refused(folder):
    other = prepare(SharedPlan(tuple(designs()), WORLDS, SUBJECTS, SEED + 1))
    with pytest.raises(RunError, match="holds another run"):
        simulate_responses(other, folder)


def test_a_subject_that_fails_is_counted_and_does_not_count(prepared):
    size, name = prepared.common.population.size, prepared.designs[0].name
    first = int(np.flatnonzero(prepared.common.is_member[name])[0])
    half = np.full(size, 0.5, np.float32)
    odd = half.copy()
    odd[first] = 1.0  # would lift the rate if it counted
    told = "daisy, placebo: too many steps"
    worlds = [
        WorldResponses(
            dict.fromkeys((each.name for each in prepared.readings), odd if place == 1 else half),
            dict.fromkeys((each.name for each in prepared.readings), half),
            {str(first): told} if place == 1 else {},
        )
        for place in range(prepared.worlds.size)
    ]
    found = gather_power(prepared, enumerate(worlds))
    (power,) = found.power[name].values()
    assert (power.active[1], power.control[1]) == pytest.approx((0.5, 0.5))
    assert power.power.shape == (prepared.worlds.size,)
    assert found.statuses == {told: 1, "ok": size * prepared.worlds.size - 1}
    kept = prepared.common.population.prevalence_weight * prepared.common.is_member[name]
    kept[first] = 0.0
    assert found.effective_subjects[name] == pytest.approx(kept.sum() ** 2 / (kept**2).sum())


def test_the_ceiling_has_an_interval_that_counts_worlds(prepared, result):
    for design in result.designs:
        for prior, answer in design.more_patients.by_prior.items():
            drawn = prepared.choice.counts[prior]
            units = drawn.sum() ** 2 / (drawn**2).sum()
            expected = proportion_confint(answer.ceiling * units, units, method="wilson")
            assert (answer.ceiling_low, answer.ceiling_high) == pytest.approx(expected)


def test_the_page_shows_every_section_and_requests_nothing(result):
    page = render_comparison(result, FACTS)
    for name, title in SECTIONS.items():
        assert f'<section id="{name}">' in page
        assert title in page
    for name, title in APPENDIX.items():
        assert f'<details class="part" id="{name}"><summary><h3>{title}</h3>' in page
    assert "default-src 'none'" in page
    assert "daisy_ifn_high" in page


def test_the_page_of_one_design_is_about_its_size(result):
    page = render_comparison(replace(result, designs=result.designs[:1]), FACTS)
    assert "How many patients daisy needs" in page
    assert "how many patients would it take?" in page
    assert "Which of these designs" not in page
    assert "How they were compared" not in page


def test_weights_are_those_of_the_forecast(prepared):
    for weight in prepared.choice.counts.values():
        assert math.isfinite(weight.sum())
        assert np.all(weight >= 0)


def run(*words: str):
    return CliRunner().invoke(cli, ["design", *words], catch_exceptions=True)


def test_list_show_check_and_schema_print(tmp_path):
    assert "daisy_ifn_high" in run("list").output
    assert "120 mg SC every week" in run("show", "daisy").output
    own = tmp_path / "own.yaml"
    own.write_text(run("show", "daisy", "--yaml").output, encoding="utf-8")
    assert load_design(own) == load_design("daisy")
    assert "fine (daisy, 314 patients)" in run("check", str(own)).output
    assert json.loads(run("schema").output)["title"] == "TrialDesign"


@pytest.mark.parametrize(
    ("words", "kind", "message"),
    [
        (("compare", "daisi"), FileError, "did you mean daisy"),
        (("compare", "daisy", "daisy"), InputError, "is there twice"),
        (("compare", "daisy", "anifrolumab_ssc_phase1"), InputError, "has no control arm"),
        (("compare", "daisy", "--worlds", "2"), InputError, "number of worlds is out of range"),
        (("compare", "daisy", "--subjects", "0"), InputError, "number of subjects"),
        (("show", "nothing.yaml"), FileError, "neither a shipped design nor a file"),
        (("check", "daisy", "absent.yaml"), FileError, "neither a shipped design nor a file"),
    ],
)
def test_wrong_input_is_an_error_of_the_package(words, kind, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = run(*words)
    assert isinstance(found.exception, kind)
    assert isinstance(found.exception, IfntrialError)
    assert message in str(found.exception)
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize("words", [("compare",), ("compare", "daisy", "--worlds", "many"), ("nonsense",)])
def test_wrong_options_exit_with_two(words):
    assert run(*words).exit_code == 2


def test_the_command_writes_json_and_page(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = run(
        "compare",
        "daisy",
        "daisy_2to1",
        *("--worlds", "6", "--subjects", "10", "--workers", "1", "--seed", "3"),
        *("--out", "here", "--json", "result.json"),
    )
    assert found.exit_code == 0, found.output
    result = json.loads((tmp_path / "result.json").read_text())
    assert [design["name"] for design in result["designs"]] == ["daisy", "daisy_2to1"]
    assert result["designs"][1]["per_arm"] == [210, 105]
    assert (tmp_path / "here" / "report.html").stat().st_size > 50_000
    assert "beliefs, not data" in found.output

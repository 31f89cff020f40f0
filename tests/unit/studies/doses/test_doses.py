"""A tiny study of doses from regimens to page: exposure orders the doses, the words follow the numbers."""

from dataclasses import fields, replace

import numpy as np
import pytest
from click.testing import CliRunner

from ifntrial.app.cli import cli
from ifntrial.course.assemble import subject_parameters
from ifntrial.course.simulate import simulate_subjects
from ifntrial.errors import InputError
from ifntrial.report.doses.page import APPENDIX, SECTIONS, render_doses
from ifntrial.report.doses.words import lowest_sentence, route_sentence, saturation_sentence
from ifntrial.studies.compare.plan import MOST_DESIGNS, SharedPlan
from ifntrial.studies.compare.run import simulate_responses
from ifntrial.studies.compare.worlds import gather_power
from ifntrial.studies.doses import study
from ifntrial.studies.doses.study import REGIMENS, doses_result
from made_up import FACTS
from shipped import CATALOG, load_design, with_regimens
from shipped import prepare_comparison as prepare

LOW, HIGH = "30 mg SC every week", "1000 mg IV every 4 weeks"


@pytest.fixture(scope="module")
def prepared():
    return prepare(SharedPlan(tuple(with_regimens(load_design("daisy"), [LOW, HIGH])), 6, 20, 5))


@pytest.fixture(scope="module")
def result(prepared, tmp_path_factory):
    run = simulate_responses(prepared, tmp_path_factory.mktemp("doses"))
    return doses_result(prepared, gather_power(prepared, run.records()))


def middle(result, name):
    return [getattr(each.exposure, name).median for each in result.regimen_results]


def test_the_design_comes_first_and_no_regimen_twice():
    designs = with_regimens(load_design("daisy"), ["120 mg SC weekly", LOW, LOW, *REGIMENS])
    words = [design.active.dosing().words() for design in designs]
    assert words[0] == "120 mg SC every week"
    assert len(set(words)) == len(words) == 1 + len(REGIMENS)
    assert all(design.control.dosing().is_placebo for design in designs)


@pytest.mark.parametrize(
    "regimens", [["placebo"], [f"{dose} mg SC every week" for dose in range(10, 10 + MOST_DESIGNS)]]
)
def test_a_placebo_or_too_many_regimens_are_refused(regimens):
    with pytest.raises(InputError, match="cannot be compared"):
        with_regimens(load_design("daisy"), regimens)


def test_a_regimen_changes_the_name_and_the_active_arm_alone():
    base = load_design("daisy")
    (_, other) = with_regimens(base, [" 1000 mg  iv every 4 weeks"])
    assert other.name == "daisy_1000_mg_iv_every_4_weeks"
    assert other.active == base.active.model_copy(update={"regimen": HIGH})
    assert other.control == base.control
    assert other.model_copy(update={"name": base.name, "arms": base.arms}) == base


def test_a_regimen_by_a_route_that_the_drug_is_not_given_by_is_refused():
    under_the_skin = {name: replace(drug, routes=("SC",)) for name, drug in CATALOG.drugs.items()}
    assert len(study.with_regimens(load_design("daisy"), [LOW], under_the_skin)) == 2
    with pytest.raises(InputError, match="is not given by this route"):
        study.with_regimens(load_design("daisy"), [LOW, HIGH], under_the_skin)


def test_more_drug_gives_more_exposure_occupancy_and_suppression(result):
    assert [each.words for each in result.regimen_results] == ["120 mg SC every week", LOW, HIGH]
    for name in ("auc", "trough", "occupancy_blood", "suppression_blood", "suppression_skin"):
        own, low, high = middle(result, name)
        assert low < own <= high + 1e-9, name
    for each in result.regimen_results:
        for values in (getattr(each.exposure, field.name) for field in fields(each.exposure)):
            assert values.q05 <= values.q95
            assert values.mc_low <= values.median <= values.mc_high
        assert 0 <= each.exposure.occupied.median <= 1


def test_the_area_holds_the_peaks_of_infusions(prepared):
    """Against the course of the same subjects in the same worlds, ten thousand looks in four weeks."""
    design = prepared.designs[-1]
    found = study.exposure(prepared, design)
    days = np.append(0.0, np.linspace(336.0, 364.0, 10_001))
    population = prepared.common.population.take(np.arange(min(prepared.common.population.size, 100)))
    assert prepared.worlds.size <= 16
    areas = []
    for place in range(prepared.worlds.size):
        parameters = subject_parameters(prepared.model, prepared.evidence, population, prepared.worlds, place)
        level = simulate_subjects(prepared.model, parameters, design.active.dosing(), days, ["concentration"])
        areas.append(np.trapezoid(level.of("concentration")[:, 1:], days[1:], axis=1))
    # looks a day lose a twentieth of the area, with the peak of the infusion
    expected = np.percentile(np.concatenate(areas), [5, 95])
    assert (found.auc.q05, found.auc.q95) == pytest.approx(tuple(expected), rel=0.003)


def test_the_design_itself_does_not_differ_from_itself(result):
    for prior, block in result.own.by_prior.items():
        assert result.own.versus_own[prior].estimate == 0.0
        assert 0 < block.assurance.estimate < 1


def with_suppression(regimen, **tissues):
    """Return a regimen with other median suppressions."""
    changed = {
        f"suppression_{tissue}": replace(getattr(regimen.exposure, f"suppression_{tissue}"), median=median)
        for tissue, median in tissues.items()
    }
    return replace(regimen, exposure=replace(regimen.exposure, **changed))


def losing(regimen, **by_prior):
    """Return a regimen whose chance of success differs by so much from the design's own."""
    versus = {
        prior: replace(gap, estimate=by_prior.get(prior, -0.005)) for prior, gap in regimen.versus_own.items()
    }
    return replace(regimen, versus_own=versus)


def test_the_sentences_follow_the_numbers(result):
    assert "saturated: 1000 mg IV" in saturation_sentence(result)
    assert "the IV regimen nearest" in route_sentence(result)
    own, low, top = result.regimen_results
    skin, blood = (found.median for found in (own.exposure.suppression_skin, own.exposure.suppression_blood))
    same = replace(result, regimen_results=(own, low, with_suppression(top, skin=skin, blood=blood)))
    assert "is saturated" in saturation_sentence(same)
    more = replace(result, regimen_results=(own, low, with_suppression(top, skin=skin, blood=blood + 0.06)))
    assert "is not saturated" in saturation_sentence(more)
    assert f"that of {LOW}" in lowest_sentence(replace(result, regimen_results=(own, losing(low), top)))
    lost = replace(result, regimen_results=(own, losing(low, lupus_bridge=-0.02), top))
    assert "Every regimen computed with less exposure" in lowest_sentence(lost)


def test_the_design_alone_is_answered_too(result):
    alone = replace(result, regimen_results=result.regimen_results[:1])
    assert "No regimen computed exposes" in saturation_sentence(alone)
    assert "No regimen of another route" in route_sentence(alone)


def test_the_page_shows_every_section(result):
    page = render_doses(result, FACTS)
    for name, title in (SECTIONS | APPENDIX).items():
        assert f'id="{name}"' in page
        assert title in page
    # the name of a language of drawings, which nobody fetches
    assert "http://" not in page.replace('xmlns="http://www.w3.org/2000/svg"', "")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["dasy"], "daisy"),
        (["daisy", "--regimen", "placebo"], "cannot be compared"),
        (["daisy", "--regimen", "12 mgg SC"], "mgg"),
    ],
)
def test_the_command_refuses_wrong_input_in_words(arguments, words):
    found = CliRunner().invoke(cli, ["doses", *arguments])
    assert found.exit_code != 0
    assert words in str(found.exception)

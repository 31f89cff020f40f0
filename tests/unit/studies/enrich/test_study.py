"""An enrichment study on made-up responses whose answer is known, its page, and wrong input of the command."""

import json
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

from ifntrial.app.cli import cli
from ifntrial.errors import FileError, IfntrialError, InputError, UnknownNameError
from ifntrial.report.enrich.page import APPENDIX, SECTIONS, render_enrichment
from ifntrial.statistics.cmh_power import StratumRates, cmh_power
from ifntrial.studies.compare.plan import SharedPlan
from ifntrial.studies.compare.power import size_of
from ifntrial.studies.compare.run import WorldResponses
from ifntrial.studies.enrich.inputs import enrichment_inputs
from ifntrial.studies.enrich.markers import Assay
from ifntrial.studies.enrich.options import Setting, Study, compute_options, selection, usable_study
from ifntrial.studies.enrich.study import enrichment_result
from ifntrial.studies.enrich.subjects import SubjectsInWorlds, gather_subjects, power_in_worlds
from made_up import FACTS, responses_by_signature
from shipped import load_design
from shipped import prepare_comparison as prepare

CONTROL, IN_LOW, IN_HIGH = 0.3, 0.35, 0.55
STATUSES = {"ok": 720}


@pytest.fixture(scope="module")
def prepared():
    return prepare(SharedPlan((load_design("daisy"),), 6, 120, 5))


@pytest.fixture(scope="module")
def subjects(prepared) -> SubjectsInWorlds:
    """Everyone with a high signature gains much, all others little, in every world."""
    return responses_by_signature(prepared, CONTROL, IN_LOW, IN_HIGH)


@pytest.fixture(scope="module")
def study(prepared, subjects) -> Study:
    return Study(prepared, subjects, enrichment_inputs(prepared.evidence, 314))


@pytest.fixture(scope="module")
def result(prepared, subjects):
    return enrichment_result(prepared, subjects, STATUSES, enrichment_inputs(prepared.evidence, 314))


@pytest.mark.parametrize("prevalence", [0.3, 0.65, 0.9])
def test_all_comers_respond_as_their_mixture(study, prevalence):
    option = compute_options(study, Setting(None, prevalence), [314])[0]
    expected = prevalence * IN_HIGH + (1 - prevalence) * IN_LOW
    assert option.power.active == pytest.approx(expected)
    assert option.power.control == pytest.approx(CONTROL)
    assert option.benefit == pytest.approx(expected - CONTROL)


@pytest.mark.parametrize(("prevalence", "assay"), [(0.5, Assay(0.9, 0.8)), (0.7, Assay(0.75, 0.75))])
def test_a_test_that_errs_mixes_both_kinds_by_its_predictive_value(study, prevalence, assay):
    marker = study.inputs.markers[0].measured_by(assay)
    option = compute_options(study, Setting(marker, prevalence), [314])[0]
    found, missed = prevalence * assay.sensitivity, (1 - prevalence) * (1 - assay.specificity)
    expected = (found * IN_HIGH + missed * IN_LOW) / (found + missed)
    assert option.power.active[0] == pytest.approx(expected)


def test_a_perfect_test_gives_the_power_of_a_trial_in_the_marked(study):
    marker = study.inputs.markers[0].measured_by(Assay(1.0, 1.0))
    power = compute_options(study, Setting(marker, 0.65), [200])[0].power
    subjects = study.subjects.weighed(selection(study, Setting(marker, 0.65)).factor)
    found = next(power_in_worlds(subjects, size_of(study.design))).rates
    rates = StratumRates(found.share, np.full_like(found.share, IN_HIGH), np.full_like(found.share, CONTROL))
    present = found.share > 0
    assert found.active[present] == pytest.approx(IN_HIGH)
    # everyone responds alike, so that no noise is left to correct but that of the strata's shares
    assert power.power[0] == pytest.approx(float(cmh_power(rates, 100, 100)), abs=0.003)


def test_selection_gains_most_where_few_are_high_and_the_test_is_good(result):
    gains = {
        (row.prevalence, round(row.sensitivity, 6)): row.same_size_by_prior["mixture"].estimate
        for row in result.signature_grid
    }
    assert gains[0.5, 1.0] > gains[0.65, 1.0] > gains[0.8, 1.0] > 0
    assert gains[0.5, 1.0] > gains[0.5, 0.9] > gains[0.5, 0.75] > 0


def test_selection_gains_less_against_all_comers_for_the_same_money(result):
    answer = result.answers[0]
    at_costs = [row.by_prior["mixture"].estimate for row in answer.same_money]
    # reference, free and dear screening
    assert at_costs[1] > at_costs[0] > at_costs[2]
    assert answer.same_size_by_prior["mixture"].estimate > at_costs[0]
    assert answer.to_screen > answer.to_screen_all_comers > answer.size


def test_reach_weighs_benefit_by_success_and_by_who_is_taken_in(result):
    row = next(r for r in result.options if r.marker == "ifn_high" and r.size == 314)
    marker = next(m for m in result.markers if m.name == "ifn_high")
    block = row.by_prior["lupus_bridge"]
    expected = 100 * marker.positive_share * block.assurance.estimate * block.benefit.mean
    assert block.responders_gained_per_100 == pytest.approx(expected)


def test_every_option_is_in_the_pareto_table_once_for_each_cost(result):
    count = len(result.markers) * len(result.varied.sizes)
    for table in result.pareto:
        assert len(table.rows) == count
        assert len({(row.marker, row.size) for row in table.rows}) == count
        least = min(row.cost for row in table.rows)
        for prior in result.priors:
            front = [row for row in table.rows if prior in row.unbeaten_under]
            # the cheapest trials hold one that nothing beats, and so do those most likely to succeed
            assert front[0].cost == pytest.approx(least)
            most = max(row.chance[prior] for row in table.rows)
            assert front[-1].chance[prior] == pytest.approx(most)


def test_failed_subjects_weigh_nothing_and_are_counted(prepared, tmp_path):
    size = prepared.common.population.size
    active, control = np.full(size, 0.5, np.float32), np.full(size, 0.25, np.float32)
    active[::2] = 1.0
    failed = {str(subject): "daisy, placebo: too many steps" for subject in range(0, size, 2)}
    world = WorldResponses({"daisy": active}, {"daisy": control}, failed)
    records = [(place, world) for place in range(prepared.worlds.size)]
    subjects, statuses = gather_subjects(prepared, records, tmp_path)
    assert list(tmp_path.iterdir()) == []
    study = Study(prepared, subjects, enrichment_inputs(prepared.evidence, 314))
    option = compute_options(study, Setting(None, 0.65), [314])[0]
    assert option.power.active == pytest.approx([0.5] * prepared.worlds.size)
    assert option.benefit == pytest.approx(0.25)
    whole = size * prepared.worlds.size
    assert statuses == {"daisy, placebo: too many steps": whole // 2, "ok": whole // 2}


def test_a_marker_that_everyone_has_is_left_out_with_a_reason(prepared, subjects, study):
    odd = replace(study.inputs.markers[1], label="everyone", parts=(("mrss >= 0", Assay(0.9, 0.9)),))
    inputs = replace(study.inputs, markers=(study.inputs.markers[0], odd))
    kept, left_out = usable_study(replace(study, inputs=inputs))
    assert [marker.name for marker in kept.inputs.markers] == ["ifn_high"]
    assert left_out == {"everyone": "120 of 120 simulated patients have it."}
    with pytest.raises(InputError, match="no marker tells"):
        usable_study(replace(study, inputs=replace(inputs, markers=(odd,))))


def test_the_page_has_every_section_and_requests_nothing(result):
    page = render_enrichment(result, FACTS)
    for name in SECTIONS:
        assert f'<section id="{name}">' in page
    for name in APPENDIX:
        assert f'<details class="part" id="{name}">' in page
    assert "default-src 'none'" in page
    assert "high interferon signature in blood" in page


def test_without_the_signature_the_page_has_no_section_on_it(prepared, subjects):
    inputs = enrichment_inputs(prepared.evidence, 314, markers=["cardiac"], sizes=[200])
    found = enrichment_result(prepared, subjects, STATUSES, inputs)
    assert found.signature_grid == ()
    page = render_enrichment(found, FACTS)
    assert 'id="signature"' not in page
    assert 'href="#signature"' not in page


@pytest.mark.parametrize(
    ("words", "kind", "message"),
    [
        (("daisi",), FileError, "did you mean daisy"),
        (("anifrolumab_ssc_phase1",), InputError, "has no control arm"),
        (("daisy", "--assay", "0.9"), InputError, "the assay cannot be read"),
        (("daisy", "--assay", "good/bad"), InputError, "the assay cannot be read"),
        (("daisy", "--assay", "0.5/0.5"), InputError, "a coin"),
        (("daisy", "--marker", "signatur"), UnknownNameError, "marker 'signatur' is not known"),
        (("daisy", "--prevalence", "2"), InputError, "prevalence 2 is out of range"),
        (("daisy", "--size", "1"), InputError, "size 1 is out of range"),
        (("daisy", "--screening-cost", "-1"), InputError, "cost -1 is out of range"),
        (("daisy", "--entry-share", "7"), InputError, "entry share 7 is out of range"),
        (("daisy", "--worlds", "1"), InputError, "number of worlds"),
    ],
)
def test_wrong_input_is_one_message_and_nothing_is_written(words, kind, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = CliRunner().invoke(cli, ["enrich", *words])
    assert isinstance(found.exception, kind)
    assert isinstance(found.exception, IfntrialError)
    assert message in str(found.exception)
    assert list(tmp_path.iterdir()) == []


def test_other_options_reuse_the_simulated_patients(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    size = ("--worlds", "6", "--subjects", "20", "--workers", "1", "--seed", "3", "--out", "here")
    first = CliRunner().invoke(cli, ["enrich", "daisy", *size, "--marker", "ifn_high"])
    assert first.exit_code == 0, first.output
    files = sorted((tmp_path / "here" / "blocks").iterdir())
    times = [path.stat().st_mtime_ns for path in files]
    again = CliRunner().invoke(cli, ["enrich", "daisy", *size, "--marker", "cardiac", "--json", "found.json"])
    assert again.exit_code == 0, again.output
    assert [path.stat().st_mtime_ns for path in files] == times
    found = json.loads((tmp_path / "found.json").read_text())
    assert [marker["name"] for marker in found["markers"]] == ["all_comers", "cardiac"]

"""Every drug: what it does to the signature, and that a drug of a known structure is rows and one entry."""

from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

from ifntrial.app.cli import cli
from ifntrial.course.assemble import subject_parameters, typical_world
from ifntrial.course.simulate import simulate_subjects
from ifntrial.dosing.regimen import parse_regimen
from ifntrial.errors import InputError, ModelError
from ifntrial.formats.petab import LEFT_OUT, petab_files
from ifntrial.formats.sbml.write import sbml_text
from ifntrial.model import ANIFROLUMAB, DRUGS, Drug, check_units, row_names
from ifntrial.model.drugs import dosed_interferon, ligand_antibody, oral_inhibitor
from ifntrial.model.drugs.action import NEUTRAL, drug_action
from ifntrial.model.mechanisms import MECHANISMS
from ifntrial.model.values import evidence_row, typical_values
from ifntrial.patients.sample import sample_population
from ifntrial.worlds.draw import draw_worlds
from shipped import build_model, parameters_of

STRUCTURES = {
    ligand_antibody.MECHANISM: "sifalimumab",
    oral_inhibitor.ONE_COMPARTMENT: "tofacitinib",
    oral_inhibitor.TWO_COMPARTMENTS: "upadacitinib",
    dosed_interferon.MECHANISM: "ropeginterferon",
    dosed_interferon.BY_ACTIVITY: "interferon_alpha",
}
BLOOD, SKIN = "signature_suppression_blood", "signature_suppression_skin"
EVERY_HOUR_OF_A_DAY = 84.0 + np.arange(25) / 24


def follow(evidence, name, words, days, outputs, **changed):
    """Return outputs of the typical patient on a drug, each (times,)."""
    model = build_model(DRUGS[name])
    parameters = dict(typical_world(model, evidence).parameters)
    for parameter, value in changed.items():
        assert parameter in parameters, parameter
        parameters[parameter] = np.array([float(value)])
    found = simulate_subjects(model, parameters, parse_regimen(words), days, outputs)
    assert found.words.tolist() == ["ok"]
    return {name: found.of(name)[0] for name in found.names}


def trough(evidence, name, words, output=BLOOD, **changed):
    return float(follow(evidence, name, words, [0.0, 84.0], [output], **changed)[output][1])


# --- the interface -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DRUGS)
def test_units_agree_and_the_usual_regimen_is_one_of_its_routes(name):
    drug = DRUGS[name]
    assert check_units(build_model(drug)) == []
    assert parse_regimen(drug.usual).route in drug.routes


@pytest.mark.parametrize("name", DRUGS)
def test_a_drug_fills_the_whole_interface(name):
    assignments = {x.name for x in DRUGS[name].structure.assignments}
    assert {x.name for x in NEUTRAL} <= assignments
    assert "concentration" in {x.name for x in DRUGS[name].structure.observables}


def test_an_action_that_no_mechanism_reads_is_an_error():
    with pytest.raises(
        ModelError, match="'jak_activity_blod' is no action of a drug; did you mean jak_activity_blood"
    ):
        drug_action({"jak_activity_blod": lambda s, p: 1})


def test_the_pathway_keeps_the_numbers_of_the_drug_that_calibrates_it(evidence):
    """Another receptor antibody has its own binding; the saturation of the signature stays anifrolumab's."""
    assert row_names(DRUGS["sifalimumab"], MECHANISMS, "signature_ic80") == ("anifrolumab.signature_ic80",)
    other = Drug("otherimab", "Otherimab", ANIFROLUMAB.structure)
    rows = parameters_of(evidence, "anifrolumab")
    stronger = {"kss": 0.1, "molar_mass": 50.0, "signature_ic80": 0.01}
    added = [
        replace(row, name=f"otherimab.{name}", value=stronger.get(name, row.value))
        for name, row in rows.items()
    ]
    more = replace(evidence, parameters=(*evidence.parameters, *added))
    mine, theirs = (typical_values(build_model(drug), more) for drug in (other, ANIFROLUMAB))
    assert mine["kss"] == 0.1
    assert mine["reference_kss"] == theirs["reference_kss"] == theirs["kss"]
    assert mine["signature_ic80"] == theirs["signature_ic80"]
    assert evidence_row(build_model(other), more, "k_isgf3_decay").name == "k_isgf3_decay"


@pytest.mark.parametrize(("structure", "like"), STRUCTURES.items(), ids=STRUCTURES.values())
def test_a_drug_of_a_known_structure_is_rows_and_one_entry(evidence, structure, like):
    """Rows under a new name and ``Drug(...)``: population, doses and signature run without any other code."""
    known = DRUGS[like]
    drug = Drug("newdrug", "New drug", structure, known.routes, known.usual)
    assert known.structure is structure
    added = [replace(row, name=f"newdrug.{name}") for name, row in parameters_of(evidence, like).items()]
    more = replace(evidence, parameters=(*evidence.parameters, *added))
    regimen, days, outputs = parse_regimen(drug.usual), [0.0, 28.0], [BLOOD, "concentration"]
    found = {}
    for each in (drug, known):
        model = build_model(each)
        population = sample_population(model, more, 6, 3)
        parameters = subject_parameters(model, more, population, typical_world(model, more), 0)
        found[each.name] = simulate_subjects(model, parameters, regimen, days, outputs).values
    assert np.array_equal(found["newdrug"], found[like])
    assert np.ptp(found["newdrug"][:, 1, 1]) > 0, "subjects differ"


def test_a_route_that_a_drug_has_not_is_an_error(evidence):
    with pytest.raises(
        InputError, match=r"Tofacitinib is not given by this route here.*SC.*oral.*5 mg orally"
    ):
        follow(evidence, "tofacitinib", "5 mg SC weekly", [0.0, 1.0], [BLOOD])


@pytest.mark.parametrize("name", DRUGS)
def test_without_doses_nothing_changes(evidence, name):
    found = follow(evidence, name, "placebo", [0.0, 30.0, 300.0], [BLOOD, SKIN, "concentration"])
    for output, course in found.items():
        assert np.abs(course).max() < 1e-6, output


# --- what each does ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tissue", ["blood", "skin"])
def test_taking_alpha_away_suppresses_less_than_blocking_the_receptor(evidence, tissue):
    """At doses far above any in use: beta and omega are left, in skin kappa too."""
    output = f"signature_suppression_{tissue}"
    alpha = trough(evidence, "sifalimumab", "200 mg/kg IV every 4 weeks", output)
    receptor = trough(evidence, "anifrolumab", "100 mg/kg IV every 4 weeks", output)
    assert 0 < alpha < 0.75 * receptor


@pytest.mark.parametrize(
    ("name", "words", "doses"),
    [
        ("anifrolumab", "{} mg IV every 4 weeks", (30, 100, 300, 1000)),
        ("sifalimumab", "{} mg/kg IV every 2 weeks", (0.3, 1, 3, 10)),
        ("tofacitinib", "{} mg orally twice a day", (1, 5, 10, 30)),
        ("upadacitinib", "{} mg orally once a day", (7.5, 15, 30, 45)),
    ],
)
def test_suppression_rises_with_dose(evidence, name, words, doses):
    found = [trough(evidence, name, words.format(dose)) for dose in doses]
    assert np.all(np.diff(found) > 0)
    assert found[0] > 0


@pytest.mark.parametrize("name", ["tofacitinib", "baricitinib", "upadacitinib"])
def test_kinase_inhibition_oscillates_within_a_day_and_less_when_the_dose_is_split(evidence, name):
    swing = {}
    for words in ("10 mg orally once a day", "5 mg orally twice a day"):
        found = follow(evidence, name, words, EVERY_HOUR_OF_A_DAY, ["pstat_blood", BLOOD])
        swing[words] = {output: np.ptp(course) for output, course in found.items()}
    once, twice = swing.values()
    assert once["pstat_blood"] > 0.2
    assert once[BLOOD] > 0.005
    for output in once:
        assert twice[output] < 0.7 * once[output], output


def test_a_kinase_inhibitor_is_partial_and_an_antibody_hardly_moves_within_a_day(evidence):
    found = follow(evidence, "upadacitinib", "15 mg orally once a day", EVERY_HOUR_OF_A_DAY, [BLOOD])
    steady = follow(evidence, "anifrolumab", "300 mg IV every 4 weeks", 98.0 + np.arange(25) / 24, [BLOOD])
    assert found[BLOOD].max() < steady[BLOOD].min()
    assert np.ptp(steady[BLOOD]) < np.ptp(found[BLOOD])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("anifrolumab", "300 mg IV every 4 weeks"),
        ("sifalimumab", "1200 mg IV every 4 weeks"),
        ("tofacitinib", "10 mg orally twice a day"),
    ],
)
def test_blocking_where_there_is_no_interferon_activity_changes_little(evidence, name, words):
    days, outputs = [0.0, 84.0], ["signature_blood"]
    low = follow(evidence, name, words, days, outputs, ifn_tone_blood=1e-4)["signature_blood"]
    high = follow(evidence, name, words, days, outputs)["signature_blood"]
    assert abs(low[1] - low[0]) < 0.02
    assert high[0] - high[1] > 0.3


def test_dosed_interferon_raises_the_signature_the_more_of_it_the_more(evidence):
    days, outputs = [0.0, 3.0], ["signature_blood", "signature_skin"]
    courses = [
        follow(evidence, "ropeginterferon", f"{dose} ug SC once", days, outputs, ifn_tone_blood=0.01)
        for dose in (1, 10, 100)
    ]
    raised = [course["signature_blood"][1] - course["signature_blood"][0] for course in courses]
    assert raised[0] > 0
    assert np.all(np.diff(raised) > 0)
    assert all(course["signature_skin"][1] > course["signature_skin"][0] for course in courses)


# --- drugs known by their trials alone ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["tocilizumab", "mycophenolate"])
def test_a_drug_known_by_its_trial_reaches_that_difference_whatever_the_speed_of_skin(evidence, name):
    weeks = evidence.value(f"{name}.trial_length")
    published = [evidence.value(f"{name}.{item}_difference_in_trial") for item in ("mrss", "fvc")]
    outputs = ["mrss", "fvc_percent", BLOOD]
    for turnover in (0.001, 0.01):
        treated, placebo = (
            follow(evidence, name, words, [0.0, 7 * weeks], outputs, k_skin_matrix_turnover=turnover)
            for words in (DRUGS[name].usual, "placebo")
        )
        found = [treated[item][1] - placebo[item][1] for item in ("mrss", "fvc_percent")]
        assert found == pytest.approx(published, rel=0.05)
        assert abs(treated[BLOOD][1]) < 1e-6


def test_the_effect_of_a_trial_is_drawn_per_world_from_its_interval(evidence):
    row = evidence.observation("fasscinate.tocilizumab_vs_placebo.mrss_change.w48")
    drawn = draw_worlds(build_model(DRUGS["tocilizumab"]), evidence, 2000, 1)
    low, middle, high = np.quantile(drawn.parameters["mrss_difference_in_trial"], [0.025, 0.5, 0.975])
    assert middle == pytest.approx(row.value, abs=0.2)
    assert [low, high] == pytest.approx([row.low, row.high], abs=0.4)


# --- from the command line and to other programs -----------------------------------------------------------------


def test_the_command_shows_the_target_of_each_drug_and_the_swing_of_a_tablet(tmp_path):
    few = ["--weeks", "2", "--subjects", "3", "--workers", "1"]
    shown = {}
    for name in ("sifalimumab", "tofacitinib", "tocilizumab"):
        words = ["simulate", DRUGS[name].usual, "--drug", name, *few, "--out", str(tmp_path / name)]
        ended = CliRunner().invoke(cli, words)
        assert ended.exit_code == 0, ended.output
        shown[name] = ended.output
        assert (tmp_path / name / "report.html").stat().st_size > 10_000
    assert "IFN-alpha bound" in shown["sifalimumab"]
    assert "ug/mL" in shown["sifalimumab"]
    assert "kinase inhibition" in shown["tofacitinib"]
    assert "ng/mL" in shown["tofacitinib"]
    assert "Between the last two doses suppression (b)" in shown["tofacitinib"]
    assert "Between the last two doses" not in shown["tocilizumab"]


@pytest.mark.parametrize("name", [name for name in DRUGS if name != "anifrolumab"])
def test_every_drug_exports(evidence, name):
    model = build_model(DRUGS[name])
    text = sbml_text(model, evidence, parse_regimen(DRUGS[name].usual), 1.0)
    assert "<listOfEvents>" in text
    files = petab_files(model, evidence)
    assert "anifrolumab" not in files["measurements.tsv"]
    assert "seen on another drug" in files[LEFT_OUT]


def test_interferon_alpha_dosed_by_activity_has_the_levels_of_its_mass(evidence):
    days = np.linspace(0.0, 3.0, 721)
    courses = {
        words: follow(evidence, "interferon_alpha", words, days, ["concentration", "activity"])
        for words in ("36 MU SC once", "0.18 mg SC once")
    }
    by_activity, by_mass = courses.values()
    assert by_activity["concentration"] == pytest.approx(by_mass["concentration"], rel=1e-6)
    # ug/mL times 200 MIU/mg is IU/mL divided by 200,000
    assert by_activity["activity"] == pytest.approx(2e5 * by_activity["concentration"], rel=1e-6)
    # one compartment, absorbed as fast as eliminated: peak of dose / volume / e after one over the rate
    peak = 0.18e3 / 28.0 / np.e / 1e3
    assert by_activity["concentration"].max() == pytest.approx(peak, rel=0.03)
    assert days[by_activity["concentration"].argmax()] == pytest.approx(1 / 3.3, abs=0.03)


def test_a_drug_without_a_specific_activity_is_not_dosed_by_it(evidence):
    with pytest.raises(InputError, match="not dosed by activity"):
        follow(evidence, "anifrolumab", "4.5 MU SC once", [0.0, 1.0], ["concentration"])

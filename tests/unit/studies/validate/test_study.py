"""A whole validation with small virtual groups, its command and its page."""

import json
from html import unescape

import pytest
from click.testing import CliRunner

from ifntrial.app.cli import cli
from ifntrial.studies.validate.causes import UNKNOWN
from ifntrial.studies.validate.checks import CHECKS
from ifntrial.studies.validate.checks.not_simulated import NO_CHECK
from ifntrial.studies.validate.checks.response_steps import STEPS

KEYS = {"observation", "use", "published", "simulated", "low", "high", "z", "passed"}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    place = tmp_path_factory.mktemp("validate")
    arguments = [
        "validate",
        "--subjects",
        "80",
        "--worlds",
        "8",
        "--out",
        str(place),
        "--json",
        str(place / "v.json"),
    ]
    ended = CliRunner().invoke(cli, arguments)
    assert ended.exit_code == 0, ended.output
    return ended.output, json.loads((place / "v.json").read_text()), (place / "report.html").read_text()


@pytest.fixture(scope="module")
def by_id(run):
    return {row["observation"]: row for row in run[1]["comparisons"]}


def test_every_row_appears_once_with_its_keys(run, evidence):
    rows = run[1]["comparisons"]
    assert [row["observation"] for row in rows] == [
        x.id for x in evidence.observations_where(use=("fit", "test"))
    ]
    assert all(set(row) >= KEYS for row in rows)


def test_nothing_is_left_without_a_check_or_a_reason(run):
    for row in run[1]["comparisons"]:
        assert (row["simulated"] is not None) or row["reason"], row["observation"]
        assert row["reason"] != NO_CHECK, f"write a check or a reason for {row['observation']}"


def test_every_group_of_checks_compares_something(run):
    assert {row["group"] for row in run[1]["comparisons"]} == {None, *CHECKS}


def test_published_numbers_are_those_of_the_table(by_id, evidence):
    for id, row in by_id.items():
        assert row["published"] == evidence.observation(id).value
        assert row["use"] == evidence.observation(id).use


def test_units_of_simulated_numbers_are_those_of_the_rows(by_id):
    """A slip of the unit (weeks for months, fractions for percent) would be far outside these."""
    for id, low, high in (
        ("anifrolumab_population_pharmacokinetics.single_300_mg_iv.time_to_lloq", 5, 9),
        ("fasscinate.placebo.disease_duration.w0", 12, 36),
        ("asset.placebo.disease_duration.w0", 1, 3),
        ("asset.placebo.female.w0", 60, 90),
        ("senscis.placebo.fvc_slope.w100", -200, -20),
        ("receptor_knock_down.ifn_alpha2_ifnar1_at_59.pstat1", 58.9, 59.1),
        ("fasscinate.placebo.serious_infection_rate.w48", 1, 30),
    ):
        assert low < by_id[id]["simulated"] < high, by_id[id]


def test_known_misses_stay_visible(run, by_id):
    """The peak in healthy volunteers and the day of the lowest signature are misses of the published equations."""
    shown, _, page = run
    for id in (
        "anifrolumab_in_healthy_volunteers.300_mg_iv.cmax",
        "medi_546_phase_1.all.time_to_maximal_suppression_blood",
    ):
        assert by_id[id]["passed"] is False
        assert any(id in line and "MISS" in line for line in shown.splitlines())
    assert page.count("<strong>miss</strong>") >= 2


def test_counts_are_those_of_the_rows(run):
    _, result, _ = run
    for use, counts in result["counts"].items():
        rows = [row for row in result["comparisons"] if row["use"] == use]
        assert counts["passes"] == sum(row["passed"] is True for row in rows)
        assert counts["misses"] == sum(row["passed"] is False for row in rows)
        assert sum(counts.values()) == len(rows)


def test_the_page_names_every_observation_and_requests_nothing(run):
    _, result, page = run
    bare = page.replace("<wbr>", "")
    assert all(row["observation"] in bare for row in result["comparisons"])
    assert "Not for diagnosis or treatment" in page
    assert "src=" not in page.split("<script>")[0]


def test_every_miss_has_a_cause_and_stands_in_its_cluster(run):
    _, result, page = run
    missed = {row["observation"]: row for row in result["comparisons"] if row["verdict"] == "miss"}
    assert missed, "a model that misses nothing was not compared"
    assert not [id for id, row in missed.items() if row["cause"] in ("", UNKNOWN.name)]
    grouped = {id: each["cause"] for each in result["clusters"] for id in each["observations"]}
    assert grouped == {id: row["cause"] for id, row in missed.items()}
    assert {row["cause"] for row in result["comparisons"] if row["verdict"] != "miss"} == {""}
    section = unescape(page.split('<section id="misses">')[1].split("</section>")[0])
    assert all(section.count(each["words"]) == 1 for each in result["clusters"])


def test_verdicts_follow_the_place_in_what_would_be_printed(run):
    for row in run[1]["comparisons"]:
        if row["predicted"] and row["verdict"] != "identity":
            inside = 2.5 <= row["predicted"]["percentile"] <= 97.5
            assert row["verdict"] == ("agrees" if inside else "miss"), row["observation"]


def test_coverage_is_that_of_the_rows(run):
    shown, result, page = run
    for use in ("fit", "test"):
        rows = [
            row["predicted"]
            for row in result["comparisons"]
            if row["use"] == use and row["predicted"] and row["verdict"] != "identity"
        ]
        found = result["coverage_by_use"][use]["by_prediction"]
        assert found["value_count"] == len(rows) > 20
        inside = sum(5 <= row["percentile"] <= 95 for row in rows)
        assert found["within_90"] == pytest.approx(100 * inside / len(rows))
        assert sum(
            x["coverage"]["value_count"] for x in result["coverage_by_trial"] if x["use"] == use
        ) == len(rows)
    assert "Published values inside the middle 50 and 90 %" in shown
    assert 'id="coverage"' in page


def test_a_parameter_that_is_compared_with_itself_is_named(by_id):
    row = by_id["troponin_245.all.troponin_t_raised.w0"]
    assert (row["verdict"], row["passed"]) == ("identity", None)
    assert "proves nothing" in row["reason"]


def test_what_the_model_of_before_said_stands_beside(run, by_id):
    assert by_id["desires.placebo.mrss_change.w24"]["earlier"]["verdict"] == "miss"
    assert "(was not simulated)" in run[0]


def test_tocilizumab_is_compared_in_the_trial_that_is_kept_for_tests(by_id):
    for id in (
        "focussced.tocilizumab.mrss_change.w48",
        "focussced.tocilizumab_vs_placebo.fvc_percent_change.w48",
        "focussced.tocilizumab_ild.fvc_percent_change.w48",
        "focussced.tocilizumab_ild.any_fvc_decline.w48",
    ):
        assert by_id[id]["group"] == "tocilizumab"
        assert by_id[id]["simulated"] is not None


def test_natural_history_is_drawn_over_published_points(run):
    _, result, page = run
    curves = {each["name"]: each for each in result["untreated_curves"]}
    shown = curves["mrss_by_duration"]
    assert len(shown["labels"]) == len(shown["middles"]) == len(shown["bands"]) >= 4
    assert "asset.placebo.mrss_change.w52" in {point["observation"] for point in shown["points"]}
    assert curves["mrss_by_antibody"]["labels"] == ["topoisomerase I", "RNA polymerase III", "others"]
    for name in ("history-mrss_by_duration", "history-skin_categories", "history-change_correlations"):
        assert f'id="{name}"' in page


def test_the_page_says_what_is_derived_and_what_assumed(run, evidence):
    section = unescape(run[2].split('id="standings"')[1].split("</details>")[0])
    for claim in evidence.claims:
        assert claim.statement in section


def test_what_the_fits_say_about_the_unknowns_is_shown(run):
    _, result, page = run
    posterior = result["posterior"]
    assert {row["verdict"] for row in posterior["globals"]} == {"informed", "prior only"}
    assert all(
        row["verdict"] == "prior only" for row in posterior["globals"] if row["name"].startswith("phi_")
    )
    assert all(numbers["after"] >= 100 for numbers in posterior["worlds_effective_before_and_after"].values())
    assert 'id="learnt"' in page
    assert "learnt-globals" in page
    use = {row["observation"]: row["use"] for row in result["comparisons"]}
    assert {use[row["observation"]] for row in posterior["rows"]} == {"fit"}


def test_the_steps_of_the_response_are_shown_beside_published_rates(run, evidence):
    _, result, page = run
    found = result["response_steps"]
    assert [step["rule"] for step in found["steps"]] == list(STEPS)
    section = page.replace("<wbr>", "").split('id="steps"')[1].split("</details>")[0]
    for step in found["steps"]:
        assert f'{step["words"]}</th><td class="n">{step["rate"]:.1f}</td>' in section
    for row in found["published_rates"]:
        known = evidence.observation(row["observation"])
        assert (row["published"], row["use"]) == (known.value, known.use)
        assert (
            f"{row['observation']}</code> ({'fitted' if known.use == 'fit' else 'kept for tests'}" in section
        )


def test_an_absurd_number_of_subjects_is_refused():
    for name in ("subjects", "worlds"):
        ended = CliRunner().invoke(cli, ["validate", f"--{name}", "3"])
        assert f"--{name} is out of range" in str(ended.exception)

"""The forecast's page: says what it must, never mixes what must stay apart, requests nothing from outside.

All numbers here are made up; they test the page and say nothing about any drug.
"""

import base64
import csv
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import combinations
from xml.etree import ElementTree as Xml

import pytest

from drawn import SVG, figures_in, seen_in
from ifntrial.report.forecast.page import APPENDIX, SECTIONS, render_forecast
from ifntrial.report.forecast.safety import safety_in_words
from ifntrial.studies.forecast.result import Forecast
from ifntrial.studies.json_records import validated
from made_up import FACTS
from made_up_forecast import assurance, made_up_forecast, quantity


def rendered(result: dict[str, object]) -> str:
    facts = replace(FACTS, chosen={"Left out": "vascular"}, command="ifntrial forecast daisy --seed 1")
    return render_forecast(validated(Forecast, result, "a made-up forecast", "correct it"), facts)


@pytest.fixture(scope="module")
def page() -> str:
    return rendered(made_up_forecast())


def in_words(page: str) -> str:
    """Return what a reader reads: no scripts, no styles, no tags."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).replace("\u202f", " ")


class _Elements(HTMLParser):
    """Collects tags with their attributes, and which are left open."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in {"meta", "link", "br", "img", "input", "hr", "wbr"}:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


@pytest.fixture(scope="module")
def elements(page: str) -> _Elements:
    parser = _Elements()
    parser.feed(page)
    return parser


def test_the_page_is_well_formed(elements):
    assert elements.wrong == []
    assert elements.open == []


def test_nothing_is_requested_from_outside(page, elements):
    for tag, attributes in elements.seen:
        assert "src" not in attributes, tag
        assert tag not in {"link", "iframe", "object", "embed", "base", "form"}
    policy = next(a["content"] for t, a in elements.seen if t == "meta" and "http-equiv" in a)
    assert policy.startswith("default-src 'none'")
    assert "http" not in policy
    assert not re.search(r"@import|url\(\s*['\"]?http", page.split("<script>")[0])


def test_the_page_is_small_and_allows_its_own_script_alone(page, elements):
    """The script saves figures; the policy lets no other run, and lets none ask anything of a network."""
    assert len(page.encode()) < 600_000
    assert [attributes for tag, attributes in elements.seen if tag == "script"] == [{}]
    script = page.split("<script>")[1].split("</script>")[0]
    hashed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = next(a["content"] for t, a in elements.seen if t == "meta" and "http-equiv" in a)
    assert policy == (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{hashed}'; img-src data:"
    )


def test_every_figure_is_static_small_and_described_in_words(page):
    figures = figures_in(page)
    assert len(figures) == 2 + 2 + 2 + 3 * 3 + 2 + 1
    for name, svg in figures.items():
        assert len(svg.encode()) < 25_000
        root = Xml.fromstring(svg)
        assert root.get("aria-labelledby") == f"{name}-title {name}-desc"
        assert len(root.find(f"{SVG}title").text) + len(root.find(f"{SVG}desc").text) > 15
        assert seen_in(svg)
        for element in root.iter():
            assert "style" not in element.attrib
            assert element.tag != f"{SVG}style"
            assert element.get("id", name).startswith(name)


def test_each_figure_is_a_file_with_its_numbers_beside_the_page(page):
    linked = re.findall(r'<a href="(figures/[^"]+)"', page)
    assert sorted(linked) == sorted(name for name in page.files if name.endswith(".svg"))
    csv_links = re.findall(r'<a href="data:text/csv;base64,([^"]+)" download="([^"]+)"', page)
    held = {name: content for content, name in csv_links}
    for name, svg in figures_in(page).items():
        assert page.files[f"figures/{name}.svg"] == svg
        numbers = base64.b64decode(held[f"{name}.csv"]).decode("utf-8-sig")
        assert numbers == page.files[f"figures/{name}.csv"]
    rows = list(csv.reader(page.files["figures/effect.csv"].splitlines()))
    assert rows[0] == ["Prior", "Median (5 to 95 % of worlds) [points]"]
    assert [row[0] for row in rows[1:]] == [
        "Irrelevant", "SSc reference class", "Lupus bridge", "Mixture",
    ]  # fmt: skip


def test_two_pages_of_one_result_are_the_same_bytes(page):
    again = rendered(made_up_forecast())
    assert again == page
    assert again.files == page.files


def test_letters_of_a_figure_are_readable_on_a_phone(page):
    """A phone of 390 px leaves 363 for a figure: a letter is at least 11 px there."""
    for svg in figures_in(page).values():
        root = Xml.fromstring(svg)
        width = float(root.get("viewBox").split()[2])
        sizes = [float(each.get("font-size")) for each in root.iter() if "font-size" in each.attrib]
        assert min(sizes) * 363 / width >= 11


def test_no_text_of_a_figure_leaves_it_or_lies_on_another(page):
    """Letters are taken as 0.52 of their size wide, about what usual types have."""
    for name, svg in figures_in(page).items():
        root = Xml.fromstring(svg)
        _, _, width, height = (float(part) for part in root.get("viewBox").split())
        boxes = []
        for each in root.iter(f"{SVG}text"):
            words = "".join(each.itertext())
            wide = 0.52 * 12.5 * len(words)
            x, y = float(each.get("x")), float(each.get("y"))
            left = x - {"middle": wide / 2, "end": wide}.get(each.get("text-anchor", ""), 0.0)
            assert -1 <= left, (name, words)
            assert left + wide <= width + 1, (name, words)
            assert 9 <= y <= height, (name, words)
            boxes.append((left, left + wide, y - 8, y, words))
        for one, other in combinations(boxes, 2):
            apart = one[1] <= other[0] or other[1] <= one[0] or one[3] <= other[2] or other[3] <= one[2]
            assert apart, (name, one, other)


def test_every_figure_has_its_numbers_in_a_table(page):
    for figure in re.findall(r"<figure>.*?</figure>", page, flags=re.DOTALL):
        assert "Numbers behind this figure" in figure


def test_ids_are_unique_and_every_link_inside_the_page_leads_somewhere(elements):
    ids = [a["id"] for _, a in elements.seen if "id" in a]
    assert len(ids) == len(set(ids))
    inside = [a["href"][1:] for t, a in elements.seen if t == "a" and a["href"].startswith("#")]
    contents = [*(name for name in SECTIONS if name not in ("cohort", "given", "looks")), "run", *APPENDIX]
    assert inside == ["content", *contents, "beliefs", "courses", "events"]
    assert set(inside) <= set(ids)


def test_the_disclaimer_stands_at_the_top_and_at_the_bottom(page):
    text = in_words(page)
    places = [match.start() for match in re.finditer("Not for diagnosis or treatment", text)]
    assert len(places) == 2
    assert places[0] < 300
    assert places[1] > len(text) - 300


def test_the_answer_says_size_rule_and_every_belief_before_the_mixture(page):
    text = in_words(page).partition("The effect of the drug in systemic sclerosis is unknown.")[0]
    order = [
        "The chance that the trial succeeds is 4.5 % to 47 %",
        "Under the declared mixture of these beliefs it is 34 % (about 1 in 3).",
        "157 patients on anifrolumab 120 mg SC weekly and 157 on placebo (306 planned)",
        "made-up response at week 52: better in three of five, by a made-up rule; counted in this way.",
        "favours the active arm at the one-sided 2.5 % level",
        "Irrelevant 4.5 % 0.0 to 9.5 % about 1 in 20",
        "SSc reference class 47 % 42 to 52 % about 1 in 2",
        "Lupus bridge 44 % 39 to 49 %",
        "Mixture 34 % 29 to 39 % about 1 in 3",
    ]
    places = [text.index(part) for part in order]
    assert places == sorted(places)


def test_beliefs_that_agree_have_one_chance():
    result = made_up_forecast()
    for each in result["by_prior"].values():
        each["assurance"] = assurance(0.2)
    assert "succeeds is 20 % under each belief, and under their mixture." in in_words(rendered(result))


def test_no_name_of_the_program_stands_before_the_appendix(page):
    text = in_words(page).partition("Open a part to read it")[0]
    assert len(text) > 2_000
    for name in ("rcriss", "sparse", "phi_", "world 3", "mrss_", "fvc_", "_"):
        assert name not in text.replace("_blank", ""), name


def test_the_page_says_that_the_effect_is_unknown_and_phi_is_prior_only(page):
    text = in_words(page)
    assert "effect of the drug in systemic sclerosis is unknown" in text
    assert "prior only for each of skin and lung: no observation" in text


def test_a_share_that_is_informed_is_not_called_prior_only():
    result = made_up_forecast()
    result["globals"][0]["verdict"] = "informed"
    text = in_words(rendered(result))
    assert "prior only for each of lung: no observation" in text
    assert "informed, indirectly, for skin." in text


@pytest.mark.parametrize(("label", "shown"), [("demonstration size", True), ("full size", False)])
def test_the_demonstration_banner_stands_only_where_it_applies(label, shown):
    text = in_words(rendered({**made_up_forecast(), "size_label": label}))
    assert ("too few to quote" in text) is shown
    assert text.count("; Mixture 29 to 39 %") == 1
    assert "no measure of how far beliefs disagree" in text


def test_each_belief_is_told_where_it_is_stated_and_what_becomes_of_it():
    text = in_words(rendered(made_up_forecast()))
    assert "0.43 (−0.06 to 0.92); 12 % no benefit or harm" in text
    assert "Response of those observed, in others. Made up." in text
    assert "met: mean 0.44 for 0.43, SD 0.29 for 0.30" in text
    assert (
        "12 % no effect, 3.0 % harm; FVC lost by more than 1 point 2.0 %, by more than 3 points 1.0 %" in text
    )
    assert "Checked on 2000 other patients" in text


def test_a_belief_that_is_not_met_is_marked():
    result = made_up_forecast()
    result["by_prior"]["lupus_bridge"]["prior_check"]["is_met"] = False
    assert "not met: mean 0.37 for 0.36" in in_words(rendered(result))


def test_a_belief_without_a_weight_stands_beside_the_mixture():
    result = made_up_forecast()
    result["by_prior"]["lupus_bridge"]["weight"] = 0.0
    text = in_words(rendered(result))
    assert "Beside the mixture, with no weight in it: “Lupus bridge” 44 % (39 to 49 %)." in text
    assert "Lupus bridge 44 % 39 to 49 %" not in text.partition("is unknown")[0]


def test_type_one_error_off_its_level_is_said_so():
    assert "which holds the nominal 2.5 %" in in_words(rendered(made_up_forecast()))
    off = rendered({**made_up_forecast(), "type_i_error": quantity(0.06, 0.01, 0.01)})
    assert "which does not hold the nominal 2.5 %" in in_words(off)
    safe = rendered({**made_up_forecast(), "type_i_error": quantity(0.012, 0.004, 0.004)})
    assert "which lies below the nominal 2.5 %: the test errs on the safe side" in in_words(safe)


def test_the_level_is_that_of_the_design():
    at_five = made_up_forecast() | {"alpha_one_sided": 0.05, "type_i_error": quantity(0.047, 0.004, 0.004)}
    text = in_words(rendered(at_five))
    assert "favours the active arm at the one-sided 5 % level" in text
    assert "4.70 % of trials" in text
    assert "which holds the nominal 5 % within its Monte Carlo error" in text
    assert "nominal 2.5 %" not in text


def test_worlds_asked_drawn_and_effective_are_said(page):
    text = in_words(page)
    assert "demonstration size: 21 worlds asked, 20 different, 18.3 effective in the mixture" in text
    assert "400 (391) 212 of 5000" in text


@pytest.mark.parametrize(("registration", "shown"), [("NCT00000000", True), ("", False)])
def test_only_a_registered_trial_has_rules_that_are_not_public(registration, shown):
    text = in_words(rendered(made_up_forecast() | {"registration": registration}))
    assert ("not public" in text) is shown
    assert ("Rules of this design" in text) is not shown


def test_an_endpoint_with_one_reading_has_no_versions():
    page = rendered(made_up_forecast() | {"variants": []})
    assert "Versions of the endpoint" not in page
    assert 'href="#rules"' not in page


def test_the_arm_that_is_not_forecast_is_named():
    text = in_words(rendered(made_up_forecast() | {"other_arms": ["half dose"]}))
    assert (
        "157 patients on anifrolumab 120 mg SC weekly and 157 on placebo; not part of this forecast: half dose"
        in text
    )


def test_the_three_suppressions_are_told_apart(page):
    text = in_words(page)
    for letter, said in {
        "a": "receptor-driven signal",
        "b": "fold-change score after over before",
        "c": "range of healthy people",
    }.items():
        assert f"({letter})" in text
        assert said in text


def test_differences_tell_the_chance_of_a_benefit_and_of_a_loss_that_matters(page):
    first = in_words(page.partition('<section id="safety">')[0])
    assert "Skin score (mRSS), change [points]; lower is better; more than 5 points matters" in first
    assert "All patients −1.2 (−3.2 to 0.8) 61 % 9.0 % 4.2 % 1.3 %" in first
    assert "Forced vital" not in first
    later = in_words(page.partition('id="courses"')[2])
    assert "All patients 0.60 (−0.38 to 1.58) 61 % 9.0 % – –" in later


def test_a_cohort_has_one_line_for_each_patient_and_says_why_one_is_absent():
    result = made_up_forecast()
    seen = {
        "benefit": {"q05": -0.01, "q50": 0.08, "q95": 0.2},
        "suppression_blood": {"q05": 0.7, "q50": 0.82, "q95": 0.9},
    }
    about = {"signature": "az_4_gene", "virtual_patients": 1}
    result["cohort"] = [
        {"patient": "P1", "probability_high": 0.97, "status": "predicted", "reason": "", **about, **seen},
        {
            "patient": "P2",
            "probability_high": None,
            "status": "not predicted",
            "reason": "too few genes",
            **about,
        },
    ]
    shown = rendered(result)
    text = in_words(shown)
    assert "P1 97 % 82 % (70 to 90 %) 8.0 (−1.0 to 20.0) predicted" in text
    assert "P2 not estimated not estimated not estimated too few genes" in text
    assert 'href="#cohort"' in shown
    assert "never a prediction for one person" in text


def test_text_from_the_result_cannot_become_markup():
    evil = "<script>alert(1)</script>"
    result = made_up_forecast()
    result["title"] = result["assumptions"][0]["note"] = result["endpoint_courses"][0]["label"] = evil
    result["by_prior"]["irrelevant"]["label"] = evil
    assert evil not in rendered(result)


def test_a_group_without_patients_and_an_audit_that_was_not_made_are_said_so():
    result = made_up_forecast()
    result["endpoint_courses"][0]["by_group"]["low"] = {}
    result["audit"] = None
    text = in_words(rendered(result))
    assert "No solve of this run was repeated" in text
    assert "nan" not in text.lower().split()


def test_the_trials_behind_the_beliefs_stand_with_their_numbers_and_other_readings(page):
    part = page[page.index('id="trials">') :].partition('<details class="part"')[0]
    for words in (
        "TRIAL-ONE",
        "drug one: −2.6 (−4.6 to −0.6) points",
        "−1.5 (−3.6 to 0.4) points; no benefit 11",
        "without a usable number: TRIAL-LOST",
    ):
        assert words in part.replace("\N{NARROW NO-BREAK SPACE}", " "), words
    rows = [row.replace("\N{NARROW NO-BREAK SPACE}", " ") for row in part.split("<tr>") if "th scope" in row]
    cells = {
        row.partition("</th>")[0].rpartition(">")[2]: re.findall(r'class="n">([^<]*)<', row) for row in rows
    }
    assert cells["as declared"] == ["47 %", "44 %"]
    assert cells["without drug one"] == ["37 %", "–"]
    assert cells["drugs twice as far apart"] == ["–", "not estimated"]


def test_a_forecast_of_own_beliefs_shows_no_other_readings_of_trials():
    assert "read otherwise" not in rendered({**made_up_forecast(), "belief_readings": []})


def test_safety_tells_rates_counts_and_what_is_borrowed():
    row = safety_in_words(validated(Forecast, made_up_forecast(), "a made-up forecast", "correct it"))[0]
    assert row.rates == ("5.2 (1.0 to 9.0)", "1.4 (1.0 to 9.0)")
    assert row.counts == ("4 (0 to 18)", "4 (0 to 18)")
    assert row.difference == "+3.8 (0.0 to +8.0)"
    assert row.seen_difference == "+3.5 (\N{MINUS SIGN}1.0 to +9.5)"
    assert row.borrowed == "all: the rate"
    page = rendered(made_up_forecast())
    assert "Borrowed from lupus" in page
    assert "5.2 (1.0 to 9.0)" in page

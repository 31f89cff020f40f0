"""Pages and lines of a trial that is in no respect DAISY say nothing of DAISY."""

import re
from html import unescape

import pytest
import yaml
from click.testing import CliRunner

from ifntrial.app.cli import cli
from ifntrial.studies.beliefs.declared import declared_beliefs
from shipped import CATALOG

REASON = {"reason": "what this made-up trial does"}
HARBOUR = {
    "schema_version": 1,
    "name": "harbour",
    "title": "Two doses in the harbour",
    "size": {"planned": 96},
    "arms": [
        {"name": "full dose", "regimen": "200 mg IV every 4 weeks", "allocation": 3},
        {"name": "tenth", "regimen": "20 mg IV every 4 weeks", "is_control": True},
    ],
    "treatment_weeks": 24,
    "eligibility": [{"text": "21 to 65 years of age", "condition": "21 <= age_years <= 65"}],
    "strata": [{"name": "women", "condition": "is_female"}],
    "primary": {"endpoint": "mrss_responder", "visit_week": 16},
    "key_secondary": [{"endpoint": "haq_di_change", "visit_week": 16}],
    "assumed": {
        "randomization": {"block_size": 8, **REASON},
        "schedule": {"visit_weeks": [0, 6, 16, 24], "window_days": 3, **REASON},
        "responder_rule": {
            "percent": 40,
            "items_needed": 2,
            "fvc_percent": 8,
            "missing": "imputed",
            **REASON,
        },
        "organ_events": {
            "renal_crisis": 0.003,
            "left_ventricular_failure": 0.003,
            "pulmonary_arterial_hypertension": 0.003,
            "gut_failure": 0.003,
            "digital_ischemia": 0.003,
            **REASON,
        },
        "estimand": {"discontinuation": "treatment_policy", "rescue": "treatment_policy", **REASON},
        "analysis": {"alpha_one_sided": 0.05, **REASON},
        "dropout": {
            "at_random": 0.11,
            "adverse_event": 0.02,
            "lack_of_efficacy_share": 0.2,
            "observed_after_stop_share": 1.0,
            **REASON,
        },
        "rescue": {"from_week": 8, "share": 0.1, "effect": {"high": 0.5}, **REASON},
        "missed_visits": {"share": 0.01, **REASON},
    },
}
# The same trial against no drug, two to one.
QUAY = HARBOUR | {
    "name": "quay",
    "title": "One dose on the quay",
    "size": {"planned": 99},
    "arms": [
        {"name": "full dose", "regimen": "200 mg IV every 4 weeks", "allocation": 2},
        {"name": "sham", "regimen": "placebo IV every 4 weeks", "is_control": True},
    ],
    "assumed": HARBOUR["assumed"] | {"randomization": {"block_size": 6, **REASON}},
}

# What is true of DAISY and of neither of these.
OF_DAISY = (
    r"daisy",
    r"NCT\d+",
    r"astrazeneca",
    r"sponsor",
    r"registry",
    r"khanna",
    r"not public",
    r"\b120 mg",
    r"\bSC\b",
    r"subcutaneous",
    r"week 52",
    r"52 weeks",
    r"\b(314|306|157) (patients|treated|in all)",
    r"(on|of|with) (314|306|157)\b",
    r"CRISS",
    r"\b2\.50? % level",
    r"nominal 2\.5",
    r"level of 2\.50 %",
    r"versions of the endpoint",
    r"open.label",
    r"duration below 18 months",
    r"mycophenolate, methotrexate",
    r"anticentromere",
    r"18 to 70 years",
    r"18 months",
    r"\(\)",
    r"as assumed for",
)
SMALL = ("--workers", "1", "--seed", "3")


def run(folder, *arguments: str) -> str:
    """Return what a command prints."""
    for values in (HARBOUR, QUAY):
        (folder / f"{values['name']}.yaml").write_text(yaml.safe_dump(values), encoding="utf-8")
    ended = CliRunner().invoke(cli, [*arguments, *SMALL], catch_exceptions=False)
    assert ended.exit_code == 0, ended.output
    return ended.output


def said(page: str) -> str:
    """Return what a reader can see, the words in figures included; not what is told of the model and its sources."""
    page = re.sub(r"<style\b.*?</style>|<script>.*?</script>", " ", page, flags=re.DOTALL)
    for part in (
        r'<section id="sources">.*?</section>',
        r'<details class="part" id="(sources|globals|trials)">.*?(?=<details class="part"|</section>)',
        r"<h4>Numbers that are assumed, not measured</h4>.*?(?=<details class=\"part\"|</section>)",
        r"<h3>Assumed defaults</h3>.*?</section>",
    ):
        page = re.sub(part, " ", page, flags=re.DOTALL)
    spoken = " ".join(re.findall(r'aria-label="([^"]*)"', page))
    text = unescape(re.sub(r"<[^>]+>", " ", page) + spoken)
    return re.sub(r"\s+", " ", text.replace("\\u202f", " ").replace("\u202f", " "))


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def silent_on_daisy(text: str) -> bool:
    found = [
        text[max(0, match.start() - 50) : match.end() + 50]
        for words in OF_DAISY
        for match in re.finditer(words, text, flags=re.IGNORECASE)
    ]
    assert not found
    return True


def without_beliefs(text: str) -> str:
    """Return a text without the words of beliefs: where each is stated is another trial."""
    words = [address.title for address in CATALOG.addresses.values()]
    for belief in declared_beliefs(CATALOG.evidence):
        words += [belief.label, belief.meaning]
        words += [] if belief.statement is None else [belief.statement.basis]
    for each in words:
        text = re.sub(re.escape(each), "", text, flags=re.IGNORECASE)
    return text


def test_a_forecast(here):
    printed = run(here, "forecast", "harbour.yaml", "--worlds", "6", "--subjects", "12", "--out", "run")
    text = said((here / "run" / "report.html").read_text(encoding="utf-8"))
    printed, text = without_beliefs(printed), without_beliefs(text)
    assert silent_on_daisy(printed + text)
    for shown in (printed, text):
        assert "placebo" not in shown.lower()
        assert "What will “harbour” show, in whom, and how sure are we?" in shown
        assert "mRSS response at week 16" in shown
    assert "nominal 5 %" in printed
    assert "6 worlds asked" in printed
    assert "Two doses in the harbour" in text
    assert "at the one-sided 5 % level" in text
    assert "the nominal 5 %" in text
    assert "gains or loses by the drug at week 16" in text
    assert "Active minus control, median" in text
    assert "72 patients on full dose and 24 on tenth" in text
    assert "Rules of this design" in text


def test_a_comparison(here):
    printed = run(
        here,
        "design",
        "compare",
        "harbour.yaml",
        "quay.yaml",
        "--worlds",
        "6",
        "--subjects",
        "12",
        "--out",
        "run",
    )
    text = said((here / "run" / "report.html").read_text(encoding="utf-8"))
    assert silent_on_daisy(printed + text)
    assert "full dose: 200 mg IV every 4 weeks, 72 patients" in text
    assert "tenth: 20 mg IV every 4 weeks, 24 patients" in text
    assert "sham: placebo IV every 4 weeks, 33 patients" in text
    assert "mRSS response at week 16" in text


def test_a_study_of_enrichment(here):
    printed = run(
        here,
        "enrich",
        "harbour.yaml",
        "--worlds",
        "6",
        "--subjects",
        "60",
        "--marker",
        "ifn_high",
        "--out",
        "run",
    )
    text = said((here / "run" / "report.html").read_text(encoding="utf-8"))
    assert silent_on_daisy(printed + text)
    assert "placebo" not in text.lower()
    assert "Whom should “harbour” enrol?" in text
    assert "at a level of 5.00 %" in text


def test_a_study_of_doses(here):
    printed = run(
        here,
        *("doses", "harbour.yaml", "--worlds", "6", "--subjects", "12", "--out", "run"),
        *("--regimen", "50 mg IV every 4 weeks"),
    )
    text = said((here / "run" / "report.html").read_text(encoding="utf-8"))
    assert silent_on_daisy(printed + text)
    assert "placebo" not in text.lower()
    assert "Which dose for “harbour”?" in text
    assert "Response minus control" in text


def test_a_study_of_what_moves_the_answer(here):
    printed = run(here, "sensitivity", "harbour.yaml", "--samples", "4", "--subjects", "10", "--out", "run")
    text = said((here / "run" / "report.html").read_text(encoding="utf-8"))
    assert silent_on_daisy(printed + text)
    assert "suppression of the blood signature at week 24" in text


def test_one_virtual_trial_and_the_design_itself(here):
    for command in (
        ["simulate", "harbour.yaml", "--out", "run"],
        ["simulate", "quay.yaml", "--out", "other"],
    ):
        printed = run(here, "design", *command)
        assert silent_on_daisy(printed)
        assert "mRSS response at week 16" in printed
    shown = CliRunner().invoke(cli, ["design", "show", "harbour.yaml"]).output
    assert silent_on_daisy(shown)
    assert "Assumed:" in shown
    assert "full dose, 200 mg IV every 4 weeks, 72 patients" in shown

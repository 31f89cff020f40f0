"""Which statements are derived and which assumed: each claim once, and every run that is named can be given."""

import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from ifntrial.app.cli import cli
from ifntrial.course.assemble import typical_world
from ifntrial.course.simulate import simulate_subjects
from ifntrial.dosing.regimen import parse_regimen
from ifntrial.report.validate.documents import standing_page
from ifntrial.studies.validate.standing import IN_WORDS, standings
from ifntrial.studies.validate.statements import JUDGED
from shipped import CATALOG

PAGE = Path(__file__).parents[4] / "docs" / "derived_or_assumed.md"
TINY = {
    "simulate": ["--subjects", "4"],
    "forecast": ["--worlds", "6", "--subjects", "24"],
    "enrich": ["--worlds", "6", "--subjects", "40"],
    "validate": ["--worlds", "8", "--subjects", "50"],
    "sensitivity": ["--samples", "4", "--subjects", "12"],
}
COMMANDS = sorted({row.command for row in JUDGED})


def test_every_claim_has_its_standing_once_and_in_its_own_words(evidence):
    names = [row.statement for row in JUDGED]
    assert len(names) == len(set(names))
    claims = {claim.id: claim.statement for claim in evidence.claims}
    assert set(claims) <= set(names)
    for row in standings(evidence):
        assert row.text == claims.get(row.statement, row.text)
        assert row.text
    assert {row.stands for row in JUDGED} == set(IN_WORDS)
    assert not [row.statement for row in JUDGED if row.text and row.statement in claims]


def test_what_is_derived_or_assumed_says_what_would_make_it_false():
    for row in JUDGED:
        assert row.falsified_by, row.statement
        assert row.falsified_by != "–" or row.stands == "cannot show"


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_the_run_can_be_given(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    program, name, *given = shlex.split(command)
    assert program == "ifntrial"
    ended = CliRunner().invoke(cli, [name, *given, *TINY.get(name, [])])
    assert ended.exit_code == 0, ended.output


def suppressed(drug: str, regimen: str, day: float = 98.0) -> float:
    """Return how much of the signal the typical patient has lost in blood on a day."""
    model = CATALOG.model(drug)
    typical = typical_world(model, CATALOG.evidence).parameters
    found = simulate_subjects(
        model, typical, parse_regimen(regimen), [0.0, day], ["ifn_driven_suppression_blood"]
    )
    return float(found.of("ifn_driven_suppression_blood")[0, 1])


def test_what_is_called_derived_comes_out_so():
    """The receptor's antibody goes deepest; one against alpha, and a tablet, leave some of the signal."""
    receptor = suppressed("anifrolumab", "300 mg IV every 4 weeks", 91.0)
    alpha = suppressed("sifalimumab", "600 mg IV every 4 weeks", 91.0)
    tablet = suppressed("tofacitinib", "5 mg orally twice a day")
    assert 0.1 < alpha < receptor - 0.1
    assert 0.0 < tablet < receptor - 0.1
    weekly = suppressed("anifrolumab", "120 mg SC every week", 112.0)
    monthly_trough = suppressed("anifrolumab", "300 mg IV every 4 weeks", 112.0)
    assert weekly > monthly_trough


def test_the_page_is_that_of_the_program():
    assert PAGE.read_text(encoding="utf-8") == standing_page(CATALOG.evidence), "make docs"

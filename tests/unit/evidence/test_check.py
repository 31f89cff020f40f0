"""Every rule of the evidence check finds the table that breaks it, and all problems come at once."""

from dataclasses import replace

import pytest

from ifntrial.evidence.check import RULES, check_evidence
from ifntrial.evidence.load import load_evidence
from ifntrial.evidence.records import Claim, Entity, Evidence, Observation, ParameterValue, Source

PAPER = Source("paper", "A. Journal 2020", "10.1000/x.1", "SSc", "trial", 100, "rct")
GUESS = Source("guess", "Ours", "", "", "", None, "derived")
MEMORY = Source("memory", "Recalled", "", "", "", None, "unverified")
NUMBER = ParameterValue("rate", 2.0, "1/day", None, "none", "none", None, None, "paper", "fitted", "")
RESULT = Observation(
    "t.a.mrss_change.w52", "T", "a", "SSc", 52.0, "mrss_change", "mean",
    -3.0, -5.0, -1.0, "ci95", 7.0, 40, "mrss_point", "paper", "fit",
)  # fmt: skip
TESTED = replace(RESULT, id="u.a.mrss_change.w52", trial="U", use="test")
THING = Entity("ifnar1", "IFNAR1", "gene", "ncbigene:3454", "", "NCBIGene:3454")
CLAIM = Claim("claim", "It works", "rct", "for", ("paper",), (), ("rate",))

RECALLED = replace(
    NUMBER, name="recalled", source="guess; memory", status="assumed", note="kept for tests",
    prior="normal", prior_a=2.0, prior_b=1.0,
)  # fmt: skip

SOUND = Evidence((PAPER, GUESS, MEMORY), (NUMBER, RECALLED), (RESULT, TESTED), (THING,), (CLAIM,))
USED = {"rate": ("clinic",)}
READ = {"rate": "1/day"}
NO_INTERVAL = {"low": None, "high": None, "interval_kind": "none"}


def _parameter(**changes):
    return replace(SOUND, parameters=(replace(NUMBER, **changes), RECALLED))


def _observation(**changes):
    return replace(SOUND, observations=(replace(RESULT, **changes), TESTED))


BROKEN = [
    ("missing source", _parameter(source="papper"), "source 'papper' does not exist; did you mean paper?"),
    ("no source", _observation(source=""), "names no source"),
    ("claim without source", replace(SOUND, claims=(replace(CLAIM, sources_for=()),)), "names no source"),
    ("second source missing", _parameter(source="paper; other"), "source 'other' does not exist"),
    (
        "source that nobody cites",
        replace(SOUND, sources=(*SOUND.sources, replace(PAPER, id="forgotten"))),
        "source 'forgotten' is cited by no row",
    ),
    (
        "read in another unit",
        _parameter(unit="1/week"),
        "parameter 'rate' is in '1/week'; the program reads it in '1/day'",
    ),
    (
        "read and absent",
        replace(SOUND, parameters=(replace(NUMBER, name="ratte"), RECALLED)),
        "parameter 'rate' is read by the program and does not exist; did you mean ratte",
    ),
    ("duplicate name", replace(SOUND, parameters=(NUMBER, NUMBER, RECALLED)), "ParameterValue 'rate' is there 2 times"),
    ("no name", _observation(id=""), "1 row(s) of Observation have no name"),
    (
        "same result twice",
        replace(SOUND, observations=(RESULT, TESTED, replace(RESULT, id="again"))),
        "observation 'again' is the same result as 't.a.mrss_change.w52'",
    ),
    ("unknown unit", _parameter(unit="furlongs/fortnite"), "unit 'furlongs/fortnite' is not known"),
    ("no unit", _parameter(unit=""), "unit '' is not known"),
    ("unit of another kind", _observation(unit="kg"), "unit 'mrss_point' is of another kind than 'kg'"),
    ("unknown status", _parameter(status="guessed"), "status 'guessed' is not known; allowed are measured"),
    ("unknown spread kind", _parameter(spread=0.1, spread_kind="var"), "spread_kind 'var' is not known"),
    ("unknown prior", _parameter(prior="cauchy", prior_a=1.0, prior_b=1.0), "prior 'cauchy' is not known"),
    ("unknown use", _observation(use="train"), "use 'train' is not known; allowed are fit, test, prior"),
    ("unknown statistic", _observation(statistic="average"), "statistic 'average' is not known"),
    ("unknown interval", _observation(interval_kind="ci"), "interval_kind 'ci' is not known"),
    ("unknown level", replace(SOUND, sources=(replace(PAPER, level="paper"), GUESS, MEMORY)), "level 'paper'"),
    ("unknown entity kind", replace(SOUND, entities=(replace(THING, kind="protein"),)), "kind 'protein'"),
    ("unknown direction", replace(SOUND, claims=(replace(CLAIM, direction="yes"),)), "direction 'yes'"),
    (
        "malformed DOI",
        replace(SOUND, sources=(replace(PAPER, doi="https://doi.org/10.1000/x"), GUESS, MEMORY)),
        "'https://doi.org/10.1000/x' is not a DOI",
    ),
    (
        "unregistered prefix",
        replace(SOUND, entities=(replace(THING, exact_match="nosuchthing:1"),)),
        "'nosuchthing:1' has no prefix of a known registry",
    ),
    ("no prefix", replace(SOUND, entities=(replace(THING, broad_match="3454"),)), "'3454' has no prefix"),
    (
        "malformed local part",
        replace(SOUND, entities=(replace(THING, source_annotation="NCBIGene:IFNAR1"),)),
        "'IFNAR1' does not look like an identifier of ncbigene",
    ),
    ("value above high", _observation(value=0.0), "-5 ≤ 0 ≤ -1 does not hold"),
    ("ends swapped", _observation(value=None, low=2.0, high=1.0), "2 ≤ 1 does not hold"),
    ("one end", _observation(low=None), "one end of an interval"),
    ("interval without a word", _observation(interval_kind="none"), "interval_kind 'none' does not fit"),
    ("negative sd", _observation(sd=-1.0), "sd -1 is negative"),
    ("no subjects", _observation(n=0), "n 0 is not a number of subjects"),
    (
        "impossible proportion",
        _observation(statistic="proportion", unit="percent", endpoint="x", value=120.0, **NO_INTERVAL),
        "120 is not a proportion in 'percent'",
    ),
    (
        "impossible correlation",
        _observation(statistic="correlation", unit="1", endpoint="x", value=-1.2, **NO_INTERVAL),
        "-1.2 is not a correlation",
    ),
    ("no number", _observation(value=None, low=None, high=None, interval_kind="none"), "'fit' and has no number"),
    ("spread without kind", _parameter(spread=0.1), "spread_kind 'none' does not fit spread 0.1"),
    ("kind without spread", _parameter(spread_kind="sd"), "spread_kind 'sd' does not fit spread None"),
    ("negative spread", _parameter(spread=-0.1, spread_kind="sd"), "spread -0.1 is negative"),
    ("prior without width", _parameter(prior="normal", prior_a=2.0, prior_b=0.0), "has no width"),
    ("prior elsewhere", _parameter(prior="uniform", prior_a=3.0, prior_b=4.0), "lies outside its prior"),
    ("prior half given", _parameter(prior="normal", prior_a=2.0), "needs prior_a and prior_b"),
    ("numbers without prior", _parameter(prior_a=2.0, prior_b=1.0), "prior numbers and prior 'none'"),
    ("lognormal of a negative", _parameter(value=-2.0, prior="lognormal", prior_a=2.0, prior_b=1.0), "needs a positive"),
    ("orphan", _parameter(name="unused"), "parameter 'unused' is used by nothing"),
    (
        "test and reference class",
        replace(SOUND, observations=(RESULT, TESTED, replace(TESTED, id="v", arm="b", use="prior"))),
        "trial 'U' has rows for 'test' and rows for 'prior'",
    ),
    (
        "assumed from a test trial",
        _parameter(status="assumed", source="guess", note="as in U"),
        "says it rests on 'U', all of whose rows are for 'test'",
    ),
    ("too few kept for testing", replace(SOUND, observations=(RESULT,)), "0 of 1 results are for 'test'"),
    ("derived yet measured", _parameter(source="guess"), "is 'fitted' and its source 'guess' is no publication"),
    ("partly derived yet fitted", _parameter(source="paper; guess"), "is no publication"),
    ("assumed without a reason", _parameter(status="assumed"), "is assumed and has no note"),
    (
        "from memory without prior",
        _parameter(source="memory", status="assumed", note="recalled"),
        "is from memory and has no prior",
    ),
    ("observation from memory", _observation(source="memory"), "its source 'memory' is no publication"),
    ("claim carried by nothing", replace(SOUND, claims=(replace(CLAIM, carried_by=()),)), "carried by nothing"),
    (
        "claim carried by the unknown",
        replace(SOUND, claims=(replace(CLAIM, carried_by=("clinik",)),)),
        "'clinik' is no mechanism and no parameter; did you mean clinic",
    ),
]  # fmt: skip


def test_sound_evidence_has_no_problem():
    assert check_evidence(SOUND, used_parameters=USED, read_units=READ, fitted_observations=[RESULT.id]) == []


@pytest.mark.parametrize(
    ("evidence", "said"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN]
)
def test_a_broken_table_is_found(evidence, said):
    problems = check_evidence(evidence, used_parameters=USED, read_units=READ)
    assert any(said in problem for problem in problems), problems


def test_all_problems_come_at_once():
    broken = replace(
        _parameter(source="nowhere", unit="x y", status="guessed"),
        entities=(replace(THING, exact_match="nosuchthing:1"),),
    )
    assert len(check_evidence(broken, used_parameters=USED)) == 4


def test_an_unused_parameter_may_say_what_it_is_kept_for():
    kept = _parameter(name="unused", note="kept for a comparator arm")
    claim = replace(CLAIM, carried_by=("clinic",))
    assert check_evidence(replace(kept, claims=(claim,)), used_parameters=USED) == []


def test_orphans_are_not_looked_for_where_the_users_are_not_known():
    assert check_evidence(_parameter(name="unused")) == []


def test_a_fit_may_use_only_rows_for_fits():
    problems = check_evidence(SOUND, fitted_observations=[TESTED.id, "t.a.mrss_chang.w52"])
    assert problems[0] == "a fit uses observation 'u.a.mrss_change.w52', which is for 'test'"
    assert "'t.a.mrss_chang.w52', which does not exist; did you mean t.a.mrss_change.w52" in problems[1]


def test_a_literal_in_a_rate_law_is_found(tmp_path):
    path = tmp_path / "law.py"
    path.write_text(
        "rate = lambda s, p: 0.3 * p.k * s.x ** 2 - 1 + 0\n\ndef f(s, p):\n    return -2 * s.x\nK = 7\n"
    )
    problems = check_evidence(SOUND, law_files=[path])
    assert problems == [
        f"law.py line {line}: literal {number}; give it a name, a row and a source"
        for line, number in ((1, "0.3"), (4, "-2"), (5, "7"))
    ]


def test_allowed_literals_booleans_and_texts_pass(tmp_path):
    path = tmp_path / "law.py"
    path.write_text('rate = lambda s, p: (1 + p.k) * s["x7"] / 2 * -1\nFLAG = True\n')
    assert check_evidence(SOUND, law_files=[path]) == []


def test_a_law_file_that_is_not_python_is_a_problem(tmp_path):
    path = tmp_path / "law.py"
    path.write_text("rate = = 1")
    assert "cannot be read as Python" in check_evidence(SOUND, law_files=[path])[0]


def test_every_rule_is_broken_by_a_case_here():
    silent = [rule.__name__ for rule in RULES if not _breaks(rule)]
    assert silent == []


def _breaks(rule):
    from pathlib import Path

    from ifntrial.evidence.rules.checked import Checked

    laws = (Path("no such file.py"),)
    return any(
        list(rule(Checked(evidence, USED, READ, laws, (TESTED.id,))))
        for evidence in (case[1] for case in BROKEN)
    )


def test_whole_trials_are_kept_for_testing():
    uses = {}
    for row in load_evidence().observations:
        uses.setdefault(row.trial, set()).add(row.use)
    for trial in ("focuSSced", "RISE-SSc", "revised CRISS validation", "EUSTAR 1257", "EUSTAR ILD"):
        assert uses[trial] == {"test"}


def test_shipped_sources_observations_entities_and_claims_have_no_problem():
    # problems of parameters depend on who uses them; `make check` runs the whole check
    problems = check_evidence(load_evidence())
    assert [problem for problem in problems if not problem.startswith("parameter ")] == []

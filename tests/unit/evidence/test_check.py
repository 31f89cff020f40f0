"""Every rule of the evidence check finds the table that breaks it, and all problems come at once."""

from dataclasses import replace

import pytest

from ifntrial.evidence.check import RULES, check_evidence
from ifntrial.evidence.effects import DoubleUse, Effect
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

DIFFERENCE = replace(
    RESULT, id="v.a_vs_b.mrss_change.w52", trial="V", arm="a vs b", statistic="mean_difference", use="prior",
)  # fmt: skip
CONTRAST = Effect(
    "mrss.v.w52", "V", "drug", ("V",), "ssc_skin", "class", "mean_difference", "mrss_change", "not_stated", 52.0, "SSc",
    None, -3.0, 1.02, "mrss_point", "from its interval", (DIFFERENCE.id,), ("paper",), "",
)  # fmt: skip
POOLED = replace(CONTRAST, id="mrss.w.w52", trial="W", patients_of=("W",), observations=())
ABSENT = Effect(
    "mrss.x.w52", "X", "drug", ("X",), "ssc_skin", "absent", "none", "", "none", None, "SSc",
    None, None, None, "", "", (), ("paper",), "not read",
)  # fmt: skip
RESPONSE = replace(
    CONTRAST, id="response.y", trial="Y", patients_of=("Y",), comparison_class="ssc_response",
    measure="log_odds_ratio", endpoint="response", control_rate=40.0, unit="1", observations=(),
)  # fmt: skip
TWICE = replace(TESTED, id="z.a_vs_b.mrss_change.w52", trial="Z", statistic="mean_difference")
TESTED_TOO = replace(CONTRAST, id="mrss.z.w52", trial="Z", patients_of=("Z",), observations=())
KNOWN = DoubleUse("z", TESTED_TOO.id, TWICE.id, "not used yet")

SOUND = Evidence(
    (PAPER, GUESS, MEMORY), (NUMBER, RECALLED), (RESULT, TESTED, DIFFERENCE, TWICE), (THING,), (CLAIM,),
    (CONTRAST, POOLED, ABSENT, RESPONSE, TESTED_TOO), (KNOWN,),
)  # fmt: skip
USED = {"rate": ("clinic",)}
READ = {"rate": "1/day"}
NO_INTERVAL = {"low": None, "high": None, "interval_kind": "none"}


def _parameter(**changes):
    return replace(SOUND, parameters=(replace(NUMBER, **changes), RECALLED))


def _observation(**changes):
    return replace(SOUND, observations=(replace(RESULT, **changes), *SOUND.observations[1:]))


def _contrast(**changes):
    return replace(SOUND, effects=(replace(CONTRAST, **changes), *SOUND.effects[1:]))


def _other_contrast(row):
    return replace(SOUND, effects=(*SOUND.effects, row))


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
        replace(SOUND, observations=(*SOUND.observations, replace(RESULT, id="again"))),
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
    (
        "spread of a logit",
        _parameter(value=1.0, spread=0.1, spread_kind="sd_logit"),
        "a spread of the logit needs a share between 0 and 1, not 1",
    ),
    ("negative spread", _parameter(spread=-0.1, spread_kind="sd"), "spread -0.1 is negative"),
    ("prior without width", _parameter(prior="normal", prior_a=2.0, prior_b=0.0), "has no width"),
    ("prior elsewhere", _parameter(prior="uniform", prior_a=3.0, prior_b=4.0), "lies outside its prior"),
    ("prior half given", _parameter(prior="normal", prior_a=2.0), "needs prior_a and prior_b"),
    ("numbers without prior", _parameter(prior_a=2.0, prior_b=1.0), "prior numbers and prior 'none'"),
    ("lognormal of a negative", _parameter(value=-2.0, prior="lognormal", prior_a=2.0, prior_b=1.0), "needs a positive"),
    ("orphan", _parameter(name="unused"), "parameter 'unused' is used by nothing"),
    (
        "test and reference class",
        replace(SOUND, observations=(*SOUND.observations, replace(TESTED, id="v", arm="b", use="prior"))),
        "trial 'U' has rows for 'test' and rows for 'prior'",
    ),
    (
        "assumed from a test trial",
        _parameter(status="assumed", source="guess", note="as in U"),
        "says it rests on 'U', all of whose rows are for 'test'",
    ),
    (
        "too few kept for testing",
        replace(SOUND, observations=(RESULT, DIFFERENCE), effects=(CONTRAST,), double_uses=()),
        "0 of 1 results are for 'test'",
    ),
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
    ("contrast without source", _contrast(sources=()), "effect 'mrss.v.w52' names no source"),
    ("unknown class", _contrast(comparison_class="ssc_lung"), "comparison_class 'ssc_lung' is not known"),
    ("unknown role", _contrast(role="main"), "role 'main' is not known; allowed are class, sensitivity, absent"),
    ("unknown measure", _contrast(measure="ratio"), "measure 'ratio' is not known"),
    ("unknown estimand", _contrast(estimand="itt"), "estimand 'itt' is not known"),
    ("contrast in an unknown unit", _contrast(unit="pointz"), "effect 'mrss.v.w52': unit 'pointz' is not known"),
    ("contrast without a number", _contrast(value=None), "'mrss.v.w52' is for 'class' and has no value"),
    ("contrast without an estimand", _contrast(estimand="none"), "is for 'class' and has no estimand"),
    ("contrast without an error", _contrast(standard_error=0.0), "standard error 0 is not positive"),
    ("level of no response", _contrast(control_rate=40.0), "a control rate belongs to a response"),
    ("impossible level", _other_contrast(replace(RESPONSE, id="r", trial="R", patients_of=("R",), control_rate=140.0)),
     "control rate 140 is not between 0 and 100 %"),
    ("absent with a number", _other_contrast(replace(ABSENT, id="n", value=1.0)), "'n' is absent and has a number"),
    ("absent without a reason", _other_contrast(replace(ABSENT, id="n", note="")), "'n' is absent and has no note"),
    ("two kinds in a class", _other_contrast(replace(RESPONSE, id="r", patients_of=("R",), comparison_class="ssc_skin")),
     "'r' is a log_odds_ratio in '1'; 'mrss.v.w52' of the same class is a mean_difference in 'mrss_point'"),
    ("recalled, in the class", _contrast(sources=("paper", "memory")), "in the class and its source is no publication"),
    ("row that is not there", _contrast(observations=("nowhere",)),
     "'mrss.v.w52': observation 'nowhere' does not exist"),
    ("double use of nothing", replace(SOUND, double_uses=(KNOWN, replace(KNOWN, id="q", effect="nowhere"))),
     "double use 'q': effect 'nowhere' does not exist"),
]  # fmt: skip

DOUBLE_USES = [
    ("development and validation of one sample",
     _other_contrast(replace(CONTRAST, id="mrss.v2.w52", trial="V validation", patients_of=("V2", "V"), observations=())),
     "effect 'mrss.v2.w52' and 'mrss.v.w52' of the same class both have the patients of 'V'"),
    ("contrast that is a test too", replace(SOUND, double_uses=()),
     "'mrss.z.w52' is in the class 'ssc_skin' and rests on observation 'z.a_vs_b.mrss_change.w52', which is for 'test'"),
    ("contrast that is a test at another week",
     replace(SOUND, observations=(
         *SOUND.observations, replace(DIFFERENCE, id="v24", visit_week=24.0, use="test", population="x"))),
     "'mrss.v.w52' is in the class 'ssc_skin' and rests on observation 'v24', which is for 'test'"),
    ("level that fits patients", _contrast(observations=(DIFFERENCE.id, RESULT.id)),
     "'mrss.v.w52' is in the class 'ssc_skin' and rests on observation 't.a.mrss_change.w52', which is for 'fit'"),
    ("test of patients of a pool", replace(SOUND, effects=(CONTRAST, replace(POOLED, patients_of=("W", "Z")), RESPONSE),
     double_uses=()), "effect 'mrss.w.w52' is in the class 'ssc_skin' and rests on observation 'z.a_vs_b"),
    ("double use that is none", replace(SOUND, double_uses=(KNOWN, DoubleUse("v", CONTRAST.id, DIFFERENCE.id, "old"))),
     "double use 'v' is none, or none any longer"),
    ("double use without a reason", replace(SOUND, double_uses=(replace(KNOWN, reason=""),)),
     "double use 'z' has no reason"),
]  # fmt: skip

ALL = [*BROKEN, *DOUBLE_USES]


def test_sound_evidence_has_no_problem():
    assert check_evidence(SOUND, used_parameters=USED, read_units=READ, fitted_observations=[RESULT.id]) == []


@pytest.mark.parametrize(("evidence", "said"), [case[1:] for case in ALL], ids=[case[0] for case in ALL])
def test_a_broken_table_is_found(evidence, said):
    problems = check_evidence(evidence, used_parameters=USED, read_units=READ)
    assert any(said in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("evidence", "said"), [case[1:] for case in DOUBLE_USES], ids=[case[0] for case in DOUBLE_USES]
)
def test_a_table_with_a_double_use_breaks_that_rule_and_only_it(evidence, said):
    (problem,) = check_evidence(evidence, used_parameters=USED, read_units=READ)
    assert said in problem


def test_a_level_in_the_control_arm_may_be_a_test():
    level = replace(TESTED, id="v.b.mrss_change.w52", trial="V", use="test")
    other = replace(DIFFERENCE, population="lupus")
    tables = replace(SOUND, observations=(RESULT, TESTED, other, TWICE, level))
    assert check_evidence(tables, used_parameters=USED, read_units=READ) == []


def test_what_a_fit_uses_has_no_other_role_whatever_its_row_says():
    problems = check_evidence(SOUND, fitted_observations=[DIFFERENCE.id])
    assert any(f"rests on observation '{DIFFERENCE.id}'" in problem for problem in problems)


def test_known_double_uses_of_the_shipped_tables_are_these():
    known = {(row.effect, row.observation) for row in load_evidence().double_uses}
    assert known == {
        ("rcriss20.pool.w52", "revised_criss_development.placebo.rcriss20_response.w52"),
    }


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


def test_what_is_read_exists():
    assert check_evidence(SOUND, read_observations=[TESTED.id]) == []
    (problem,) = check_evidence(SOUND, read_observations=[TESTED.id, "t.a.mrss_chang.w52"])
    assert problem.startswith("observation 't.a.mrss_chang.w52' is read by the program and does not exist")
    assert "did you mean t.a.mrss_change.w52 or" in problem


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
        list(rule(Checked(evidence, USED, READ, laws, (TESTED.id,), ("absent",))))
        for evidence in (case[1] for case in ALL)
    )


def test_whole_trials_are_kept_for_testing():
    """But for their contrasts in a class, which have a role of their own."""
    evidence, uses = load_evidence(), {}
    contrasts = {
        "focussced.tocilizumab_vs_placebo.mrss_change.w48",
        "rise_ssc.riociguat_vs_placebo.mrss_change.w52",
        "revised_criss_validation.active_vs_placebo.rcriss20_response.w52",
    }
    assert {evidence.observation(id).use for id in contrasts} == {"prior"}
    for row in evidence.observations:
        if row.id not in contrasts:
            uses.setdefault(row.trial, set()).add(row.use)
    for trial in ("focuSSced", "RISE-SSc", "revised CRISS validation", "EUSTAR 1257", "EUSTAR ILD"):
        assert uses[trial] == {"test"}


def test_shipped_sources_observations_entities_and_claims_have_no_problem():
    # problems of parameters depend on who uses them; `make check` runs the whole check
    problems = check_evidence(load_evidence())
    assert [problem for problem in problems if not problem.startswith("parameter ")] == []

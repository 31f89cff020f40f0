"""Why a row is not simulated: the premise of a reason has to be true, where a program can tell."""

from dataclasses import replace

import pytest

from ifntrial.evidence.rows import Selected
from ifntrial.studies.validate.checks.not_simulated import NO_CHECK, Reasons, fitting
from ifntrial.studies.validate.checks.reasons import (
    BY_ENDPOINT,
    BY_ID,
    Beyond,
    NoAntibody,
    NoDrug,
    NoQuantity,
    SameForAll,
    SetFrom,
)
from shipped import CATALOG

REASONS = Reasons(CATALOG)
ROWS = {row.id: row for row in Selected(uses=("fit", "test")).read(CATALOG.evidence)}
NINTEDANIB = ROWS["senscis.nintedanib.fvc_slope.w100"]
TOCILIZUMAB = ROWS["focussced.tocilizumab.mrss_change.w48"]


def test_no_reason_says_that_a_drug_is_absent_that_is_there():
    assert REASONS.of(NINTEDANIB) == "the drug is not in the model"
    drugs = {**CATALOG.drugs, "nintedanib": CATALOG.drugs["tocilizumab"]}
    assert Reasons(replace(CATALOG, drugs=drugs)).of(NINTEDANIB) == NO_CHECK


def test_tocilizumab_is_in_the_model_and_no_reason_fits_its_change_of_skin():
    assert "tocilizumab" in CATALOG.drugs
    assert REASONS.of(TOCILIZUMAB) == NO_CHECK


@pytest.mark.parametrize(
    ("premise", "stands"),
    [
        (NoDrug("abatacept"), True),
        (NoDrug("tocilizumab"), False),
        (NoQuantity(("lvef", "ejection_fraction")), True),
        (NoQuantity(("lvef", "mrss")), False),
        (NoQuantity(("chemokine_score",)), False),
        (NoQuantity(("uses_mmf",)), False),
        (NoAntibody("ATA"), False),
        (NoAntibody("Th/To"), True),
        (SameForAll("body_weight"), False),
        (SameForAll("k_troponin_turnover"), True),
        (Beyond(104), False),
        (Beyond(50), True),
        (SetFrom("ifn_alpha_baseline"), True),
        (SetFrom("no_such_row"), False),
    ],
)
def test_a_premise_is_held_against_what_the_program_knows(premise, stands):
    assert REASONS.stands(premise, ROWS["senscis.nintedanib.fvc_slope.w100"]) is (
        stands if not isinstance(premise, Beyond) else 100.0 > premise.weeks
    )


def test_every_rule_fits_some_row():
    for rules, text in ((BY_ID, "id"), (BY_ENDPOINT, "endpoint")):
        for rule in rules:
            fits = [row for row in ROWS.values() if (rule[1], rule[2]) in fitting(row)]
            assert fits, f"{rule[0]} fits no {text}"

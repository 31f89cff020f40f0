"""What the model of before said, as it was kept."""

from ifntrial.studies.validate.before import VerdictBefore, verdicts_before
from shipped import CATALOG


def test_the_verdicts_are_those_of_model_version_two():
    found = verdicts_before()
    assert {each.model_version for each in found.values()} == {2}
    assert found["desires.placebo.mrss_change.w24"].verdict == "miss"
    assert found["desires.placebo.mrss_change.w24"].z < -4
    identity = found["fasscinate.placebo.serious_infection_rate.w48"]
    assert (identity.verdict, round(identity.z, 6)) == ("agrees", 0.0)
    assert found["eustar_1257.all.skin_stable.w52"] == VerdictBefore(2, None, None, "not simulated")


def test_counts_are_those_of_its_run():
    """425 rows: 118 fit and 53 test were simulated."""
    found = verdicts_before().values()
    counts = {
        word: sum(each.verdict == word for each in found)
        for word in ("agrees", "miss", "no verdict", "not simulated")
    }
    assert counts == {"agrees": 100, "miss": 38, "no verdict": 33, "not simulated": 254}


def test_kept_rows_are_rows_of_the_tables():
    assert set(verdicts_before()) <= {row.id for row in CATALOG.evidence.observations}

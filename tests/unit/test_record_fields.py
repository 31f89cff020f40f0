"""Where a field that stands in the wrong place belongs."""

import pytest

from ifntrial.design.parts import TrialDesign
from ifntrial.record_fields import where_it_belongs


@pytest.mark.parametrize(
    ("place", "value", "hint"),
    [
        (("alpha_one_sided",), 0.05, "alpha_one_sided belongs under assumed.analysis"),
        (("rescue",), {"share": 0.2}, "rescue belongs under assumed"),
        (("rescue",), "composite", "rescue belongs under assumed.estimand"),
        (("assumed", "size"), {"planned": 9}, "size belongs at the top"),
        (("assumed", "rescue", "treatment_weeks"), 52, "treatment_weeks belongs at the top"),
        (("arms", 0, "among"), "x", "among belongs under primary or under each of key_secondary"),
        (("arms", 0, "regimn"), "x", "did you mean regimen?"),
        (("extend",), "daisy", "did you mean extends?"),
        (("condition",), "x", "condition belongs under each of eligibility or under each of strata"),
        (("alpha_onesided",), 0.05, "did you mean alpha_one_sided under assumed.analysis?"),
        # a reason is asked of too many blocks to name them, and nothing here is called alike
        (("size", "reason"), "x", "the fields here are planned, enrolled"),
        (("size", "quorum"), 7, "the fields here are planned, enrolled"),
    ],
)
def test_a_field_is_sent_where_it_belongs(place, value, hint) -> None:
    assert where_it_belongs(TrialDesign, place, value, also=("extends",)) == hint

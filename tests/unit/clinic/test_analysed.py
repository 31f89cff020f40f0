"""What an analysis takes from an arm under each strategy, by hand."""

from dataclasses import replace

import numpy as np
import pytest

from ifntrial.clinic.analysed import analysed_arm, as_it_counts
from ifntrial.clinic.conduct import NEVER, ObservedArm
from shipped import CATALOG, load_design

WEEKS = np.array([0.0, 4.0, 12.0, 24.0])
MRSS = np.array([[20.0, 19.0, 16.0, 12.0], [30.0, 28.0, 27.0, 25.0], [10.0, 12.0, 14.0, 18.0]])


def arm(**changed) -> ObservedArm:
    """Return three subjects: one to the end, one who stops in week 6 and stays, one who misses week 12."""
    attended = np.ones((1, 3, 4), bool)
    attended[0, 2, 2] = False
    plain = ObservedArm(
        arm="active",
        world=0,
        visit_week=WEEKS,
        values={"mrss": MRSS[None], "nt_probnp": np.exp(MRSS[None] / 10)},
        attended=attended,
        discontinuation_week=np.array([[NEVER, 6.0, NEVER]]),
        discontinuation_reason=np.zeros((1, 3), np.int8),
        leaving_week=np.full((1, 3), NEVER),
        rescue_week=np.array([[NEVER, NEVER, 20.0]]),
        organ_event_week={},
        uniforms={},
        covariates={},
        status=np.array(["ok"] * 3),
        offset_days=np.zeros((1, 3, 4)),
    )
    return replace(plain, **changed)


def rules(discontinuation: str, rescue: str):
    own = load_design("asset_like").assumed
    plan = own.estimand.model_copy(update={"discontinuation": discontinuation, "rescue": rescue})
    return own.model_copy(update={"estimand": plan})


@pytest.mark.parametrize(
    ("strategies", "expected"),
    [
        (("treatment_policy", "treatment_policy"), [-8.0, -5.0, 8.0]),
        (("hypothetical", "treatment_policy"), [-8.0, np.nan, 8.0]),
        (("hypothetical", "hypothetical"), [-8.0, np.nan, np.nan]),
        # the last reading until the event: week 4 of the second; of the third week 4, as week 12 was missed
        (("while_on_treatment", "while_on_treatment"), [-8.0, -2.0, 2.0]),
    ],
)
def test_readings_after_an_event_count_as_the_strategy_says(strategies, expected):
    found = analysed_arm(arm(), CATALOG.endpoints["mrss_change"], 24.0, rules(*strategies))
    assert found.last[0] == pytest.approx(expected, nan_ok=True)
    assert found.baseline[0].tolist() == [20.0, 30.0, 10.0]


def test_every_visit_leads_to_the_last():
    found = analysed_arm(
        arm(),
        CATALOG.endpoints["mrss_change"],
        24.0,
        rules("treatment_policy", "treatment_policy"),
        every_visit=True,
    )
    assert found.outcome[0, 0].tolist() == [-1.0, -4.0, -8.0]
    assert np.isnan(found.outcome[0, 2]).tolist() == [False, True, False]


def test_a_ratio_is_a_difference_of_logarithms():
    found = analysed_arm(
        arm(), CATALOG.endpoints["nt_probnp_ratio"], 24.0, rules("treatment_policy", "treatment_policy")
    )
    assert found.last[0] == pytest.approx([-0.8, -0.5, 0.8])
    assert found.baseline[0] == pytest.approx([2.0, 3.0, 1.0])


def test_an_event_before_any_visit_leaves_the_baseline():
    early = arm(discontinuation_week=np.array([[1.0, NEVER, NEVER]]))
    counted = as_it_counts(early, rules("while_on_treatment", "treatment_policy").estimand)
    assert counted.values["mrss"][0, 0].tolist() == [20.0, 20.0, 20.0, 20.0]

"""What follows stopping and escape therapy, by hand on one subject with visits at weeks 0, 12, 24 and 48."""

import numpy as np
import pytest

from ifntrial.clinic.consequences import (
    Consequences,
    draw_escape_share,
    have_consequences,
    returning,
    unchanged,
)
from ifntrial.design.assumed import AssumedRules, EscapeEffect
from ifntrial.patients.records import LatentCourse
from shipped import load_design

WEEKS = np.array([0.0, 12.0, 24.0, 48.0])
NEVER = np.array([[np.inf]])
ITEMS = ("mrss", "haq_di", "patient_global", "physician_global", "fvc_percent", "fvc_ml")


def course(**values: list[float]) -> LatentCourse:
    arrays = {name: np.array([each], dtype=float) for name, each in values.items()}
    return LatentCourse("arm", 0, WEEKS, arrays, np.array(["ok"]))


def rescued(
    own: LatentCourse, week: float, share: float = 0.5, half_time: float = 12.0
) -> dict[str, list[float]]:
    whole = Consequences(own, unchanged(own), share, half_time)
    found = whole.values(NEVER, np.array([[week]]))
    return {name: np.broadcast_to(values, (1, 1, 4))[0, 0].tolist() for name, values in found.items()}


# --- escape therapy -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("item", ITEMS)
def test_escape_therapy_takes_back_its_share_of_the_worsening_at_its_start(item):
    # worse by 4 at week 12: half of it is taken back, half of that after 12 weeks, 7/8 after 36
    worse = -1.0 if item.startswith("fvc") else 1.0
    path = 20.0 + worse * np.array([0.0, 4.0, 6.0, 5.0])
    found = rescued(course(**{item: path.tolist()}), 12.0)[item]
    assert found == pytest.approx((path - worse * np.array([0.0, 0.0, 1.0, 1.75])).tolist())


@pytest.mark.parametrize("item", ITEMS)
def test_what_had_not_worsened_is_left_alone(item):
    better = 1.0 if item.startswith("fvc") else -1.0
    path = (20.0 + better * np.array([0.0, 4.0, 6.0, -5.0])).tolist()
    assert rescued(course(**{item: path}), 12.0)[item] == path


def test_other_quantities_are_left_alone():
    own = course(mrss=[20.0, 24.0, 24.0, 24.0], nt_probnp=[100.0, 200.0, 300.0, 400.0])
    assert rescued(own, 12.0)["nt_probnp"] == [100.0, 200.0, 300.0, 400.0]


@pytest.mark.parametrize(
    ("share", "half_time", "taken"), [(1.0, 12.0, [2.0, 3.5]), (0.5, 24.0, [0.58579, 1.29289])]
)
def test_share_and_speed_are_those_of_the_world_and_the_plan(share, half_time, taken):
    found = rescued(course(mrss=[20.0, 24.0, 24.0, 24.0]), 12.0, share, half_time)["mrss"]
    assert 24.0 - np.array(found[2:]) == pytest.approx(taken, abs=1e-5)


def test_without_effect_or_event_nothing_changes():
    own = course(mrss=[20.0, 24.0, 24.0, 24.0])
    assert rescued(own, 12.0, share=0.0)["mrss"] == [20.0, 24.0, 24.0, 24.0]
    assert rescued(own, np.inf)["mrss"] == [20.0, 24.0, 24.0, 24.0]


def test_escape_therapy_acts_on_what_follows_stopping():
    own = course(mrss=[20.0, 24.0, 24.0, 24.0])
    asked = []

    def after(stop_week):
        asked.append(stop_week.tolist())
        return {"mrss": np.array([[[20.0, 28.0, 28.0, 28.0]]])}

    whole = Consequences(own, after, 0.5, 12.0)
    found = whole.values(np.array([[6.0]]), np.array([[12.0]]))["mrss"][0, 0]
    assert found == pytest.approx([20.0, 28.0, 26.0, 24.5])
    assert asked == [[[6.0]]]
    assert whole.values(NEVER, np.array([[12.0]]))["mrss"][0, 0] == pytest.approx([20.0, 24.0, 23.0, 22.25])
    assert len(asked) == 1, "nobody stopped"


# --- stopping -----------------------------------------------------------------------------------------------------


def test_stopping_changes_nothing_on_placebo():
    own = course(mrss=[20.0, 19.0, 18.0, 17.0])
    assert unchanged(own)(np.array([[12.0]])) is own.values


@pytest.mark.parametrize(
    ("stop", "expected"),
    [
        (0.0, [20.0, 21.0 - 5.0 / 2, 22.0 - 8.0 / 4, 23.0 - 10.0 / 16]),
        (12.0, [20.0, 16.0, 22.0 - 8.0 / 2, 23.0 - 10.0 / 8]),
        (18.0, [20.0, 16.0, 22.0 - 8.0 * 0.5**0.5, 23.0 - 10.0 * 0.5**2.5]),
        (np.inf, [20.0, 16.0, 14.0, 13.0]),
    ],
)
def test_an_effect_wanes_towards_control_with_its_half_life(stop, expected):
    own, control = course(mrss=[20.0, 16.0, 14.0, 13.0]), course(mrss=[20.0, 21.0, 22.0, 23.0])
    found = returning(own, control, 12.0)(np.array([[stop]]))["mrss"]
    assert found.shape == (1, 1, 4)
    assert found[0, 0] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("stop", "expected"),
    [
        (0.0, [0.0, 1.0, 2.0, 4.0]),
        (6.0, [0.0, 1.0, 2.0, 4.0]),  # from the last visit before the stop
        (12.0, [0.0, 3.0, 4.0, 6.0]),
        (24.0, [0.0, 3.0, 6.0, 8.0]),
        (np.inf, [0.0, 3.0, 6.0, 12.0]),
    ],
)
def test_expected_events_go_on_at_the_rate_of_control(stop, expected):
    own = course(zoster_hazard=[0.0, 3.0, 6.0, 12.0])
    control = course(zoster_hazard=[0.0, 1.0, 2.0, 4.0])
    found = returning(own, control, 12.0)(np.array([[stop]]))["zoster_hazard"]
    assert found[0, 0] == pytest.approx(expected)


# --- the plan -----------------------------------------------------------------------------------------------------


def test_the_share_of_a_world_lies_in_its_range_and_is_its_own():
    effect = EscapeEffect(low=0.25, high=0.75)
    shares = np.array([draw_escape_share(effect, seed, world) for seed in (1, 2) for world in range(500)])
    assert len(set(shares)) == 1000
    assert shares.min() == pytest.approx(0.25, abs=0.01)
    assert shares.max() == pytest.approx(0.75, abs=0.01)
    assert shares.mean() == pytest.approx(0.5, abs=0.02)
    assert draw_escape_share(effect, 1, -1) == draw_escape_share(effect, 1, 0), "the typical world"


def plan(share: float, high: float, stays: float, strategy: str) -> AssumedRules:
    rules = load_design("daisy").assumed
    effect = EscapeEffect(low=0.0, high=high)
    return rules.model_copy(
        update={
            "rescue": rules.rescue.model_copy(update={"share": share, "effect": effect}),
            "dropout": rules.dropout.model_copy(update={"observed_after_stop_share": stays}),
            "estimand": rules.estimand.model_copy(update={"discontinuation": strategy}),
        }
    )


@pytest.mark.parametrize(
    ("rules", "have"),
    [
        (plan(0.0, 0.5, 0.0, "composite"), False),
        (plan(0.5, 0.0, 0.0, "composite"), False),
        (plan(0.5, 0.5, 0.0, "composite"), True),
        (plan(0.0, 0.0, 0.1, "composite"), True),
        (plan(0.0, 0.0, 0.0, "treatment_policy"), True),
        (plan(0.0, 0.0, 0.0, "hypothetical"), False),
    ],
)
def test_consequences_are_simulated_where_they_are_seen_or_asked_for(rules, have):
    assert have_consequences(rules) is have

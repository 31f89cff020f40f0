"""One subject of one arm by hand: when it stops, leaves and gets escape therapy, and which readings follow."""

from collections.abc import Mapping

import numpy as np
import pytest

from ifntrial.clinic.conduct import REASONS, ConductNoise, ObservedArm, conduct, draw_conduct_noise
from ifntrial.design.assumed import AssumedRules
from ifntrial.patients.records import LatentCourse
from shipped import load_design

WEEKS = (0.0, 12.0, 24.0, 36.0, 52.0)
YEAR = 365.25 / 7.0
NEVER = np.inf
SHORT_LIST = ("renal_crisis", "left_ventricular_failure", "pulmonary_arterial_hypertension")
ORGANS = (*SHORT_LIST, "gut_failure", "digital_ischemia")
WORSENING = {"mrss_points": 5.0, "mrss_percent": 25.0, "fvc_percent": 10.0}
QUIET: dict[str, dict[str, object]] = {
    "dropout": {
        "at_random": 0.0,
        "adverse_event": 0.0,
        "lack_of_efficacy_share": 0.0,
        "observed_after_stop_share": 0.0,
        "worsening": WORSENING,
    },
    "rescue": {"share": 0.0, "from_week": 16.0, "worsening": WORSENING},
    "missed_visits": {"share": 0.0},
    "organ_events": {**dict.fromkeys((*ORGANS, "death"), 0.0), "renal_crisis_first_year": None},
}


def rules(**parts: dict[str, object]) -> AssumedRules:
    """Return rules under which nothing happens but what ``parts`` say."""
    plan = load_design("daisy").assumed.model_dump()
    for name in {*QUIET, *parts}:
        plan[name] |= QUIET.get(name, {}) | parts.get(name, {})
    return AssumedRules.model_validate(plan)


def luck(**known: float | list[float]) -> ConductNoise:
    """Return one subject's uniform numbers: one half but where known, by purpose with underscores."""
    drawn = draw_conduct_noise(1, 0, WEEKS, 1)
    number = {name: known.pop(name.replace(" ", "_"), 0.5) for name in (*drawn.once, *drawn.at_visits)}
    assert not known
    return ConductNoise(
        {name: np.full((1, 1), number[name]) for name in drawn.once},
        {name: np.broadcast_to(number[name], (1, 1, len(WEEKS))) for name in drawn.at_visits},
    )


def readings(mrss: list[float] | float = 20.0, fvc: list[float] | float = 80.0) -> dict[str, np.ndarray]:
    shape = (1, 1, len(WEEKS))
    return {"mrss": np.broadcast_to(mrss, shape), "fvc_percent": np.broadcast_to(fvc, shape)}


def observe(
    plan: AssumedRules, noise: ConductNoise, read: Mapping[str, np.ndarray] | None = None, **options: object
) -> ObservedArm:
    course = LatentCourse("arm", 3, np.array(WEEKS), {}, np.array(["ok"]))
    return conduct(course, read or readings(), plan, noise, {"age_years": np.array([50.0])}, **options)


def told(arm: ObservedArm) -> tuple[float, str, float, float]:
    """Return week of stopping, its reason, week of leaving, week of escape therapy."""
    reason = ("", "at random", "adverse event", "lack of efficacy")[int(arm.discontinuation_reason[0, 0])]
    stop, leaving, rescue = arm.discontinuation_week, arm.leaving_week, arm.rescue_week
    return float(stop[0, 0]), reason, float(leaving[0, 0]), float(rescue[0, 0])


# --- stopping -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rate", "purpose", "reason"),
    [
        ("at_random", "leaving_at_random", "at random"),
        ("adverse_event", "leaving_for_an_adverse_event", "adverse event"),
    ],
)
def test_a_yearly_rate_is_per_365_25_days(rate: str, purpose: str, reason: str) -> None:
    plan = rules(dropout={rate: 2.0})
    half_gone = np.log(2.0) / 2.0 * YEAR
    assert told(observe(plan, luck())) == (pytest.approx(half_gone), reason, pytest.approx(half_gone), NEVER)
    late = np.exp(-2.0 * 52.0 / YEAR)
    assert told(observe(plan, luck(**{purpose: 0.999 * late}))) == (NEVER, "", NEVER, NEVER)
    assert told(observe(plan, luck(**{purpose: 1.001 * late})))[0] == pytest.approx(52.0, abs=0.1)


def test_the_first_cause_counts() -> None:
    plan = rules(dropout={"at_random": 2.0, "adverse_event": 2.0, "lack_of_efficacy_share": 1.0})
    worse = readings(mrss=[20.0, 26.0, 26.0, 26.0, 26.0])
    early, late = np.exp(-2.0 * 6.0 / YEAR), np.exp(-2.0 * 30.0 / YEAR)
    for known, expected in (
        ({"leaving_at_random": early, "leaving_for_an_adverse_event": late}, (6.0, "at random")),
        ({"leaving_at_random": late, "leaving_for_an_adverse_event": early}, (6.0, "adverse event")),
        ({"leaving_at_random": late, "leaving_for_an_adverse_event": late}, (12.0, "lack of efficacy")),
    ):
        stop, reason, *_ = told(observe(plan, luck(**known), worse))
        assert (stop, reason) == (pytest.approx(expected[0]), expected[1])


WORSE = [
    (20.0, 25.0, 80.0, 80.0, True),  # 5 points and 25 %
    (20.0, 24.0, 80.0, 80.0, False),  # 4 points
    (24.0, 29.0, 80.0, 80.0, False),  # 5 points, but 21 %
    (10.0, 14.0, 80.0, 80.0, False),  # 40 %, but 4 points
    (10.0, 15.0, 80.0, 80.0, True),
    (20.0, 20.0, 80.0, 72.0, True),  # a tenth of the lung
    (20.0, 20.0, 80.0, 72.1, False),
    (20.0, 20.0, 100.0, 90.1, False),
    (25.0, 20.0, 72.0, 80.0, False),  # better
]


@pytest.mark.parametrize(("mrss0", "mrss1", "fvc0", "fvc1", "is_worse"), WORSE)
def test_skin_or_lung_worsen_by_points_and_percent(
    mrss0: float, mrss1: float, fvc0: float, fvc1: float, is_worse: bool
) -> None:
    read = readings(mrss=[mrss0, mrss0, mrss1, mrss0, mrss0], fvc=[fvc0, fvc0, fvc1, fvc0, fvc0])
    stopping = observe(rules(dropout={"lack_of_efficacy_share": 1.0}), luck(), read)
    assert told(stopping)[:2] == ((24.0, "lack of efficacy") if is_worse else (NEVER, ""))
    escape = observe(rules(rescue={"share": 1.0}), luck(), read)
    assert told(escape)[3] == (24.0 if is_worse else NEVER)


@pytest.mark.parametrize(("uniform", "gives_up"), [(0.29, True), (0.31, False)])
def test_a_share_of_those_who_are_worse_gives_up_at_each_visit(uniform: float, gives_up: bool) -> None:
    plan = rules(dropout={"lack_of_efficacy_share": 0.3})
    worse = readings(mrss=[20.0, 20.0, 30.0, 30.0, 30.0])
    noise = luck(leaving_for_lack_of_efficacy=[0.0, 0.0, 0.9, uniform, 0.9])
    assert told(observe(plan, noise, worse))[0] == (36.0 if gives_up else NEVER)


def test_nobody_gives_up_at_a_visit_that_was_missed() -> None:
    plan = rules(dropout={"lack_of_efficacy_share": 1.0}, missed_visits={"share": 0.3})
    worse = readings(mrss=[20.0, 20.0, 30.0, 30.0, 30.0])
    arm = observe(plan, luck(missed_visit=[0.1, 0.9, 0.29, 0.31, 0.9]), worse)
    assert told(arm)[0] == 36.0
    assert arm.attended[0, 0].tolist() == [True, True, False, True, False], "baseline is never missed"


@pytest.mark.parametrize(
    ("uniform", "leaving", "seen"),
    [(0.39, NEVER, [True] * 5), (0.41, 24.0, [True, True, True, False, False])],
)
def test_a_share_of_those_who_stop_stays_under_observation(
    uniform: float, leaving: float, seen: list[bool]
) -> None:
    plan = rules(dropout={"lack_of_efficacy_share": 1.0, "observed_after_stop_share": 0.4})
    worse = readings(mrss=[20.0, 20.0, 30.0, 30.0, 30.0])
    arm = observe(plan, luck(staying_after_stopping=uniform), worse)
    assert told(arm)[0] == 24.0
    assert told(arm)[2] == leaving
    assert arm.attended[0, 0].tolist() == seen, "the visit of stopping still takes place"


def test_a_visit_that_was_not_simulated_does_not_take_place() -> None:
    arm = observe(rules(), luck(), readings(fvc=[80.0, 80.0, np.nan, np.nan, np.nan]))
    assert arm.attended[0, 0].tolist() == [True, True, False, False, False]


# --- escape therapy -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("from_week", "expected"), [(0.0, 12.0), (12.0, 12.0), (13.0, 24.0), (53.0, NEVER)])
def test_escape_therapy_is_given_from_its_week_on(from_week: float, expected: float) -> None:
    worse = readings(mrss=[20.0, 30.0, 30.0, 30.0, 30.0])
    assert told(observe(rules(rescue={"share": 1.0, "from_week": from_week}), luck(), worse))[3] == expected


def test_a_share_of_those_who_are_worse_gets_it_at_each_attended_visit() -> None:
    plan = rules(rescue={"share": 0.4, "from_week": 0.0}, missed_visits={"share": 0.1})
    worse = readings(mrss=[20.0, 30.0, 30.0, 30.0, 30.0])
    noise = luck(escape_therapy=[0.0, 0.41, 0.39, 0.39, 0.39], missed_visit=[0.5, 0.5, 0.05, 0.5, 0.5])
    assert told(observe(plan, noise, worse))[3] == 36.0


def test_who_left_gets_none() -> None:
    plan = rules(dropout={"at_random": 2.0}, rescue={"share": 1.0})
    worse = readings(mrss=[20.0, 20.0, 20.0, 30.0, 30.0])
    arm = observe(plan, luck(leaving_at_random=np.exp(-2.0 * 30.0 / YEAR)), worse)
    assert told(arm) == (pytest.approx(30.0), "at random", pytest.approx(30.0), NEVER)


@pytest.mark.parametrize(
    ("without", "expected"),
    [
        ((), (24.0, "lack of efficacy", 24.0, 24.0)),
        (("discontinuation",), (NEVER, "", NEVER, 24.0)),
        (("rescue",), (24.0, "lack of efficacy", 24.0, NEVER)),
    ],
)
def test_events_can_be_taken_out_one_by_one(without: tuple[str, ...], expected: tuple) -> None:
    plan = rules(dropout={"lack_of_efficacy_share": 1.0}, rescue={"share": 1.0})
    worse = readings(mrss=[20.0, 20.0, 30.0, 30.0, 30.0])
    assert told(observe(plan, luck(), worse, without=frozenset(without))) == expected


# --- readings after events ----------------------------------------------------------------------------------------


def marked(read: Mapping[str, np.ndarray]):
    """Return readings in which a subject who stopped is read 0.1 higher and one with escape therapy 0.01 higher."""

    def reread(stop: np.ndarray, rescue: np.ndarray) -> dict[str, np.ndarray]:
        mark = 0.1 * np.isfinite(stop) + 0.01 * np.isfinite(rescue)
        return {name: values + mark[..., None] for name, values in read.items()}

    return reread


@pytest.mark.parametrize(
    ("worse_for_stop", "worse_for_escape", "added"),
    [
        (12.0, 36.0, [0.0, 0.0, 0.1, 0.1, 0.11]),
        (36.0, 12.0, [0.0, 0.0, 0.01, 0.01, 0.11]),
        (24.0, 24.0, [0.0, 0.0, 0.0, 0.11, 0.11]),
        (24.0, NEVER, [0.0, 0.0, 0.0, 0.1, 0.1]),
        (NEVER, 24.0, [0.0, 0.0, 0.0, 0.01, 0.01]),
        (NEVER, NEVER, [0.0] * 5),
    ],
)
def test_readings_change_after_the_first_event_and_again_after_the_second(
    worse_for_stop: float, worse_for_escape: float, added: list[float]
) -> None:
    plan = rules(
        dropout={"lack_of_efficacy_share": 0.5, "observed_after_stop_share": 1.0},
        rescue={"share": 0.5, "from_week": 0.0},
    )
    noise = luck(
        leaving_for_lack_of_efficacy=[0.1 if week == worse_for_stop else 0.9 for week in WEEKS],
        escape_therapy=[0.1 if week == worse_for_escape else 0.9 for week in WEEKS],
    )
    read = readings(mrss=[20.0, 30.0, 30.0, 30.0, 30.0])
    arm = observe(plan, noise, read, reread=marked(read))
    assert told(arm)[0] == worse_for_stop
    assert told(arm)[3] == worse_for_escape
    for name, values in read.items():
        assert arm.values[name][0, 0] - values[0, 0] == pytest.approx(added, abs=1e-12), name


def test_an_event_changes_who_is_worse_later() -> None:
    """Stopping makes the skin worse, and what is read then brings escape therapy; without it nobody is rescued."""
    plan = rules(
        dropout={"at_random": 2.0, "observed_after_stop_share": 1.0}, rescue={"share": 1.0, "from_week": 0.0}
    )
    noise = luck(leaving_at_random=np.exp(-2.0 * 20.0 / YEAR))
    read = readings()

    def reread(stop: np.ndarray, rescue: np.ndarray) -> dict[str, np.ndarray]:
        return {name: values + 10.0 * np.isfinite(stop)[..., None] for name, values in read.items()}

    assert told(observe(plan, noise, read))[3] == NEVER
    assert told(observe(plan, noise, read, reread=reread))[3] == 24.0


# --- organ events, and what is only passed on ---------------------------------------------------------------------


@pytest.mark.parametrize("organ", ORGANS)
def test_organ_events_happen_at_their_rates_and_belong_to_their_lists(organ: str) -> None:
    arm = observe(rules(organ_events={organ: 1.5}), luck(**{organ: 0.25}))
    week = float(np.log(4.0) / 1.5 * YEAR)
    short = week if organ in SHORT_LIST else NEVER
    assert arm.organ_event_week["extended"][0, 0] == pytest.approx(week)
    assert arm.organ_event_week["acr_2016"][0, 0] == pytest.approx(short)


def test_death_ends_treatment_and_follow_up() -> None:
    plan = rules(organ_events={"death": 2.0})
    week = float(np.log(2.0) / 2.0 * YEAR)
    arm = observe(plan, luck())
    assert float(arm.discontinuation_week[0, 0]) == pytest.approx(week)
    assert float(arm.leaving_week[0, 0]) == pytest.approx(week)
    assert REASONS[int(arm.discontinuation_reason[0, 0])] == "death"
    assert float(arm.organ_event_week["death"][0, 0]) == pytest.approx(week)
    assert arm.attended[0, 0].tolist() == [True, True, False, False, False]


def test_who_stopped_before_and_stays_is_seen_until_death() -> None:
    plan = rules(organ_events={"death": 1.0}, dropout={"at_random": 2.0, "observed_after_stop_share": 1.0})
    stop, dies = np.exp(-2.0 * 6.0 / YEAR), np.exp(-1.0 * 30.0 / YEAR)
    arm = observe(plan, luck(leaving_at_random=stop, death=dies))
    assert told(arm)[:3] == (pytest.approx(6.0), "at random", pytest.approx(30.0))
    assert arm.attended[0, 0].tolist() == [True, True, True, False, False]
    late = observe(plan, luck(leaving_at_random=stop, death=np.exp(-1.0 * 53.0 / YEAR)))
    assert told(late)[2] == NEVER, "death after the last visit is not part of the trial"


def test_an_organ_that_recovers_has_its_event_later() -> None:
    plan = rules(organ_events={"renal_crisis": 1.0})
    halved = readings() | {"renal_crisis_relative_hazard": np.full((1, 1, 5), 0.5)}
    arm = observe(plan, luck(renal_crisis=0.5), halved)
    assert arm.organ_event_week["acr_2016"][0, 0] == pytest.approx(2 * np.log(2.0) * YEAR)


def test_the_first_organ_event_counts() -> None:
    plan = rules(organ_events=dict.fromkeys(ORGANS, 1.0))
    arm = observe(plan, luck(renal_crisis=0.5, gut_failure=0.9, digital_ischemia=0.6))
    assert arm.organ_event_week["acr_2016"][0, 0] == pytest.approx(np.log(2.0) * YEAR)
    assert arm.organ_event_week["extended"][0, 0] == pytest.approx(-np.log(0.9) * YEAR)


def test_an_arm_is_told_with_what_later_steps_need() -> None:
    noise = luck(zoster=0.11, serious_infection=0.22, ulcers=0.33)
    arm = observe(rules(), noise)
    uniforms = {name: float(values[0, 0]) for name, values in arm.uniforms.items()}
    assert uniforms == {"zoster": 0.11, "serious infection": 0.22, "ulcers": 0.33}
    assert (arm.arm, arm.world, arm.visit_week.tolist()) == ("arm", 3, list(WEEKS))
    assert (arm.offset_days.shape, arm.offset_days.any()) == ((1, 1, 5), False)
    off = np.full((1, 1, 5), 2.0)
    assert observe(rules(), noise, offset_days=off).offset_days is off


def test_every_event_has_its_own_luck() -> None:
    """Of purpose, visit, repeat, world and seed."""
    seen = set()
    for seed in (1, 2):
        for world in (0, 1):
            noise = draw_conduct_noise(seed, world, WEEKS, 4, 2)
            seen |= {tuple(numbers) for values in noise.once.values() for numbers in values}
            seen |= {tuple(n) for values in noise.at_visits.values() for repeat in values for n in repeat.T}
    once, at_visits = 12, 3
    assert len(seen) == 2 * 2 * 2 * (once + at_visits * len(WEEKS))
    assert np.array_equal(
        draw_conduct_noise(1, 0, WEEKS, 4, 2).once["zoster"][1],
        draw_conduct_noise(1, 0, WEEKS, 4, 1, 1).once["zoster"][0],
    )

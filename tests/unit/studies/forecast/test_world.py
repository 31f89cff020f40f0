"""One world of a forecast by hand: invented courses and responses in, numbers of the report out."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from ifntrial.clinic.responses_by_rule import RuleResponses
from ifntrial.design.design import TrialDesign
from ifntrial.errors import FileError
from ifntrial.evidence.load import load_evidence
from ifntrial.patients.records import LatentCourse, VirtualPopulation
from ifntrial.statistics.cmh_power import StratumRates
from ifntrial.statistics.power import power_of_stratified_cmh
from ifntrial.studies import common_trial, other_drugs
from ifntrial.studies.common_trial import CommonTrial
from ifntrial.studies.forecast import gather
from ifntrial.studies.forecast import world as forecast_world
from ifntrial.studies.forecast.courses import difference_at_primary, signature_courses
from ifntrial.studies.forecast.gather import gather_worlds
from ifntrial.studies.forecast.records import (
    AimNumbers,
    Audit,
    ForecastWorld,
    GroupNumbers,
    RuleNumbers,
    SubjectNumbers,
    WorldNumbers,
)
from ifntrial.studies.forecast.world import ForecastTrial, simulate_world
from ifntrial.studies.safety.in_worlds import SafetyNumbers
from ifntrial.worlds.draw import Worlds
from shipped import CATALOG, load_design
from toy_trial import EXACT

LIMIT = load_evidence().parameter("signature_healthy_upper")
NAN = float("nan")
NO_AIMS = AimNumbers({}, (), {})
SAFETY = SafetyNumbers({"drug": 0.9}, {"zoster": {"drug": 0.03}})
IS_HIGH = np.array([True, True, True, False, False])
HAS_ILD = np.array([True, True, False, True, False])
WEIGHT = np.array([1.0, 2.0, 1.0, 3.0, 1.0])
ACTIVE, CONTROL = np.array([0.6, 0.5, 0.8, 0.4, 0.3]), np.array([0.4, 0.45, 0.5, 0.35, 0.3])
OTHER_RULE = RuleResponses(0.9 * ACTIVE, 0.8 * CONTROL)
EFFECT = {
    "phi_inflammation",
    "phi_skin",
    "phi_lung",
    "phi_vessel",
    "phi_patient_reported",
    "phi_heart",
    "brake",
    "brake_lung",
}
FOLLOWED = (
    "mrss",
    "fvc_percent",
    "haq_di",
    "patient_global",
    "physician_global",
    "signature_suppression_blood",
    "signature_suppression_skin",
    "nt_probnp",
    "troponin",
    "dlco_percent",
    "capillary_density",
    "chemokine_score",
)


def design_of(shares: tuple[int, int], size: int) -> TrialDesign:
    """Return DAISY with one stratum factor and arms in these shares."""
    daisy = load_design("daisy")
    arms = tuple(
        arm.model_copy(update={"allocation": share}) for arm, share in zip(daisy.arms, shares, strict=True)
    )
    sizes = daisy.size.model_copy(update={"planned": size, "enrolled": size})
    return daisy.model_copy(update={"arms": arms, "size": sizes, "strata": daisy.strata[:1]})


def course(arm: str, weeks: tuple[float, ...], shift: float, status: list[str]) -> LatentCourse:
    """Return a course whose quantity number k of subject i at visit v is ``shift + 100 k + 10 i + v``."""
    visit, subject = np.arange(len(weeks)), np.arange(5)[:, None]
    values = {
        name: shift + 100.0 * k + 10.0 * subject + visit
        for k, name in enumerate((*FOLLOWED[:8], "signature_blood", *FOLLOWED[8:]))
    }
    return LatentCourse(
        arm, 40, np.array(weeks), values, np.array(status), audit_errors=np.array([shift * 1e-6, np.nan])
    )


def invented(monkeypatch, design: TrialDesign, status: dict[str, list[str]] | None = None) -> ForecastTrial:
    """Return a trial of two panels of five subjects, of whom the second is told; nothing is solved."""
    sound = ["ok"] * 5
    told = {"anifrolumab": sound, "placebo": sound} | (status or {})

    def simulate_arm(model, parameters, regimen, visit_week, *, arm, world):
        assert world == 40
        shift = {"anifrolumab": 0.5, "placebo": 0.0}[arm]
        return course(arm, tuple(visit_week), shift, told[arm])

    def responses_by_rule(design, endpoint, courses, covariates, error, *, seed, replicates, variants):
        assert (seed, replicates, error, variants) == (9, 6, EXACT, None)
        assert covariates["has_ild"].tolist() == HAS_ILD.tolist(), "the second world has the second panel"
        return {"": RuleResponses(ACTIVE, CONTROL), "rcriss_30": OTHER_RULE}

    def aim_numbers(trial, endpoints, courses, subjects, primary):
        assert (endpoints, trial.seed, trial.replicates, trial.error) == ("endpoints", 9, 6, EXACT)
        assert subjects.covariates["has_ild"].tolist() == HAS_ILD.tolist()
        assert primary.power.rates.overall[0] > 0
        assert primary.found == RuleResponses(ACTIVE, CONTROL)
        return NO_AIMS

    def subject_parameters(model, evidence, population, worlds, position):
        return {name: np.full(5, values[position]) for name, values in worlds.parameters.items()}

    monkeypatch.setattr(other_drugs, "simulate_arm", simulate_arm)
    monkeypatch.setattr(common_trial, "responses_by_rule", responses_by_rule)
    monkeypatch.setattr(forecast_world, "aim_numbers", aim_numbers)
    monkeypatch.setattr(forecast_world, "safety_numbers", lambda common, courses, weight: SAFETY)
    monkeypatch.setattr(other_drugs, "subject_parameters", subject_parameters)
    parameters = dict.fromkeys(sorted(EFFECT), 0.3) | {"effect_follows_signal": 1.0, "a_mmf": 0.4}
    common = CommonTrial(
        design=design,
        endpoint=None,
        model=None,
        evidence=SimpleNamespace(parameter={LIMIT.name: replace(LIMIT, value=811.0)}.__getitem__),
        population=VirtualPopulation(
            {"is_ifn_high": np.append(~IS_HIGH, IS_HIGH), "has_ild": np.append(~HAS_ILD, HAS_ILD)},
            {},
            {},
            np.append(9 * WEIGHT, WEIGHT),
        ),
        error=EXACT,
        seed=9,
        replicates=6,
        analysis=CATALOG.analyses["cmh"],
    )
    return ForecastTrial(
        common,
        endpoints="endpoints",
        panels=2,
        panel_of_world=(0, 1),
        worlds=Worlds(
            np.array([30, 40]),
            {name: np.array([9.9, value]) for name, value in parameters.items()},
            {"trial_mrss": np.array([9.9, -1.5])},
            np.array([False, False]),
        ),
    )


@pytest.mark.parametrize(
    ("shares", "size", "per_arm"),
    [((1, 1), 314, (157, 157)), ((2, 1), 315, (210, 105)), ((3, 1), 200, (150, 50))],
)
def test_the_power_of_a_world_counts_each_arm(monkeypatch, shares, size, per_arm):
    trial = invented(monkeypatch, design_of(shares, size))
    record = simulate_world(trial, 1).record
    found = record.numbers
    sizes = {"n_active": per_arm[0], "n_control": per_arm[1]}
    stratum = HAS_ILD.astype(np.int64)
    for rule, (active, control) in {
        "": (ACTIVE, CONTROL),
        "rcriss_30": (0.9 * ACTIVE, 0.8 * CONTROL),
    }.items():
        expected = power_of_stratified_cmh(active, control, WEIGHT, stratum, **sizes)
        assert found.rules[rule].power == pytest.approx(expected.power, abs=1e-12)
        assert found.rules[rule].standard_error == pytest.approx(expected.standard_error, abs=1e-12)
    own = power_of_stratified_cmh(ACTIVE, CONTROL, WEIGHT, stratum, **sizes)
    assert record.influence["all"] == pytest.approx(own.influence)
    share = 0.5  # the first three weigh 4 of 8
    one = np.zeros(5, dtype=np.int64)
    for group, member in (("high", IS_HIGH), ("low", ~IS_HIGH)):
        sizes = {"n_active": share * per_arm[0], "n_control": share * per_arm[1]}
        expected = power_of_stratified_cmh(ACTIVE, CONTROL, WEIGHT * member, one, **sizes)
        assert found.by_ifn[group].numbers.power == pytest.approx(expected.power, abs=1e-12), group
        assert record.influence[group] == pytest.approx(expected.influence)
        assert found.by_ifn[group].share == share


def test_the_level_is_that_of_the_design(monkeypatch):
    design = design_of((1, 1), 314)
    plan = design.assumed.analysis.model_copy(update={"alpha_one_sided": 0.05})
    wide = design.model_copy(update={"assumed": design.assumed.model_copy(update={"analysis": plan})})
    found = simulate_world(invented(monkeypatch, wide), 1).record.numbers
    low = np.array([0.0, 0.0, 0.0, 3.0, 1.0])
    expected = power_of_stratified_cmh(
        ACTIVE, CONTROL, low, np.zeros(5, np.int64), n_active=78.5, n_control=78.5, alpha_one_sided=0.05
    )
    assert found.by_ifn["low"].numbers.power == pytest.approx(expected.power, abs=1e-12)


def test_rates_are_weighted_means_of_each_arm(monkeypatch):
    found = simulate_world(invented(monkeypatch, design_of((2, 1), 315)), 1).record.numbers.rules[""]
    active, control = (WEIGHT * ACTIVE).sum() / 8, (WEIGHT * CONTROL).sum() / 8
    assert (found.active, found.control) == (pytest.approx(active), pytest.approx(control))
    odds = active / (1 - active) / (control / (1 - control))
    assert found.log_odds_ratio == pytest.approx(np.log(odds))
    assert found.strata.share == pytest.approx([2 / 8, 6 / 8])
    assert found.strata.active == pytest.approx([(0.8 + 0.3) / 2, (0.6 + 2 * 0.5 + 3 * 0.4) / 6])
    assert found.strata.control == pytest.approx([(0.5 + 0.3) / 2, (0.4 + 2 * 0.45 + 3 * 0.35) / 6])


def test_means_over_time_are_weighted_and_belong_to_arm_group_and_quantity(monkeypatch):
    trial = invented(monkeypatch, design_of((1, 1), 314))
    means = simulate_world(trial, 1).record.means
    assert sorted(means) == sorted(FOLLOWED)
    visits = np.arange(len(trial.design.visit_weeks))
    middle = {"all": (2 * 1 + 2 + 3 * 3 + 4) / 8, "high": (2 * 1 + 2) / 4, "low": (3 * 3 + 4) / 4}
    for k, name in enumerate((*FOLLOWED[:8], "signature_blood", *FOLLOWED[8:])):
        if name == "signature_blood":
            continue
        for group, place in middle.items():
            for arm, shift in (("anifrolumab", 0.5), ("placebo", 0.0)):
                expected = shift + 100.0 * k + 10.0 * place + visits
                assert means[name][group][arm] == pytest.approx(expected.tolist()), (name, group, arm)


def test_the_signature_of_each_group_is_read_at_the_primary_visit(monkeypatch):
    design = design_of((1, 1), 314)
    early = design.primary.model_copy(update={"visit_week": 24.0})
    trial = invented(monkeypatch, design.model_copy(update={"primary": early}))
    primary = 3
    assert trial.design.visit_weeks[primary] == 24.0
    found = simulate_world(trial, 1).record.numbers.by_ifn
    # quantity number 5; the median of subjects 0, 1, 2 and of 3, 4
    assert found["high"].suppression_blood == pytest.approx(0.5 + 500 + 10 + primary)
    assert found["low"].suppression_blood == pytest.approx(0.5 + 500 + 35 + primary)
    # quantity number 8: below 811 are subjects 0 and 1 on placebo, and on active at that visit fewer
    reached = 800 + 10 * np.arange(3) + primary
    for arm, shift in (("anifrolumab", 0.5), ("placebo", 0.0)):
        assert found["high"].returned[arm] == np.mean(reached + shift <= 811)
        assert found["low"].returned[arm] == 0.0


def test_a_subject_that_fails_in_one_arm_weighs_nothing_anywhere(monkeypatch):
    status = {"placebo": ["ok", "too many steps", "ok", "ok", "ok"]}
    record = simulate_world(
        invented(monkeypatch, design_of((1, 1), 314), status), 1, keep_subjects=True
    ).record
    found = record.numbers
    weight = WEIGHT * [1, 0, 1, 1, 1]
    assert found.status == {"ok": 9, "too many steps": 1}
    assert found.failed == {"1": "placebo: too many steps"}
    assert found.rules[""].active == pytest.approx((weight * ACTIVE).sum() / 6)
    assert record.means["mrss"]["all"]["placebo"][0] == pytest.approx((20 + 3 * 30 + 40) / 6)
    assert found.by_ifn["high"].share == pytest.approx(2 / 6)
    assert record.subjects.active.tolist() == ACTIVE.tolist()
    assert record.subjects.control.tolist() == CONTROL.tolist()
    last = len(record.means["mrss"]["all"]["placebo"]) - 1
    assert record.subjects.suppression_blood.tolist() == [500.5 + 10 * i + last for i in range(5)]


def test_a_world_is_told_with_its_own_numbers(monkeypatch):
    found = simulate_world(invented(monkeypatch, design_of((1, 1), 314)), 1).record
    assert found.numbers.world == 40
    assert found.parameters["a_mmf"] == 0.4
    assert found.history == {"trial_mrss": -1.5}
    assert found.numbers.audit == Audit(4, pytest.approx(0.5e-6))
    assert found.subjects is None


# --- over worlds --------------------------------------------------------------------------------------------------


def over_worlds(means: dict, weight: tuple[float, ...] = (1.0,), returned: dict | None = None):
    """Return what functions of all worlds look at: a design whose second visit is the primary one, and the worlds."""
    design = SimpleNamespace(
        active=SimpleNamespace(name="drug"),
        control=SimpleNamespace(name="placebo"),
        visit_weeks=(0.0, 52.0),
        primary_visit=1,
    )
    choice = SimpleNamespace(counts={"mixture": np.array(weight)})
    by_ifn = {} if returned is None else {"high": SimpleNamespace(returned=returned)}
    worlds = SimpleNamespace(means=means, by_ifn=by_ifn)
    return SimpleNamespace(trial=SimpleNamespace(design=design), choice=choice), worlds


def test_a_difference_is_active_minus_placebo_at_the_primary_visit():
    absent = [NAN, NAN, NAN]
    prepared, worlds = over_worlds(
        {
            "mrss": {
                "all": {
                    "drug": np.array([[20.0, 14.0, 3.0], [20.0, 16.0, 3.0]]),
                    "placebo": np.array([[20.0, 17.5, 5.0], [20.0, 15.0, 7.0]]),
                },
                "low": {
                    "drug": np.array([absent, [1.0, 1.0, 1.0]]),
                    "placebo": np.array([absent, absent]),
                },
            }
        }
    )
    assert difference_at_primary(worlds, "mrss", "all", prepared).tolist() == [-3.5, 1.0]
    assert np.isnan(difference_at_primary(worlds, "mrss", "low", prepared)).all()


def test_blood_is_blood_and_skin_is_skin_in_each_arm():
    factor = np.array([[1.0], [0.5]])
    blood = {"drug": factor * [0.0, 0.8], "placebo": factor * [0.0, 0.1]}
    skin = {"drug": factor * [0.0, 0.5], "placebo": factor * [0.0, 0.05]}
    means = {
        "mrss": {"high": {"drug": np.full((2, 2), 20.0), "placebo": np.full((2, 2), 20.0)}},
        "signature_suppression_blood": {"high": blood},
        "signature_suppression_skin": {"high": skin},
    }
    returned = {"drug": np.array([0.9, 0.5]), "placebo": np.array([0.2, 0.0])}
    found = signature_courses(*over_worlds(means, weight=(1.0, 0.0), returned=returned))
    assert found.group == "high"
    assert found.visit_weeks == (0.0, 52.0)
    assert found.returned_to_healthy == {"drug": 0.9, "placebo": 0.2}
    middle = {
        (arm, tissue): list(getattr(found.by_arm[arm], f"suppression_{tissue}").q50)
        for arm in ("drug", "placebo")
        for tissue in ("blood", "skin")
    }
    assert middle == {
        ("drug", "blood"): [0.0, 0.8],
        ("drug", "skin"): [0.0, 0.5],
        ("placebo", "blood"): [0.0, 0.1],
        ("placebo", "skin"): [0.0, 0.05],
    }


def one_world(number: int, mean: float, influence: list[float], subjects: bool = False) -> ForecastWorld:
    chances = np.array(influence)
    return ForecastWorld(
        numbers=WorldNumbers(number, {}, {}, Audit(0, None), {"": told(0.3)}, {}, NO_AIMS, SAFETY),
        means={"mrss": {"all": {"drug": np.array([20.0, mean])}}},
        influence={"all": np.array(influence)},
        parameters={},
        history={},
        subjects=SubjectNumbers(chances, chances / 2, chances + 1) if subjects else None,
    )


def counted(counts, has_effect=(True, True)):
    return SimpleNamespace(counts=counts, has_effect=np.array(has_effect))


def test_errors_of_panels_of_different_subjects_add_up_as_variances(tmp_path):
    records = [(0, one_world(7, 15.0, [0.1, -0.2])), (1, one_world(9, 16.0, [0.3, 0.2]))]
    found = gather_worlds(records, counted({"one": np.array([0.25, 0.75])}), (0, 1), tmp_path)
    # a quarter of the first world's subjects, and three quarters of the second's, who are others
    expected = np.sqrt(0.025**2 + 0.05**2 + 0.225**2 + 0.15**2)
    assert found.monte_carlo_error["all"]["one"] == pytest.approx(expected)


def test_all_worlds_are_kept_in_order_and_errors_of_common_subjects_add_up(tmp_path):
    records = [(0, one_world(7, 15.0, [0.1, -0.2])), (1, one_world(9, 16.0, [0.3, 0.2]))]
    choice = counted({"one": np.array([0.25, 0.75]), "other": np.array([1.0, 0.0])})
    found = gather_worlds(records, choice, (0, 0), tmp_path)
    assert found.numbers == (7, 9)
    assert found.means["mrss"]["all"]["drug"].tolist() == [[20.0, 15.0], [20.0, 16.0]]
    # a quarter of the first world and three of the second: 0.25 and 0.1 for the two subjects
    assert found.monte_carlo_error["all"]["one"] == pytest.approx(np.hypot(0.25, 0.1))
    assert found.monte_carlo_error["all"]["other"] == pytest.approx(np.hypot(0.1, 0.2))
    assert found.subjects is None
    assert list(tmp_path.iterdir()) == [], "what is put aside leaves nothing behind"


def told(power: float, ratio: float | None = 0.4) -> RuleNumbers:
    strata = StratumRates(np.ones(1), np.array([power]), np.array([0.3]))
    return RuleNumbers(power, power / 10, power / 2, power / 4, ratio, strata)


def test_numbers_of_all_worlds_stand_in_columns(tmp_path):
    """By rule and by group; a group that a world is without has no answer, statuses add up, the worst error is kept."""

    def group(power: float) -> GroupNumbers:
        return GroupNumbers(told(power), power + 0.01, power + 0.02, {"drug": power + 0.03, "placebo": 0.0})

    first = WorldNumbers(
        7, {"ok": 3, "bad": 1}, {"2": "drug: bad"}, Audit(2, 1e-6), {"": told(0.8), "other": told(0.6, None)},
        {"high": group(0.7), "low": group(0.1)}, NO_AIMS, SAFETY,
    )  # fmt: skip
    second = WorldNumbers(
        9,
        {"ok": 4},
        {},
        Audit(3, None),
        {"": told(0.4), "other": told(0.2)},
        {"high": group(0.5)},
        NO_AIMS,
        SAFETY,
    )
    records = [
        (place, replace(one_world(0, 15.0, [0.1]), numbers=each))
        for place, each in enumerate([first, second])
    ]
    found = gather_worlds(records, counted({"one": np.array([0.25, 0.75])}, (True, False)), (0, 0), tmp_path)
    assert list(found.rules) == ["", "other"]
    assert found.rules[""].power.tolist() == [0.8, 0.4]
    assert found.rules[""].standard_error == pytest.approx([0.08, 0.04])
    assert found.rules["other"].active.tolist() == [0.3, 0.1]
    assert found.rules["other"].control.tolist() == [0.15, 0.05]
    np.testing.assert_array_equal(found.rules["other"].log_odds_ratio, [NAN, 0.4])
    assert list(found.by_ifn) == ["high"]
    high = found.by_ifn["high"]
    assert high.numbers.power.tolist() == [0.7, 0.5]
    assert high.share == pytest.approx([0.71, 0.51])
    assert high.suppression_blood == pytest.approx([0.72, 0.52])
    assert list(high.returned) == ["drug", "placebo"]
    assert high.returned["drug"] == pytest.approx([0.73, 0.53])
    assert dict(found.status) == {"bad": 1, "ok": 7}
    assert found.failed == {0: {"2": "drug: bad"}}
    assert found.audit == Audit(5, 1e-6)
    assert found.safety.years["drug"].tolist() == [0.9, 0.9]
    assert found.safety.expected["zoster"]["drug"].tolist() == [0.03, 0.03]
    assert {number: rates.active.tolist() for number, rates in found.nulls.items()} == {9: [0.4]}


def test_a_disk_without_room_for_courses_is_one_message(tmp_path, monkeypatch):
    def full(dir):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(gather, "TemporaryFile", full)
    with pytest.raises(FileError, match=r"cannot be put aside .*No space left.*make room"):
        gather_worlds(
            [(0, one_world(7, 15.0, [0.1]))], counted({"one": np.ones(1)}, (True,)), (0, 0), tmp_path
        )


def test_subjects_of_a_cohort_are_kept_by_world(tmp_path):
    records = [(0, one_world(7, 15.0, [0.1, -0.2], True)), (1, one_world(9, 16.0, [0.3, 0.2], True))]
    found = gather_worlds(records, counted({"one": np.array([0.5, 0.5])}), (0, 0), tmp_path)
    assert found.subjects.active.tolist() == [[0.1, -0.2], [0.3, 0.2]]
    assert found.subjects.control.tolist() == [[0.05, -0.1], [0.15, 0.1]]
    assert found.subjects.suppression_blood.tolist() == [[1.1, 0.8], [1.3, 1.2]]
    assert not found.subjects.active.flags.writeable, "they lie in a file"
    assert list(tmp_path.iterdir()) == []

"""The planned analysis of one virtual trial by hand: who is in it, in which arm, at which level, in which direction."""

from dataclasses import dataclass, field
from types import SimpleNamespace

import numpy as np
import pytest

import shipped
from ifntrial.design.design import TrialDesign
from ifntrial.statistics.ancova import ancova
from ifntrial.statistics.cmh import StratifiedCounts, cmh_test
from ifntrial.statistics.logistic import logistic
from ifntrial.statistics.miettinen_nurminen import miettinen_nurminen
from ifntrial.studies.trial.one_trial import OneTrial
from shipped import design_from_mapping, primary_by_arm, primary_tests

# responders of subjects by arm and stratum: arm "one" 12/20 and 7/10, control 6/20 and 5/10, arm "two" 9/15 and 8/15
CELLS = {
    ("one", 0): (12, 20),
    ("one", 1): (7, 10),
    ("placebo", 0): (6, 20),
    ("placebo", 1): (5, 10),
    ("two", 0): (9, 15),
    ("two", 1): (8, 15),
}
ARMS = ("one", "placebo", "two")


def design_of(endpoint: str = "rcriss", among: str | None = None, **analysis: object) -> TrialDesign:
    """Return a trial of three arms whose control is neither first nor last."""
    drug = {"regimen": "120 mg SC every week"}
    return design_from_mapping(
        {
            "extends": "daisy",
            "schema_version": 1,
            "name": "three arms",
            "size": {"planned": 90},
            "arms": [
                {"name": "one", **drug},
                {"name": "placebo", "regimen": "placebo SC every week", "is_control": True},
                {"name": "two", **drug},
            ],
            "strata": [{"name": "ILD", "condition": "has_ild"}],
            "primary": {"endpoint": endpoint, "visit_week": 52, **({"among": among} if among else {})},
            "assumed": {
                "randomization": {"block_size": 6, "reason": "what the test needs"},
                "analysis": {"reason": "what the test needs", **analysis},
            },
        }
    )


@dataclass(frozen=True)
class _Arm:
    """What the analysis reads of an arm: one visit, at which everyone is seen, and nothing that stops anybody."""

    name: str
    outcome: np.ndarray
    status: np.ndarray
    values: dict[str, np.ndarray]
    attended: np.ndarray
    never: np.ndarray
    visit_week: np.ndarray = field(default_factory=lambda: np.array([52.0]))

    @property
    def discontinuation_week(self) -> np.ndarray:
        return self.never

    rescue_week = leaving_week = discontinuation_week


def trial_of(
    monkeypatch: pytest.MonkeyPatch,
    design: TrialDesign,
    values: np.ndarray | None = None,
    *,
    kind: str = "responder",
    higher_is_better: bool = True,
    failed: tuple[int, ...] = (),
) -> OneTrial:
    """Return a trial in which each subject's outcome in its own arm is that of ``CELLS``, and 9 in any other."""
    assigned, stratum, response = [], [], []
    for (arm, code), (responders, size) in CELLS.items():
        assigned += [ARMS.index(arm)] * size
        stratum += [code] * size
        response += [1.0] * responders + [0.0] * (size - responders)
    own = np.array(response) if values is None else values
    # subjects enrol in an order that has nothing to do with their arm
    order = np.random.default_rng(1).permutation(len(assigned))
    places, strata, own = np.array(assigned)[order], np.array(stratum)[order], own[order]
    status = np.full((3, len(own)), "ok", dtype="<U20")
    for subject in failed:
        status[places[subject], subject] = "too many steps"
    arms = {
        name: _Arm(
            name=name,
            outcome=np.where(places == place, own, 9.0)[None],
            status=status[place],
            values={"mrss": 10.0 * own[None, :, None] + np.arange(len(own))[None, :, None] % 7},
            attended=np.ones((1, len(own), 1), dtype=bool),
            never=np.full((1, len(own)), np.inf),
        )
        for place, name in enumerate(ARMS)
    }

    def compute(arm: _Arm, week: float, rules: object) -> np.ndarray:
        assert week == 52.0
        return arm.outcome

    endpoint = SimpleNamespace(
        name="mrss_change", kind=kind, is_log=False, higher_is_better=higher_is_better, compute=compute
    )
    monkeypatch.setattr(shipped, "endpoint_named", lambda name: endpoint)
    covariates = {"has_ild": strata.astype(float), "age_years": 30.0 + np.arange(len(own)) % 40}
    people = SimpleNamespace(population=SimpleNamespace(covariates=covariates))
    return OneTrial(design, 0, people, arms, places, strata, {})


def table(arm: str) -> StratifiedCounts:
    cells = [CELLS[name, code] for name in (arm, "placebo") for code in (0, 1)]
    x, n = np.array(cells, dtype=float).T.reshape(2, 2, 2)
    return StratifiedCounts(x[0], n[0], x[1], n[1])


def test_each_active_arm_is_tested_against_the_control(monkeypatch):
    found = primary_tests(trial_of(monkeypatch, design_of()))
    assert [test.arm for test in found] == ["one", "two"]
    for test in found:
        expected = cmh_test(table(test.arm))
        assert test.estimate == pytest.approx(float(expected.risk_difference))
        assert (test.low, test.high) == (
            pytest.approx(float(expected.low)),
            pytest.approx(float(expected.high)),
        )
        assert test.p_two_sided == pytest.approx(float(expected.p_two_sided))
        assert test.method == "stratified Cochran-Mantel-Haenszel test"
        assert (test.scale, test.problem) == ("risk difference", "")
    # 12/20 against 6/20 and 7/10 against 5/10, weighted 10 to 5
    assert found[0].estimate == pytest.approx((10 * 0.3 + 5 * 0.2) / 15)


def test_arms_are_counted_in_their_own_order(monkeypatch):
    found = primary_by_arm(trial_of(monkeypatch, design_of()))
    assert [(row.arm, row.subjects, row.known) for row in found] == [
        ("one", 30, 30),
        ("placebo", 30, 30),
        ("two", 30, 30),
    ]
    assert [row.mean for row in found] == pytest.approx([19 / 30, 11 / 30, 17 / 30])


def test_who_failed_in_its_own_arm_is_left_out(monkeypatch):
    trial = trial_of(monkeypatch, design_of(), failed=(0, 1, 2, 3, 4))
    gone = trial.assigned[:5]
    for place, row in enumerate(primary_by_arm(trial)):
        assert row.subjects == 30 - int((gone == place).sum())
    values = np.full(90, np.nan)
    values[:40] = 1.0
    some = primary_by_arm(trial_of(monkeypatch, design_of(), values))
    assert sum(row.known for row in some) == 40
    assert all(row.mean == 1.0 or (row.known == 0 and row.mean is None) for row in some)


def test_the_analysis_is_about_those_whom_the_plan_names(monkeypatch):
    with_ild = primary_tests(trial_of(monkeypatch, design_of(among="has_ild")))[0]
    assert with_ild.estimate == pytest.approx(0.7 - 0.5)
    rows = primary_by_arm(trial_of(monkeypatch, design_of(among="not has_ild")))
    assert [row.subjects for row in rows] == [20, 20, 15]


def level_of(found: float) -> list[tuple[float, bool]]:
    """Return one-sided levels just below and above half of a two-sided p value."""
    return [(0.45 * found, False), (0.55 * found, True), (0.95 * found, True)]


@pytest.mark.parametrize("method", ["cmh", "miettinen_nurminen", "logistic"])
def test_a_one_sided_level_is_half_of_a_two_sided_p(monkeypatch, method):
    first = primary_tests(trial_of(monkeypatch, design_of(method=method)))[0]
    assert first.estimate > 0
    assert first.p_two_sided < 0.2
    for level, is_met in level_of(first.p_two_sided):
        design = design_of(method=method, alpha_one_sided=level)
        assert primary_tests(trial_of(monkeypatch, design))[0].is_met is is_met


def test_a_difference_in_the_wrong_direction_is_never_met(monkeypatch):
    for higher_is_better, is_met in ((True, True), (False, False)):
        trial = trial_of(monkeypatch, design_of(alpha_one_sided=0.4), higher_is_better=higher_is_better)
        assert primary_tests(trial)[0].is_met is is_met


def test_the_planned_method_is_used(monkeypatch):
    score = primary_tests(trial_of(monkeypatch, design_of(method="miettinen_nurminen")))[0]
    expected = miettinen_nurminen(table("one"))
    assert (score.estimate, score.low, score.high) == pytest.approx(
        (expected.estimate, expected.low, expected.high)
    )
    assert score.p_two_sided == pytest.approx(expected.p_two_sided)
    assert score.method == "stratified risk difference of Miettinen and Nurminen"
    odds = primary_tests(trial_of(monkeypatch, design_of(method="logistic")))[0]
    subjects = [
        (responds, arm == "one", code)
        for arm in ("one", "placebo")
        for code in (0, 1)
        for responds in [1.0] * CELLS[arm, code][0] + [0.0] * (CELLS[arm, code][1] - CELLS[arm, code][0])
    ]
    response, active, code = (np.array(column) for column in zip(*subjects, strict=True))
    by_hand = logistic(response.astype(float), active.astype(bool), code[:, None].astype(float))
    assert odds.estimate == pytest.approx(by_hand.estimate)
    assert odds.p_two_sided == pytest.approx(by_hand.p_two_sided)
    assert (odds.scale, odds.method) == ("log odds ratio", "logistic regression on strata")


def test_sparse_strata_are_pooled_where_the_plan_says_so(monkeypatch):
    cells = {("one", 0): (9, 20), ("one", 1): (1, 1), ("one", 2): (0, 1)}
    cells |= {("placebo", 0): (6, 20), ("placebo", 1): (0, 1), ("placebo", 2): (1, 1), ("two", 0): (1, 1)}
    for key in list(CELLS):
        monkeypatch.delitem(CELLS, key)
    for key, value in cells.items():
        monkeypatch.setitem(CELLS, key, value)
    counts = StratifiedCounts(
        np.array([9.0, 1, 0]), np.array([20.0, 1, 1]), np.array([6.0, 0, 1]), np.array([20.0, 1, 1])
    )
    found = {
        rule: primary_tests(trial_of(monkeypatch, design_of(sparse_strata=rule)))[0].p_two_sided
        for rule in ("keep", "pool")
    }
    assert found["keep"] == pytest.approx(float(cmh_test(counts).p_two_sided))
    assert found["pool"] == pytest.approx(float(cmh_test(counts, sparse_strata="pool").p_two_sided))
    assert found["keep"] != found["pool"]


@pytest.mark.parametrize("kind", ["change", "value"])
def test_a_change_is_adjusted_for_baseline_and_strata(monkeypatch, kind):
    values = np.random.default_rng(2).normal(size=90)
    trial = trial_of(monkeypatch, design_of("mrss_change"), values, kind=kind, higher_is_better=False)
    found = primary_tests(trial)[1]
    chosen = np.isin(trial.assigned, (1, 2))
    outcome = np.stack([trial.arms[name].outcome[0] for name in ARMS])[trial.assigned, np.arange(90)]
    baseline = trial.arms["two"].values["mrss"][0, :, 0]
    columns = np.column_stack([trial.stratum, baseline])[chosen].astype(float)
    by_hand = ancova(outcome[chosen], trial.assigned[chosen] == 2, columns)
    assert found.estimate == pytest.approx(by_hand.estimate)
    assert (found.low, found.high) == (pytest.approx(by_hand.low), pytest.approx(by_hand.high))
    assert found.p_two_sided == pytest.approx(by_hand.p_two_sided)
    assert found.method == "analysis of covariance on baseline and strata, of subjects with a reading"


def test_what_cannot_be_analysed_says_why_and_is_not_met(monkeypatch):
    everyone = trial_of(monkeypatch, design_of(method="logistic"), np.ones(90))
    found = primary_tests(everyone)[0]
    assert "separated perfectly" in found.problem
    assert {found.estimate, found.low, found.high, found.p_two_sided} == {None}
    assert found.is_met is False

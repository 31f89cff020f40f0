"""Worlds of a validation: which are taken, and that they hold the luck of whole trials."""

import numpy as np
import pytest

from ifntrial.course.assemble import typical_world
from ifntrial.studies.validate.checks import natural_history
from ifntrial.studies.validate.checks.setting import Setting, Simulated
from ifntrial.studies.validate.run import AllChecked, Checked
from ifntrial.studies.validate.study import said_of_rows
from ifntrial.studies.validate.worlds import choose_worlds
from shipped import CATALOG, build_model

ROW = "asset.placebo.mrss_change.w52"


def test_worlds_differ_and_come_again():
    model = build_model()
    first, again = (choose_worlds(CATALOG, model, 12) for _ in range(2))
    assert first.size == 12
    assert len(set(first.number.tolist())) == 12
    assert first.number.tolist() == again.number.tolist()
    assert np.ptp(first.history["trial_mrss"]) > 1.8


def test_the_luck_of_a_trial_reaches_the_change_that_is_compared():
    """A world that is typical but for a trial that does two points worse in skin is read about two points worse."""
    model, evidence = build_model(), CATALOG.evidence
    setting = Setting(CATALOG, model, seed=4, subjects=60)
    typical = typical_world(model, evidence)
    history = {**typical.history, "trial_mrss": typical.history["trial_mrss"] + 2.0}
    unlucky = type(typical)(typical.number, typical.parameters, history, typical.is_protective)
    values = [
        {each.id: each.value for each in natural_history.check(where)}[ROW]
        for where in (setting, Setting(CATALOG, model, 4, 60, unlucky))
    ]
    assert values[1] - values[0] == pytest.approx(2.0, abs=0.5)


def test_a_world_adds_what_it_differs_by_on_the_same_subjects():
    """Typical -4 with all subjects and -3 with few; a world at -1 with few stands at -2."""
    row = {each.id: each for each in CATALOG.evidence.observations if each.id == ROW}
    checked = AllChecked(
        (Checked("course", (Simulated(ROW, -4.0),)),),
        None,
        Checked("", (Simulated(ROW, -3.0),)),
        (Checked("", (Simulated(ROW, -1.0),)), Checked("", (Simulated(ROW, -3.5),))),
    )
    assert said_of_rows(checked, row)[ROW].in_worlds == (-2.0, -4.5)


def test_a_share_stays_between_none_and_all():
    id = "eustar_1257.all.skin_progressed.w52"
    row = {each.id: each for each in CATALOG.evidence.observations if each.id == id}
    checked = AllChecked(
        (Checked("course", (Simulated(id, 5.0),)),),
        None,
        Checked("", (Simulated(id, 9.0),)),
        (Checked("", (Simulated(id, 2.0),)),),
    )
    assert said_of_rows(checked, row)[id].in_worlds == (0.0,)


def test_another_drug_has_its_own_unknowns_in_the_same_world():
    model = build_model()
    drawn = choose_worlds(CATALOG, model, 2).take(np.array([1]))
    other = Setting(CATALOG, model, 4, 50, drawn).with_drug("tocilizumab")
    assert other.drawn.number.tolist() == drawn.number.tolist()
    assert other.drawn.history["trial_mrss"] == drawn.history["trial_mrss"]
    typical = typical_world(other.model, CATALOG.evidence).parameters["mrss_difference_in_trial"]
    assert other.drawn.parameters["mrss_difference_in_trial"] != typical

"""From two made-up worlds to the rows of a report."""

import numpy as np
import pytest

from ifntrial.studies.safety.in_worlds import SafetyInWorlds, events_of
from ifntrial.studies.safety.study import safety_rows
from shipped import load_design


def test_rates_are_per_hundred_years_and_counts_of_the_planned_size():
    design = load_design("daisy")
    active, control = design.active.name, design.control.name
    years = {active: np.array([0.9, 0.9]), control: np.array([0.8, 0.8])}
    expected = {
        event.name: {active: np.array([0.045, 0.045]), control: np.array([0.016, 0.016])}
        for event in events_of(design)
    }
    rows = safety_rows(design, SafetyInWorlds(years, expected), np.array([1.0, 1.0]))
    assert [row.event for row in rows][:2] == ["zoster", "serious_infection"]
    zoster = rows[0]
    assert zoster.by_arm[active].rate_over_worlds.q50 == pytest.approx(5.0)
    assert zoster.by_arm[control].rate_over_worlds.q50 == pytest.approx(2.0)
    assert zoster.difference.q50 == pytest.approx(3.0)
    n = design.n_of(design.active)
    assert zoster.by_arm[active].patient_years == pytest.approx(0.9 * n)
    assert zoster.by_arm[active].seen_events.q50 == pytest.approx(n * 0.045, abs=1.0)
    assert zoster.by_arm[active].seen_rate.q05 < 5.0 < zoster.by_arm[active].seen_rate.q95
    assert zoster.seen_difference.q05 < 0 < zoster.seen_difference.q95
    assert 0.8 < zoster.chance_of_more < 1.0

from types import SimpleNamespace

import numpy as np
import pytest

from ifntrial.studies.over_worlds import over_worlds


@pytest.mark.parametrize(
    ("drawn", "subjects", "label"),
    [(200, 200, "full size"), (199, 200, "demonstration size"), (200, 199, "demonstration size")],
)
def test_a_size_is_that_of_the_worlds_drawn_not_asked_for(drawn, subjects, label):
    plan = SimpleNamespace(
        worlds=240, subjects=subjects, replicates=3, beliefs=SimpleNamespace(whose="someone's")
    )
    counts = np.zeros(drawn)
    counts[:4] = 0.25
    choice = SimpleNamespace(positions=np.arange(drawn), counts={"mixture": counts})
    frozen = SimpleNamespace(worlds=8000, subjects=128, fingerprint="x")
    catalog = SimpleNamespace(calibration=frozen, is_stale=True)
    found = over_worlds(plan, catalog, choice, {"ok": 5})
    assert (found.size_label, found.worlds, found.worlds_asked) == (label, drawn, 240)
    assert (found.worlds_effective, found.subjects, found.replicates) == (4.0, subjects, 3)
    assert (found.calibration.is_stale, found.whose_beliefs) == (True, "someone's")
    assert found.subjects_status == {"ok": 5}

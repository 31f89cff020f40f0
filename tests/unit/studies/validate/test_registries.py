"""The year of a registry by hand: the rule of change, and who is looked at."""

import numpy as np
import pytest

from ifntrial.studies.validate.checks import registries
from ifntrial.studies.validate.checks.natural_history import WEEKS, change_of
from ifntrial.studies.validate.checks.registries import has_progressed
from ifntrial.studies.validate.checks.setting import Setting
from shipped import CATALOG, build_model


@pytest.mark.parametrize(
    ("entry", "change", "progressed"),
    [
        (20.0, 6.0, True),  # more than 5 and 30 %
        (20.0, 5.0, False),  # 25 %, but not more than 5
        (30.0, 7.0, False),  # more than 5, but 23 %
        (24.0, 6.0, True),  # 25 % exactly
        (0.0, 6.0, True),
        (20.0, -8.0, False),
    ],
)
def test_worse_is_more_than_five_points_and_a_quarter(entry, change, progressed):
    assert has_progressed(np.array([entry]), np.array([change])).tolist() == [progressed]


def test_a_change_is_since_entry():
    values = np.arange(2.0 * len(WEEKS)).reshape(2, len(WEEKS))
    assert change_of(values, 52.0).tolist() == [WEEKS.index(52.0)] * 2


@pytest.fixture(scope="module")
def said():
    setting = Setting(CATALOG, build_model(), seed=4, subjects=100)
    return {each.id: each for each in registries.check(setting)}


def test_better_same_and_worse_are_everybody(said):
    shares = [said[f"eustar_1257.all.skin_{word}.w52"].value for word in ("stable", "improved", "progressed")]
    assert sum(shares) == pytest.approx(100.0)
    assert all(share > 0 for share in shares)


def test_cohorts_with_one_rule_of_entry_have_one_answer(said):
    for word in ("improved", "progressed"):
        first, second = (said[f"{cohort}.all.skin_{word}.w52"] for cohort in ("eustar_919", "eustar_1257"))
        assert first.value == second.value


def test_progressors_and_the_others_are_told_apart_at_entry(said):
    for endpoint in ("disease_duration", "mrss"):
        both = [said[f"esos.{arm}.{endpoint}.w0"].value for arm in ("progressors", "non_progressors")]
        assert np.isfinite(both).all()
        assert both[0] != both[1]

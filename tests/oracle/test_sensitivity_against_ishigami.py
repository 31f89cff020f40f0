"""Sensitivity indices of functions whose indices are known in closed form.

Oracle: the Ishigami function (Saltelli et al. 2008, a = 7, b = 0.1), its grouped indices by adding up its variance
terms, and a linear function, whose elementary effects are its slopes.
"""

import numpy as np
import pytest

from ifntrial.studies.sensitivity.indices import (
    compare_halves,
    estimate_indices,
    sample_design,
)

A, B = 7.0, 0.1
# How far an input moves: half of its eight levels away, from the 5th to the 95th percentile.
WIDTH = 8 / (2 * 7) * (0.95 - 0.05)
# Terms of the variance: first order of x1 and x2, interaction of x1 with x3.
V1 = 0.5 * (1.0 + B * np.pi**4 / 5.0) ** 2
V2 = A**2 / 8.0
V13 = B**2 * np.pi**8 * (1.0 / 18.0 - 1.0 / 50.0)
TOTAL = V1 + V2 + V13


def ishigami(design):
    x1, x2, x3 = (2.0 * np.pi * (design.column(name) - 0.5) for name in ("x1", "x2", "x3"))
    return np.sin(x1) + A * np.sin(x2) ** 2 + B * x3**4 * np.sin(x1)


@pytest.mark.parametrize("order", [("x1", "x2", "x3"), ("x3", "x1", "x2"), ("x2", "x3", "x1")])
def test_sobol_indices_are_joined_by_name_whatever_the_order_of_inputs(order):
    design = sample_design({name: name for name in order}, "sobol", 2048, 3)
    found = {index.group: index for index in estimate_indices(design, ishigami(design))}
    total = {"x1": (V1 + V13) / TOTAL, "x2": V2 / TOTAL, "x3": V13 / TOTAL}
    first = {"x1": V1 / TOTAL, "x2": V2 / TOTAL, "x3": 0.0}
    for name in order:
        assert found[name].main == pytest.approx(total[name], abs=0.02)
        assert found[name].first == pytest.approx(first[name], abs=0.02)
        assert found[name].main_low <= total[name] <= found[name].main_high


@pytest.mark.parametrize("order", [("x1", "x2", "x3"), ("x2", "x3", "x1")])
def test_a_group_holds_its_inner_interaction(order):
    design = sample_design({name: "even" if name == "x2" else "odd" for name in order}, "sobol", 2048, 3)
    found = {index.group: index for index in estimate_indices(design, ishigami(design))}
    for kind in ("main", "first"):
        assert getattr(found["odd"], kind) == pytest.approx((V1 + V13) / TOTAL, abs=0.02)
        assert getattr(found["even"], kind) == pytest.approx(V2 / TOTAL, abs=0.02)


def test_elementary_effects_of_a_line_are_its_slopes():
    slopes = {"c": 3.0, "a": -1.0, "idle": 0.0, "b": 0.5}
    design = sample_design({name: name for name in slopes}, "morris", 16, 3)
    found = estimate_indices(design, sum(slope * design.column(name) for name, slope in slopes.items()))
    assert [index.group for index in found] == ["c", "a", "b", "idle"]
    for index in found:
        assert index.main == pytest.approx(WIDTH * abs(slopes[index.group]), abs=1e-12)
        assert index.main_high - index.main_low == pytest.approx(0.0, abs=1e-9)


def test_elementary_effects_of_groups_are_joined_by_name():
    slopes = {"z1": 5.0, "a1": 1.0, "z2": 0.0, "a2": 0.0}
    design = sample_design({"z1": "strong", "a1": "weak", "z2": "idle", "a2": "weak"}, "morris", 32, 3)
    found = estimate_indices(design, sum(slope * design.column(name) for name, slope in slopes.items()))
    assert [(i.group, pytest.approx(i.main, abs=1e-9)) for i in found] == [
        ("strong", 5.0 * WIDTH), ("weak", WIDTH), ("idle", 0.0)
    ]  # fmt: skip


def test_half_the_samples_are_compared_with_all():
    design = sample_design({name: name for name in ("x1", "x2", "x3")}, "sobol", 1024, 3)
    values = ishigami(design)
    full = estimate_indices(design, values)
    found = compare_halves(design, values, full)
    assert found.rank_changed_share == 0.0
    assert found.half_samples == 512
    moved = {index.group: abs(index.main - found.half[index.group]) for index in full}
    assert found.largest_change == max(moved.values())
    # The first half of the points is the design of half the samples, not some other one.
    half = sample_design({name: name for name in ("x1", "x2", "x3")}, "sobol", 512, 3)
    np.testing.assert_array_equal(half.points, design.points[: len(half.points)])

"""SBML models read and solved: every expected value is a closed form, worked out beside the model."""

import gzip
from math import cosh, exp, factorial, log, pi, sin, sqrt

import numpy as np
import pytest

from ifntrial.errors import FileError, InputError, SolverError
from ifntrial.formats.sbml.events import simulate_sbml
from ifntrial.formats.sbml.read import load_sbml
from ifntrial.solver import Tolerance
from small_sbml import write_sbml

AT = [0.5, 1.5, 2.5, 3.5]
DECAY = {"r": (["S"], [], "k*S*c")}


def course(path, names, times=AT, relative=1e-9, parameters=None):
    """Return the courses of names by name, solved without a failure."""
    found = simulate_sbml(
        load_sbml(path), times, parameters, tolerance=Tolerance(relative), outputs=list(names)
    )
    assert found.words.tolist() == ["ok"] * found.size
    return {name: found.of(name)[0] for name in names}


def solve(tmp_path, wanted, times=AT, relative=1e-9, accuracy=1e-7, **words):
    """Compare courses with what they should be."""
    got = course(write_sbml(tmp_path / "model.xml", **words), wanted, times, relative)
    for name, expected in wanted.items():
        np.testing.assert_allclose(got[name], expected, rtol=accuracy, atol=1e-12, err_msg=name)


def decay(start, rate, times=AT):
    return [start * exp(-rate * time) for time in times]


# events


def test_events_of_one_moment_each_find_what_the_other_left(tmp_path):
    add = [
        {"when": "time >= 1", "set": {"x": "x + 1"}, "early": False},
        {"when": "time >= 1", "set": {"x": "x + 10"}, "early": False},
    ]
    solve(tmp_path, {"x": [1, 12, 12, 12]}, values={"x": 1.0}, rate={"x": "0"}, events=add)


def test_events_of_one_moment_take_the_values_before_where_they_say_so(tmp_path):
    add = [
        {"when": "time >= 1", "set": {"x": "x + 1"}},
        {"when": "time >= 1", "set": {"x": "x + 10"}},
    ]
    solve(tmp_path, {"x": [1, 11, 11, 11]}, values={"x": 1.0}, rate={"x": "0"}, events=add)


def test_an_event_at_a_jump_of_a_formula_happens_once(tmp_path):
    solve(
        tmp_path,
        {"x": [1, 11, 11], "y": [0.5, 2, 4]},
        [0.5, 1.5, 2.5],
        values={"x": 1.0, "y": 0.0},
        rate={"x": "0", "y": "piecewise(1, time < 1, 2)"},
        events=[{"when": "time >= 1", "set": {"x": "x + 10"}}],
    )


def test_an_infusion_ends_as_the_next_starts(tmp_path):
    changes = [(0, "+ 2"), (1, "- 2"), (1, "+ 2"), (2, "- 2")]
    solve(
        tmp_path,
        {"x": [1, 3, 4, 4], "flow": [2, 2, 0, 0]},
        values={"x": 0.0, "flow": 0.0},
        rate={"x": "flow"},
        events=[
            {"when": f"time >= {at}", "set": {"flow": f"flow {change}"}, "starts": False, "early": False}
            for at, change in changes
        ],
    )


@pytest.mark.parametrize(("first", "last"), [("1", "2"), ("2", "1"), ("x - x", "1")])
def test_the_higher_priority_comes_first(tmp_path, first, last):
    """The last to be carried out decides."""
    solve(
        tmp_path,
        {"x": [0, 20 if first == "2" else 10, 20 if first == "2" else 10]},
        [0.5, 1.5, 2.5],
        values={"x": 0.0},
        rate={"x": "0"},
        events=[
            {"when": "time >= 1", "set": {"x": "10"}, "priority": first},
            {"when": "time >= 1", "set": {"x": "20"}, "priority": last},
        ],
    )


def test_equal_priorities_go_by_lot_and_the_same_way_each_time(tmp_path):
    ticks = [
        {"when": "time - last >= 0.1", "set": {"last": "time", name: f"{name} + 1"}, "persists": False,
         "priority": "1"}
        for name in ("a", "b")
    ]  # fmt: skip
    path = write_sbml(tmp_path / "model.xml", values={"last": 0.0, "a": 0.0, "b": 0.0}, events=ticks)
    got = course(path, ["a", "b"], [20.0])
    assert got["a"][0] + got["b"][0] == pytest.approx(200, abs=1)
    # a fair coin of 200 throws stays between these 9,999 times in 10,000
    assert 72 < got["a"][0] < 128
    assert course(path, ["a"], [20.0])["a"] == got["a"]


def test_what_no_longer_holds_is_dropped_unless_it_persists(tmp_path):
    def model(persists):
        return {
            "values": {"x": 0.0, "y": 0.0},
            "rate": {"x": "0"},
            "events": [
                {"when": "time >= 1 && time < 2", "set": {"x": "5"}, "after": "1.5", "persists": persists}
            ],
        }

    solve(tmp_path, {"x": [0, 0, 5]}, [1.5, 2.4, 2.6], **model(True))
    solve(tmp_path, {"x": [0, 0, 0]}, [1.5, 2.4, 2.6], **model(False))


def test_a_delayed_value_is_that_of_the_trigger_or_of_the_change(tmp_path):
    def model(early):
        return {
            "values": {"x": 0.0, "y": 0.0},
            "rate": {"x": "1"},
            "events": [{"when": "time >= 1", "set": {"y": "x"}, "after": "2", "early": early}],
        }

    solve(tmp_path, {"y": [0, 1]}, [2.9, 3.1], **model(True))
    solve(tmp_path, {"y": [0, 3]}, [2.9, 3.1], **model(False))


def test_a_trigger_true_from_the_start_never_becomes_true(tmp_path):
    late = {"when": "time >= 0", "set": {"x": "7"}, "after": "1"}
    solve(tmp_path, {"x": [1, 1, 1, 1]}, values={"x": 1.0}, rate={"x": "0"}, events=[late])
    late["starts"] = False
    solve(tmp_path, {"x": [1, 7, 7, 7]}, values={"x": 1.0}, rate={"x": "0"}, events=[late])


def test_a_value_at_the_time_of_an_event_is_that_after_it(tmp_path):
    """``>=`` holds at its time, ``>`` only after it."""
    for sign, expected in ((">=", [1, 7, 7]), (">", [1, 1, 7])):
        solve(
            tmp_path,
            {"x": expected},
            [1.9, 2.0, 2.1],
            values={"x": 1.0},
            rate={"x": "0"},
            events=[{"when": f"time {sign} 2", "set": {"x": "7"}}],
        )


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("time >= 1 && time < 2", [1, 7, 7, 7]),
        ("time / 2 >= 1", [1, 1, 7, 7]),
        ("2 - time <= 0", [1, 1, 7, 7]),
        ("time >= 2 && y > 100", [1, 1, 1, 1]),
        ("y <= 8", [1, 1, 7, 7]),
        ("floor(time) == 2", [1, 1, 7, 7]),
        ("sin(time) < 0", [1, 1, 1, 7]),
        ("time == 3", [1, 1, 1, 7]),
        ("false", [1, 1, 1, 1]),
    ],
)
def test_conditions(tmp_path, when, expected):
    """y falls from 10 with a slope of 1, so that it is 8 at 2."""
    solve(
        tmp_path,
        {"x": expected},
        values={"x": 1.0, "y": 10.0},
        rate={"x": "0", "y": "-1"},
        events=[{"when": when, "set": {"x": "7"}}],
    )


def test_a_ball_that_bounces(tmp_path):
    """Dropped from 1 under a gravity of 2 it lands at 1 with a speed of 2, rises at half of it, and lands at 2."""
    solve(
        tmp_path,
        {"height": [0.75, 0.25, 0.1875 - 0.1875]},
        [0.5, 1.5, 2.0],
        values={"height": 1.0, "speed": 0.0},
        rate={"height": "speed", "speed": "-2"},
        events=[{"when": "height <= 0", "set": {"speed": "-0.5 * speed"}}],
    )


def test_an_event_moves_its_own_time(tmp_path):
    solve(
        tmp_path,
        {"x": [1, 2, 2, 3]},
        values={"x": 1.0, "next": 1.0},
        events=[{"when": "time >= next", "set": {"x": "x + 1", "next": "next + 2"}}],
    )


def test_a_state_that_rests_on_a_threshold_sets_nothing_off(tmp_path):
    """x nears 1 from above and never reaches it."""
    solve(
        tmp_path,
        {"hit": [0, 0, 0]},
        [1.0, 30.0, 200.0],
        values={"x": 2.0, "hit": 0.0},
        rate={"x": "1 - x"},
        events=[{"when": "x < 1", "set": {"hit": "hit + 1"}}],
    )


def test_a_concentration_is_set_before_its_compartment_changes(tmp_path):
    """Concentration 3 in size 2 is an amount of 6, which is 1.5 in size 4."""
    solve(
        tmp_path,
        {"S": [1, 1.5], "c": [2, 4]},
        [0.5, 1.5],
        sizes={"c": 2.0},
        species={"S": {"concentration": 1.0, "boundary": True}},
        events=[{"when": "time >= 1", "set": {"S": "3", "c": "4"}}],
    )


@pytest.mark.parametrize(
    ("events", "message"),
    [
        ([{"when": "time >= 1", "set": {"x": "2"}, "after": "-1"}], "delay of -1"),
        ([{"when": "y == 9", "set": {"x": "2"}}], "equal"),
        (
            [{"when": "x < 1", "set": {"x": "2"}}, {"when": "x > 1", "set": {"x": "0"}}],
            "without end",
        ),
    ],
)
def test_events_that_cannot_be_carried_out(tmp_path, events, message):
    path = write_sbml(tmp_path / "model.xml", values={"x": 1.0, "y": 10.0}, rate={"y": "-1"}, events=events)
    if "without end" in message:
        path.write_text(path.read_text().replace("<ci> x </ci>", "<ci> x </ci>"))
        events[0]["starts"] = events[1]["starts"] = False
        write_sbml(path, values={"x": 0.0, "y": 10.0}, rate={"y": "-1"}, events=events)
    with pytest.raises(SolverError, match=message):
        simulate_sbml(load_sbml(path), [5.0])


# values at the start


def test_an_initial_assignment_holds_at_the_start_only(tmp_path):
    solve(
        tmp_path,
        {"S": decay(10, 0.3), "p": [20] * 4},
        values={"k": 0.3, "p": None},
        species={"S": {"concentration": 10}},
        start={"p": "2 * S"},
        reactions=DECAY,
    )
    solve(
        tmp_path,
        {"S": decay(10, 1.0)},
        values={"k": None},
        species={"S": {"concentration": 10}},
        start={"k": "1 + time"},
        reactions=DECAY,
    )


@pytest.mark.parametrize("how", ["start", "assign"])
def test_an_amount_becomes_a_concentration_by_the_size_at_the_start(tmp_path, how):
    solve(
        tmp_path,
        {"S": decay(2, 1.0)},
        sizes={"c": 1.0},
        values={"k": 1.0, "five": 5.0},
        species={"S": {"amount": 10}},
        reactions=DECAY,
        **{how: {"c": "five"}},
    )


def test_what_has_no_value_is_refused_where_it_is_used(tmp_path):
    words = {"values": {"k": None, "unused": None}, "species": {"S": {"concentration": 1.0}}}
    with pytest.raises(InputError, match="'k' is used but has no value"):
        load_sbml(write_sbml(tmp_path / "model.xml", reactions=DECAY, **words))
    words["values"]["k"] = 1.0
    solve(tmp_path, {"S": decay(1, 1.0)}, reactions=DECAY, **words)


def test_assignments_in_a_circle_are_refused(tmp_path):
    path = write_sbml(tmp_path / "model.xml", values={"a": None, "b": None}, assign={"a": "b", "b": "a"})
    with pytest.raises(InputError):
        load_sbml(path)


# names


def test_names_made_up_differ_from_those_of_the_file(tmp_path):
    solve(
        tmp_path,
        {"S": decay(10, 3.0)},
        values={"initial_S": 3.0},
        species={"S": {"concentration": 10}},
        reactions={"r": (["S"], [], "initial_S * S * c")},
    )
    solve(
        tmp_path,
        {"S": decay(10, 2.0), "P": decay(10, 0.5)},
        species={"S": {"concentration": 10}, "P": {"concentration": 10}},
        reactions={"a": (["S"], [], "b__k * S * c"), "a__b": (["P"], [], "k * P * c")},
        local={"a": {"b__k": 2.0}, "a__b": {"k": 0.5}},
    )


def test_names_that_mean_something_to_python_or_sympy(tmp_path):
    names = (
        "lambda",
        "I",
        "E",
        "N",
        "S1",
        "zoo",
        "oo",
        "exp_",
        "def",
        "Symbol",
        "level_1",
        "scale_1",
        "base_1",
    )
    solve(
        tmp_path,
        {"x": decay(1, 1.3)},
        values={"x": 1.0, **dict.fromkeys(names, 0.1)},
        rate={"x": f"-({' + '.join(names)}) * x"},
    )


def test_a_quantity_called_time(tmp_path):
    path = write_sbml(tmp_path / "model.xml", values={"tick": 7.0, "x": 0.0}, rate={"x": "tick * time"})
    path.write_text(
        path.read_text().replace('"tick"', '"time"').replace("<ci> tick </ci>", "<ci> time </ci>")
    )
    got = course(path, ["x", "time"])
    np.testing.assert_allclose(got["x"], [3.5 * time**2 for time in AT], rtol=1e-8)
    assert got["time"].tolist() == [7.0] * 4


# compartments, stoichiometries, factors


def test_a_compartment_that_grows_dilutes(tmp_path):
    """Size 1 + t: an amount of 2 that nothing takes is 2 / (1 + t)."""
    solve(
        tmp_path,
        {"S": [2 / (1 + t) for t in AT], "P": [2 * t for t in AT]},
        values={"P": 0.0},
        species={"S": {"amount": 2}, "Q": {"concentration": 0.0, "boundary": True}},
        rate={"c": "1", "P": "S * c", "Q": "3"},
    )


def test_a_rate_rule_is_of_the_concentration_also_where_the_size_changes(tmp_path):
    for change in ({"rate": {"S": "2", "c": "0.5"}}, {"rate": {"S": "2"}, "assign": {"c": "1 + time^2"}}):
        solve(
            tmp_path,
            {"S": [1 + 2 * t for t in AT]},
            species={"S": {"concentration": 1, "boundary": True}},
            **change,
        )


def test_stoichiometries_of_every_kind(tmp_path):
    solve(
        tmp_path,
        {"A": [10 - 2 * t for t in AT], "B": [3 * t for t in AT], "D": [t**2 / 2 for t in AT], "m": [3] * 4},
        values={"three": 3.0},
        species={name: {"amount": start, "only": True} for name, start in {"A": 10, "B": 0, "D": 0}.items()},
        start={"m": "three"},
        assign={"n": "time"},
        reactions={"r": ([("A", 2, "")], [("B", 1, "m"), ("D", None, "n")], "1")},
    )
    solve(
        tmp_path,
        {"P": [0.5, 2, 4, 6]},
        species={"P": {"amount": 0, "only": True}},
        events=[{"when": "time >= 1", "set": {"n": "2"}}],
        reactions={"r": ([], [("P", 1, "n")], "1")},
    )


def test_conversion_factors(tmp_path):
    solve(
        tmp_path,
        {"A": [10 - 2 * t for t in AT], "B": [5 * t for t in AT]},
        values={"two": 2.0, "five": 5.0},
        species={"A": {"amount": 10, "only": True}, "B": {"amount": 0, "only": True, "factor": "five"}},
        conversion="two",
        reactions={"r": (["A"], ["B"], "1")},
    )


# rules, formulas


def test_algebraic_rules(tmp_path):
    solve(
        tmp_path,
        {"x": decay(1, 1.0), "a": [3 - x for x in decay(1, 1.0)], "b": [6 - 2 * x for x in decay(1, 1.0)]},
        values={"x": 1.0, "a": None, "b": None},
        rate={"x": "-x"},
        algebraic=["b - 2 * a", "a + x - 3"],
    )
    path = write_sbml(
        tmp_path / "model.xml", values={"x": 1.0, "a": None}, rate={"x": "-x"}, algebraic=["a^2 - x"]
    )
    with pytest.raises(InputError, match="not linear in 'a'"):
        load_sbml(path)


def test_a_model_without_states(tmp_path):
    solve(
        tmp_path,
        {"y": [1 if t < 2 else 3 for t in AT], "z": [sin(t) for t in AT], "p": [4] * 4},
        values={"p": 4.0, "y": None, "z": None},
        assign={"y": "piecewise(1, time < 2, 3)", "z": "sin(time)"},
    )


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("factorial(5)", factorial(5)),
        ("quotient(7, 2) + rem(7, 2)", 4),
        ("quotient(-7, 2) * 10 + rem(-7, 2)", -31),
        ("max(1, p, 5) - min(p, 2)", 3),
        ("piecewise(1, implies(p > 1, p > 5), 0)", 0),
        ("piecewise(1, xor(true, true, true), 0)", 1),
        ("(p > 1) + (p > 5) + true", 2),
        ("arctan(p) + arcsin(0.5) + arccos(0.5)", 1.1071487177940904 + pi / 2),
        ("arccot(-2) + arcsec(2) + arccsc(2)", -0.4636476090008061 + pi / 2),
        (
            "arcsinh(1) + arccosh(2) + arctanh(0.5)",
            0.881373587019543 + 1.3169578969248166 + 0.5493061443340549,
        ),
        ("sec(0) + csc(1) + cot(1)", 1 + 1 / sin(1) + 0.6420926159343308),
        ("sech(0) + csch(1) + coth(1)", 1 + 0.8509181282393216 + 1.3130352854993313),
        (
            "arcsech(0.5) + arccsch(1) + arccoth(2)",
            1.3169578969248166 + 0.881373587019543 + 0.5493061443340549,
        ),
        ("root(3, 8) + sqrt(p) + log(100) + ln(e()) ".replace("e()", "exponentiale"), 2 + sqrt(2) + 2 + 1),
        ("log(p, 8)", 3),
        ("cosh(p) + exp(1) + pow(p, 3)", cosh(2) + exp(1) + 8),
        ("ceil(-1.5) + floor(-1.5) + abs(-3)", 0),
        ("1 / 0", float("inf")),
        ("piecewise(1, p > 5)", float("nan")),
        ("ln(-1)", float("nan")),
        ("avogadro", 6.02214179e23),
        ("piecewise(1, 1 < p < 3, 0) + piecewise(1, 1 < p < 2, 0)", 1),
        ("twice(twice(p))", 8),
    ],
)
def test_functions(tmp_path, formula, expected):
    solve(
        tmp_path,
        {"y": [expected] * 2},
        [0.0, 1.0],
        values={"p": 2.0, "y": None},
        functions={"twice": "lambda(x, 2 * x)"},
        assign={"y": formula},
    )


def test_rates_of_change(tmp_path):
    solve(
        tmp_path,
        {"v": [-2 * x for x in decay(3, 2.0)], "w": [4 * x for x in decay(3, 2.0)]},
        values={"x": 3.0, "y": 0.0, "v": None, "w": None},
        rate={"x": "-2 * x", "y": "rateOf(x)"},
        assign={"v": "rateOf(x)", "w": "-2 * rateOf(y)"},
    )


def test_what_was_some_time_ago(tmp_path):
    """x grows with 1; y falls with what x was 1 ago, which is 0 until 1: y = -(t - 1)^2 / 2."""
    solve(
        tmp_path,
        {"y": [-(max(t - 1, 0) ** 2) / 2 for t in AT], "z": [max(t - 2, 0) for t in AT]},
        values={"x": 0.0, "y": 0.0, "z": None},
        rate={"x": "1", "y": "-delay(x, 1)"},
        assign={"z": "delay(x, 2)"},
    )


def test_a_jump_comes_back_after_its_delay(tmp_path):
    solve(
        tmp_path,
        {"y": [0, 0, 0.5, 1.5]},
        values={"x": 0.0, "y": 0.0},
        rate={"y": "delay(x, 1)"},
        events=[{"when": "time >= 1", "set": {"x": "1"}}],
    )


def test_a_power_of_a_negative_state(tmp_path):
    """x' = -0.1 x^n: 1 / x^2 = 1 / 4 + 0.2 t for n = 3."""
    words = {"values": {"x": -2.0, "n": 3.0}, "rate": {"x": "-0.1 * x^n"}}
    solve(tmp_path, {"x": [-1 / sqrt(0.25 + 0.2 * t) for t in AT]}, **words)
    words["values"]["n"] = 2.5
    found = simulate_sbml(load_sbml(write_sbml(tmp_path / "model.xml", **words)), AT)
    assert found.words.tolist() == ["non_finite"]


# jumps


@pytest.mark.parametrize(
    ("rate", "times", "expected"),
    [
        ("piecewise(10, time - 7 * floor(time / 7) < 0.1, 0)", [5, 12, 19, 26, 40, 60], [1, 2, 3, 4, 6, 9]),
        ("piecewise(1, sin(time) > 0, 0)", [3, 6, 9, 50], [3, pi, 9 - pi, 8 * pi]),
        ("piecewise(1, tad > 0, 0) * piecewise(1, tad < 1, 0)", [4, 6, 10, 100], [0, 1, 1, 1]),
        ("floor(time / 10)", [5, 15, 25], [0, 5, 20]),
        ("piecewise(1, time < 5, piecewise(2, time < 6, 0))", [4, 5.5, 100], [4, 6, 7]),
        ("piecewise(1, x < 2, 3)", [1, 2, 4], [1, 2, 8]),
    ],
)
@pytest.mark.parametrize("relative", [1e-5, 1e-9])
def test_jumps_are_found(tmp_path, rate, times, expected, relative):
    solve(
        tmp_path,
        {"x": expected},
        times,
        relative,
        relative,
        values={"x": 0.0, "tad": None},
        rate={"x": rate},
        assign={"tad": "time - 5"},
    )


# small units


def test_an_oscillation_in_nanomolar_is_that_in_units_of_one(tmp_path):
    def model(unit):
        return {
            "values": {"a": 1.0, "b": 1.0 / unit, "d": 1.0},
            "species": {"X": {"concentration": 2 * unit}, "Y": {"concentration": unit}},
            "reactions": {
                "r1": ([], ["X"], "c * a * X"),
                "r2": (["X"], [], "c * b * X * Y"),
                "r3": ([], ["Y"], "c * b * X * Y"),
                "r4": (["Y"], [], "c * d * Y"),
            },
        }

    times = [5.0, 10.0, 20.0, 40.0]
    # by LSODA of SciPy at 1e-12
    expected = [1.00512645, 0.45031019, 1.96811823, 1.87042995]
    for unit in (1.0, 1e-9, 1e-15, 1e9):
        path = write_sbml(tmp_path / "model.xml", **model(unit))
        got = course(path, ["X"], times, 1e-5)["X"]
        np.testing.assert_allclose(got / unit, expected, rtol=1e-5)


@pytest.mark.parametrize("unit", [1.0, 1e-11, 1e-20])
def test_a_dimer_in_small_units(tmp_path, unit):
    """A' = -2 k A^2 from A = unit with k = 1 / (100 unit): A = unit / (1 + t / 50)."""
    times = [1.0, 10.0, 100.0, 1000.0]
    left = np.array([unit / (1 + t / 50) for t in times])
    path = write_sbml(
        tmp_path / "model.xml",
        values={"k": 0.01 / unit},
        species={"A": {"concentration": unit}, "D": {"concentration": 0.0}},
        reactions={"r": ([("A", 2, "")], ["D"], "c * k * A * A")},
    )
    got = course(path, ["A", "D"], times, 1e-5)
    np.testing.assert_allclose(got["A"], left, rtol=1e-5)
    np.testing.assert_allclose(got["D"], (unit - left) / 2, rtol=1e-5)


def test_the_audit_says_how_far_the_last_two_solves_are_apart(tmp_path):
    path = write_sbml(
        tmp_path / "model.xml", values={"x": 1.0, "y": 0.0, "k": 1.0}, rate={"x": "-k * y", "y": "k * x"}
    )
    times = [10.0, 200.0]
    found = simulate_sbml(load_sbml(path), times, {"k": [1.0, 2.0]}, tolerance=Tolerance(1e-4))
    assert found.audit.audited.tolist() == [0, 1]
    assert 0 < found.audit.largest < 1e-4
    alone = simulate_sbml(load_sbml(path), times, {"k": 2.0}, tolerance=Tolerance(1e-4))
    assert alone.of("x")[0].tolist() == found.of("x")[1].tolist()


def test_scales_can_be_given(tmp_path):
    path = write_sbml(tmp_path / "model.xml", values={"x": 1e-9}, rate={"x": "1e-9 * cos(time)"})
    model = load_sbml(path)
    loose = simulate_sbml(model, [300.0], scales={"x": 1.0}, tolerance=Tolerance(1e-3))
    close = simulate_sbml(model, [300.0], tolerance=Tolerance(1e-3))
    assert close.accepted[0] > loose.accepted[0]
    with pytest.raises(InputError, match="'y' has no scale"):
        simulate_sbml(model, [300.0], scales={"y": 1.0})


# files


def test_what_is_no_local_file_of_sbml_is_refused(tmp_path):
    for address in ("https://example.org/model.xml", "http://example.org/model.xml", "file:///model.xml"):
        with pytest.raises(FileError, match="is an address"):
            load_sbml(address)
    (tmp_path / "model.xml.gz").write_bytes(gzip.compress(b"<sbml/>"))
    with pytest.raises(FileError, match="cannot be read"):
        load_sbml(tmp_path / "model.xml.gz")


def _broken(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    return path


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('compartment="c"', 'compartment="nowhere"', "not valid SBML"),
        ('species="S"', 'species="nothing"', "not valid SBML"),
        ("<ci> k </ci>", "<ci> unheard </ci>", "not valid SBML"),
        ("<model", '<model fast="1"', "not valid SBML"),
        (
            'version="2">',
            'version="2" xmlns:new="http://www.sbml.org/sbml/level3/version1/new/version1" new:required="true">',
            "package 'new' is not known",
        ),
    ],
)
def test_files_that_contradict_themselves(tmp_path, old, new, message):
    path = write_sbml(
        tmp_path / "model.xml",
        values={"k": 1.0},
        species={"S": {"concentration": 1.0}},
        reactions=DECAY,
    )
    with pytest.raises(InputError, match=message):
        load_sbml(_broken(path, old, new))


def test_packages_and_fast_reactions_are_refused_by_name(tmp_path):
    path = write_sbml(
        tmp_path / "model.xml",
        version=1,
        values={"k": 1.0},
        species={"S": {"concentration": 1.0}},
        reactions=DECAY,
    )
    with pytest.raises(InputError, match="fast reaction 'r'"):
        load_sbml(_broken(path, 'fast="false"', 'fast="true"'))


COMP = """<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1"
xmlns:comp="http://www.sbml.org/sbml/level3/version1/comp/version1" comp:required="true">
<model id="whole"><listOfParameters><parameter id="k" value="2" constant="true"/></listOfParameters>
<comp:listOfSubmodels><comp:submodel comp:id="part" comp:modelRef="falling"/></comp:listOfSubmodels></model>
<comp:listOfModelDefinitions><comp:modelDefinition id="falling">
<listOfParameters><parameter id="x" value="3" constant="false"/></listOfParameters>
<listOfRules><rateRule variable="x"><math xmlns="http://www.w3.org/1998/Math/MathML">
<apply><minus/><ci> x </ci></apply></math></rateRule></listOfRules>
</comp:modelDefinition></comp:listOfModelDefinitions>
</sbml>
"""


def test_a_model_of_parts(tmp_path):
    """The part falls from 3 with 1."""
    path = tmp_path / "model.xml"
    path.write_text(COMP, encoding="utf-8")
    np.testing.assert_allclose(course(path, ["part__x"])["part__x"], decay(3, 1.0), rtol=1e-8)
    outside = (
        '<comp:listOfExternalModelDefinitions><comp:externalModelDefinition comp:id="falling" '
        'comp:source="https://example.org/other.xml"/></comp:listOfExternalModelDefinitions></sbml>'
    )
    start = COMP.index("<comp:listOfModelDefinitions>")
    path.write_text(COMP[:start] + outside, encoding="utf-8")
    with pytest.raises(InputError, match="part 'falling'"):
        load_sbml(path)


def test_a_balance_of_fluxes_is_refused_by_name(tmp_path):
    text = (
        COMP.replace("/comp/", "/fbc/")
        .replace("xmlns:comp", "xmlns:fbc")
        .replace("comp:required", "fbc:required")
    )
    start, end = text.index("<comp:listOfSubmodels>"), text.index("</sbml>")
    objective = (
        '<listOfReactions><reaction id="v" reversible="false"/></listOfReactions>'
        '<fbc:listOfObjectives fbc:activeObjective="o"><fbc:objective fbc:id="o" fbc:type="maximize">'
        '<fbc:listOfFluxObjectives><fbc:fluxObjective fbc:reaction="v" fbc:coefficient="1"/>'
        "</fbc:listOfFluxObjectives></fbc:objective></fbc:listOfObjectives></model>"
    )
    path = tmp_path / "model.xml"
    text = (text[:start] + objective + text[end:]).replace('required="true"', 'required="false"')
    path.write_text(
        text.replace('version1/core" level="3" version="1"', 'version2/core" level="3" version="2"')
    )
    with pytest.raises(InputError, match="'fbc'"):
        load_sbml(path)


def test_a_delay_that_changes(tmp_path):
    """What x = t was half the time ago is t / 2; a rate that looks back less than a step is refused."""
    solve(
        tmp_path,
        {"y": [t / 2 for t in AT]},
        values={"x": 0.0, "y": None},
        rate={"x": "1"},
        assign={"y": "delay(x, time / 2)"},
    )
    path = write_sbml(tmp_path / "model.xml", values={"x": 1.0}, rate={"x": "-delay(x, time / 2)"})
    with pytest.raises(SolverError, match="less than a step"):
        simulate_sbml(load_sbml(path), AT)


def test_a_solution_that_leaves_all_bounds_is_flagged(tmp_path):
    """x' = x^2 from 1 is without bound at 1."""
    path = write_sbml(tmp_path / "model.xml", values={"x": 1.0}, rate={"x": "x^2"})
    found = simulate_sbml(load_sbml(path), [0.5, 2.0])
    assert found.words[0] != "ok"
    assert np.isnan(found.of("x")[0, 1])


def test_a_state_that_slides_along_a_threshold_is_flagged(tmp_path):
    path = write_sbml(tmp_path / "model.xml", values={"x": 0.0}, rate={"x": "piecewise(1, x < 1, -1)"})
    found = simulate_sbml(load_sbml(path), [0.5, 2.0])
    assert found.words.tolist() == ["too_many_steps"]
    assert found.of("x")[0, 0] == pytest.approx(0.5)
    assert found.time_ended[0] == pytest.approx(1.0, abs=0.01)


def test_a_rate_that_is_never_a_number_is_refused(tmp_path):
    path = write_sbml(tmp_path / "model.xml", values={"x": 1.0}, rate={"x": "NaN * x"})
    with pytest.raises(InputError, match="rate of 'x' is not a number"):
        load_sbml(path)


def test_what_has_no_formula_is_absent(tmp_path):
    words = {
        "values": {"x": 1.0, "y": 2.0},
        "rate": {"x": "1"},
        "assign": {"y": "5"},
        "events": [{"when": "time >= 1", "set": {"x": "9"}}],
    }
    path = write_sbml(tmp_path / "model.xml", **words)
    text = path.read_text()
    start = text.index("<math")
    while "<math" in text:
        start, end = text.index("<math"), text.index("</math>") + len("</math>")
        text = text[:start] + text[end:]
    path.write_text(text)
    got = course(path, ["x", "y"])
    assert got["x"].tolist() == [1.0] * 4
    assert got["y"].tolist() == [2.0] * 4


def test_visits_that_are_not_usable(tmp_path):
    model = load_sbml(write_sbml(tmp_path / "model.xml", values={"x": 1.0}, rate={"x": "1"}))
    for visits in ([], [np.nan], [2.0, 1.0], [-1.0], [np.inf], [[0.0, 1.0]]):
        with pytest.raises(InputError, match="visits are not usable"):
            simulate_sbml(model, visits)


def test_names_that_are_not_in_the_model(tmp_path):
    model = load_sbml(write_sbml(tmp_path / "model.xml", values={"x": 1.0, "k": 1.0}, rate={"x": "k"}))
    with pytest.raises(InputError, match="output 'X' is not in the model"):
        simulate_sbml(model, [1.0], outputs=["X"])
    with pytest.raises(InputError, match="'kk' is not a parameter"):
        simulate_sbml(model, [1.0], {"kk": 2.0})
    with pytest.raises(InputError, match="number of subjects"):
        simulate_sbml(model, [1.0], {"k": [1.0, 2.0], "initial_x": [1.0, 2.0, 3.0]})


@pytest.mark.parametrize(("level", "version"), [(2, 1), (2, 4), (2, 5), (3, 1)])
def test_older_levels(tmp_path, level, version):
    """Species are concentrations there as well; ln 2 halves in 1."""
    solve(
        tmp_path,
        {"S": decay(5, log(2))},
        level=level,
        version=version,
        sizes={"c": 2.0},
        values={"k": log(2)},
        species={"S": {"amount": 10}},
        reactions=DECAY,
    )

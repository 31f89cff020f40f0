"""The compiled engine: same bits whatever the company, failures flagged and contained, disk cache, errors."""

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from ifntrial.errors import InputError, SolverError, UnknownNameError
from ifntrial.solver import TIME, DoseTable, OdeSystem, Status, Tolerance, simulate, symbol
from ifntrial.solver.engine import solve_problem
from ifntrial.solver.problem import build_problem

SUBJECTS = 13
VISITS = np.array([0.0, 1.0, 2.5, 9.0])


def build_loop() -> OdeSystem:
    """A small stiff feedback loop with a Hill function, a root, explicit time and three speeds."""
    gut, drug, receptor, signal = (symbol(name) for name in ("gut", "drug", "receptor", "signal"))
    ka, k_on, turnover, hill, half = (symbol(name) for name in ("ka", "k_on", "turnover", "hill", "half"))
    bound, total = symbol("bound"), symbol("total")
    clearance = turnover * (1 + sympy.exp(-TIME / 5) / 2)
    return OdeSystem(
        name="loop",
        states=("gut", "drug", "receptor", "signal"),
        parameters=("ka", "k_on", "turnover", "hill", "half"),
        # the root of the quadratic that does not cancel: a small Hill exponent would blow up what rounding leaves
        assignments=(
            ("total", drug + receptor + half),
            ("bound", 2 * drug * receptor / (total + sympy.sqrt(total**2 - 4 * drug * receptor))),
        ),
        rates=(
            -ka * gut,
            ka * gut - clearance * drug - k_on * drug * receptor,
            turnover * (1 - receptor) - k_on * drug * receptor,
            200 * (bound**hill / (half**hill + bound**hill) - signal),
        ),
        initial=(sympy.Integer(0), sympy.Integer(0), sympy.Integer(1), sympy.Integer(0)),
        outputs=(("doubled", 2 * signal),),
    )


LOOP = build_loop()


def draw(subjects: int = SUBJECTS) -> np.ndarray:
    typical = np.array([0.5, 300.0, 0.4, 1.7, 0.3])
    return typical * np.exp(0.4 * np.random.default_rng(7).standard_normal((subjects, 5)))


PARAMETERS = draw()
DOSES = DoseTable.join(
    DoseTable.regimen(SUBJECTS, state="gut", amount=np.linspace(0.0, 3.0, SUBJECTS), interval=1.5, n_doses=4),
    DoseTable.regimen(
        SUBJECTS, state="drug", amount=1.0, start=np.linspace(0.0, 2.0, SUBJECTS), duration=0.25
    ),
)


def run(parameters=PARAMETERS, doses=DOSES, visits=VISITS, *, workers=1, width=None, **options):
    defaults = {"tolerance": Tolerance.TRIAL, "outputs": [*LOOP.states, "bound", "doubled"], "subjects": None}
    defaults |= {"start": 0.0, "initial": None, "resume": None, "max_steps": 100_000} | options
    return solve_problem(build_problem(LOOP, parameters, doses, visits, **defaults), workers, width=width)


WHOLE = run()


@given(
    order=st.permutations(range(SUBJECTS)),
    count=st.integers(1, SUBJECTS),
    workers=st.integers(1, 4),
    width=st.sampled_from([1, 2, 4, 8]),
)
@settings(max_examples=settings.default.max_examples // 4)
def test_a_subject_has_the_same_bits_in_any_company(order, count, workers, width):
    chosen = list(order)[:count]
    part = run(PARAMETERS[chosen], DOSES.take(chosen), workers=workers, width=width)
    np.testing.assert_array_equal(part.values, WHOLE.values[chosen])
    np.testing.assert_array_equal(part.accepted, WHOLE.accepted[chosen])
    np.testing.assert_array_equal(part.final.states, WHOLE.final.states[chosen])


@given(
    bad=st.integers(0, SUBJECTS - 1),
    column=st.integers(0, 4),
    value=st.sampled_from([np.nan, np.inf, -1e300, 1e300, 0.0]),
)
@settings(max_examples=settings.default.max_examples // 3)
def test_an_impossible_subject_leaves_its_neighbours_alone(bad, column, value):
    parameters = PARAMETERS.copy()
    parameters[bad, column] = value
    result = run(parameters, max_steps=20_000)
    others = np.arange(SUBJECTS) != bad
    np.testing.assert_array_equal(result.values[others], WHOLE.values[others])
    assert result.is_ok[others].all()
    if not np.isfinite(value):
        assert result.status[bad] == Status.BAD_PARAMETER
        assert np.isnan(result.values[bad]).all()
    assert result.is_ok[bad] == np.isfinite(result.values[bad]).all()


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_resume_gives_the_same_bits(cut):
    first = run(visits=VISITS[:cut])
    second = run(visits=VISITS[cut:], resume=first.final)
    np.testing.assert_array_equal(np.concatenate([first.values, second.values], axis=1), WHOLE.values)


def test_resume_without_a_running_infusion_is_refused():
    first = run(visits=[0.1])
    with pytest.raises(InputError, match="infusions that ran"):
        run(doses=DoseTable.none(SUBJECTS), visits=[1.0], resume=first.final)


def test_visits_of_their_own_and_missing_ones():
    visits = np.tile(VISITS, (SUBJECTS, 1))
    visits[3, 2:] = np.nan
    visits[4] = [0.5, 1.0, 2.0, 3.0]
    result = run(visits=visits)
    others = [i for i in range(SUBJECTS) if i not in (3, 4)]
    np.testing.assert_array_equal(result.values[others], WHOLE.values[others])
    np.testing.assert_array_equal(result.values[3, :2], WHOLE.values[3, :2])
    assert np.isnan(result.values[3, 2:]).all()
    assert result.time_ended[[0, 3, 4]].tolist() == [9.0, 1.0, 3.0]


def test_outputs_follow_the_states():
    np.testing.assert_array_equal(WHOLE.of("doubled"), 2 * WHOLE.of("signal"))
    drug, receptor, half = WHOLE.of("drug"), WHOLE.of("receptor"), PARAMETERS[:, 4:5]
    total = drug + receptor + half
    np.testing.assert_allclose(
        WHOLE.of("bound"), 2 * drug * receptor / (total + np.sqrt(total**2 - 4 * drug * receptor)), rtol=1e-12
    )


def test_dose_that_is_not_a_number_and_dose_before_the_start():
    amount = np.ones(SUBJECTS)
    amount[2] = np.nan
    start = np.zeros(SUBJECTS)
    start[5] = -1.0
    result = run(doses=DoseTable.regimen(SUBJECTS, state="gut", amount=amount, start=start))
    assert np.flatnonzero(result.status == Status.BAD_DOSE).tolist() == [2, 5]
    table = result.status_table()
    assert len(table) == SUBJECTS
    assert table.loc[2, "status"] == "bad_dose"


X, K = symbol("x"), symbol("k")


def solve_one(rate, initial=1, scales=(), k=1.0, visits=(10.0,), **options):
    system = OdeSystem("one", ("x",), ("k",), (rate,), (sympy.sympify(initial),), scales=scales)
    return simulate(system, {"k": [k]}, None, list(visits), **options)


def test_blow_up_is_flagged_where_it_happens():
    result = solve_one(X**2)
    assert result.words[0] in ("step_too_small", "non_finite")
    # x = 1 / (1 - t), solved at a relative tolerance of 1e-5
    assert result.time_ended[0] == pytest.approx(1.0, rel=1e-4)
    assert np.isnan(result.values).all()


def test_values_before_a_failure_are_kept():
    result = solve_one(X**2, visits=(0.5, 2.0))
    assert result.of("x")[0, 0] == pytest.approx(2.0, rel=1e-4)
    assert np.isnan(result.of("x")[0, 1])


@pytest.mark.parametrize("exponent", [0.02, 0.5])
def test_leaving_zero_along_an_infinite_slope_takes_steps_below_the_last_digit_of_time(exponent):
    rate = 1 - X**exponent / 2
    near, far = (
        solve_one(rate, 0, visits=(start + 1.0,), start=start, tolerance=Tolerance(1e-6))
        for start in (0.0, 1e6)
    )
    assert near.is_ok[0]
    assert far.is_ok[0]
    np.testing.assert_allclose(far.values, near.values, rtol=1e-6)


def test_a_state_that_undershoots_is_not_held_by_a_root_or_power():
    # the exact solution goes below zero, where both are those of zero
    for term in (sympy.sqrt(X), X ** sympy.Float(0.3)):
        found = solve_one(-1 - K * term, 0.5, visits=(2.0, 3.0), max_steps=2000)
        assert found.is_ok[0]
        assert found.of("x")[0, 1] - found.of("x")[0, 0] == pytest.approx(-1.0, rel=1e-4)


def test_too_many_steps_and_bad_scales_are_flagged():
    assert solve_one(sympy.cos(100 * TIME), max_steps=20).words[0] == "too_many_steps"
    assert solve_one(-X, scales=(K - 1,)).words[0] == "bad_initial"
    assert solve_one(-X, initial=1 / (K - 1)).words[0] == "bad_initial"


def test_a_nonsense_rate_is_flagged():
    assert solve_one(sympy.log(-X)).words[0] == "non_finite"


def test_names_that_do_not_match_are_listed():
    with pytest.raises(UnknownNameError, match="k_on") as error:
        simulate(LOOP, {"k_onn": 1.0, "ka": 1.0, "turnover": 1.0, "hill": 1.0}, None, [1.0])
    assert len(error.value.problems) == 3
    with pytest.raises(UnknownNameError, match="signal"):
        run(outputs=["signl"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"visits": [2.0, 1.0]}, "do not rise"),
        ({"visits": [-1.0]}, "before the start"),
        ({"visits": [np.inf]}, "infinite"),
        ({"visits": []}, "visits are needed"),
        ({"doses": DoseTable.none(3)}, "not the same everywhere"),
        ({"initial": np.zeros(3)}, "initial has the wrong shape"),
        ({"parameters": np.ones((SUBJECTS, 2))}, "wrong shape"),
    ],
)
def test_requests_that_do_not_fit_are_explained(options, message):
    with pytest.raises(InputError, match=message):
        run(**options)


def test_a_system_that_cannot_be_compiled_lists_every_problem():
    system = OdeSystem(
        "broken", ("x", "y"), ("k",), (sympy.gamma(X), symbol("nobody")), (symbol("x"), sympy.Integer(0))
    )
    with pytest.raises(SolverError) as error:
        simulate(system, {"k": 1.0}, None, [1.0])
    assert len(error.value.problems) == 3


def test_a_tolerance_out_of_range_is_refused():
    with pytest.raises(InputError, match="out of range"):
        Tolerance(1.0)


def test_progress_ends_with_everyone():
    seen = []
    simulate(
        LOOP, PARAMETERS, DOSES, VISITS, workers=2, progress=lambda done, total: seen.append((done, total))
    )
    assert seen[-1] == (SUBJECTS, SUBJECTS)


def test_the_driver_means_the_same_by_its_numbers():
    from ifntrial.solver.compiler import driver
    from ifntrial.solver.schedule import Operation

    for code in (
        *Operation,
        Status.OK,
        Status.BAD_INITIAL,
        Status.STEP_TOO_SMALL,
        Status.TOO_MANY_STEPS,
        Status.NON_FINITE,
    ):
        assert getattr(driver, code.name) == code


def test_parameters_up_to_a_hundredfold_off_are_all_solved_and_right():
    typical = np.array([0.5, 300.0, 0.4, 1.7, 0.3])
    # the Hill exponent too: at 0.02 the slope at zero is infinite, at 160 powers underflow
    wild = typical * 100.0 ** np.random.default_rng(3).uniform(-1, 1, (400, 5))
    doses = DoseTable.regimen(400, state="gut", amount=2.0, interval=1.5, n_doses=4)
    found = run(wild, doses, max_steps=200_000, tolerance=Tolerance(1e-6))
    assert found.is_ok.all()
    exact = run(wild, doses, max_steps=2_000_000, tolerance=Tolerance(1e-10))
    states = slice(0, len(LOOP.states))  # declared sizes are one
    size = np.abs(exact.values[..., states]) + 1e-3
    errors = (np.abs(found.values - exact.values)[..., states] / size).max(axis=(1, 2))
    assert np.median(errors) < 1e-6
    assert np.quantile(errors, 0.99) < 1e-4


def test_zero_doses_do_nothing():
    none = run(doses=DoseTable.none(SUBJECTS))
    zero = run(doses=DoseTable.regimen(SUBJECTS, state="gut", amount=0.0, interval=2.0, n_doses=3))
    # stops at doses change the steps, not the accuracy
    np.testing.assert_allclose(zero.values, none.values, rtol=1e-4, atol=1e-8)
    assert (none.of("gut") == 0.0).all()

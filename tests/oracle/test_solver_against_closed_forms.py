"""Linear compartments against their solutions in closed form, derived by hand from superposition of exponentials."""

import numpy as np
import pytest

from ifntrial.solver import DoseKind, DoseTable, OdeSystem, Tolerance, simulate, symbol

ka, cl, v = (symbol(name) for name in ("ka", "cl", "v"))
depot, central = symbol("depot"), symbol("central")
ORAL = OdeSystem(
    "one compartment",
    states=("depot", "central"),
    parameters=("ka", "cl", "v"),
    rates=(-ka * depot, ka * depot - cl / v * central),
    initial=(0 * ka, 0 * ka),
    outputs=(("concentration", central / v),),
)
PARAMETERS = {"ka": np.array([0.3, 1.0, 24.0]), "cl": np.array([0.2, 4.0, 30.0]), "v": 3.0}
K = PARAMETERS["cl"][:, None] / 3.0
KA = PARAMETERS["ka"][:, None]
VISITS = np.linspace(0.0, 20.0, 41)


def exponential(since, rate):
    return np.where(since > 0, np.exp(-rate * np.maximum(since, 0.0)), 0.0)


def solve(doses, **options):
    result = simulate(
        ORAL, PARAMETERS, doses, VISITS, tolerance=Tolerance(1e-8), outputs=["concentration"], **options
    )
    assert result.is_ok.all()
    return result.of("concentration")


def check(found, expected):
    np.testing.assert_allclose(found, expected, rtol=2e-6, atol=2e-8)


def test_repeated_bolus():
    found = solve(
        DoseTable.regimen(3, state="central", amount=9.0, start=0.5, interval=4.0, n_doses=3, lag=0.25)
    )
    check(found, sum(3.0 * exponential(VISITS - at, K) for at in (0.75, 4.75, 8.75)))


def test_overlapping_infusions():
    found = solve(
        DoseTable.join(
            DoseTable.regimen(3, state="central", amount=12.0, duration=6.0, bioavailability=0.5),
            DoseTable.regimen(3, state="central", amount=12.0, start=2.0, rate=8.0, bioavailability=0.5),
        )
    )

    def infusion(rate, start, length):
        rise = -np.expm1(-K * np.clip(VISITS - start, 0.0, length))
        return rate / K / 3.0 * rise * np.exp(-K * np.maximum(VISITS - start - length, 0.0))

    check(found, infusion(1.0, 0.0, 6.0) + infusion(8.0, 2.0, 0.75))


def test_oral_dose_with_bioavailability_per_subject():
    share = np.array([0.2, 0.6, 1.0])
    found = solve(DoseTable.regimen(3, state="depot", amount=9.0, start=1.0, bioavailability=share))
    since = VISITS - 1.0
    expected = 3.0 * share[:, None] * KA / (KA - K) * (exponential(since, K) - exponential(since, KA))
    check(found, expected)


def test_steady_state_of_repeated_oral_doses():
    interval = 2.0
    result = simulate(
        ORAL,
        PARAMETERS,
        DoseTable.regimen(3, state="depot", amount=9.0, interval=interval, n_doses=150),
        [200.5],
        tolerance=Tolerance(1e-9),
        outputs=["concentration"],
    )

    def accumulated(rate):
        return np.exp(-rate * 0.5) / -np.expm1(-rate * interval)

    check(result.of("concentration"), 3.0 * KA / (KA - K) * (accumulated(K) - accumulated(KA)))


def test_set_input_reaches_the_closed_form_plateau():
    found = solve(
        DoseTable.from_columns(
            3, subject=[0, 1, 2], time=0.0, state="central", amount=1.5, kind=DoseKind.SET_INPUT
        )
    )
    check(found, 1.5 / K / 3.0 * -np.expm1(-K * VISITS))


def test_reset_forgets_what_was_given():
    doses = DoseTable.join(
        DoseTable.regimen(3, state="central", amount=9.0),
        DoseTable.regimen(3, state="central", amount=50.0, duration=10.0),
        DoseTable.from_columns(
            3, subject=[0, 1, 2], time=5.0, state="central", amount=0.0, kind=DoseKind.RESET
        ),
        DoseTable.regimen(3, state="central", amount=3.0, start=5.0),
    )
    found = solve(doses)
    check(found[:, VISITS > 5.0], exponential(VISITS[VISITS > 5.0] - 5.0, K))


def test_a_visit_at_a_dose_is_before_it():
    doses = DoseTable.regimen(3, state="central", amount=9.0, interval=5.0, n_doses=2)
    found = solve(doses)
    assert (found[:, 0] == 0.0).all()
    check(found[:, VISITS == 5.0], 3.0 * np.exp(-K * 5.0))


@pytest.mark.parametrize("at", [2.0, 5.0, 6.0])
def test_resume_continues_as_if_there_had_been_no_stop(at):
    doses = DoseTable.join(
        DoseTable.regimen(3, state="depot", amount=9.0, interval=5.0, n_doses=3),
        DoseTable.regimen(3, state="central", amount=9.0, start=4.0, duration=4.0),
    )
    options = {"tolerance": Tolerance(1e-9), "outputs": ["concentration"]}
    whole = simulate(ORAL, PARAMETERS, doses, VISITS, **options)
    first = simulate(ORAL, PARAMETERS, doses, VISITS[VISITS <= at], **options)
    second = simulate(ORAL, PARAMETERS, doses, VISITS[VISITS > at], resume=first.final, **options)
    check(np.concatenate([first.values, second.values], axis=1), whole.values)

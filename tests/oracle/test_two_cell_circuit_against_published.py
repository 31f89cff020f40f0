"""The macrophage-myofibroblast circuit against its publication, solved here by SciPy from equations written again.

Equations and constants: Adler et al., iScience 2020 (doi 10.1101/710012), as quoted by public re-implementations of
it; cells, molecules and days. Ours is relative to the untreated patient and solves the PDGF secretion of macrophages;
theirs is absolute and has it as a constant.
"""

from functools import lru_cache

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import fsolve

from ifntrial.course.assemble import typical_world
from ifntrial.course.system import build_system
from ifntrial.evidence.load import load_evidence
from ifntrial.model.mechanisms import two_cell_circuit
from ifntrial.solver import DoseTable, OdeSystem, Tolerance, simulate, symbol
from shipped import build_model

STATES = ("myofibroblast_skin", "macrophage_skin", "csf1_skin", "pdgf_skin")
UNTREATED = ("myofibroblast_untreated", "macrophage_untreated", "csf1_untreated", "pdgf_untreated")
MINUTES_PER_DAY = 1440.0
INFLUX = 1e6
"""Macrophages that enter in a day while an injury lasts."""


def published(_time, cells, influx=0.0, proliferation=0.9):
    """Return the rates of the published circuit [cells or molecules per day]."""
    f, m, c, p = cells
    csf1, pdgf = c / (6e8 + c), p / (6e8 + p)
    return np.array(
        [
            f * (proliferation * pdgf * (1 - f / 1e6) - 0.3),
            m * (0.8 * csf1 - 0.3) + influx,
            MINUTES_PER_DAY * (470 * f - 940 * m * csf1) - 2 * c,
            MINUTES_PER_DAY * (70 * m + 240 * f - 510 * f * pdgf) - 2 * p,
        ]
    )


@lru_cache(maxsize=1)
def hot_fibrosis():
    """Return the published steady state with both cells [cells, cells, molecules, molecules]."""
    guess = np.array([5e5, 6e5, 4e8, 1e9])
    found = fsolve(lambda x: published(0, x * guess) / guess, np.ones(4), xtol=1e-12) * guess
    assert np.abs(published(0, found) / found).max() < 1e-6
    return found


def published_course(start, until, *, influx_days=0.0, proliferation=0.9):
    """Return the end of the published circuit's course."""
    for length, influx in ((influx_days, INFLUX), (until - influx_days, 0.0)):
        if length > 0:
            start = solve_ivp(
                published,
                (0.0, length),
                start,
                method="LSODA",
                rtol=1e-9,
                atol=[1e-6, 1e-6, 1.0, 1.0],
                args=(influx, proliferation),
            ).y[:, -1]
    return start


@lru_cache(maxsize=1)
def our_circuit():
    """Return our equations of the skin alone, with their starting levels and the drive as parameters."""
    system = build_system(build_model())
    mine = {x.name for x in two_cell_circuit.MECHANISM.assignments}
    rates = dict(zip(system.states, system.rates, strict=True))
    parameters = tuple(x.name for x in two_cell_circuit.MECHANISM.parameters)
    return OdeSystem(
        name="circuit",
        states=STATES,
        parameters=(*parameters, "drive_skin", *(f"start_{x}" for x in STATES)),
        rates=tuple(rates[x] for x in STATES),
        initial=tuple(symbol(f"start_{x}") for x in STATES),
        scales=tuple(symbol(f"start_{x}") * 0 + 1 for x in STATES),
        assignments=tuple(
            (name, law) for name, law in system.assignments if name in mine and not _elsewhere(name)
        ),
    )


def _elsewhere(name):
    return name.endswith(("_lung", "_heart"))


def our_values(**changed):
    typical = typical_world(build_model(), load_evidence()).parameters
    values = {x.name: typical[x.name] for x in two_cell_circuit.MECHANISM.parameters}
    pdgf = hot_fibrosis()[3]
    own = {
        "pdgf_saturation_untreated": pdgf / (pdgf + 6e8),
        "recruited_macrophage_share": 0.0,
        "drive_on_myofibroblasts": 1.0,
        "drive_skin": 1.0,
    }
    return values | {name: np.array([float(value)]) for name, value in (own | changed).items()}


def our_course(start, until, *, influx_days=0.0, **changed):
    """Return the end of our circuit's course, in cells and molecules."""
    levels = dict(zip((f"start_{x}" for x in STATES), start / hot_fibrosis(), strict=True))
    doses = DoseTable.none(1)
    if influx_days:
        doses = DoseTable.regimen(
            1,
            state="macrophage_skin",
            amount=np.array([INFLUX * influx_days / hot_fibrosis()[1]]),
            times=np.array([0.0]),
            duration=influx_days,
            bioavailability=1.0,
        )
    found = simulate(
        our_circuit(),
        our_values(**levels, **changed),
        doses,
        np.array([0.0, until]),
        tolerance=Tolerance(1e-8, floor=1e-6),
        outputs=STATES,
    )
    assert found.is_ok.all()
    return found.values[0, -1] * hot_fibrosis()


def test_the_published_steady_states_are_those_that_were_read():
    assert hot_fibrosis() == pytest.approx([4.85e5, 6.45e5, 3.6e8, 1.10e9], rel=5e-3)


def test_the_closed_form_gives_the_published_state_and_the_published_secretion():
    start = dict.fromkeys((f"start_{x}" for x in STATES), 1.0)
    found = simulate(
        our_circuit(),
        our_values(**start),
        DoseTable.none(1),
        np.array([0.0, 1.0]),
        outputs=(*UNTREATED, "pdgf_secretion_macrophage"),
    )
    *levels, secretion = found.values[0, 0]
    assert levels == pytest.approx(hot_fibrosis(), rel=1e-9)
    published_secretion = load_evidence().value("adler.pdgf_secretion_macrophage")
    assert secretion / MINUTES_PER_DAY == pytest.approx(published_secretion, rel=1e-9)


def test_the_table_holds_the_saturation_of_the_published_state():
    pdgf = hot_fibrosis()[3]
    assert load_evidence().value("pdgf_saturation_untreated") == pytest.approx(pdgf / (pdgf + 6e8), abs=5e-4)


@pytest.mark.parametrize(
    ("days", "is_hot"), [(1.0, False), (2.0, True), (4.0, True)], ids=["heals", "scars", "scars longer"]
)
def test_a_short_injury_heals_and_a_longer_one_ends_in_hot_fibrosis(days, is_hot):
    start = np.array([1.0, 1.0, 0.0, 0.0])
    ours, theirs = (course(start, 200.0, influx_days=days) for course in (our_course, published_course))
    assert ours == pytest.approx(theirs, rel=1e-3, abs=10.0)
    assert ours / hot_fibrosis() == pytest.approx(np.full(4, float(is_hot)), abs=1e-3)


@pytest.mark.parametrize("until", [0.5, 3.0, 10.0, 40.0])
def test_the_courses_agree_on_the_way(until):
    start = np.array([2e5, 8e4, 1e8, 1e8])
    assert our_course(start, until) == pytest.approx(published_course(start, until), rel=1e-4)


def test_without_macrophages_cold_fibrosis_remains():
    start = np.array([2e5, 0.0, 1e8, 5e8])
    ours = our_course(start, 400.0)
    assert ours == pytest.approx(published_course(start, 400.0), rel=1e-4)
    assert ours[0] == pytest.approx(2.84e5, rel=5e-3)
    assert ours[1] == 0.0


@pytest.mark.parametrize(("drive", "heals"), [(0.65, False), (0.6, False), (0.57, True), (0.4, True)])
def test_a_drive_that_acts_on_activation_is_the_published_proliferation_scaled(drive, heals):
    """Hot fibrosis is lost where proliferation falls below 0.58 of its published value."""
    ours = our_course(hot_fibrosis(), 2000.0, drive_skin=drive)
    theirs = published_course(hot_fibrosis(), 2000.0, proliferation=0.9 * drive)
    assert ours == pytest.approx(theirs, rel=1e-3, abs=10.0)
    assert (ours[0] < 1.0) == heals

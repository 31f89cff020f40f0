"""Worlds by hand: from chosen numbers in (0, 1) to what every unknown is in a world."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.special import expit, ndtr
from scipy.stats import beta, gamma, norm

from ifntrial.units import convert
from ifntrial.worlds.draw import draw_worlds, worlds_from

DOMAINS = ("inflammation", "skin", "lung", "vessel", "patient_reported", "heart")
ITEMS = ("mrss", "haq_di", "patient_global", "physician_global", "fvc_percent")
Answers = dict[str | tuple[str, int], float]


def asked(answers: Answers) -> Callable[[str, int], np.ndarray]:
    """Answer every question with one half, but those named by purpose, or by purpose and draw."""

    def uniform(purpose: str, draw: int) -> np.ndarray:
        return np.array([answers.get((purpose, draw), answers.get(purpose, 0.5))])

    return uniform


def one_world(model, evidence, answers: Answers):
    found = worlds_from(model, evidence, 1, asked(answers))
    assert found.number.tolist() == [0]
    return (
        {name: float(values[0]) for name, values in found.parameters.items()},
        {name: float(values[0]) for name, values in found.history.items()},
    )


@pytest.fixture(scope="module")
def rows(with_rows):
    return with_rows(
        {
            "world.phi_logit_mean": {"prior_a": -1.0, "prior_b": 0.5},
            "world.phi_max": 0.6,
            "world.phi_correlation_low": 0.2,
            "world.phi_correlation_high": 0.6,
            "world.protective_share": 0.1,
            "world.protective_phi_logit_fall": 3.0,
            "world.protective_brake": {"prior_a": 0.2, "prior_b": 1.8},
            "world.relative_form_share": 0.25,
            "a_mmf": {"prior_a": 2.0, "prior_b": 3.0},
            "history.trial_items_correlation": 0.64,
            "history.mrss_change_trial_sd": 2.0,
            "history.haq_di_change_trial_sd": 0.1,
            "history.patient_global_change_trial_sd": 0.5,
            "history.physician_global_change_trial_sd": 0.3,
            "history.fvc_change_trial_sd": 0.9,
            "history.mrss_change_mmf": {"prior_a": -3.0, "prior_b": 2.0},
            "history.haq_di_change_mmf": {"prior_a": -0.2, "prior_b": 0.1},
            "history.patient_global_change_mmf": {"prior_a": -0.6, "prior_b": 0.3},
            "history.physician_global_change_mmf": {"prior_a": -0.5, "prior_b": 0.4},
            "history.fvc_change_mmf": {"prior_a": 1.5, "prior_b": 1.0},
            "history.fvc_progression_share": {"prior_a": 1.4, "prior_b": 0.3},
        }
    )


# --- the drug effect ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", range(len(DOMAINS)))
def test_the_share_of_a_domain_has_a_common_and_an_own_part(model, rows, place):
    answers: Answers = {
        "protective": 0.5,
        "phi mean": ndtr(2.0),
        "phi correlation": 0.4,
        "phi common": ndtr(-0.5),
        ("phi domain", place): ndtr(1.5),
    }
    parameters, _ = one_world(model, rows, answers)
    # centre -1 + 2 * 0.5, correlation 0.2 + 0.4 * 0.4
    shared = np.sqrt(0.36) * -0.5
    for other, domain in enumerate(DOMAINS):
        own = np.sqrt(0.64) * (1.5 if other == place else 0.0)
        assert parameters[f"phi_{domain}"] == pytest.approx(0.6 * expit(shared + own)), domain


def test_protective_worlds_have_less_drive_through_interferon_and_stronger_brakes(model, rows):
    protective, other = (one_world(model, rows, {"protective": u})[0] for u in (0.09, 0.11))
    for domain in DOMAINS:
        assert other[f"phi_{domain}"] == pytest.approx(0.6 * expit(-1.0)), domain
        assert protective[f"phi_{domain}"] == pytest.approx(0.6 * expit(-4.0)), domain
    for brake in ("brake", "brake_lung"):
        assert 0 < other[brake] < 0.2
        # halfway between 0.2 and 1.8 on the scale of logarithms
        assert protective[brake] == pytest.approx(0.6), brake
    touched = {name for name, value in protective.items() if value != other[name]}
    assert touched == {*(f"phi_{domain}" for domain in DOMAINS), "brake", "brake_lung"}


@pytest.mark.parametrize("place", [0, 1])
def test_each_brake_of_a_protective_world_is_drawn_by_itself(model, rows, place):
    weak, strong = (
        one_world(model, rows, {"protective": 0.09, ("protective brake", place): u})[0] for u in (0.25, 0.75)
    )
    for other, brake in enumerate(("brake", "brake_lung")):
        # a half of 9 on the scale of logarithms
        assert strong[brake] / weak[brake] == pytest.approx(3.0 if other == place else 1.0), brake


@pytest.mark.parametrize(("number", "expected"), [(0.24, 0.0), (0.26, 1.0)])
def test_the_effect_depends_on_the_own_signal_but_in_the_declared_share_of_worlds(
    model, rows, number, expected
):
    found, _ = one_world(model, rows, {"effect_follows_signal": number})
    assert found["effect_follows_signal"] == expected


def test_what_mycophenolate_takes_is_drawn_from_its_prior(model, rows):
    assert one_world(model, rows, {"a_mmf": 0.3})[0]["a_mmf"] == pytest.approx(beta.ppf(0.3, 2.0, 3.0))


# --- the parameters of the model ----------------------------------------------------------------------------------

QUANTILE = {
    "normal": lambda a, b, u: a + b * norm.ppf(u),
    "lognormal": lambda a, b, u: a * np.exp(b * norm.ppf(u)),
    "beta": lambda a, b, u: beta.ppf(u, a, b),
    "uniform": lambda a, b, u: a + u * (b - a),
    "gamma": lambda a, b, u: gamma.ppf(u, a, scale=1 / b),
    "loguniform": lambda a, b, u: a * (b / a) ** u,
}


def test_every_parameter_with_a_prior_is_drawn_from_it_in_the_units_of_the_model(model, evidence):
    found, _ = one_world(model, evidence, dict.fromkeys((p.name for p in model.parameters), 0.9))
    rows = {row.name: row for row in evidence.parameters}
    drawn = []
    for parameter in model.parameters:
        name = f"{model.drug.name}.{parameter.name}"
        row = rows.get(name, rows.get(parameter.name))
        if row is None or row.prior == "none" or parameter.name in ("brake", "brake_lung"):
            continue
        value = QUANTILE[row.prior](row.prior_a, row.prior_b, 0.9)
        expected = convert(value, row.unit, parameter.unit)
        assert found[parameter.name] == pytest.approx(expected, rel=1e-9), parameter.name
        drawn.append(parameter.name)
    assert len(drawn) > 10
    assert set(found) == {
        *drawn,
        "effect_follows_signal",
        "brake",
        "brake_lung",
        "bioavailability",
        *map("phi_{}".format, DOMAINS),
    }


# --- how a trial's patients do without treatment ------------------------------------------------------------------

TRIAL_SD = {"mrss": 2.0, "haq_di": 0.1, "patient_global": 0.5, "physician_global": 0.3, "fvc_percent": 0.9}


@pytest.mark.parametrize("place", range(len(ITEMS)))
def test_the_effect_of_a_trial_has_a_part_common_to_its_items_and_one_of_each(model, rows, place):
    answers: Answers = {"trial effect": ndtr(1.25), ("trial effect of item", place): ndtr(-2.0)}
    _, history = one_world(model, rows, answers)
    for other, item in enumerate(ITEMS):
        # a bad trial: every score rises and lung function falls
        common = np.sqrt(0.64) * 1.25 * (-1.0 if item == "fvc_percent" else 1.0)
        own = np.sqrt(0.36) * (-2.0 if other == place else 0.0)
        assert history[f"trial_{item}"] == pytest.approx(TRIAL_SD[item] * (common + own)), item


def test_a_trial_that_does_well_does_so_on_every_item(model, evidence):
    history = draw_worlds(model, evidence, 4000, 1).history
    better = {item: history[f"trial_{item}"] * (1.0 if item == "fvc_percent" else -1.0) for item in ITEMS}
    correlation = np.corrcoef(list(better.values()))
    expected = evidence.value("history.trial_items_correlation")
    assert correlation[~np.eye(len(ITEMS), dtype=bool)] == pytest.approx(expected, abs=0.05)


def test_the_associations_with_mycophenolate_and_the_share_of_progression_are_drawn(model, rows):
    answers: Answers = {
        "history.mrss_change_mmf": ndtr(1.0),
        "history.haq_di_change_mmf": ndtr(-1.0),
        "history.patient_global_change_mmf": ndtr(2.0),
        "history.physician_global_change_mmf": ndtr(-2.0),
        "history.fvc_change_mmf": ndtr(0.5),
        "history.fvc_progression_share": ndtr(-1.0),
    }
    _, history = one_world(model, rows, answers)
    expected = {
        "mrss": -1.0,
        "haq_di": -0.3,
        "patient_global": 0.0,
        "physician_global": -1.3,
        "fvc_percent": 2.0,
    }
    for item, value in expected.items():
        assert history[f"mmf_{item}"] == pytest.approx(value, abs=1e-12), item
    assert history["progression_share"] == pytest.approx(1.4 * np.exp(-0.3))
    names = {"progression_share", *(f"{kind}_{item}" for kind in ("trial", "mmf") for item in ITEMS)}
    assert set(history) == names


def test_every_seed_and_every_unknown_has_its_own_luck(model, evidence):
    drawn = [draw_worlds(model, evidence, 50, seed) for seed in (1, 2)]
    columns = [
        column for one in drawn for group in (one.parameters, one.history) for column in group.values()
    ]
    assert len({tuple(np.argsort(column)) for column in columns}) == len(columns)

"""Readings: scales, rounding, the same numbers in every arm and for more subjects, visits or repeats."""

import numpy as np
import pytest

from ifntrial.clinic.readings import (
    MeasurementNoise,
    draw_measurement_noise,
    measure,
    measurement_error,
    read_values,
)
from toy_trial import ERROR, EXACT, toy_course

WEEKS = (0.0, 12.0, 52.0)


def test_the_errors_come_from_the_evidence_tables(with_rows) -> None:
    names = ["mrss_sd", "fvc_percent_sd", "haq_di_sd", "patient_global_sd", "physician_global_sd"]
    names += ["nt_probnp_log_sd", "signature_sd", "troponin_log_sd", "dlco_percent_sd"]
    names += ["capillary_density_sd", "chemokine_score_sd"]
    evidence = with_rows({f"measurement.{name}": 0.1 * (place + 1) for place, name in enumerate(names)})
    found = measurement_error(evidence)
    assert found == {name: pytest.approx(0.1 * (place + 1)) for place, name in enumerate(names)}


# --- one reading by hand ------------------------------------------------------------------------------------------

SD = {
    "mrss_sd": 2.0,
    "fvc_percent_sd": 3.0,
    "haq_di_sd": 0.2,
    "patient_global_sd": 1.5,
    "physician_global_sd": 0.5,
    "nt_probnp_log_sd": 0.25,
    "signature_sd": 0.1,
}
BLOOD, SKIN = "signature_suppression_blood", "signature_suppression_skin"


def read_one(
    quantity: str, true: float, normal: float, *, rounding: bool = True, **others: float
) -> dict[str, float]:
    """Return the readings of one visit, all errors zero but those named."""
    zero = draw_measurement_noise(1, 0, (0.0,), 1).normal
    normals = {name: np.full((1, 1, 1), {quantity: normal, **others}.get(name, 0.0)) for name in zero}
    found = read_values({quantity: np.array([[true]])}, SD, MeasurementNoise(normals), rounding=rounding)
    return {name: float(values[0, 0, 0]) for name, values in found.items()}


@pytest.mark.parametrize(
    ("quantity", "true", "normal", "exact", "rounded"),
    [
        ("mrss", 20.2, 1.25, 22.7, 23.0),
        ("mrss", 49.0, 2.0, 51.0, 51.0),
        ("mrss", 49.0, 3.0, 51.0, 51.0),
        ("mrss", 1.0, -3.0, 0.0, 0.0),
        ("fvc_percent", 80.0, 0.123, 80.369, 80.4),
        ("fvc_percent", 198.0, 1.0, 200.0, 200.0),
        ("fvc_percent", 6.0, -1.0, 5.0, 5.0),
        ("haq_di", 0.5, 0.5, 0.6, 0.625),
        ("haq_di", 0.375, 0.0, 0.375, 0.375),
        ("haq_di", 1.125, 0.0, 1.125, 1.125),
        ("haq_di", 2.9, 1.0, 3.0, 3.0),
        ("haq_di", 0.1, -1.0, 0.0, 0.0),
        ("patient_global", 5.0, 1.1, 6.65, 7.0),
        ("patient_global", 9.0, 2.0, 10.0, 10.0),
        ("patient_global", 1.0, -2.0, 0.0, 0.0),
        ("physician_global", 5.0, 1.1, 5.55, 6.0),
        ("physician_global", 9.8, 1.0, 10.0, 10.0),
        ("physician_global", 0.2, -1.0, 0.0, 0.0),
        ("nt_probnp", 100.0, 2.0, 100.0 * np.exp(0.5), 165.0),
        ("nt_probnp", 1.5, -4.0, 1.0, 1.0),
        (BLOOD, 0.5, 0.237, 0.5237, 0.52),
        (BLOOD, 0.98, 1.0, 1.0, 1.0),
        (BLOOD, -3.0, -2.0, -3.2, -3.2),
        (SKIN, 0.5, 0.237, 0.5237, 0.52),
        (SKIN, 0.98, 1.0, 1.0, 1.0),
        (SKIN, -3.0, -2.0, -3.2, -3.2),
    ],
)
def test_a_reading_is_the_truth_with_its_error_cut_and_rounded_to_its_scale(
    quantity: str, true: float, normal: float, exact: float, rounded: float
) -> None:
    assert read_one(quantity, true, normal)[quantity] == pytest.approx(rounded, abs=1e-12)
    assert read_one(quantity, true, normal, rounding=False)[quantity] == pytest.approx(exact, abs=1e-12)


def test_the_confirmation_of_fvc_is_a_second_reading_of_the_same_truth() -> None:
    found = read_one("fvc_percent", 80.0, 1.0, fvc_percent_confirmation=-0.123)
    assert found["fvc_percent"] == pytest.approx(83.0)
    assert found["fvc_percent_confirmation"] == pytest.approx(79.6)
    noise = draw_measurement_noise(1, 0, (0.0, 52.0), 4000).normal
    correlation = np.corrcoef(noise["fvc_percent"].ravel(), noise["fvc_percent_confirmation"].ravel())[0, 1]
    assert abs(correlation) < 0.05


def test_one_blow_gives_the_volume_and_its_percentage() -> None:
    noise = {name: np.full((1, 1, 1), 2.0) for name in draw_measurement_noise(1, 0, (0.0,), 1).normal}
    true = {"fvc_percent": np.array([[75.0]]), "fvc_ml": np.array([[2512.0]])}
    read = read_values(true, SD, MeasurementNoise(noise))
    assert float(read["fvc_percent"][0, 0, 0]) == pytest.approx(81.0)
    assert float(read["fvc_ml"][0, 0, 0]) == pytest.approx(2710.0), "2512 * 81 / 75 to the next 10 mL"
    exact = read_values(true, SD, MeasurementNoise(noise), rounding=False)
    assert float(exact["fvc_ml"][0, 0, 0]) == pytest.approx(2712.96)
    tiny = read_values(true | {"fvc_ml": np.array([[20.0]])}, SD, MeasurementNoise(noise))
    assert float(tiny["fvc_ml"][0, 0, 0]) == 50.0


def test_what_has_no_reading_keeps_its_true_value_in_every_repeat() -> None:
    hazard = np.array([[0.0, 0.013], [0.0, 0.021]])
    noise = draw_measurement_noise(1, 0, (0.0, 52.0), 2, 3)
    found = read_values({"zoster_hazard": hazard}, SD, noise)["zoster_hazard"]
    assert found.tolist() == [hazard.tolist()] * 3


def test_every_reading_has_its_own_luck() -> None:
    """Of quantity, visit, repeat, world and seed."""
    seen = {
        tuple(numbers)
        for seed in (1, 2)
        for world in (0, 1)
        for normal in draw_measurement_noise(seed, world, (0.0, 12.0, 52.0), 5, 2).normal.values()
        for repeat in normal
        for numbers in repeat.T
    }
    quantities = 13
    assert len(seen) == 2 * 2 * quantities * 2 * 3


# --- readings of many ---------------------------------------------------------------------------------------------


def test_without_error_and_rounding_the_truth_is_read() -> None:
    course = toy_course("a", 0.5, 100, WEEKS)
    readings = measure(course, EXACT, draw_measurement_noise(3, 0, WEEKS, 100), rounding=False)
    for name, true in course.values.items():
        assert np.allclose(readings[name][0], true), name


def test_the_error_has_the_stated_sd() -> None:
    course = toy_course("a", 0.0, 20_000, (0.0, 52.0))
    noise = draw_measurement_noise(3, 0, (0.0, 52.0), 20_000)
    fvc = measure(course, ERROR, noise)["fvc_percent"][0]
    assert np.std(fvc - course.values["fvc_percent"]) == pytest.approx(2.9, rel=0.02)
    # the SD of a change that two readings add: 2.9 * sqrt(2)
    change = (fvc - course.values["fvc_percent"])[:, 1] - (fvc - course.values["fvc_percent"])[:, 0]
    assert np.std(change) == pytest.approx(4.1, rel=0.02)


def test_both_arms_share_the_errors() -> None:
    noise = draw_measurement_noise(3, 0, WEEKS, 200)
    shift = [
        measure(toy_course("a", effect, 200, WEEKS), ERROR, noise, rounding=False)["fvc_percent"]
        - toy_course("a", effect, 200, WEEKS).values["fvc_percent"]
        for effect in (0.0, 1.0)
    ]
    assert np.allclose(shift[0], shift[1])


def test_more_subjects_visits_or_repeats_change_no_one() -> None:
    small = draw_measurement_noise(3, 7, (0.0, 52.0), 10, 2).normal["mrss"]
    large = draw_measurement_noise(3, 7, (0.0, 4.0, 12.0, 52.0), 50, 5).normal["mrss"]
    assert np.array_equal(small, large[:2, :10][..., [0, 3]])
    assert np.array_equal(
        large[3:], draw_measurement_noise(3, 7, (0.0, 4.0, 12.0, 52.0), 50, 2, 3).normal["mrss"]
    )


def test_a_course_that_ended_reads_as_missing() -> None:
    course = toy_course("a", 0.0, 4, WEEKS)
    for values in course.values.values():
        values[1, 1:] = np.nan
    readings = measure(course, ERROR, draw_measurement_noise(3, 0, WEEKS, 4))
    assert np.isnan(readings["mrss"][0, 1]).tolist() == [False, True, True]

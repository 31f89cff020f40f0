"""How well a skin score or a lung function test is read twice."""

from collections.abc import Iterator

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.clinic.readings import draw_measurement_noise, measure, measurement_error
from ifntrial.patients.records import LatentCourse
from ifntrial.studies.validate.checks.setting import Setting, Simulated

ONE_RATER = "one rater reads a patient throughout"
PEOPLE = "among virtual patients at entry, who differ less than patients of all stages"


def check(setting: Setting) -> Iterator[Simulated]:
    """Return what the model says about every row on reading error."""
    group = setting.sclerosis
    names = ("mrss", "fvc_percent")
    true = {name: np.repeat(group.parameters[f"{name}_baseline"][:, None], 2, axis=1) for name in names}
    weeks = (0.0, 1.0)
    size = group.population.size
    course = LatentCourse("none", 0, np.array(weeks), true, np.full(size, "ok"))
    found = measure(
        course, measurement_error(setting.evidence), draw_measurement_noise(setting.seed, 0, weeks, size)
    )
    mrss, fvc = (found[name][0] for name in names)
    error = within_patient_sd(mrss)
    yield Simulated("mrss_reliability.same_rater.mrss_rater_error", error, note=ONE_RATER)
    yield Simulated("mrss_training.same_rater_trained.mrss_rater_error", error, note=ONE_RATER)
    yield Simulated("mrss_training.experts.mrss_reliability", reliability(mrss), note=PEOPLE)
    yield Simulated("fvc_test_retest.all.fvc_percent_reliability", reliability(fvc), note=PEOPLE)


def within_patient_sd(pairs: FloatArray) -> float:
    """Return the standard deviation of repeated readings of the same patient, pairs (subjects, 2)."""
    return float(np.sqrt(np.mean(np.diff(pairs, axis=1) ** 2) / 2))


def reliability(pairs: FloatArray) -> float:
    """Return the share of the variance of readings that lies between patients."""
    within = within_patient_sd(pairs) ** 2
    return float(1 - within / pairs.var())


CHECKS = (check,)

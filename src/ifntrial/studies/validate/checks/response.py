"""Response of placebo arms on the revised composite index."""

from collections.abc import Iterator

import numpy as np

from ifntrial.calendar import planned_days
from ifntrial.clinic.endpoints.rcriss import compute_rcriss
from ifntrial.clinic.observe import observe_arms, with_variant
from ifntrial.clinic.readings import measurement_error
from ifntrial.course.simulate import CLINICAL
from ifntrial.patients.records import LatentCourse
from ifntrial.studies.validate.checks.cohorts import DESIGNS
from ifntrial.studies.validate.checks.setting import Setting, Simulated

PLACEBO_ROWS = (
    "revised_criss_development.placebo.rcriss20_response.w52",
    "revised_criss_validation.placebo.rcriss20_response.w52",
)
TRIAL = "asset"
NOTE = "a placebo arm with ASSET's entry criteria and conduct, not the pooled trials"


def check(setting: Setting) -> Iterator[Simulated]:
    """Return what the model says about every row on response without an active drug."""
    design = with_variant(setting.catalog.designs[DESIGNS[TRIAL]], "rcriss_20")
    chosen = setting.sclerosis.members(TRIAL)[: setting.subjects]
    group = setting.sclerosis.take(chosen)
    weeks = np.array(design.visit_weeks, dtype=np.float64)
    weeks = weeks[weeks <= design.treatment_weeks]
    true = group.follow("placebo", planned_days(weeks), CLINICAL)
    course = LatentCourse("placebo", 0, weeks, true, np.full(group.population.size, "ok"))
    observed = observe_arms(
        design,
        {"placebo": course},
        group.population.covariates,
        measurement_error(setting.evidence),
        seed=setting.seed,
        replicates=8,
    )["placebo"]
    responds = compute_rcriss(observed, weeks[-1], design.assumed)
    seen = observed.attended[..., -1]
    note = f"{NOTE}; {100 * responds[seen].mean():.0f} % of those seen at the last visit"
    for id in PLACEBO_ROWS:
        yield Simulated(id, float(100 * responds.mean()), note=note)


CHECKS = (check,)

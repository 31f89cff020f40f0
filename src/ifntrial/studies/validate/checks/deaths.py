"""Deaths of cohorts, at the rate that the design of the reference trial states for the average patient."""

from collections.abc import Iterator

import numpy as np

from ifntrial.calendar import DAYS_PER_WEEK
from ifntrial.clinic.organ_events import DEATH, RELATIVE_HAZARD, baseline_of, cumulative_hazard
from ifntrial.studies.validate.checks.natural_history import fewer
from ifntrial.studies.validate.checks.setting import Setting, Simulated

REFERENCE = "daisy"
COHORT, WEEKS = "press_larger_set", (0.0, 52.0, 106.0)
NOTE = "at the rate of the reference trial, which severe organ disease is kept out of"


def check(setting: Setting) -> Iterator[Simulated]:
    """Return what the model says of every row on deaths."""
    group = fewer(setting)
    members = group.take(group.members(COHORT))
    rates, output = setting.catalog.designs[REFERENCE].assumed.organ_events, RELATIVE_HAZARD.format(DEATH)
    weeks = np.array(WEEKS)
    relative = members.follow("placebo", weeks * DAYS_PER_WEEK, [output])[output]
    baseline = baseline_of(DEATH, rates, members.population.covariates)
    died = -np.expm1(-cumulative_hazard(baseline, relative, weeks)[..., -1])
    yield Simulated(f"{COHORT}.all.death.w106", float(100 * died.mean()), note=NOTE)


CHECKS = (check,)

"""A year without treatment: placebo arms with their own entry criteria, background and reading error."""

from collections.abc import Iterator
from math import isclose

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.calendar import DAYS_PER_WEEK, WEEKS_PER_YEAR
from ifntrial.clinic.readings import (
    draw_measurement_noise,
    measure,
    measurement_error,
    with_screening_as_baseline,
)
from ifntrial.evidence.rows import Family, Published, Selected
from ifntrial.items import ITEMS
from ifntrial.patients.records import LatentCourse
from ifntrial.studies.validate.checks.setting import Group, Setting, Simulated
from ifntrial.ties import reaches

CLINICAL_ITEMS = tuple(name for name, item in ITEMS.items() if not item.is_biomarker)
WEEKS = (0.0, 24.0, 48.0, 52.0, 100.0)
ADJUSTED = "adjusted mean of the trial's own analysis, against the plain mean"
NO_RECORD = "acute phase and severity at entry are not modelled"
NOT_MODELLED = {
    "focussced": NO_RECORD,
    "desires": "entry criteria beside immunosuppression were not read",
}

CHANGES = (
    *((f"asset.placebo.{item}_change.w52", "asset", "placebo", item, 52.0) for item in CLINICAL_ITEMS),
    ("asset.placebo.mrss_change.w52.adjusted", "asset", "placebo", "mrss", 52.0),
    *(
        (f"fasscinate.placebo.{item}_change.w48", "fasscinate", "placebo", item, 48.0)
        for item in ("mrss", "haq_di", "patient_global", "physician_global")
    ),
    ("fasscinate.placebo.mrss_change.w48.adjusted", "fasscinate", "placebo", "mrss", 48.0),
    ("fasscinate.placebo.mrss_change.w24", "fasscinate", "placebo", "mrss", 24.0),
    ("focussced.placebo.mrss_change.w48", "focussced", "placebo", "mrss", 48.0),
    ("focussced.placebo_ild.fvc_percent_change.w48", "focussced", "placebo_ild", "fvc_percent", 48.0),
    ("desires.placebo.mrss_change.w24", "desires", "placebo", "mrss", 24.0),
    *(
        (f"esos.{arm}.mrss_change.w52", "esos", arm, "mrss", 52.0)
        for arm in ("mycophenolate", "no_immunosuppressant")
    ),
    *(
        (f"senscis.placebo_ata_{sign}.mrss_change.w52", "senscis", f"placebo_ata_{sign}", "mrss", 52.0)
        for sign in ("positive", "negative")
    ),
)
"""Observation, whose entry criteria, which part, what is read and when."""

CHANGED = Published(tuple(id for id, *_ in CHANGES))
ARMS = Selected(begin=tuple(dict.fromkeys(f"{'.'.join(id.split('.')[:2])}." for id in CHANGED.ids)))
"""All that is published of the arms whose changes are compared: another row may say how many they were."""

BOTH_ARMS = Published(("focussced.ild_subset.age.w0",))

INFECTION_RATE = Family(("infection_rate",))
"""If it is the very number that is compared, agreement proves nothing."""

SLOPES = (
    ("senscis.placebo_ata_positive.fvc_slope.w52", "placebo_ata_positive", 52.0),
    ("senscis.placebo_ata_negative.fvc_slope.w52", "placebo_ata_negative", 52.0),
    ("senscis.placebo_limited_cutaneous.fvc_slope.w52", "placebo_limited_cutaneous", 52.0),
    ("senscis.placebo.fvc_slope.w100", "placebo", 100.0),
)

FOLLOWED = 20
FEWEST = 2
"""Patients of whom a correlation still says something."""

CHANGE_CORRELATIONS = {
    "esos.all.correlation_mrss_change_haq_di_change.w52": "esos",
    "haq_slopes.diffuse_within_5_years.correlation_mrss_slope_haq_di_slope": "haq_slopes.diffuse_within_5_years",
    "haq_slopes.limited_within_5_years.correlation_mrss_slope_haq_di_slope": "haq_slopes.limited_within_5_years",
    "haq_slopes.diffuse_late.correlation_mrss_slope_haq_di_slope": "haq_slopes.diffuse_late",
    "haq_slopes.limited_late.correlation_mrss_slope_haq_di_slope": "haq_slopes.limited_late",
}


def check(setting: Setting) -> Iterator[Simulated]:
    """Return what the model says about every row on the untreated course."""
    group = fewer(setting)
    readings = read(group, setting)
    yield from _changes(setting, group, readings)
    yield from _declines(setting, group, readings)
    yield from _correlations(group, readings)
    yield from _infections(setting, group)


def fewer(setting: Setting) -> Group:
    """Return the first patients whose course is followed, ``FOLLOWED`` for each of ``subjects``."""
    count = min(setting.sclerosis.population.size, FOLLOWED * setting.subjects)
    return setting.sclerosis.take(np.arange(count))


def read(
    group: Group, setting: Setting, regimen: str = "placebo", *, from_screening: bool = False
) -> dict[str, FloatArray]:
    """Return readings with error and rounding of patients on a regimen, each (subjects, ``WEEKS``).

    Parameters
    ----------
    from_screening
        Whether the course starts from the very reading that patients were chosen by, as in a registry, whose chosen
        are read lower later; else from a visit after it, as in a trial.
    """
    days = np.array(WEEKS) * DAYS_PER_WEEK
    true = group.follow(regimen, days, CLINICAL_ITEMS)
    size = group.population.size
    course = LatentCourse(regimen, 0, np.array(WEEKS), true, np.full(size, "ok"))
    noise = draw_measurement_noise(setting.seed, 0, WEEKS, size)
    readings = measure(course, measurement_error(setting.evidence), noise)
    if from_screening:
        readings = with_screening_as_baseline(readings, true, group.population.covariates)
    return {name: readings[name][0] for name in CLINICAL_ITEMS}


def change_of(values: FloatArray, week: float) -> FloatArray:
    """Return the change since entry of readings of shape (subjects, ``WEEKS``), shape (subjects,)."""
    change: FloatArray = values[:, WEEKS.index(week)] - values[:, 0]
    return change


def _change(readings: dict[str, FloatArray], item: str, week: float, chosen: np.ndarray) -> FloatArray:
    return change_of(readings[item][chosen], week)


def _changes(setting: Setting, group: Group, readings: dict[str, FloatArray]) -> Iterator[Simulated]:
    known = CHANGED.by_id(setting.evidence)
    for id, trial, arm, item, week in CHANGES:
        change = _change(readings, item, week, group.members(trial, arm))
        note = ADJUSTED if known[id].statistic == "adjusted_mean" else ""
        if trial in NOT_MODELLED:
            note = "; ".join(filter(None, (note, NOT_MODELLED[trial])))
        yield Simulated(id, float(change.mean()), float(change.std()), _number(setting, id), note)
    for id, arm, week in SLOPES:
        change = _change(readings, "fvc_ml", week, group.members("senscis", arm))
        yearly = change * WEEKS_PER_YEAR / week
        yield Simulated(id, float(yearly.mean()), float(yearly.std()), note="change over the time, per year")


def _number(setting: Setting, id: str) -> int | None:
    """Return the published number of subjects where only another row of the same arm holds it."""
    evidence = setting.evidence
    if id == "focussced.placebo_ild.fvc_percent_change.w48":
        # one to one randomisation; only the two arms together are counted
        (both,) = BOTH_ARMS.read(evidence)
        return None if both.n is None else both.n // 2
    trial, arm = id.split(".")[:2]
    found = [row.n for row in ARMS.read(evidence) if row.id.startswith(f"{trial}.{arm}.") and row.n]
    return min(found) if found else None


def _declines(setting: Setting, group: Group, readings: dict[str, FloatArray]) -> Iterator[Simulated]:
    any_fall = "focussced.placebo_ild.any_fvc_decline.w48"
    fall = _change(readings, "fvc_percent", 48.0, group.members("focussced", "placebo_ild")) < 0
    number = _number(setting, "focussced.placebo_ild.fvc_percent_change.w48")
    yield Simulated(any_fall, float(100 * fall.mean()), n=number, note=NO_RECORD)
    chosen = group.members("eustar_ild")
    baseline = readings["fvc_percent"][chosen, 0]
    relative = 100 * _change(readings, "fvc_percent", 52.0, chosen) / baseline
    share = float(100 * reaches(-relative, 5.0).mean())
    row = "eustar_ild.all.fvc_decline_5_percent"
    yield Simulated(f"{row}.w52", share, note="fall relative to baseline")
    yield Simulated(
        f"{row}.each_year", share, note="fall relative to baseline; the first year stands for each"
    )


def _correlations(group: Group, readings: dict[str, FloatArray]) -> Iterator[Simulated]:
    for id, trial in CHANGE_CORRELATIONS.items():
        chosen = group.members(trial)
        skin, function = (_change(readings, item, 52.0, chosen) for item in ("mrss", "haq_di"))
        found = float(np.corrcoef(skin, function)[0, 1]) if len(chosen) > FEWEST else np.nan
        yield Simulated(id, found, note="changes over one year")


def _infections(setting: Setting, group: Group) -> Iterator[Simulated]:
    chosen = group.take(group.members("fasscinate")[:1])
    weeks = 48.0
    events = chosen.follow("placebo", [0.0, weeks * DAYS_PER_WEEK], ["infection_hazard"])["infection_hazard"]
    rate = 100 * float(events[0, 1]) * WEEKS_PER_YEAR / weeks
    rows = INFECTION_RATE.read(setting.evidence)
    identity = next(
        (f"the parameter {row.name}" for row in rows if isclose(rate, row.value, rel_tol=1e-6)), ""
    )
    yield Simulated("fasscinate.placebo.serious_infection_rate.w48", rate, identity=identity)


CHECKS = (check,)

"""Concentrations of anifrolumab in lupus and in healthy volunteers."""

from collections.abc import Iterator

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.calendar import DAYS_PER_WEEK, DAYS_PER_YEAR, HOURS_PER_DAY
from ifntrial.levels import BAND
from ifntrial.studies.validate.checks.setting import DATA_SET, LUPUS, Group, Setting, Simulated

HEALTHY = "anifrolumab_in_healthy_volunteers"
LABEL = "anifrolumab_label.300_mg_iv_every_4_weeks"
QUANTIFIABLE = 0.02  # ug/mL, limit of the assay in Almquist 2022
INFUSION = 0.5 / HOURS_PER_DAY  # day
EVERY_4_WEEKS = "300 mg IV every 4 weeks"
DOSE_MG = 300.0
NOT_THEIR_WEIGHTS = "body weights of the volunteers are not published: those of the lupus data set are taken"


def _people(setting: Setting) -> int | None:
    """Return the number of people behind the published model."""
    weight, _ = LUPUS.read(setting.evidence)
    return weight.n


def time_to_quantification(setting: Setting) -> Iterator[Simulated]:
    """Return when concentrations fall below the limit of the assay, after one dose and after many."""
    lupus, n = setting.lupus, _people(setting)
    days = np.arange(0.0, 240.0, 0.5)
    once = _weeks_to(days, _concentration(lupus, "300 mg IV once", days))
    last = 28.0 * 5
    later = np.concatenate([[0.0], np.arange(last + 1, last + 420, 0.5)])
    steady = _weeks_to(later, _concentration(lupus, f"{EVERY_4_WEEKS} x 6", later)) - last / DAYS_PER_WEEK
    for arm, weeks in (
        ("single_300_mg_iv", once),
        ("300_mg_iv_every_4_weeks_after_steady_state", steady),
    ):
        row = f"{DATA_SET}.{arm}.time_to_lloq"
        yield Simulated(row, float(np.median(weeks)), float(weeks.std()), n)
        yield Simulated(f"{row}.p95", float(np.percentile(weeks, BAND[-1])))


def clearance(setting: Setting) -> Iterator[Simulated]:
    """Return how far clearance falls."""
    n = _people(setting)
    row = f"{DATA_SET}.300_mg_iv_every_4_weeks.linear_clearance_fall"
    change = setting.lupus.follow(EVERY_4_WEEKS, [0.0, DAYS_PER_YEAR], ["clearance_change"])[
        "clearance_change"
    ]
    fall = 100 * (1 - change[:, 1])
    yield Simulated(f"{row}.w52", float(np.median(fall)), float(fall.std()), n)
    p = setting.typical.parameters
    yield Simulated(
        f"{row}.asymptotic", float(-100 * np.expm1(p["clearance_time_max"][0])), note="the typical patient"
    )


def repeated_doses(setting: Setting) -> Iterator[Simulated]:
    """Return accumulation and troughs."""
    lupus = setting.lupus
    days = np.array([0.0, INFUSION, 28.0, 84.0, 168.0, 280.0 + INFUSION])
    found = _concentration(lupus, EVERY_4_WEEKS, days)
    mean = found.mean(axis=0)
    yield Simulated(f"{LABEL}.accumulation_cmax", float(mean[5] / mean[1]), note="of means")
    yield Simulated(f"{LABEL}.accumulation_trough", float(mean[3] / mean[2]), note="of means")
    high = found[lupus.is_high, 4]
    yield Simulated(
        "tulip_pooled.300_mg_iv_every_4_weeks.trough.w24", float(np.median(high)), float(high.std())
    )


def healthy_volunteers(setting: Setting) -> Iterator[Simulated]:
    """Return the course after single doses by both routes."""
    lupus = setting.lupus
    early = np.concatenate([np.linspace(0, INFUSION, 5), INFUSION + np.geomspace(0.01, 5.0, 40)])
    days = np.unique(np.concatenate([early, np.arange(0.25, 15, 0.25), np.arange(15, 140.1, 0.5)]))
    areas = {}
    for route in ("iv", "sc"):
        found = _concentration(lupus, f"300 mg {route} once", days, is_ifn_low=1.0)
        areas[route] = np.trapezoid(found, days, axis=1)
        clearance = "total_clearance" if route == "iv" else "apparent_clearance"
        arm = f"{HEALTHY}.300_mg_{route}"
        for name, values, center in (
            ("auc", areas[route], np.mean),
            ("cmax", found.max(axis=1), np.mean),
            ("tmax", days[found.argmax(axis=1)], np.median),
            (clearance, DOSE_MG / areas[route], np.mean),
        ):
            spread = float(values.std())
            # The peak of an infusion is at its end for everyone: no spread, so no sampling error either.
            sd = spread if spread > 1e-9 else None
            yield Simulated(f"{arm}.{name}", float(center(values)), sd, note=NOT_THEIR_WEIGHTS)
        if route == "iv":
            below = found[:, days == 84.0][:, 0] < QUANTIFIABLE
            yield Simulated(
                f"{HEALTHY}.all.concentration_below_detection.w12",
                float(100 * below.mean()),
                note=f"after 300 mg IV; {NOT_THEIR_WEIGHTS}",
            )
    ratio = float(areas["sc"].mean() / areas["iv"].mean())
    yield Simulated(f"{HEALTHY}.300_mg_sc_vs_300_mg_iv.auc.ratio", ratio, note=NOT_THEIR_WEIGHTS)


def _concentration(group: Group, words: str, days: FloatArray, **changed: float) -> FloatArray:
    return group.follow(words, days, ["concentration"], **changed)["concentration"]


def _weeks_to(days: FloatArray, concentration: FloatArray) -> FloatArray:
    """Return when each course falls below quantification for good [week], the last time seen if it does not."""
    is_above = concentration >= QUANTIFIABLE
    last = concentration.shape[1] - 1 - np.argmax(is_above[:, ::-1], axis=1)
    weeks: FloatArray = days[np.minimum(last + 1, len(days) - 1)] / DAYS_PER_WEEK
    return weeks


CHECKS = (time_to_quantification, clearance, repeated_doses, healthy_volunteers)

"""The phase 3 trial of tocilizumab, which is known here by the differences of its phase 2 trial alone."""

from collections.abc import Iterator

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.studies.validate.checks.natural_history import (
    ADJUSTED,
    BOTH_ARMS,
    NO_RECORD,
    change_of,
    fewer,
    read,
)
from ifntrial.studies.validate.checks.setting import Setting, Simulated

DRUG, TRIAL, WEEK = "tocilizumab", "focussced", 48.0
BY_TRIAL = "effect as in the phase 2 trial"


def check(setting: Setting) -> Iterator[Simulated]:
    """Return what the model says of every row on tocilizumab over a year."""
    treated = fewer(setting.with_drug(DRUG))
    regimen = setting.catalog.drugs[DRUG].usual
    on_drug = read(treated, setting, regimen)
    untreated = read(treated, setting)
    note = f"{ADJUSTED}; {BY_TRIAL}; {NO_RECORD}"
    all_members = treated.members(TRIAL)
    skin = change_of(on_drug["mrss"][all_members], WEEK)
    yield Simulated(f"{TRIAL}.{DRUG}.mrss_change.w48", float(skin.mean()), float(skin.std()), note=note)
    difference = _lung(on_drug, all_members).mean() - _lung(untreated, all_members).mean()
    yield Simulated(f"{TRIAL}.{DRUG}_vs_placebo.fvc_percent_change.w48", float(difference), note=note)
    with_ild = treated.members(TRIAL, "placebo_ild")
    lung, number = _lung(on_drug, with_ild), _in_an_arm(setting)
    arm = f"{TRIAL}.{DRUG}_ild"
    yield Simulated(f"{arm}.fvc_percent_change.w48", float(lung.mean()), float(lung.std()), number, note)
    yield Simulated(f"{arm}.any_fvc_decline.w48", float(100 * (lung < 0).mean()), n=number, note=note)


def _lung(readings: dict[str, FloatArray], chosen: np.ndarray) -> FloatArray:
    return change_of(readings["fvc_percent"][chosen], WEEK)


def _in_an_arm(setting: Setting) -> int | None:
    """Return the patients with lung disease in one arm of two: only both together are counted."""
    (both,) = BOTH_ARMS.read(setting.evidence)
    return None if both.n is None else both.n // 2


CHECKS = (check,)

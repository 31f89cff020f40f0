"""A year in registries: who got better, stayed, or got worse, each cohort by its own entry rule."""

from collections.abc import Iterator

import numpy as np

from ifntrial.arrays import BoolArray, FloatArray
from ifntrial.evidence.rows import Published, Selected
from ifntrial.studies.validate.checks.natural_history import change_of, fewer, read
from ifntrial.studies.validate.checks.setting import Group, Setting, Simulated
from ifntrial.ties import reaches
from ifntrial.units import convert

POINTS, SHARE = 5.0, 0.25
"""A change of the skin score counts if it is more than 5 points and at least 25 % of the score at entry: the rule of the
European registry, whose papers state it."""

COHORTS = ("eustar_919", "eustar_1257", "eustar_1021")
REGISTRIES = Selected(uses=("fit", "test"), begin=COHORTS)
DURATION = Published(("esos.progressors.disease_duration.w0",))
ON_IMMUNOSUPPRESSION = (
    "immunosuppression is mycophenolate here; glucocorticoids do not change the course of skin"
)
GLUCOCORTICOIDS = tuple(
    f"eustar_glucocorticoids.{arm}.mrss_change.w52"
    for arm in ("low_dose_glucocorticoids", "no_glucocorticoids")
)
PROGRESSED = "worse by the rule of the European registry; how many were which was not read"


def check(setting: Setting) -> Iterator[Simulated]:
    """Return what the model says of every row on the year of a registry."""
    group = fewer(setting)
    skin = read(group, setting, from_screening=True)["mrss"]
    yield from _categories(setting, group, skin)
    yield from _progressors_at_entry(setting, group, skin)
    yield from _on_immunosuppression(group, skin)


def has_progressed(entry: FloatArray, change: FloatArray) -> BoolArray:
    """Return who got worse by the rule of the European registry, in the shape of ``change``."""
    return np.asarray((change > POINTS) & reaches(change, SHARE * entry))


def _categories(setting: Setting, group: Group, skin: FloatArray) -> Iterator[Simulated]:
    shown = {row.id for row in REGISTRIES.read(setting.evidence)}
    for cohort in COHORTS:
        chosen = group.members(cohort)
        entry, change = skin[chosen, 0], change_of(skin[chosen], 52.0)
        worse, better = has_progressed(entry, change), has_progressed(entry, -change)
        note = f"patients up to {_longest(group, chosen):.0f} years into disease"
        for category, counted in (
            ("progressed", worse),
            ("improved", better),
            ("stable", ~worse & ~better),
        ):
            id = f"{cohort}.all.skin_{category}.w52"
            if id in shown:
                yield Simulated(id, float(100 * counted.mean()), note=note)


def _longest(group: Group, chosen: np.ndarray) -> float:
    return float(group.population.covariates["disease_duration_years"][chosen].max(initial=0.0))


def _progressors_at_entry(setting: Setting, group: Group, skin: FloatArray) -> Iterator[Simulated]:
    chosen = group.members("esos")
    worse = has_progressed(skin[chosen, 0], change_of(skin[chosen], 52.0))
    (duration,) = DURATION.read(setting.evidence)
    years = group.population.covariates["disease_duration_years"][chosen].astype(np.float64)
    at_entry = {
        "disease_duration": years * convert(1.0, "year", duration.unit),
        "mrss": skin[chosen, 0],
    }
    for arm, counted in (("progressors", worse), ("non_progressors", ~worse)):
        for endpoint, values in at_entry.items():
            found = values[counted].astype(np.float64)
            center = float(np.median(found)) if found.size else np.nan
            yield Simulated(f"esos.{arm}.{endpoint}.w0", center, note=PROGRESSED)


def _on_immunosuppression(group: Group, skin: FloatArray) -> Iterator[Simulated]:
    treated = np.flatnonzero(group.population.covariates["uses_mmf"].astype(bool))
    change = change_of(skin[treated], 52.0)
    for id in GLUCOCORTICOIDS:
        yield Simulated(id, float(change.mean()), float(change.std()), note=ON_IMMUNOSUPPRESSION)


CHECKS = (check,)

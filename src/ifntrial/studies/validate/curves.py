"""How skin goes untreated, by what patients are at entry: curves of one world, and published points beside them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ifntrial.arrays import BoolArray, FloatArray
from ifntrial.evidence.records import Evidence, Observation
from ifntrial.evidence.rows import Selected
from ifntrial.items import ITEMS
from ifntrial.studies.validate.checks.natural_history import change_of, fewer, read
from ifntrial.studies.validate.checks.registries import has_progressed
from ifntrial.studies.validate.checks.setting import Setting
from ifntrial.units import convert
from ifntrial.worlds.quantiles import Band, quantile_band

_POINTS = ITEMS["mrss"].unit
EDGES = (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0, 15.0)
"""Of classes of disease duration [year]; those that hold hardly anyone are left out."""

FEWEST = 10
WEEK = 52.0

DURATION, ANTIBODY, BACKGROUND = "mrss_by_duration", "mrss_by_antibody", "mrss_by_background"
WORSE, BETTER = "worse_by_duration", "better_by_duration"

_SKIN = Selected(uses=("fit", "test"))


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """A published figure on a curve.

    Parameters
    ----------
    observation, use
        Id, and ``fit`` or ``test``.
    position, published
        Where it stands: on the axis of the classes, and its value.
    """

    observation: str
    use: str
    position: float
    published: float


@dataclass(frozen=True, slots=True)
class UntreatedCurve:
    """What becomes of untreated patients with diffuse disease, by something they have at entry.

    Parameters
    ----------
    name, heading, unit
        Key, in words, and of its values.
    labels, middles
        Of the classes; their middle [year] where they are of duration, else their place.
    bands
        Over worlds, each with the effect of a whole trial; one for each class.
    points
        Published, of cohorts with entry rules of their own.
    """

    name: str
    heading: str
    unit: str
    labels: tuple[str, ...]
    middles: tuple[float, ...]
    bands: tuple[Band, ...]
    points: tuple[CurvePoint, ...]


def untreated_curves(setting: Setting) -> Mapping[str, tuple[float, ...]]:
    """Return name of a curve to its value in each class of patients with diffuse disease; NaN in an empty one."""
    group = fewer(setting)
    diffuse = group.take(np.flatnonzero(group.population.covariates["subset"] == "diffuse"))
    skin = read(diffuse, setting, from_screening=True)["mrss"]
    change = change_of(skin, WEEK)
    worse, better = has_progressed(skin[:, 0], change), has_progressed(skin[:, 0], -change)
    known = diffuse.population.covariates
    by_duration = _classes_of_duration(known["disease_duration_years"].astype(np.float64))
    return {
        DURATION: _means(change, by_duration),
        WORSE: _means(100.0 * worse.astype(np.float64), by_duration),
        BETTER: _means(100.0 * better.astype(np.float64), by_duration),
        ANTIBODY: _means(change, [known["antibody"] == name for name in ANTIBODIES]),
        BACKGROUND: _means(change, [known["uses_mmf"].astype(bool) == used for used in (True, False)]),
    }


ANTIBODIES = {"ATA": "topoisomerase I", "ARA": "RNA polymerase III", "other": "others"}
BACKGROUNDS = ("on mycophenolate", "without")
_YEARS = tuple(f"{low:g} to {high:g} years" for low, high in pairwise(EDGES))
_MIDDLES = tuple((low + high) / 2 for low, high in pairwise(EDGES))

_ABOUT: Mapping[str, tuple[str, str, tuple[str, ...], tuple[float, ...]]] = {
    DURATION: ("Change of the skin score in a year, by disease duration", _POINTS, _YEARS, _MIDDLES),
    WORSE: (
        "Worse by more than 5 points and 25 % in a year, by disease duration",
        "percent",
        _YEARS,
        _MIDDLES,
    ),
    BETTER: (
        "Better by more than 5 points and 25 % in a year, by disease duration",
        "percent",
        _YEARS,
        _MIDDLES,
    ),
    ANTIBODY: (
        "Change of the skin score in a year, by antibody",
        _POINTS,
        tuple(ANTIBODIES.values()),
        (0.0, 1.0, 2.0),
    ),
    BACKGROUND: ("Change of the skin score in a year, by background", _POINTS, BACKGROUNDS, (0.0, 1.0)),
}
_ENDPOINT = {DURATION: "mrss_change", WORSE: "skin_progressed", BETTER: "skin_improved"}


def bands_over_worlds(
    in_worlds: Sequence[Mapping[str, tuple[float, ...]]], evidence: Evidence
) -> tuple[UntreatedCurve, ...]:
    """Return every curve with its band; classes that are empty in a world are left out."""
    return tuple(_curve(name, in_worlds, evidence) for name in _ABOUT)


def _curve(
    name: str, in_worlds: Sequence[Mapping[str, tuple[float, ...]]], evidence: Evidence
) -> UntreatedCurve:
    heading, unit, labels, x = _ABOUT[name]
    values = np.array([world[name] for world in in_worlds], dtype=np.float64)
    kept = [place for place in range(len(labels)) if np.isfinite(values[:, place]).all()]
    even = np.ones(len(values))
    return UntreatedCurve(
        name,
        heading,
        unit,
        tuple(labels[place] for place in kept),
        tuple(x[place] for place in kept),
        tuple(quantile_band(values[:, place], even) for place in kept),
        tuple(_points(name, evidence)) if name in _ENDPOINT else (),
    )


def _points(name: str, evidence: Evidence) -> Iterator[CurvePoint]:
    """Yield the published yearly figures of cohorts whose duration is published as well."""
    rows = _SKIN.read(evidence)
    duration = {
        row.id.rsplit(".", 2)[0]: row.value * convert(1.0, row.unit, "year")
        for row in rows
        if row.endpoint == "disease_duration" and row.value is not None
    }
    for row in rows:
        years = duration.get(_arm(row)) or duration.get(f"{_arm(row).partition('.')[0]}.all")
        is_yearly = row.visit_week is not None and abs(row.visit_week - WEEK) <= WEEK / 10
        is_shown = (
            row.endpoint == _ENDPOINT[name] and is_yearly and row.statistic != "adjusted_mean_difference"
        )
        if is_shown and row.value is not None and years is not None:
            yield CurvePoint(row.id, row.use, years, row.value)


def _arm(row: Observation) -> str:
    return ".".join(row.id.split(".")[:2])


def _classes_of_duration(years: FloatArray) -> list[BoolArray]:
    return [np.asarray((low < years) & (years <= high)) for low, high in pairwise(EDGES)]


def _means(values: FloatArray, classes: Sequence[np.ndarray]) -> tuple[float, ...]:
    return tuple(float(values[who].mean()) if who.sum() >= FEWEST else float("nan") for who in classes)

"""What a clinic reads off a true course: error, rounding and the limits of each scale."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated

import numpy as np

from ifntrial.arrays import AnyArray, FloatArray
from ifntrial.clinic.visit_days import at_actual_days, visit_key
from ifntrial.evidence.records import Evidence
from ifntrial.evidence.rows import Each, Rows
from ifntrial.items import ITEMS, Item
from ifntrial.patients.records import LatentCourse
from ifntrial.read_only import returns_read_only
from ifntrial.seeds import Stream

MeasurementError = Mapping[str, float]
"""Row ``measurement.*``, as :attr:`Item.error` names it, to the standard deviation of one reading around the true value
[unit of the item; 1 for the natural logarithm of a ratio]."""


@dataclass(frozen=True, slots=True)
class _Errors:
    """How far readings lie off."""

    sd: Annotated[
        MeasurementError,
        Each(
            "{}",
            {
                item.error: "1" if item.is_ratio else item.unit
                for item in ITEMS.values()
                if not item.read_with
            },
        ),
    ]


_ERRORS = Rows("measurement", _Errors)


def measurement_error(evidence: Evidence) -> MeasurementError:
    """Return the errors of the evidence tables, rows ``measurement.*``."""
    return _ERRORS.read(evidence).sd


CONFIRMATION = "fvc_percent_confirmation"
"""A second reading of FVC % within a month, which the organ events of CRISS ask for."""


@dataclass(frozen=True, slots=True)
class MeasurementNoise:
    """Standard normal numbers behind the readings; the same for every arm.

    Parameters
    ----------
    normal
        Quantity to numbers of shape (replicates, subjects, visits).
    """

    normal: Mapping[str, FloatArray]


# Worlds on the same seed, subjects and visits ask for the same numbers again and again.
@lru_cache(maxsize=4)
@returns_read_only
def draw_measurement_noise(
    seed: int,
    world: int,
    visit_week: tuple[float, ...],
    subjects: int,
    replicates: int = 1,
    first_replicate: int = 0,
) -> MeasurementNoise:
    """Return the noise of ``replicates`` repeats of the same trial on the same subjects."""
    names = [*(item.name for item in ITEMS.values() if not item.read_with), CONFIRMATION]
    return MeasurementNoise(
        {
            name: _normals(seed, world, name, visit_week, subjects, replicates, first_replicate)
            for name in names
        }
    )


def _normals(
    seed: int,
    world: int,
    name: str,
    visit_week: tuple[float, ...],
    subjects: int,
    replicates: int,
    first: int,
) -> FloatArray:
    stream = Stream(seed, f"reading of {name}")
    numbers = np.empty((replicates, subjects, len(visit_week)))
    for replicate in range(replicates):
        for place, week in enumerate(visit_week):
            numbers[replicate, :, place] = stream.normal(
                subjects, world=world, visit=visit_key(week), draw=first + replicate
            )
    return numbers


def measure(
    course: LatentCourse, error: MeasurementError, noise: MeasurementNoise, *, rounding: bool = True
) -> dict[str, FloatArray]:
    """Return the readings of every quantity of a course on the planned days; see ``read_values``."""
    return read_values(course.values, error, noise, rounding=rounding)


def read_values(
    values: Mapping[str, FloatArray],
    error: MeasurementError,
    noise: MeasurementNoise,
    *,
    rounding: bool = True,
    visit_week: FloatArray | None = None,
    offset_days: FloatArray | None = None,
) -> dict[str, FloatArray]:
    """Return the readings of every quantity.

    Parameters
    ----------
    values
        True values on the planned days, each of shape (subjects, visits) or (replicates, subjects, visits).
    error
        Standard deviations.
    noise
        Numbers for the same subjects and visits.
    rounding
        Whether readings are rounded to the step of their scale, as clinics do.
    visit_week, offset_days
        Planned visits and how far off each took place, see ``visit_days``; without them on the planned day.

    Returns
    -------
    Quantity to readings of shape (replicates, subjects, visits); quantities without an error (hazards, capillaries) keep
    their true values on the planned days. A true value of NaN gives NaN.
    """
    true = {name: each for name, each in values.items() if name in ITEMS}
    if offset_days is not None and visit_week is not None:
        true = {name: at_actual_days(each, visit_week, offset_days) for name, each in true.items()}
    read = {item.name: item for item in ITEMS.values() if item.name in true}
    readings = {
        name: _read(item, true, error, noise.normal, rounding)
        for name, item in read.items()
        if not item.read_with
    }
    if "fvc_percent" in true:
        again = {"fvc_percent": noise.normal[CONFIRMATION]}
        readings[CONFIRMATION] = _read(ITEMS["fvc_percent"], true, error, again, rounding)
    for name, item in read.items():
        if item.read_with:
            readings[name] = _read(item, true, error, noise.normal, rounding)
    for name, each in values.items():
        readings.setdefault(name, np.broadcast_to(each, noise.normal["mrss"].shape))
    return readings


def with_screening_as_baseline(
    readings: Mapping[str, FloatArray], true: Mapping[str, FloatArray], screened: Mapping[str, AnyArray]
) -> dict[str, FloatArray]:
    """Return readings whose first visit is screening: what candidates were chosen by is what they start from.

    Parameters
    ----------
    readings
        See ``read_values``.
    true
        True values, each of shape (subjects, visits) or (replicates, subjects, visits).
    screened
        Covariates, among them readings of items at screening, each (subjects,).
    """
    found = dict(readings)
    for name in found:
        if name in ITEMS and not ITEMS[name].read_with and name in screened:
            found[name] = _with_first(found[name], np.asarray(screened[name], dtype=np.float64))
    for name in found:
        item = ITEMS.get(name)
        if item is not None and item.read_with in screened:
            ratio = found[item.read_with][..., 0] / true[item.read_with][..., 0]
            raw = np.round(true[name][..., 0] * ratio / item.step) * item.step
            found[name] = _with_first(found[name], np.clip(raw, item.low, item.high))
    return found


def _with_first(readings: FloatArray, first: FloatArray) -> FloatArray:
    changed = readings.copy()
    changed[..., 0] = first
    return changed


def _read(
    item: Item,
    true: Mapping[str, FloatArray],
    error: MeasurementError,
    normal: Mapping[str, FloatArray],
    rounding: bool,
) -> FloatArray:
    """Return what is read of an item: with error, rounded to its step, within its scale."""
    value, act = true[item.name], item.read_with or item.name
    deviation = error[item.error] * normal[act]
    if item.read_with:
        raw = value * (1.0 + deviation / true[act])
    elif item.is_ratio:
        raw = value * np.exp(deviation)
    else:
        raw = value + deviation
    return np.clip(np.round(raw / item.step) * item.step if rounding else raw, item.low, item.high)

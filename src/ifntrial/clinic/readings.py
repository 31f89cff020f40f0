"""What a clinic reads off a true course: error, rounding and the limits of each scale."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.clinic.visit_days import at_actual_days, visit_key
from ifntrial.evidence.records import Evidence
from ifntrial.evidence.rows import GlobalPoints, HaqPoints, PercentPredicted, Pure, Rows, SkinPoints
from ifntrial.patients.records import LatentCourse
from ifntrial.read_only import returns_read_only
from ifntrial.seeds import Stream


@dataclass(frozen=True, slots=True)
class MeasurementError:
    """Standard deviation of one reading around the true value.

    Parameters
    ----------
    mrss_sd
        Skin score, same rater [points].
    fvc_percent_sd
        Forced vital capacity [% predicted].
    haq_di_sd
        Disability index [points].
    patient_global_sd, physician_global_sd
        Global assessments [points of 10].
    nt_probnp_log_sd
        Natural logarithm of NT-proBNP [1].
    signature_sd
        Suppression of the signature, 1 - post/pre [1].
    """

    mrss_sd: SkinPoints
    fvc_percent_sd: PercentPredicted
    haq_di_sd: HaqPoints
    patient_global_sd: GlobalPoints
    physician_global_sd: GlobalPoints
    nt_probnp_log_sd: Pure
    signature_sd: Pure


_ERROR = Rows("measurement", MeasurementError)


def measurement_error(evidence: Evidence) -> MeasurementError:
    """Return the errors of the evidence tables, rows ``measurement.*``."""
    return _ERROR.read(evidence)


@dataclass(frozen=True, slots=True)
class Scale:
    """How one quantity is read: which error, which step, which limits; ``is_ratio``: the error multiplies."""

    quantity: str
    error: str
    step: float
    low: float
    high: float
    is_ratio: bool = False


SCALES = (
    Scale("mrss", "mrss_sd", 1.0, 0.0, 51.0),
    Scale("fvc_percent", "fvc_percent_sd", 0.1, 5.0, 200.0),
    Scale("haq_di", "haq_di_sd", 0.125, 0.0, 3.0),
    Scale("patient_global", "patient_global_sd", 1.0, 0.0, 10.0),
    Scale("physician_global", "physician_global_sd", 1.0, 0.0, 10.0),
    Scale("nt_probnp", "nt_probnp_log_sd", 1.0, 1.0, np.inf, is_ratio=True),
    Scale("signature_suppression_blood", "signature_sd", 0.01, -np.inf, 1.0),
    Scale("signature_suppression_skin", "signature_sd", 0.01, -np.inf, 1.0),
)

_READ = {*(scale.quantity for scale in SCALES), "fvc_ml"}

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
    names = [*(scale.quantity for scale in SCALES), CONFIRMATION]
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
    true = {name: each for name, each in values.items() if name in _READ}
    if offset_days is not None and visit_week is not None:
        true = {name: at_actual_days(each, visit_week, offset_days) for name, each in true.items()}
    readings: dict[str, FloatArray] = {}
    for scale in SCALES:
        if scale.quantity in true:
            quantity = scale.quantity
            readings[quantity] = _read(scale, true[quantity], error, noise.normal[quantity], rounding)
    if "fvc_percent" in true:
        fvc = next(scale for scale in SCALES if scale.quantity == "fvc_percent")
        readings[CONFIRMATION] = _read(fvc, true["fvc_percent"], error, noise.normal[CONFIRMATION], rounding)
    if "fvc_ml" in true:
        # One blow gives both: the volume carries the same relative error as the percentage.
        relative = 1.0 + error.fvc_percent_sd * noise.normal["fvc_percent"] / true["fvc_percent"]
        readings["fvc_ml"] = _to_scale(true["fvc_ml"] * relative, 10.0 if rounding else 0.0, 50.0, np.inf)
    for name, each in values.items():
        readings.setdefault(name, np.broadcast_to(each, noise.normal["mrss"].shape))
    return readings


def _read(
    scale: Scale, true: FloatArray, error: MeasurementError, normal: FloatArray, rounding: bool
) -> FloatArray:
    deviation = getattr(error, scale.error) * normal
    raw = true * np.exp(deviation) if scale.is_ratio else true + deviation
    return _to_scale(raw, scale.step if rounding else 0.0, scale.low, scale.high)


def _to_scale(raw: FloatArray, step: float, low: float, high: float) -> FloatArray:
    return np.clip(np.round(raw / step) * step if step else raw, low, high)

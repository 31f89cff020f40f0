"""Forced vital capacity of healthy people by sex, age and height.

The race-neutral equations of the Global Lung Function Initiative, Bowerman 2023 (doi 10.1164/rccm.202205-0963OC):
log M = intercept + a log(height in cm) + b log(age in years) + spline(age), M in litres. The spline is held at some ages
and interpolated along straight lines between them, within 0.2 % of the published table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import numpy as np

from ifntrial.arrays import BoolArray, FloatArray
from ifntrial.calendar import DAYS_PER_YEAR
from ifntrial.evidence.records import Evidence
from ifntrial.evidence.rows import Each, Pure, Rows

SPLINE_AGES = (18, 20, 22, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90)
ML_PER_LITRE = 1000.0
PERCENT = 100.0


@dataclass(frozen=True, slots=True)
class _OneSex:
    """Coefficients of one sex."""

    intercept: Pure
    height_exponent: Pure
    age_exponent: Pure
    spline: Annotated[Mapping[str, float], Each("spline_{}", {str(age): "1" for age in SPLINE_AGES})]


_WOMEN, _MEN = Rows("fvc_reference.women", _OneSex), Rows("fvc_reference.men", _OneSex)


def healthy_volume(
    evidence: Evidence, is_female: BoolArray, age_years: FloatArray, height_cm: FloatArray
) -> FloatArray:
    """Return the median volume of healthy people [mL], shape (subjects,)."""
    of_women, of_men = (_volume(rows.read(evidence), age_years, height_cm) for rows in (_WOMEN, _MEN))
    return np.where(is_female, of_women, of_men)


def volume_parameters(
    evidence: Evidence, is_female: BoolArray, age_years: FloatArray, height_cm: FloatArray
) -> dict[str, FloatArray]:
    """Return what one percent predicted stands for, and its loss with age, each (subjects,).

    Keys are model parameters: ``fvc_ml_per_percent`` [mL per % predicted] and ``fvc_ml_per_percent_ageing``, which is
    its fall over the next year of life, per day.
    """
    now, later = (
        healthy_volume(evidence, is_female, age_years + years, height_cm) / PERCENT for years in (0.0, 1.0)
    )
    return {"fvc_ml_per_percent": now, "fvc_ml_per_percent_ageing": (now - later) / DAYS_PER_YEAR}


def _volume(sex: _OneSex, age: FloatArray, height: FloatArray) -> FloatArray:
    spline = np.interp(age, SPLINE_AGES, [sex.spline[str(each)] for each in SPLINE_AGES])
    log_litres = (
        sex.intercept + sex.height_exponent * np.log(height) + sex.age_exponent * np.log(age) + spline
    )
    return np.asarray(ML_PER_LITRE * np.exp(log_litres))

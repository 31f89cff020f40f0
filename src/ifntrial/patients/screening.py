"""What a clinic reads of a candidate at screening: true scores with error, rounded, within their scales.

The numbers belong to the candidate: whoever screens reads the same. Later visits read the same true course with their
own errors, so that whoever is chosen by a high reading is, on average, read lower the next time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.evidence.records import Evidence
from ifntrial.evidence.rows import Each, Rows
from ifntrial.items import CORE_ITEMS, ITEMS
from ifntrial.patients.drawing import Draws

SCREENED = (*CORE_ITEMS, "nt_probnp")


@dataclass(frozen=True, slots=True)
class _Errors:
    """How far readings lie off."""

    sd: Annotated[
        Mapping[str, float],
        Each(
            "{}",
            {item: "1" if ITEMS[item].is_ratio else ITEMS[item].unit for item in SCREENED},
            lambda item: ITEMS[item].error,
        ),
    ]


_ERRORS = Rows("measurement", _Errors)


def read_at_screening(
    evidence: Evidence, true: Mapping[str, FloatArray], draw: Draws
) -> dict[str, FloatArray]:
    """Return the readings of ``SCREENED`` at screening, each (subjects,)."""
    error = _ERRORS.read(evidence).sd
    found = {}
    for name in SCREENED:
        item, deviation = ITEMS[name], error[name] * draw.normal(f"screening of {name}")
        raw = true[name] * np.exp(deviation) if item.is_ratio else true[name] + deviation
        found[name] = np.clip(np.round(raw / item.step) * item.step, item.low, item.high)
    return found


def read_skin_change(evidence: Evidence, change: FloatArray, draw: Draws) -> FloatArray:
    """Return the change of the skin score over the year before entry as two visits read it [points], (subjects,)."""
    error = np.sqrt(2.0) * _ERRORS.read(evidence).sd["mrss"]
    step = ITEMS["mrss"].step
    return np.asarray(np.round((change + error * draw.normal("reading of the year before")) / step) * step)

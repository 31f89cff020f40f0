"""Heart markers of consecutive patients of a clinic: everybody who is drawn, whoever a trial would take."""

from collections.abc import Iterator

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.evidence.rows import Published
from ifntrial.items import ITEMS
from ifntrial.studies.validate.checks.setting import Group, Setting, Simulated
from ifntrial.units import convert

LIMITS = {"troponin_t": 14.0, "nt_probnp": 125.0}
"""Upper limits of the assays, troponin T in ng/L and NT-proBNP in pg/mL: the shares that were published are above
them."""

UNITS = {"troponin_t": "ng/L", "nt_probnp": ITEMS["nt_probnp"].unit}
BASELINES = {"troponin_t": "troponin_baseline", "nt_probnp": "nt_probnp_baseline"}
SET_FROM = "troponin_245"
"""The cohort whose shares the baselines were set from."""

COHORTS = (SET_FROM, "troponin_200", "troponin_p7916")
MEANS = "troponin_200"
IN_UNITS = Published(tuple(f"{MEANS}.all.{name}.w0" for name in LIMITS))
PULMONARY_HYPERTENSION = "pulmonary hypertension, which was left out there, is not drawn"


def check(setting: Setting) -> Iterator[Simulated]:
    """Return what the model says of every row on heart markers at entry."""
    group, rows = setting.sclerosis, IN_UNITS.by_id(setting.evidence)
    markers = {name: group.parameters[row] for name, row in BASELINES.items()}
    for name, values in markers.items():
        for cohort in COHORTS:
            yield Simulated(
                f"{cohort}.all.{name}_raised.w0",
                _percent_above(values, LIMITS[name]),
                identity=f"what {BASELINES[name]} was set from" if cohort == SET_FROM else "",
                note=PULMONARY_HYPERTENSION if cohort == MEANS else "",
            )
        id = f"{MEANS}.all.{name}.w0"
        read = values * convert(1.0, UNITS[name], rows[id].unit)
        yield Simulated(id, float(read.mean()), float(read.std()), note=PULMONARY_HYPERTENSION)
    yield from _with_skin(group, markers["troponin_t"])


def _with_skin(group: Group, troponin: FloatArray) -> Iterator[Simulated]:
    skin = group.population.covariates["mrss"].astype(np.float64)
    yield Simulated(
        f"{MEANS}.all.correlation_troponin_t_skin.w0",
        float(np.corrcoef(troponin, skin)[0, 1]),
        note=PULMONARY_HYPERTENSION,
    )
    is_diffuse = group.population.covariates["subset"] == "diffuse"
    shares = [_percent_above(troponin[who], LIMITS["troponin_t"]) for who in (is_diffuse, ~is_diffuse)]
    yield Simulated(
        f"{MEANS}.diffuse_vs_limited.troponin_t_raised.w0.rr",
        shares[0] / shares[1] if shares[1] > 0 else np.nan,
        note=PULMONARY_HYPERTENSION,
    )


def _percent_above(values: FloatArray, limit: float) -> float:
    return float(100 * np.mean(values > limit)) if values.size else np.nan


CHECKS = (check,)

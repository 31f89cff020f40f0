"""An invented population with invented courses and errors of reading, for tests and benchmarks of trials."""

from collections.abc import Sequence

import numpy as np

from ifntrial.arrays import AnyArray, FloatArray
from ifntrial.patients.records import LatentCourse
from ifntrial.seeds import Stream

# quantity: mean and SD at baseline, mean and SD of the yearly change, change per unit of effect, limits
_ITEMS = {
    "mrss": (22.0, 7.0, -4.0, 6.0, -3.0, 0.0, 51.0),
    "fvc_percent": (85.0, 15.0, -2.0, 4.0, 2.0, 30.0, 150.0),
    "haq_di": (1.1, 0.6, -0.05, 0.35, -0.15, 0.0, 3.0),
    "patient_global": (4.5, 2.0, -0.5, 1.8, -0.8, 0.0, 10.0),
    "physician_global": (4.8, 1.6, -1.0, 1.4, -0.8, 0.0, 10.0),
}
ERROR = {
    "mrss_sd": 2.5,
    "fvc_percent_sd": 2.9,
    "haq_di_sd": 0.15,
    "patient_global_sd": 1.0,
    "physician_global_sd": 0.8,
    "nt_probnp_log_sd": 0.25,
    "troponin_log_sd": 0.15,
    "dlco_percent_sd": 5.0,
    "capillary_density_sd": 0.5,
    "chemokine_score_sd": 0.15,
    "signature_sd": 0.1,
}
EXACT = dict.fromkeys(ERROR, 0.0)

_YEARLY_EVENTS = {"zoster_hazard": 0.03, "infection_hazard": 0.08, "ulcer_hazard": 0.5}
_WEEKS_PER_YEAR = 52.0


def toy_covariates(subjects: int, seed: int = 1) -> dict[str, AnyArray]:
    """Return covariates of invented subjects, each of shape (subjects,)."""

    def uniform(name: str) -> FloatArray:
        return Stream(seed, f"toy {name}").uniform(subjects)

    baseline = {item: _baseline(item, subjects, seed) for item in _ITEMS}
    covariates: dict[str, AnyArray] = {
        "age_years": 20.0 + 50.0 * uniform("age"),
        "is_female": uniform("sex") < 0.8,
        "body_weight_kg": 50.0 + 40.0 * uniform("weight"),
        "subset": np.where(uniform("subset") < 0.8, "diffuse", "limited"),
        "antibody": np.array(["ATA", "ARA", "other"])[(3 * uniform("antibody")).astype(int)],
        "disease_duration_years": 6.0 * uniform("duration"),
        "is_ifn_high": uniform("ifn") < 0.65,
        "is_ifn_high_skin": uniform("ifn skin") < 0.45,
        "has_ild": uniform("ild") < 0.6,
        "uses_mmf": uniform("mmf") < 0.5,
    }
    return covariates | baseline


def toy_course(
    arm: str, effect: float, subjects: int, visit_weeks: Sequence[float], *, world: int = 0, seed: int = 1
) -> LatentCourse:
    """Return an invented course whose yearly change shifts with ``effect`` (0: as placebo), linear in time."""
    weeks = np.asarray(visit_weeks, dtype=np.float64)
    years = weeks / _WEEKS_PER_YEAR
    shared = Stream(seed, "toy common change").normal(subjects, world=world)
    values: dict[str, FloatArray] = {}
    for item, (_, _, change, change_sd, per_effect, low, high) in _ITEMS.items():
        own = Stream(seed, f"toy change of {item}").normal(subjects, world=world)
        toward_better = np.sign(per_effect) * (np.sqrt(0.3) * shared + np.sqrt(0.7) * own)
        yearly = change + per_effect * effect + change_sd * toward_better
        values[item] = np.clip(_baseline(item, subjects, seed)[:, None] + np.outer(yearly, years), low, high)
    flat = np.ones((subjects, len(weeks)))
    values["fvc_ml"] = 30.0 * values["fvc_percent"]
    values["nt_probnp"] = 150.0 * flat
    values["troponin"] = 12.0 * flat
    values["dlco_percent"] = 70.0 * flat
    values["capillary_density"] = 3.5 * flat
    values["chemokine_score"] = 5.5 * flat
    values["capillary_density"] = 6.0 * flat
    values["signature_suppression_blood"] = min(0.8 * effect, 1.0) * flat * (weeks > 0)
    values["signature_suppression_skin"] = min(0.4 * effect, 1.0) * flat * (weeks > 0)
    values |= {name: rate * years * flat for name, rate in _YEARLY_EVENTS.items()}
    return LatentCourse(arm, world, weeks, values, np.full(subjects, "ok", dtype="<U60"))


def _baseline(item: str, subjects: int, seed: int) -> FloatArray:
    mean, sd, *_, low, high = _ITEMS[item]
    return np.clip(mean + sd * Stream(seed, f"toy baseline of {item}").normal(subjects), low, high)

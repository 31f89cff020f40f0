"""Virtual subjects and a regimen in, their course out: where the model of a drug and the disease meets the solver."""

from collections.abc import Iterable, Mapping
from dataclasses import fields

import numpy as np
from numpy.typing import ArrayLike

from ifntrial.arrays import FloatArray
from ifntrial.calendar import HOURS_PER_DAY, planned_days
from ifntrial.course.system import build_system
from ifntrial.dosing.regimen import Regimen, require_same_drug
from ifntrial.items import ITEMS
from ifntrial.model import Model
from ifntrial.model.mechanisms.organ_events import ORGAN_EVENTS, relative_hazard
from ifntrial.patients.records import LatentCourse
from ifntrial.solver import DoseTable, Progress, Tolerance, Trajectories, needed_system
from ifntrial.solver import simulate as solve
from ifntrial.units import convert

UG_PER_MG = convert(1.0, "mg", "ug")
ML_PER_L = convert(1.0, "L", "mL")

CLINICAL = (
    *ITEMS,
    "signature_blood",
    "capillary_density",
    "zoster_hazard",
    "infection_hazard",
    "ulcer_hazard",
    *(relative_hazard(event) for event in ORGAN_EVENTS),
)
"""What a trial can look at; the names of ``LatentCourse.values``."""

TRIAL_TOLERANCE = Tolerance.SCREEN
"""Enough for what is read at visits, which is slow: the tolerance is for the fast states behind it. All of it lay within
4e-6 of what 1e-9 gives (``tests/oracle/test_trial_tolerance.py``)."""


def dose_table(
    model: Model, regimen: Regimen, until_days: float, parameters: Mapping[str, FloatArray]
) -> DoseTable:
    """Return the doses of every subject as amounts in the dosed compartment.

    Parameters
    ----------
    parameters
        Holds at least ``body_weight`` [kg], ``molar_mass`` and ``bioavailability``, each (subjects,).

    Raises
    ------
    InputError
        If the drug is not given by a route of the regimen, or the regimen names another drug.
    """
    if not regimen.is_placebo:
        require_same_drug(regimen, model.drug.name)
    parts = [_doses_of(model, part, until_days, parameters) for part in regimen.parts]
    return parts[0] if len(parts) == 1 else DoseTable.join(*parts)


def _doses_of(
    model: Model, regimen: Regimen, until_days: float, parameters: Mapping[str, FloatArray]
) -> DoseTable:
    weight = parameters["body_weight"]
    subjects = len(weight)
    times = regimen.dose_times_days(until_days)
    if regimen.is_placebo or len(times) == 0:
        return DoseTable.none(subjects)
    state = model.drug.dosed_species(regimen.route)
    intravenous = regimen.route == "IV"
    # molar_mass is in ug/mL per nmol/L, so that a litre of 1 nmol/L holds molar_mass * 1000 ug.
    # specific activity is in IU/ug, a thousandth of MIU/mg
    activity = parameters.get("specific_activity")
    milligrams = regimen.dose_amounts_mg(weight, None if activity is None else activity / UG_PER_MG)
    nanomoles = UG_PER_MG * milligrams / (parameters["molar_mass"] * ML_PER_L)
    return DoseTable.regimen(
        subjects,
        state=state,
        amount=nanomoles,
        times=times,
        duration=regimen.infusion_hours / HOURS_PER_DAY if intravenous else 0.0,
        bioavailability=1.0 if intravenous else parameters["bioavailability"],
    )


def without_doses_from(doses: DoseTable, stop_days: ArrayLike) -> DoseTable:
    """Return the doses of subjects who stop: none at or after ``stop_days`` [day], shape (subjects,)."""
    kept = np.flatnonzero(doses.time < np.asarray(stop_days, dtype=np.float64)[doses.subject])
    columns = {
        item.name: getattr(doses, item.name)[kept]
        for item in fields(doses)
        if item.name not in ("subjects", "state_names")
    }
    return DoseTable(subjects=doses.subjects, state_names=doses.state_names, **columns)


def simulate_subjects(
    model: Model,
    parameters: Mapping[str, FloatArray],
    regimen: Regimen,
    time_days: ArrayLike,
    outputs: Iterable[str],
    *,
    stop_days: ArrayLike | None = None,
    tolerance: Tolerance = Tolerance.TRIAL,
    workers: int = 1,
    progress: Progress | None = None,
) -> Trajectories:
    """Return the course of every subject on a regimen.

    Parameters
    ----------
    parameters
        Every model parameter and ``bioavailability``, in model units, each (subjects,).
    time_days
        When to look [day], increasing, shape (times,); a look at the time of a dose is before that dose.
    outputs
        Names of species, assignments or observables.
    stop_days
        When each subject stops treatment [day], shape (subjects,); without it nobody does.
    progress
        Called a few times per second with (subjects begun, subjects in all).
    """
    times, wanted = np.asarray(time_days, dtype=np.float64), tuple(outputs)
    doses = dose_table(model, regimen, float(times[-1]), parameters)
    system = needed_system(build_system(model), (*wanted, *doses.state_names))
    if stop_days is not None:
        doses = without_doses_from(doses, stop_days)
    return solve(
        system,
        {name: parameters[name] for name in system.parameters},
        doses,
        times,
        tolerance=tolerance,
        outputs=wanted,
        workers=workers,
        progress=progress,
    )


def simulate_arm(
    model: Model,
    parameters: Mapping[str, FloatArray],
    regimen: Regimen,
    visit_week: ArrayLike,
    *,
    arm: str,
    world: int,
    outputs: Iterable[str] = CLINICAL,
    tolerance: Tolerance = TRIAL_TOLERANCE,
    workers: int = 1,
) -> LatentCourse:
    """Return the true course of every subject of one arm at the visits of a trial."""
    weeks = np.asarray(visit_week, dtype=np.float64)
    found = simulate_subjects(
        model,
        parameters,
        regimen,
        planned_days(weeks),
        outputs,
        tolerance=tolerance,
        workers=workers,
    )
    return LatentCourse(
        arm=arm,
        world=world,
        visit_week=weeks,
        values={name: found.of(name) for name in found.names},
        status=found.words,
        audit_errors=np.empty(0) if found.audit is None else found.audit.errors,
    )

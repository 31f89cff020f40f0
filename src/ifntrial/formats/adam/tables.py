"""Results in the shape of ADaM: ADSL, ADEFF (endpoints by visit), ADAE, ADPC, and a data dictionary."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ifntrial.arrays import AnyArray, FloatArray
from ifntrial.calendar import event_days, planned_days
from ifntrial.clinic.conduct import REASONS, ObservedArm
from ifntrial.clinic.endpoints.events import SERIOUS_INFECTION, ZOSTER, Event
from ifntrial.clinic.endpoints.record import visit_index
from ifntrial.design.design import TrialDesign
from ifntrial.errors import InputError
from ifntrial.formats.adam.dictionary import COVARIATES, DICTIONARY, PARAMETERS
from ifntrial.formats.adam.files import FORMATS, save_tables
from ifntrial.model.drugs import Drug

__all__ = [
    "DICTIONARY",
    "FORMATS",
    "PARAMETERS",
    "build_adae",
    "build_adeff",
    "build_adpc",
    "build_adsl",
    "save_tables",
]


def build_adsl(
    design: TrialDesign, arm: ObservedArm, prevalence_weight: FloatArray, *, replicate: int = 0
) -> pd.DataFrame:
    """Return one row per subject of an arm: who, whether simulated, and how treatment and trial ended.

    Subjects whose simulation failed are rows too, with the reason in SIMSTAT.
    """
    reason = np.array(REASONS)[arm.discontinuation_reason[replicate]]
    stopped, left = arm.discontinuation_week[replicate], arm.leaving_week[replicate]
    table = _identity(design, arm)
    extended = bool(design.assumed.schedule.open_label_visit_weeks)
    table["TRT02P"] = _open_label_treatment(design, arm) if extended else ""
    is_female = _column(arm.covariates, "is_female", len(table))
    table["AGE"] = _column(arm.covariates, "age_years", len(table))
    table["SEX"] = np.where(np.isnan(is_female), "U", np.where(is_female > 0, "F", "M"))
    table["WEIGHTBL"] = _column(arm.covariates, "body_weight_kg", len(table))
    table["PREVWT"] = prevalence_weight
    table["SIMSTAT"] = arm.status
    table["EOTSTT"] = np.where(np.isinf(stopped), "COMPLETED", "DISCONTINUED")
    table["DCTREAS"] = reason
    table["EOTWK"] = _week_or_missing(stopped)
    table["EOSSTT"] = np.where(np.isinf(left), "COMPLETED", "DISCONTINUED")
    table["DCSREAS"] = np.where(np.isinf(left), "", reason)
    table["EOSWK"] = _week_or_missing(left)
    table["RESCWK"] = _week_or_missing(arm.rescue_week[replicate])
    for name, values in arm.covariates.items():
        column = COVARIATES.get(name, name.upper())
        if name != "is_female" and column not in table:
            table[column] = values
    return table


def build_adeff(design: TrialDesign, arm: ObservedArm, *, replicate: int = 0) -> pd.DataFrame:
    """Return one row per subject, quantity and planned visit of an arm, with baseline and change.

    AVISITN is the planned week and ADY the actual study day, known only where the visit took place. Visits of an
    open-label extension are flagged in APERIODC and left out of ANL01FL: no planned analysis uses them.
    """
    parts = []
    identity = _identity(design, arm)
    visits = len(arm.visit_week)
    attended = arm.attended[replicate]
    shared = _visit_columns(design, arm, replicate)
    for quantity, (code, label) in PARAMETERS.items():
        if quantity not in arm.values:
            continue
        reading = np.where(attended, arm.values[quantity][replicate], np.nan)
        rows = identity.loc[identity.index.repeat(visits)].reset_index(drop=True)
        rows["PARAMCD"], rows["PARAM"] = code, label
        for name, values in shared.items():
            rows[name] = values
        rows["AVAL"] = reading.ravel()
        rows["BASE"] = np.repeat(reading[:, 0], visits)
        rows["CHG"] = rows["AVAL"] - rows["BASE"]
        parts.append(rows)
    return pd.concat(parts, ignore_index=True)


def _visit_columns(design: TrialDesign, arm: ObservedArm, replicate: int) -> dict[str, AnyArray]:
    """Return what is said of a visit whatever is read, each of shape (subjects * visits,)."""
    subjects, weeks = len(arm.status), arm.visit_week
    attended = arm.attended[replicate]
    day = planned_days(weeks) + arm.offset_days[replicate]
    period = np.array([_period(design, week) for week in weeks])
    on_treatment = weeks <= arm.discontinuation_week[replicate][:, None]
    treatment = np.where(period == "OPEN LABEL", _open_label_treatment(design, arm), arm.arm)
    treatment = np.where(period == "FOLLOW-UP", "none", treatment)
    treatment = np.where(on_treatment, np.broadcast_to(treatment, on_treatment.shape), "none")
    return {
        "TRTA": treatment.ravel(),
        "AVISIT": np.tile([f"Week {week:g}" if week else "Baseline" for week in weeks], subjects),
        "AVISITN": np.tile(weeks, subjects),
        "APERIODC": np.tile(period, subjects),
        # the first dose is on study day 1, and there is no day 0
        "ADY": np.where(attended, day + 1.0, np.nan).ravel(),
        "ABLFL": np.tile(np.where(weeks == 0, "Y", ""), subjects),
        "ANL01FL": np.where(attended & (period != "OPEN LABEL"), "Y", "").ravel(),
        "ONTRTFL": np.where(on_treatment, "Y", "").ravel(),
        "OBSERVED": attended.ravel(),
    }


def _period(design: TrialDesign, week: float) -> str:
    if planned_days(week) <= planned_days(design.treatment_weeks):
        return "TREATMENT"
    return "OPEN LABEL" if week in design.assumed.schedule.open_label_visit_weeks else "FOLLOW-UP"


def _open_label_treatment(design: TrialDesign, arm: ObservedArm) -> str:
    """Return the arm whose regimen a subject gets in the extension: the active one instead of placebo."""
    on_placebo = {each.name for each in design.arms if each.planned_dosing().is_placebo}
    return design.active.name if arm.arm in on_placebo else arm.arm


def _week_or_missing(week: FloatArray) -> FloatArray:
    return np.where(np.isinf(week), np.nan, week)


def build_adae(design: TrialDesign, arm: ObservedArm, *, replicate: int = 0) -> pd.DataFrame:
    """Return one row per event of an arm: organ events, zoster and serious infections while in the trial."""
    identity = _identity(design, arm)
    end = np.minimum(arm.leaving_week[replicate], arm.visit_week[-1])
    events = {"Organ event of CRISS": arm.organ_event_week["extended"][replicate]}
    for event in (ZOSTER, SERIOUS_INFECTION):
        if event.hazard in arm.values:
            events[event.label] = _event_week(arm, event, replicate)
    parts = []
    for label, week in events.items():
        happened = week <= end
        rows = identity[happened].copy()
        rows["AEDECOD"], rows["ASTWK"] = label, week[happened]
        rows["ASTDY"] = np.floor(event_days(week[happened], arm.visit_week)).astype(np.int64) + 1
        rows["ONTRTFL"] = np.where(week <= arm.discontinuation_week[replicate], "Y", "")[happened]
        rows["APERIODC"] = [_event_period(design, each) for each in week[happened]]
        parts.append(rows)
    table: pd.DataFrame = pd.concat(parts, ignore_index=True)
    return table


def _event_period(design: TrialDesign, week: float) -> str:
    if week <= design.treatment_weeks:
        return "TREATMENT"
    return "OPEN LABEL" if design.assumed.schedule.open_label_visit_weeks else "FOLLOW-UP"


def build_adpc(
    design: TrialDesign,
    arm: ObservedArm,
    time_days: FloatArray,
    concentration_ug_per_ml: FloatArray,
    *,
    drug: Drug,
) -> pd.DataFrame:
    """Return one row per subject and time of the drug concentration in serum.

    Parameters
    ----------
    time_days
        Times since the first dose [day], shape (times,).
    concentration_ug_per_ml
        Shape (subjects, times).
    drug
        What is measured.

    Raises
    ------
    InputError
        If the concentrations do not fit subjects and times.
    """
    identity = _identity(design, arm)
    if concentration_ug_per_ml.shape != (len(identity), len(time_days)):
        raise InputError(
            "concentrations do not fit subjects and times",
            given=str(concentration_ug_per_ml.shape),
            allowed=f"({len(identity)}, {len(time_days)})",
            fix="give one row per subject and one column per time",
        )
    rows = identity.loc[identity.index.repeat(len(time_days))].reset_index(drop=True)
    rows["PARAMCD"] = f"{drug.name[:4].upper()}CONC"
    rows["PARAM"] = f"{drug.label} in serum (ug/mL)"
    rows["ADAYS"] = np.tile(time_days, len(identity))
    rows["AVAL"] = concentration_ug_per_ml.ravel()
    return rows


def _event_week(arm: ObservedArm, event: Event, replicate: int) -> FloatArray:
    """Return when the cumulative hazard reaches the subject's threshold, infinite if it does not."""
    hazard = arm.values[event.hazard][replicate]
    threshold = -np.log(arm.uniforms[event.luck][replicate])
    weeks = np.full(len(hazard), np.inf)
    for subject in np.flatnonzero(hazard[:, visit_index(arm, arm.visit_week[-1])] >= threshold):
        weeks[subject] = np.interp(threshold[subject], hazard[subject], arm.visit_week)
    return weeks


def _identity(design: TrialDesign, arm: ObservedArm) -> pd.DataFrame:
    subjects = len(arm.status)
    return pd.DataFrame(
        {
            "STUDYID": design.name,
            "USUBJID": [f"{design.name}-{number + 1:06d}" for number in range(subjects)],
            "TRT01P": arm.arm,
            "WORLD": arm.world,
        }
    )


def _column(covariates: Mapping[str, AnyArray], name: str, subjects: int) -> FloatArray:
    return np.asarray(covariates.get(name, np.full(subjects, np.nan)), dtype=np.float64)

"""Results in the shape of ADaM: ADSL, ADEFF (endpoints by visit), ADAE, ADPC, and a data dictionary."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ifntrial.errors import InputError, resolve_name
from ifntrial.trial.conduct import REASONS, ObservedArm
from ifntrial.trial.design import TrialDesign
from ifntrial.trial.endpoints.record import visit_index

FloatArray = NDArray[np.float64]

PARAMETERS = {
    "mrss": ("MRSS", "Modified Rodnan skin score (points)"),
    "fvc_percent": ("FVCPP", "Forced vital capacity (% predicted)"),
    "fvc_ml": ("FVCML", "Forced vital capacity (mL)"),
    "haq_di": ("HAQDI", "HAQ disability index (points)"),
    "patient_global": ("PTGA", "Patient global assessment (0-10)"),
    "physician_global": ("PHGA", "Physician global assessment (0-10)"),
    "nt_probnp": ("NTPROBNP", "NT-proBNP (pg/mL)"),
    "signature_suppression_blood": ("IFNSBLD", "Suppression of the interferon signature, blood (fraction)"),
    "signature_suppression_skin": ("IFNSSKN", "Suppression of the interferon signature, skin (fraction)"),
}
DICTIONARY = {
    "STUDYID": ("text", "Name of the design"),
    "USUBJID": ("text", "Virtual subject; the same in every arm"),
    "TRT01P": ("text", "Planned arm; both arms of a subject are potential outcomes"),
    "WORLD": ("integer", "Number of the world"),
    "AGE": ("float", "Age (years)"),
    "SEX": ("text", "F or M"),
    "WEIGHTBL": ("float", "Body weight at baseline (kg)"),
    "PREVWT": ("float", "How many real patients the subject stands for"),
    "SIMSTAT": ("text", "ok, or why the simulation of the subject ended"),
    "EOSSTT": ("text", "COMPLETED or DISCONTINUED"),
    "DCSREAS": ("text", "Reason for leaving"),
    "EOSWK": ("float", "Week of leaving; missing if completed"),
    "RESCWK": ("float", "Week escape therapy began; missing if never"),
    "PARAMCD": ("text", "Short name of what was measured"),
    "PARAM": ("text", "What was measured, with unit"),
    "AVISITN": ("float", "Planned visit (week)"),
    "ADAYS": ("float", "Time since the first dose (day)"),
    "AVAL": ("float", "Reading; missing if the visit did not take place"),
    "BASE": ("float", "Reading at baseline"),
    "CHG": ("float", "Reading minus baseline"),
    "ABLFL": ("text", "Y at baseline"),
    "OBSERVED": ("boolean", "Whether the visit took place"),
    "AEDECOD": ("text", "Event"),
    "ASTWK": ("float", "Week of the event, linear between visits"),
}
FORMATS = ("parquet", "csv")


def build_adsl(
    design: TrialDesign, arm: ObservedArm, prevalence_weight: FloatArray, *, replicate: int = 0
) -> pd.DataFrame:
    """Return one row per subject of an arm: who, whether simulated, and how the trial ended.

    Subjects whose simulation failed are rows too, with the reason in SIMSTAT.
    """
    left = arm.discontinuation_week[replicate]
    rescue = arm.rescue_week[replicate]
    table = _identity(design, arm)
    covariates = arm.covariates
    table["AGE"] = _column(covariates, "age_years", len(table))
    female = _column(covariates, "is_female", len(table))
    table["SEX"] = np.where(np.isnan(female), "U", np.where(female > 0, "F", "M"))
    table["WEIGHTBL"] = _column(covariates, "body_weight_kg", len(table))
    table["PREVWT"] = prevalence_weight
    table["SIMSTAT"] = arm.status
    table["EOSSTT"] = np.where(np.isinf(left), "COMPLETED", "DISCONTINUED")
    table["DCSREAS"] = np.array(REASONS)[arm.discontinuation_reason[replicate]]
    table["EOSWK"] = np.where(np.isinf(left), np.nan, left)
    table["RESCWK"] = np.where(np.isinf(rescue), np.nan, rescue)
    known = {"age_years", "is_female", "body_weight_kg"}
    for name, values in covariates.items():
        if name not in known:
            table[name.upper()] = values
    return table


def build_adeff(design: TrialDesign, arm: ObservedArm, *, replicate: int = 0) -> pd.DataFrame:
    """Return one row per subject, quantity and planned visit of an arm, with baseline and change."""
    parts = []
    identity = _identity(design, arm)
    visits = len(arm.visit_week)
    attended = arm.attended[replicate]
    for quantity, (code, label) in PARAMETERS.items():
        if quantity not in arm.values:
            continue
        reading = np.where(attended, arm.values[quantity][replicate], np.nan)
        rows = identity.loc[identity.index.repeat(visits)].reset_index(drop=True)
        rows["PARAMCD"], rows["PARAM"] = code, label
        rows["AVISITN"] = np.tile(arm.visit_week, len(identity))
        rows["AVAL"] = reading.ravel()
        rows["BASE"] = np.repeat(reading[:, 0], visits)
        rows["CHG"] = rows["AVAL"] - rows["BASE"]
        rows["ABLFL"] = np.where(rows["AVISITN"] == 0, "Y", "")
        rows["OBSERVED"] = attended.ravel()
        parts.append(rows)
    return pd.concat(parts, ignore_index=True)


def build_adae(design: TrialDesign, arm: ObservedArm, *, replicate: int = 0) -> pd.DataFrame:
    """Return one row per event of an arm: organ events, zoster and serious infections while in the trial."""
    identity = _identity(design, arm)
    end = np.minimum(arm.discontinuation_week[replicate], arm.visit_week[-1])
    events = {"Organ event of CRISS": arm.organ_event_week["extended"][replicate]}
    for label, quantity, purpose in (
        ("Herpes zoster", "zoster_hazard", "zoster"),
        ("Serious infection", "infection_hazard", "serious infection"),
    ):
        if quantity in arm.values:
            events[label] = _event_week(arm, quantity, purpose, replicate)
    parts = []
    for label, week in events.items():
        happened = week <= end
        rows = identity[happened].copy()
        rows["AEDECOD"], rows["ASTWK"] = label, week[happened]
        parts.append(rows)
    return pd.concat(parts, ignore_index=True)


def build_adpc(
    design: TrialDesign, arm: ObservedArm, time_days: FloatArray, concentration_ug_per_ml: FloatArray
) -> pd.DataFrame:
    """Return one row per subject and time of the drug concentration in serum.

    Parameters
    ----------
    time_days
        Times since the first dose [day], shape (times,).
    concentration_ug_per_ml
        Shape (subjects, times).

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
    rows["PARAMCD"], rows["PARAM"] = "ANIFCONC", "Anifrolumab in serum (ug/mL)"
    rows["ADAYS"] = np.tile(time_days, len(identity))
    rows["AVAL"] = concentration_ug_per_ml.ravel()
    return rows


def _event_week(arm: ObservedArm, quantity: str, purpose: str, replicate: int) -> FloatArray:
    """Return when the cumulative hazard reaches the subject's threshold, infinite if it does not."""
    hazard = arm.values[quantity][replicate]
    threshold = -np.log(arm.uniforms[purpose][replicate])
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


def _column(covariates: Mapping[str, NDArray[np.generic]], name: str, subjects: int) -> FloatArray:
    return np.asarray(covariates.get(name, np.full(subjects, np.nan)), dtype=np.float64)


def save_tables(
    tables: Mapping[str, pd.DataFrame], folder: Path, file_format: str = "parquet"
) -> tuple[Path, ...]:
    """Write each table and ``define.csv``, the dictionary of their columns; return the paths.

    Raises
    ------
    InputError
        If the format is unknown (XPT is not written: no maintained writer without a compiled statistics package is at
        hand) or a column has no entry in the dictionary.
    """
    resolve_name(file_format, dict.fromkeys(FORMATS), "file format")
    folder.mkdir(parents=True, exist_ok=True)
    paths, rows = [], []
    for name, table in tables.items():
        path = folder / f"{name}.{file_format}"
        if file_format == "parquet":
            table.to_parquet(path, index=False)
        else:
            table.to_csv(path, index=False)
        paths.append(path)
        rows += [_define(name, column, table) for column in table.columns]
    define = folder / "define.csv"
    pd.DataFrame(rows, columns=["DATASET", "VARIABLE", "TYPE", "LABEL"]).to_csv(define, index=False)
    return (*paths, define)


def _define(dataset: str, column: str, table: pd.DataFrame) -> tuple[str, str, str, str]:
    if column in DICTIONARY:
        return (dataset, column, *DICTIONARY[column])
    if dataset.upper() == "ADSL":
        return dataset, column, str(table[column].dtype), f"Covariate {column.lower()} at entry"
    raise InputError(
        f"column {column} of {dataset} has no entry in the dictionary", fix="add it to adam.DICTIONARY"
    )

"""What is predicted for each patient of a cohort: an average over everyone with that signature, for research only."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.studies.forecast.cohort.patients import CohortPatient
from ifntrial.studies.forecast.records import SubjectNumbers
from ifntrial.studies.forecast.result import PatientPrediction
from ifntrial.worlds.quantiles import quantile_spread


def patient_rows(
    patients: Sequence[CohortPatient], owner: Sequence[int], found: SubjectNumbers, weight: FloatArray
) -> tuple[PatientPrediction, ...]:
    """Return one row for each patient of the cohort: predicted suppression and benefit over worlds, or why not.

    Benefit is the difference in the chance of response, active minus control, averaged over the patient's virtual
    patients in each world; its band counts worlds. Suppression (b) in blood is over worlds and virtual patients.

    Parameters
    ----------
    owner
        Place of the patient whom each subject stands for.
    found
        Each (worlds, subjects).
    weight
        Of each world, shape (worlds,).
    """
    owners = np.asarray(owner)
    active, control, suppression = found.active, found.control, found.suppression_blood
    rows = []
    for i, patient in enumerate(patients):
        own = np.flatnonzero(owners == i)
        row = PatientPrediction(
            patient=patient.name,
            signature=patient.signature,
            probability_high=patient.probability_high,
            status="predicted" if len(own) else "not predicted",
            reason=patient.reason,
            virtual_patients=len(own),
        )
        if len(own):
            benefit = np.nanmean(active[:, own] - control[:, own], axis=1)
            row = replace(
                row,
                benefit=quantile_spread(benefit, weight),
                suppression_blood=quantile_spread(suppression[:, own].ravel(), np.repeat(weight, len(own))),
                response_control=float(np.average(np.nanmean(control[:, own], axis=1), weights=weight)),
            )
        rows.append(row)
    return tuple(rows)

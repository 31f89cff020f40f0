"""A scored cohort becomes the interferon layer of a forecast: matching virtual patients for each real one.

Only the signature of a real patient is known here. Each gets several virtual patients, high or low in the share of
the patient's probability of being high, at the patient's place within the class; all else about them is drawn. A
prediction for one patient is therefore an average over everyone with that signature: research only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.clinic.enroll import Enrollment, enroll
from ifntrial.design.design import TrialDesign
from ifntrial.errors import InputError
from ifntrial.patients.records import VirtualPopulation
from ifntrial.patients.thinning import PatientPool
from ifntrial.signature.score_table import ScoreTable, load_scores, select_scores
from ifntrial.studies.forecast.records import SubjectNumbers
from ifntrial.studies.forecast.result import PatientPrediction
from ifntrial.ties import stable_order
from ifntrial.worlds.quantiles import quantile_spread

CANDIDATES_PER_TWIN = 8
MOST_PATIENTS = 2_000
DEFAULT_SIGNATURE = "az_4_gene"
"""Taken of several: the score by which the trials of anifrolumab called a patient high."""


@dataclass(frozen=True, slots=True)
class CohortPatient:
    """One row of a score table.

    Parameters
    ----------
    name
        As in the table.
    probability_high
        Of a high signature; None where the patient was not scored.
    quantile
        Place of the score among those of the same side, 0 to 1.
    reason
        Why there is no score; empty otherwise.
    signature
        Of which signature the probability is.
    """

    name: str
    probability_high: float | None
    quantile: float
    reason: str = ""
    signature: str = ""


def read_cohort(
    path: Path, signature: str | None = None, method: str | None = None
) -> tuple[CohortPatient, ...]:
    """Return the patients of a score table, those without a score included.

    Parameters
    ----------
    signature
        The one to use; without it the only one of the table, or of several ``DEFAULT_SIGNATURE``.
    method
        Needed only where that signature was scored in several ways.

    Raises
    ------
    InputError
        If the table is not usable, several signatures need a choice, or no patient has a probability of being high.
    """
    table = load_scores(path)
    chosen = signature or _signature_of(table)
    rows = select_scores(table, chosen, method=method)
    if len(rows) > MOST_PATIENTS:
        raise InputError(
            "the cohort is too large",
            given=f"{len(rows)} patients",
            allowed=f"up to {MOST_PATIENTS}",
            fix="split it",
        )
    chance = rows["probability_high"].to_numpy(dtype=np.float64)
    if not np.isfinite(chance).any():
        raise InputError(
            "no patient of the score table has a probability of a high signature",
            given=str(path),
            allowed="a column probability_high with numbers from 0 to 1",
            fix="score with a healthy reference: ifntrial score EXPRESSION --healthy HEALTHY",
        )
    place = _place_within_side(rows["score"].to_numpy(dtype=np.float64), chance > 0.5)
    return tuple(
        CohortPatient(str(name), float(p), float(q), signature=chosen)
        if np.isfinite(p)
        else CohortPatient(str(name), None, 0.5, str(reason) or "not scored", chosen)
        for name, p, q, reason in zip(rows.index, chance, place, rows["reason"], strict=True)
    )


def _signature_of(table: ScoreTable) -> str:
    names = list(dict.fromkeys(name for name, _ in table.signatures))
    if len(names) == 1:
        return names[0]
    if DEFAULT_SIGNATURE in names:
        return DEFAULT_SIGNATURE
    raise InputError(
        "the score table holds several signatures",
        given=", ".join(names),
        allowed="one of them",
        fix="choose with --signature",
    )


def _place_within_side(score: FloatArray, is_high: np.ndarray) -> FloatArray:
    """Return the mid-rank of each score among the high or the low ones, 0 to 1."""
    place = np.full(len(score), 0.5)
    for side in (is_high, ~is_high):
        chosen = np.flatnonzero(side & np.isfinite(score))
        ranks = np.argsort(stable_order(score[chosen]), kind="stable")
        place[chosen] = (ranks + 0.5) / max(len(chosen), 1)
    return place


def enroll_twins(
    patients: Sequence[CohortPatient],
    design: TrialDesign,
    pool: PatientPool,
    subjects: int,
    seed: int,
) -> tuple[Enrollment, np.ndarray]:
    """Return virtual patients that match the scored ones, and for each the position of its patient.

    ``subjects`` are shared evenly, at least one for each patient. Virtual patients are eligible for the design and
    keep all their correlations: they are chosen, not changed.
    """
    scored = [i for i, patient in enumerate(patients) if patient.probability_high is not None]
    each = max(1, subjects // len(scored))
    enrolled = enroll(design, pool, CANDIDATES_PER_TWIN * each * len(scored), seed)
    free = {is_high: _by_tone(enrolled.population, is_high) for is_high in (True, False)}
    chosen, owner = [], []
    for i in scored:
        patient = patients[i]
        high = round(each * float(patient.probability_high or 0.0))
        for k in range(each):
            is_high = k < high
            ladder = free[is_high]
            # Twins of one patient stand side by side around the patient's place.
            target = patient.quantile * (len(ladder) - 1) + (k - (each - 1) / 2)
            chosen.append(ladder[int(np.clip(round(target), 0, len(ladder) - 1))])
            owner.append(i)
    return (
        replace(enrolled, population=enrolled.population.take(np.array(chosen))),
        np.array(owner),
    )


def _by_tone(population: VirtualPopulation, is_high: bool) -> np.ndarray:
    """Return the positions of one side, ordered by tone in blood."""
    side = np.flatnonzero(population.covariates["is_ifn_high"].astype(bool) == is_high)
    if len(side) == 0:
        raise InputError(
            "no virtual patient has this signature", given=f"high: {is_high}", fix="ask for more --subjects"
        )
    return side[np.argsort(population.parameters["ifn_tone_blood"][side], kind="stable")]


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

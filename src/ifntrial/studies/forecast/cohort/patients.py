"""The patients of a score table: who counts, of which disease, and what tables do not go together."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from ifntrial.arrays import FloatArray
from ifntrial.errors import InputError, listed
from ifntrial.signature.people import SYSTEMIC_SCLEROSIS, diseases_in, is_healthy, name_disease
from ifntrial.signature.score_table import ScoreTable, load_scores, select_scores
from ifntrial.ties import stable_order

MOST_PATIENTS = 1_000
DEFAULT_SIGNATURE = "az_4_gene"
"""Taken of several: the score by which the trials of anifrolumab called a patient high."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """The patients of a score table, and what is to be said of them.

    Parameters
    ----------
    patients
        Those without a score included; healthy people left out.
    disease
        As stated by the user or the table; systemic sclerosis where neither does.
    notes
        In words: who was left out, and what was assumed.
    """

    patients: tuple["CohortPatient", ...]
    disease: str
    notes: tuple[str, ...]


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
    path: Path,
    signature: str | None = None,
    method: str | None = None,
    *,
    visit: str | None = None,
    dates: str | None = None,
    disease: str | None = None,
    allow_other_disease: bool = False,
) -> Cohort:
    """Return the patients of a score table, those without a score included and healthy people left out.

    Parameters
    ----------
    signature
        The one to use; without it the only one of the table, or of several ``DEFAULT_SIGNATURE``.
    method
        Needed only where that signature was scored in several ways.
    visit, dates
        Which visit to take, and the order of dates such as 01/02/2023; each subject's baseline where not given.
    disease
        Of the patients, where the table does not say it.
    allow_other_disease
        Take a cohort of another disease than the virtual patients'.

    Raises
    ------
    InputError
        If the table is not usable, several signatures need a choice, no one is a patient, scores are of several
        references or platforms, the disease is another (also where ``disease`` says otherwise), or no patient has a
        probability of being high.
    """
    table = load_scores(path)
    chosen = signature or _signature_of(table)
    rows, notes = _patients_only(select_scores(table, chosen, method=method, visit=visit, dates=dates))
    _require_one(rows, "reference_id", "healthy references")
    _require_one(rows, "platform", "platforms")
    stated, more = _settle_disease(rows, disease, allow_other_disease)
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
    patients = tuple(
        CohortPatient(str(name), float(p), float(q), signature=chosen)
        if np.isfinite(p)
        else CohortPatient(str(name), None, 0.5, str(reason) or "not scored", chosen)
        for name, p, q, reason in zip(rows.index, chance, place, rows["reason"], strict=True)
    )
    return Cohort(patients, stated, (*notes, *more))


def _patients_only(rows: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the rows of patients, and who was left out; a table without groups has only patients."""
    if (rows["group"] == "").all():
        return rows, ("The table has no groups: everyone in it counts as a patient.",)
    healthy = rows["group"].map(is_healthy)
    if healthy.all():
        raise InputError(
            "no one in the score table is a patient",
            given=f"{len(rows)} healthy people",
            fix="score patients as well, or name the groups with --group when scoring",
        )
    if not healthy.any():
        return rows, ()
    names = listed(rows.index[healthy])
    return rows[~healthy], (f"Left out, {int(healthy.sum())} healthy people: {names}.",)


def _require_one(rows: pd.DataFrame, column: str, words: str) -> None:
    """Raise ``InputError`` where scores are of several: each has a scale of its own, and patients are ranked by score."""
    found = [*dict.fromkeys(value for value in rows[column] if value)]
    if len(found) > 1:
        raise InputError(
            f"the scores of the cohort are of several {words}, and are not on one scale",
            given=listed(found),
            allowed=f"one {column}",
            fix="forecast each part alone, or score all samples together against one reference",
        )


def _settle_disease(rows: pd.DataFrame, said: str | None, allow_other: bool) -> tuple[str, tuple[str, ...]]:
    """Return the disease of the cohort, and what is to be said of it.

    Raises
    ------
    InputError
        If it is another one than the virtual patients', and that was not allowed.
    """
    # what is stated is a disease, known by its name or not; a group may be anything
    named = dict.fromkeys(name for name in map(name_disease, [said or "", *rows["disease"]]) if name)
    found = tuple(dict.fromkeys((*named, *diseases_in(rows["group"]))))
    others = [name for name in found if name != SYSTEMIC_SCLEROSIS]
    if others and not allow_other:
        raise InputError(
            f"the cohort is not of {SYSTEMIC_SCLEROSIS} alone, and the virtual patients are",
            given=listed(others),
            allowed=SYSTEMIC_SCLEROSIS,
            fix="leave the others out, correct the table, or go on with --other-disease",
        )
    if others:
        text = f"The cohort is of {listed(found)}; its signatures go to virtual patients with {SYSTEMIC_SCLEROSIS}."
        return listed(found), (text,)
    if found:
        return SYSTEMIC_SCLEROSIS, ()
    return SYSTEMIC_SCLEROSIS, (
        f"The table states no disease: taken as {SYSTEMIC_SCLEROSIS}; say --disease if it is another.",
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

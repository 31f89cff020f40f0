"""Follow regimens in a virtual population, with looks before and after every dose."""

from collections.abc import Sequence

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.calendar import DAYS_PER_WEEK
from ifntrial.course.dose_plans import DosePlan
from ifntrial.course.exposure import SELECTIONS
from ifntrial.course.follow import Followed, follow_plan
from ifntrial.course.looks import choose_looks
from ifntrial.errors import InputError, SolverError, resolve_name
from ifntrial.levels import BAND
from ifntrial.patients.thinning import PatientPool
from ifntrial.solver import Progress
from ifntrial.studies.simulate.measures import at_steady_state, dosing_intervals, half_life
from ifntrial.studies.simulate.result import (
    FollowedRegimen,
    People,
    ReadOut,
    Simulation,
    Units,
)
from ifntrial.studies.simulate.subjects import Setting, subjects_of


def simulate_regimen(
    pool: PatientPool,
    plans: Sequence[DosePlan],
    setting: Setting,
    *,
    workers: int = 1,
    progress: Progress | None = None,
) -> Simulation:
    """Return concentration, target engagement and suppression over time under each plan, in the same subjects.

    Parameters
    ----------
    progress
        Called a few times per second with (subjects begun, subjects in all), of each plan anew.

    Raises
    ------
    UnknownNameError
        If the selection is not known.
    InputError
        If a measurement is after the end, or the status of the signature is given twice.
    SolverError
        If nobody could be solved.
    """
    resolve_name(setting.selection, SELECTIONS, "population")
    end = round(DAYS_PER_WEEK * setting.weeks, 9)
    _require_within(setting, end)
    found = []
    for plan in plans:
        own, typical = subjects_of(pool, setting, plan.covariates)
        until = end + plan.shift_days
        asked = np.unique(np.concatenate([setting.asked_days + plan.shift_days, plan.look_days]))
        looks = choose_looks(plan, until, asked[asked <= until], setting.subjects)
        followed = follow_plan(pool.model, own, typical, plan, looks, workers=workers, progress=progress)
        _require_somebody(followed)
        found.append(_regimen(followed, until, asked - plan.shift_days, setting.level))
    meaning = SELECTIONS[setting.selection]
    if setting.covariates is not None:
        meaning += "; body weight and signature as in the table of covariates"
    return Simulation(
        drug=pool.model.drug.label,
        weeks=setting.weeks,
        engagement=pool.model.drug.engagement,
        without_mechanisms=tuple(pool.model.without),
        replaced={each.name: each.words for each in setting.replacements},
        people=People(setting.selection, meaning, setting.subjects),
        units=Units(),
        counted_above=setting.level,
        notes=setting.notes,
        followed=tuple(found),
        observed=setting.observed,
    )


def _require_within(setting: Setting, end: float) -> None:
    late = [each.day for each in setting.observed if each.day > end]
    if late:
        raise InputError(
            f"{len(late)} measurements are after the end",
            given=f"day {max(late):g}",
            allowed=f"up to day {end:g}",
            fix="follow it for longer (--weeks), or leave them out",
        )


def _require_somebody(followed: Followed) -> None:
    if not followed.solved.any():
        raise SolverError(
            f"nobody could be solved under '{followed.plan.label}'",
            problems=[
                f"{count} x {word}"
                for word, count in zip(*np.unique(followed.status, return_counts=True), strict=True)
            ],
            fix="check doses and values that were set",
        )


def _regimen(
    followed: Followed, until_days: float, asked_days: FloatArray, level: float | None
) -> FollowedRegimen:
    words, counts = np.unique(followed.status, return_counts=True)
    shift = followed.plan.shift_days
    shown = followed.looks.days >= shift
    starts = followed.plan.start_days
    return FollowedRegimen(
        regimen=followed.plan.label,
        doses=int(((starts >= shift) & (starts < until_days)).sum()),
        subjects_status={str(word): int(count) for word, count in zip(words, counts, strict=True)},
        time_days=tuple((followed.looks.days[shown] - shift).tolist()),
        asked_days=tuple(np.round(asked_days, 6).tolist()),
        concentration=_read_out(followed, "concentration", shown),
        occupancy_blood=_read_out(followed, "occupancy_blood", shown),
        occupancy_skin=_read_out(followed, "occupancy_skin", shown),
        ifn_alpha_bound_blood=_read_out(followed, "ifn_alpha_bound_blood", shown),
        ifn_alpha_bound_skin=_read_out(followed, "ifn_alpha_bound_skin", shown),
        kinase_inhibition_blood=_read_out(followed, "kinase_inhibition_blood", shown),
        kinase_inhibition_skin=_read_out(followed, "kinase_inhibition_skin", shown),
        ifn_driven_suppression_blood=_read_out(followed, "ifn_driven_suppression_blood", shown),
        ifn_driven_suppression_skin=_read_out(followed, "ifn_driven_suppression_skin", shown),
        suppression_blood=_read_out(followed, "signature_suppression_blood", shown),
        suppression_skin=_read_out(followed, "signature_suppression_skin", shown),
        signature_blood=_read_out(followed, "signature_blood", shown),
        signature_skin=_read_out(followed, "signature_skin", shown),
        intervals=tuple(each for each in dosing_intervals(followed, level) if each.begins_day >= 0.0),
        steady_state=None if shift else at_steady_state(followed),
        half_life_days=half_life(followed),
    )


def _read_out(followed: Followed, name: str, shown: np.ndarray) -> ReadOut:
    values = followed.values[name][followed.solved][:, shown]
    bands = (*np.percentile(values, BAND, axis=0), followed.typical[name][shown])
    low, middle, high, typical = (tuple(each.tolist()) for each in bands)
    return ReadOut(low, middle, high, typical)

"""Follow one regimen in a virtual population, a look a day."""

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.calendar import DAYS_PER_WEEK
from ifntrial.course.exposure import SELECTIONS, Exposure, follow_regimen
from ifntrial.dosing.regimen import Regimen
from ifntrial.patients.thinning import PatientPool
from ifntrial.solver import Progress
from ifntrial.studies.simulate.result import People, ReadOut, Simulation, Units

LOOKS_IN_LAST_DAY = 12


def simulate_regimen(
    pool: PatientPool,
    regimen: Regimen,
    *,
    weeks: float,
    subjects: int,
    selection: str,
    seed: int,
    workers: int = 1,
    progress: Progress | None = None,
) -> Simulation:
    """Return concentration, target engagement and suppression over time.

    Parameters
    ----------
    weeks
        How long to follow [week].
    subjects, selection
        How many of whom, see ``course.exposure.SELECTIONS``.
    progress
        Called a few times per second with (subjects begun, subjects in all).

    Raises
    ------
    UnknownNameError
        If the selection is not known.
    """
    days = _days(regimen, weeks)
    found = follow_regimen(
        pool,
        regimen,
        days,
        subjects=subjects,
        seed=seed,
        selection=selection,
        workers=workers,
        progress=progress,
    )
    words, counts = np.unique(found.status, return_counts=True)
    return Simulation(
        regimen=regimen.words(),
        weeks=weeks,
        drug=pool.model.drug.label,
        engagement=pool.model.drug.engagement,
        without_mechanisms=tuple(pool.model.without),
        people=People(selection, SELECTIONS[selection], subjects),
        subjects_status={str(word): int(count) for word, count in zip(words, counts, strict=True)},
        time_days=tuple(days.tolist()),
        units=Units(),
        concentration=_read_out(found, "concentration"),
        occupancy_blood=_read_out(found, "occupancy_blood"),
        occupancy_skin=_read_out(found, "occupancy_skin"),
        ifn_alpha_bound_blood=_read_out(found, "ifn_alpha_bound_blood"),
        ifn_alpha_bound_skin=_read_out(found, "ifn_alpha_bound_skin"),
        kinase_inhibition_blood=_read_out(found, "kinase_inhibition_blood"),
        kinase_inhibition_skin=_read_out(found, "kinase_inhibition_skin"),
        ifn_driven_suppression_blood=_read_out(found, "ifn_driven_suppression_blood"),
        ifn_driven_suppression_skin=_read_out(found, "ifn_driven_suppression_skin"),
        suppression_blood=_read_out(found, "signature_suppression_blood"),
        suppression_skin=_read_out(found, "signature_suppression_skin"),
        signature_blood=_read_out(found, "signature_blood"),
        signature_skin=_read_out(found, "signature_skin"),
    )


def _days(regimen: Regimen, weeks: float) -> FloatArray:
    # 29 / 7 weeks are 29 days, not a hair more: that would be a second look at day 29, after its dose
    end = round(DAYS_PER_WEEK * weeks, 9)
    days = np.unique(np.append(np.arange(0.0, end, 1.0), end))
    if regimen.interval_days is not None and regimen.interval_days <= 1.0 <= end:
        # a tablet's effect comes and goes within the day, which looks just before a dose do not show
        days = np.union1d(days, end - 1.0 + np.arange(0.0, 1.0, 1.0 / LOOKS_IN_LAST_DAY))
    return days


def _read_out(found: Exposure, name: str) -> ReadOut:
    bands = found.percentiles(name)
    low, middle, high, typical = (
        tuple(values.tolist()) for values in (bands[5], bands[50], bands[95], found.typical[name])
    )
    return ReadOut(low, middle, high, typical)

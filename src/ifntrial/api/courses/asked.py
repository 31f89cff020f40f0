"""What is asked of a simulation, and what the texts and tables that are named hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ifntrial.api import defaults
from ifntrial.api.checks import require_range
from ifntrial.arrays import FloatArray
from ifntrial.calendar import DAYS_PER_WEEK
from ifntrial.catalog import Catalog
from ifntrial.course.exposure import SELECTIONS
from ifntrial.course.replaced import read_replacements
from ifntrial.design.parts import USUAL_DRUG
from ifntrial.dosing.regimen import Regimen, parse_regimen
from ifntrial.dosing.time_words import read_every, read_times
from ifntrial.errors import InputError, resolve_name
from ifntrial.model import Model
from ifntrial.model.values import evidence_row
from ifntrial.studies.simulate.subjects import Setting
from ifntrial.studies.simulate.tables import read_covariates, read_observed
from ifntrial.units import convert

MOST_SUBJECTS = 20_000
"""Beyond this the courses of all read-outs no longer fit a small machine."""
MOST_REGIMENS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedCourses:
    """What is asked of a simulation, as the options of ``ifntrial simulate``.

    Parameters
    ----------
    regimens, events, time_unit
        Regimens in words, or an event table and the unit of its times.
    weeks, at, every, above
        How long [week], times to show in words, and a concentration to count time above [ug/mL].
    values
        Values of the drug such as ``anifrolumab.clearance=0.2 L/day``.
    covariates, observed
        Tables of who is followed and of own measurements.
    subjects, population
        How many of whom.
    drug, without
        Which drug, None for the one that the words name; and mechanisms to leave out.
    """

    regimens: tuple[str, ...]
    events: Path | None
    time_unit: str | None
    weeks: float
    at: str | None
    every: str | None
    above: float | None
    values: tuple[str, ...]
    covariates: Path | None
    observed: Path | None
    subjects: int
    population: str
    drug: str | None
    without: tuple[str, ...]
    seed: int


def regimens_of(texts: Sequence[str], events: Path | None) -> list[Regimen]:
    """Return the regimens that are followed; none where the doses are those of a table.

    Raises
    ------
    InputError
        If a regimen is not understood, there is none and no table, both, or too many.
    """
    if bool(texts) == (events is not None) or len(texts) > MOST_REGIMENS:
        raise InputError(
            "REGIMEN is missing"
            if not texts
            else "regimens and --events are both given, or there are too many",
            given=f"{len(texts)} regimens" + (" and an event table" if events else ""),
            allowed=f'1 to {MOST_REGIMENS} regimens such as "300 mg IV every 4 weeks", or --events TABLE',
            fix="give one of the two",
        )
    return [parse_regimen(text) for text in texts]


def drug_of(regimens: Sequence[Regimen], asked: str | None) -> str:
    """Return the drug: the one that is asked for, or else the one that the words name."""
    if asked is not None:
        return asked
    named = {regimen.drug for regimen in regimens if regimen.drug}
    return named.pop() if len(named) == 1 else USUAL_DRUG


def setting_of(asked: AskedCourses, catalog: Catalog, model: Model) -> Setting:
    """Return who is followed and what is looked at.

    Raises
    ------
    InputError
        If a value is out of range, or a table or a name is not usable.
    """
    resolve_name(asked.population, SELECTIONS, "population")
    days = _asked_days(asked)
    if asked.above is not None:
        require_range("--above", asked.above, 0.0, 1e6)
    table = None if asked.covariates is None else read_covariates(asked.covariates)
    return Setting(
        weeks=asked.weeks,
        subjects=_size(asked.subjects, table),
        selection=asked.population,
        seed=asked.seed,
        asked_days=days,
        level=_usual_level(catalog, model) if asked.above is None else asked.above,
        replacements=read_replacements(asked.values, model, catalog.evidence),
        covariates=table,
        observed=() if asked.observed is None else read_observed(asked.observed, asked.time_unit),
    )


def _asked_days(asked: AskedCourses) -> FloatArray:
    end = round(asked.weeks * DAYS_PER_WEEK, 9)
    times = [np.empty(0)]
    times += [] if asked.at is None else [read_times(asked.at, "--at")]
    times += [] if asked.every is None else [read_every(asked.every, end, "--every")]
    found = np.unique(np.concatenate(times))
    if len(found) and found[-1] > end:
        raise InputError(
            "a time asked for is after the end",
            given=f"day {found[-1]:g}",
            allowed=f"up to day {end:g}, the end of --weeks {asked.weeks:g}",
            fix="follow it for longer",
        )
    return found


def _size(subjects: int, table: Mapping[str, FloatArray] | None) -> int:
    """Return how many are followed: as many as the table has rows."""
    if table is None:
        return subjects
    rows = len(next(iter(table.values())))
    if subjects not in (defaults.SIMULATE_SUBJECTS, rows) or rows > MOST_SUBJECTS:
        raise InputError(
            "--subjects is not the number of rows of the table of covariates",
            given=f"--subjects {subjects}, {rows} rows",
            allowed=f"one subject for each row, up to {MOST_SUBJECTS}",
            fix="leave --subjects away",
        )
    return rows


def _usual_level(catalog: Catalog, model: Model) -> float | None:
    """Return the concentration with 80 % of the largest suppression, where it is published for the drug."""
    row = evidence_row(model, catalog.evidence, "signature_ic80")
    if row is None or row.name != f"{model.drug.name}.signature_ic80":
        # the models of other drugs use that of the reference drug
        return None
    return convert(row.value, row.unit, "ug/mL")

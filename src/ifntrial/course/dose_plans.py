"""Who gets what: a regimen, or one course of an event table, as doses of a population and the times they act."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from ifntrial.arrays import BoolArray, FloatArray, IntArray
from ifntrial.calendar import HOURS_PER_DAY
from ifntrial.course.simulate import ML_PER_L, UG_PER_MG, dose_table
from ifntrial.dosing.event_tables.record import EventTable
from ifntrial.dosing.event_tables.run_in import LaidOut
from ifntrial.dosing.regimen import Regimen
from ifntrial.errors import InputError
from ifntrial.model import Model
from ifntrial.solver import DoseTable

Parameters = Mapping[str, FloatArray]


@dataclass(frozen=True, slots=True)
class DosePlan:
    """Doses that every subject of a population is given.

    Parameters
    ----------
    label
        The regimen in words, or the subject and occasion of the table.
    start_days, length_days
        When each dose begins to arrive, and how long it is infused [day], shape (doses,), in order of time.
    sizes
        Amount of each dose as it is given, mg or mg/kg, shape (doses,).
    is_at_once
        Whether each goes into the blood at once, so that its peak is just after it, shape (doses,).
    shift_days
        Days of a run-in before the first record; they count in ``start_days``.
    look_days
        Times at which the table asks for a look [day], shape (looks,).
    build
        Model and parameters, each (subjects,), to the doses.
    covariates
        ``body_weight`` [kg] and ``is_ifn_high`` of whoever gets them, where the table says.
    """

    label: str
    start_days: FloatArray
    length_days: FloatArray
    sizes: FloatArray
    is_at_once: BoolArray
    shift_days: float
    look_days: FloatArray
    build: Callable[[Model, Parameters], DoseTable]
    covariates: Mapping[str, float] = field(default_factory=dict)


def plan_regimen(regimen: Regimen, until_days: float) -> DosePlan:
    """Return the doses of a regimen until a day.

    Raises
    ------
    InputError
        If no dose is given until then.
    """
    times, lengths, sizes, at_once = [], [], [], []
    for part in regimen.parts:
        days = part.dose_times_days(until_days)
        hours = part.infusion_hours if part.route == "IV" else 0.0
        times.append(days)
        lengths.append(np.full(len(days), hours / HOURS_PER_DAY))
        sizes.append(np.full(len(days), part.dose_size))
        at_once.append(np.full(len(days), part.route == "IV" and hours == 0.0))
    if not sum(len(days) for days in times):
        raise InputError(
            f"no dose is given within {until_days:g} days",
            given=regimen.words(),
            allowed="a first dose before the end",
            fix="follow it for longer, or begin earlier",
        )
    return DosePlan(
        label=regimen.words(),
        start_days=np.concatenate(times),
        length_days=np.concatenate(lengths),
        sizes=np.concatenate(sizes),
        is_at_once=np.concatenate(at_once),
        shift_days=0.0,
        look_days=np.empty(0),
        build=lambda model, parameters: dose_table(model, regimen, until_days, parameters),
    )


def plan_stretch(laid: LaidOut, stretch: int, label: str, model: Model) -> DosePlan:
    """Return the doses of one stretch of an event table, given to everyone.

    Raises
    ------
    InputError
        If the drug is not given by a route of the table.
    """
    events = laid.events
    mine = np.flatnonzero(events.subject == stretch).astype(np.int64)
    doses = mine[events.is_dose[mine]]
    for code, route in ((1, _site_route(model)), (2, "IV")):
        if np.any(events.compartment[doses] == code):
            model.drug.dosed_species(route)
    repeats = events.additional[doses] + 1
    source = np.repeat(doses, repeats)
    later = np.arange(len(source)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    starts = events.time_days[source] + events.lag_days[source] + later * events.interval_days[source]
    order = np.argsort(starts, kind="stable")
    lengths = events.duration_days[source][order]
    looks = laid.look_days()[mine[events.kind[mine] == 0]]
    return DosePlan(
        label=label,
        start_days=starts[order],
        length_days=lengths,
        sizes=events.amount_mg[source][order],
        is_at_once=(events.compartment[source][order] == 2) & (lengths == 0.0),
        shift_days=float(laid.shift_days[stretch]),
        look_days=np.unique(looks),
        build=lambda given, parameters: _build_stretch(events, mine, given, parameters),
        covariates={
            name: float(values[stretch])
            for name, values in events.covariates.items()
            if np.isfinite(values[stretch])
        },
    )


def _site_route(model: Model) -> str:
    return next((route for route in model.drug.routes if route != "IV"), "SC")


def _build_stretch(events: EventTable, mine: IntArray, model: Model, parameters: Parameters) -> DoseTable:
    subjects = len(parameters["body_weight"])
    copies = np.tile(mine, subjects)
    everyone = replace(
        events,
        ids=tuple(str(number) for number in range(subjects)),
        occasions=(1,) * subjects,
        subject=np.repeat(np.arange(subjects), len(mine)),
        time_days=events.time_days[copies],
        amount_mg=events.amount_mg[copies],
        duration_days=events.duration_days[copies],
        compartment=events.compartment[copies],
        kind=events.kind[copies],
        additional=events.additional[copies],
        interval_days=events.interval_days[copies],
        is_by_rate=events.is_by_rate[copies],
        rate_mg_per_day=events.rate_mg_per_day[copies],
        steady=events.steady[copies],
        lag_days=events.lag_days[copies],
        share=events.share[copies],
        covariates={},
    )
    # molar_mass is in ug/mL per nmol/L, so that a litre of 1 nmol/L holds molar_mass * 1000 ug
    return everyone.to_doses(
        model.drug.dosed_species(_site_route(model)),
        model.drug.central,
        amount_per_mg=UG_PER_MG / (parameters["molar_mass"] * ML_PER_L),
        bioavailability=parameters["bioavailability"],
    )

"""Events of a population as a record, and the doses that a solver makes of them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import BoolArray, FloatArray, IntArray
from ifntrial.dosing.event_tables.columns import BLOOD
from ifntrial.errors import TableError, listed
from ifntrial.solver.doses import DoseKind, DoseTable

OBSERVATION, DOSE, OTHER, RESET, RESET_AND_DOSE = range(5)


@dataclass(frozen=True, slots=True)
class EventTable:
    """Events of a population, in the order of the file; a course is one occasion of one subject.

    Parameters
    ----------
    ids
        Name of the subject of each course, as text, in the order of first appearance, shape (courses,).
    occasions
        Number of the occasion of each course, from 1; a new one begins where TIME goes back at EVID 3 or 4.
    subject
        Course of each event, shape (events,).
    time_days, amount_mg, duration_days
        When, how much, and how long an infusion lasts (0: at once), shape (events,).
    compartment
        ``SITE`` (1) or ``BLOOD`` (2), shape (events,).
    kind
        0 observation, 1 dose, 2 other, 3 reset, 4 reset and dose (EVID), shape (events,).
    additional, interval_days
        Further equal doses and the time between them, shape (events,).
    is_by_rate
        Whether the rate of an infusion is what is given, so that a share that arrives shortens it, shape (events,).
    rate_mg_per_day
        Rate of an infusion given by its rate [mg/day], 0 for others, shape (events,).
    steady
        0; 1: steady state of this dose alone; 2: on top of what there is (SS), shape (events,).
    lag_days
        Delay of a dose (ALAG), shape (events,).
    share
        Share of a dose that arrives (F); NaN where the table does not say, shape (events,).
    covariates
        ``body_weight`` [kg] and ``is_ifn_high`` of each course, where the table has them, shape (courses,).
    notes
        What was left out or supposed, a sentence each.
    """

    ids: tuple[str, ...]
    occasions: tuple[int, ...]
    subject: IntArray
    time_days: FloatArray
    amount_mg: FloatArray
    duration_days: FloatArray
    compartment: IntArray
    kind: IntArray
    additional: IntArray
    interval_days: FloatArray
    is_by_rate: BoolArray
    rate_mg_per_day: FloatArray
    steady: IntArray
    lag_days: FloatArray
    share: FloatArray
    covariates: Mapping[str, FloatArray]
    notes: tuple[str, ...]

    @property
    def is_dose(self) -> BoolArray:
        """Whether each event gives a dose, shape (events,)."""
        return np.isin(self.kind, (DOSE, RESET_AND_DOSE))

    @property
    def observation_days(self) -> FloatArray:
        """Times at which any course is observed [day], increasing."""
        return np.unique(self.time_days[self.kind == OBSERVATION])

    def total_dose_mg(self) -> FloatArray:
        """Return the amount that each course is given in all, shape (courses,)."""
        given = np.where(self.is_dose, self.amount_mg * (1 + self.additional), 0.0)
        return np.bincount(self.subject, given, minlength=len(self.ids)).astype(np.float64)

    def to_doses(
        self,
        site_state: str,
        blood_state: str,
        *,
        amount_per_mg: FloatArray | float = 1.0,
        bioavailability: FloatArray | float = 1.0,
    ) -> DoseTable:
        """Return the doses as the solver takes them, resets and doses in the order of the records.

        Observations and other events are left to the output times.

        Parameters
        ----------
        site_state, blood_state
            States that take doses at the site (subcutaneous, oral) and into the blood.
        amount_per_mg
            Amount in the state's unit per mg, one value or shape (courses,).
        bioavailability
            Share of a dose at the site that arrives where the table has no column F, one value or shape (courses,).

        Raises
        ------
        TableError
            If doses are given at steady state: they need time before the first record, see ``run_in.lay_out``.
        """
        if self.steady.any():
            raise TableError(
                "doses at steady state need a run-in before them",
                problems=[
                    f"SS of {listed(dict.fromkeys(self.ids[code] for code in self.subject[self.steady > 0]))}"
                ],
                allowed="'ifntrial simulate --events', or lay_out() before to_doses()",
                fix="lay the table out with a run-in first",
            )
        courses = len(self.ids)
        scale = np.broadcast_to(np.asarray(amount_per_mg, dtype=np.float64), (courses,))
        usual = np.broadcast_to(np.asarray(bioavailability, dtype=np.float64), (courses,))
        # each reset-and-dose is a reset, then a dose; all keep the order of the records
        event = np.repeat(np.arange(len(self.kind)), np.where(self.kind == RESET_AND_DOSE, 2, 1))
        second = np.append(False, event[1:] == event[:-1])
        resets = (self.kind[event] == RESET) | ((self.kind[event] == RESET_AND_DOSE) & ~second)
        kept = resets | self.is_dose[event]
        event, resets = event[kept], resets[kept]
        owner, in_blood = self.subject[event], self.compartment[event] == BLOOD
        infused = ~resets & (self.duration_days[event] > 0)
        by_rate = infused & self.is_by_rate[event]
        share = np.where(
            np.isnan(self.share[event]), np.where(in_blood, 1.0, usual[owner]), self.share[event]
        )
        return DoseTable.from_columns(
            courses,
            subject=owner,
            time=self.time_days[event],
            state=[
                blood_state if blood or reset else site_state
                for blood, reset in zip(in_blood, resets, strict=True)
            ],
            amount=np.where(resets, 0.0, self.amount_mg[event] * scale[owner]),
            kind=np.where(resets, DoseKind.RESET, np.where(infused, DoseKind.INFUSION, DoseKind.BOLUS)),
            rate=np.where(by_rate, self.rate_mg_per_day[event] * scale[owner], 0.0),
            duration=np.where(infused & ~by_rate, self.duration_days[event], 0.0),
            additional=np.where(resets, 0, self.additional[event]),
            interval=np.where(resets, 0.0, self.interval_days[event]),
            lag=np.where(resets, 0.0, self.lag_days[event]),
            bioavailability=np.where(resets, 1.0, share),
        )

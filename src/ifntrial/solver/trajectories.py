"""What comes back from a solve: values at visits, and for every subject why and when it ended."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import pandas as pd

from ifntrial.arrays import BoolArray, CodeArray, FloatArray, IntArray, WordArray
from ifntrial.errors import UnknownNameError, closest, listed


class Status(IntEnum):
    """Why the solve of one subject ended."""

    OK = 0
    BAD_PARAMETER = 1
    BAD_DOSE = 2
    BAD_INITIAL = 3
    STEP_TOO_SMALL = 4
    TOO_MANY_STEPS = 5
    NON_FINITE = 6
    STOPPED = 7

    @property
    def word(self) -> str:
        """One word for tables, such as ``ok`` or ``step_too_small``."""
        return self.name.lower()

    @property
    def meaning(self) -> str:
        """What happened, in a sentence."""
        return _MEANINGS[self]


_MEANINGS = {
    Status.OK: "solved to the last visit",
    Status.BAD_PARAMETER: "a parameter is not a finite number",
    Status.BAD_DOSE: "a dose is not finite, negative where that makes no sense, or before the start",
    Status.BAD_INITIAL: "an initial value is not finite, or a scale is not positive and finite",
    Status.STEP_TOO_SMALL: "no step, however small, met the tolerance",
    Status.TOO_MANY_STEPS: "the allowed number of steps was used up",
    Status.NON_FINITE: "the solution left the range of numbers",
    Status.STOPPED: "the run was interrupted",
}


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where every subject stood at its last visit, before doses at that time; goes into ``simulate(resume=...)``.

    Parameters
    ----------
    time
        Time reached, shape (subjects,).
    states
        Values of all states, shape (subjects, states).
    inputs
        Infusions running then [state unit / time unit], shape (subjects, states).
    initial
        Values a reset would return to, shape (subjects, states).
    step
        Step that the solver would try next, shape (subjects,).
    restart_step
        Step that was accepted first after the latest dose, shape (subjects,).
    status
        A ``Status`` per subject, shape (subjects,); those not ``OK`` stay as they are.
    """

    time: FloatArray
    states: FloatArray
    inputs: FloatArray
    initial: FloatArray
    step: FloatArray
    restart_step: FloatArray
    status: CodeArray


@dataclass(frozen=True, slots=True)
class AuditReport:
    """Largest errors found by solving a random part of a population again, far more accurately.

    Parameters
    ----------
    audited
        Subjects that were solved again, in order.
    tolerance
        Relative tolerance of the second solve.
    errors
        Largest error of each over visits and states, ``|difference| / (|value| + floor * largest |value|)``.
    largest
        Largest of ``errors``; NaN if none could be audited.
    """

    audited: IntArray
    tolerance: float
    errors: FloatArray
    largest: float


@dataclass(frozen=True, slots=True)
class Trajectories:
    """Values of chosen outputs at visits, and one status per subject.

    Parameters
    ----------
    times
        Visit times, shape (visits,), or (subjects, visits) where each subject has its own.
    names
        Names of the outputs.
    values
        Shape (subjects, visits, outputs). A subject that failed has NaN from then on.
    status
        A ``Status`` per subject, shape (subjects,).
    time_ended
        Time that each subject reached, shape (subjects,).
    accepted, rejected
        Number of steps of each subject, shape (subjects,).
    final
        Where to go on from.
    audit
        Errors found in a random part of the population, or None if that was not asked for.
    """

    times: FloatArray
    names: tuple[str, ...]
    values: FloatArray
    status: CodeArray
    time_ended: FloatArray
    accepted: IntArray
    rejected: IntArray
    final: Checkpoint
    audit: AuditReport | None = None

    @property
    def size(self) -> int:
        """Number of subjects."""
        return len(self.status)

    @property
    def is_ok(self) -> BoolArray:
        """Whether each subject was solved to its last visit, shape (subjects,)."""
        is_ok: BoolArray = self.status == Status.OK
        return is_ok

    @property
    def words(self) -> WordArray:
        """The status of each subject as a word, shape (subjects,)."""
        return np.array([status.word for status in Status])[self.status]

    def of(self, name: str) -> FloatArray:
        """Return one output, shape (subjects, visits).

        Raises
        ------
        UnknownNameError
            If it is not among the outputs.
        """
        if name not in self.names:
            raise UnknownNameError(
                f"output '{name}' was not asked for",
                allowed=listed(self.names),
                fix=closest(name, self.names) or "add it to outputs=",
            )
        return self.values[:, :, self.names.index(name)]

    def status_table(self) -> pd.DataFrame:
        """Return one row per subject: subject, status, meaning, time_ended, accepted, rejected."""
        return pd.DataFrame(
            {
                "subject": np.arange(self.size),
                "status": self.words,
                "meaning": np.array([status.meaning for status in Status])[self.status],
                "time_ended": self.time_ended,
                "accepted": self.accepted,
                "rejected": self.rejected,
            }
        )

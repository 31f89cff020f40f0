"""Whom a trial enrolls of weighted subjects: what powers and values of its tests rest on."""

from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class TrialOfSubjects:
    """Whom a trial enrolls, and how many.

    Parameters
    ----------
    weight
        Share of the population that each subject stands for, shape (subjects,), sum one.
    stratum
        Number of its randomization stratum, shape (subjects,).
    n_active, n_control
        Patients in each arm.
    """

    weight: FloatArray
    stratum: IntArray
    n_active: float
    n_control: float

    @property
    def total(self) -> float:
        """Patients in both arms."""
        return self.n_active + self.n_control

    def by_stratum(self, values: FloatArray) -> FloatArray:
        """Return weighted sums over the subjects of each stratum, from values (subjects,)."""
        sums = np.bincount(self.stratum, self.weight * values, minlength=int(self.stratum.max()) + 1)
        return np.asarray(sums, dtype=np.float64)

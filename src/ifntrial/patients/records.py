"""What a virtual population is, and what a simulated arm looks like before anyone measures it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from ifntrial.arrays import AnyArray, FloatArray, IndexArray, IntArray, WordArray


@dataclass(frozen=True, slots=True)
class VirtualPopulation:
    """Virtual subjects: who they are, and the values of their model parameters.

    Parameters
    ----------
    covariates
        Name to one value per subject, each of shape (subjects,): numbers, booleans (as 0/1) or text.
        Holds at least ``age_years, is_female, body_weight_kg, subset, antibody, disease_duration_years,
        is_ifn_high, is_ifn_high_skin, has_ild, uses_mmf, uses_glucocorticoid, lives_in_east_asia`` and the
        observed baselines ``mrss, fvc_percent, haq_di, patient_global, physician_global, nt_probnp``.
    parameters
        Model parameter name to one value per subject, shape (subjects,).
    history
        Clinical item to the subject's standard normal deviation of its natural change over a year, each (subjects,).
    prevalence_weight
        How many real patients one virtual subject stands for, shape (subjects,), mean one.
    """

    covariates: Mapping[str, AnyArray]
    parameters: Mapping[str, FloatArray]
    history: Mapping[str, FloatArray]
    prevalence_weight: FloatArray

    @property
    def size(self) -> int:
        """Number of virtual subjects."""
        return len(self.prevalence_weight)

    def take(self, chosen: IndexArray | IntArray) -> "VirtualPopulation":
        """Return the chosen subjects, by position, in that order."""
        return VirtualPopulation(
            {name: values[chosen] for name, values in self.covariates.items()},
            {name: values[chosen] for name, values in self.parameters.items()},
            {name: values[chosen] for name, values in self.history.items()},
            self.prevalence_weight[chosen],
        )


@dataclass(frozen=True, slots=True)
class LatentCourse:
    """What happens to every subject in one arm of one world, before measurement error and missed visits.

    Parameters
    ----------
    arm
        Name of the arm.
    world
        Number of the world.
    visit_week
        Planned visits [week], shape (visits,); the first is baseline, before the first dose.
    values
        Clinical quantity to its true value, each of shape (subjects, visits). Names and units:
        ``mrss`` [0-51], ``fvc_percent`` [% predicted], ``fvc_ml`` [mL], ``haq_di`` [0-3], ``patient_global`` and
        ``physician_global`` [0-10], ``signature_suppression_blood`` and ``_skin`` [fraction, 1 - post/pre],
        ``nt_probnp`` [pg/mL], ``capillary_density`` [1/mm], ``zoster_hazard``, ``infection_hazard`` and
        ``ulcer_hazard`` (cumulative since baseline [expected events]).
    status
        One word per subject: ``ok`` or the reason why the simulation of this subject ended early, shape (subjects,).
        Values of a subject that is not ``ok`` are NaN from then on.
    audit_errors
        Relative error of each subject that was solved a second time, far more accurately, shape (audited,).
    """

    arm: str
    world: int
    visit_week: FloatArray
    values: Mapping[str, FloatArray]
    status: WordArray
    audit_errors: FloatArray = field(default_factory=lambda: np.empty(0))

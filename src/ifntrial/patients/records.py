"""What a virtual population is, and what a simulated arm looks like before anyone measures it."""

from collections.abc import Mapping, Sequence
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
        Holds at least ``age_years, is_female, body_weight_kg, height_cm, subset, antibody, lives_in_america,
        disease_duration_years, is_ifn_high, is_ifn_high_skin, has_ild, uses_mmf, uses_glucocorticoid,
        lives_in_east_asia`` and what screening reads: ``mrss, fvc_percent, haq_di, patient_global, physician_global,
        nt_probnp, mrss_change_before``.
    parameters
        Model parameter name to one value per subject, shape (subjects,); the true scores at entry among them.
    history
        Clinical item to the subject's deviation of its natural change over a year, in SD of placebo arms, and
        ``skin_course`` to the class of the skin's course, each (subjects,).
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


def join_populations(some: Sequence[VirtualPopulation]) -> VirtualPopulation:
    """Return the subjects of several populations of the same names, one after the other."""
    first = some[0]
    return VirtualPopulation(
        {name: np.concatenate([each.covariates[name] for each in some]) for name in first.covariates},
        {name: np.concatenate([each.parameters[name] for each in some]) for name in first.parameters},
        {name: np.concatenate([each.history[name] for each in some]) for name in first.history},
        np.concatenate([each.prevalence_weight for each in some]),
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

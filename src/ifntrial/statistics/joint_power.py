"""Tests of several endpoints in one trial: each one's power, and that of all together.

In a trial the test statistics are sums over its patients, and so nearly normal together. Their means, spreads and
correlations come from common subjects with repeats of measurement and conduct; both outcomes of a subject are used arm by
arm, as a trial sees one of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from ifntrial.arrays import BoolArray, FloatArray
from ifntrial.likelihood.trial_of_subjects import TrialOfSubjects
from ifntrial.statistics.normal_orthant import all_below
from ifntrial.statistics.power import WorldPower
from ifntrial.ties import exceeds

MOST_NOISE = 0.5
"""Beyond half a unit of z the correction for a finite number of subjects would rest on the noise itself."""
_CERTAIN = 1e-12


@dataclass(frozen=True, slots=True)
class LinearTest:
    """The test of one endpoint: a difference between arms, pooled over strata, over its standard error.

    Parameters
    ----------
    difference
        Expected, active minus control.
    n_active, n_control
        Patients who are expected to be analysed.
    z
        How many of its standard deviations the statistic is expected to be beyond its critical value, better side up.
    noise
        Standard error of ``z`` from the finite number of subjects; zero where ``z`` is corrected for it.
    active, control
        What a patient adds to the difference, by arm, shape (replicates, subjects).
    shared
        What a patient of either arm adds through the size of its stratum, shape (subjects,).
    trial_sd
        Standard deviation of the difference over trials of this size in the same world.
    """

    difference: float
    n_active: float
    n_control: float
    z: float
    noise: float
    active: FloatArray
    control: FloatArray
    shared: FloatArray
    trial_sd: float

    @property
    def power(self) -> float:
        """Probability of a significant result for active, corrected for the noise of a finite number of subjects."""
        return float(ndtr(self.corrected_z))

    @property
    def corrected_z(self) -> float:
        """The z whose noisy estimate gives on average the power of the one that is noisy."""
        return self.z / float(np.sqrt(1.0 - min(self.noise, MOST_NOISE) ** 2))

    @property
    def standard_error(self) -> float:
        """Monte Carlo standard error of ``power``."""
        return self.noise * float(np.exp(-(self.z**2) / 2.0) / np.sqrt(2.0 * np.pi))


def response_test(
    active: FloatArray, control: FloatArray, trial: TrialOfSubjects, *, power: WorldPower
) -> LinearTest:
    """Return the stratified test of a response whose power is known.

    Parameters
    ----------
    active, control
        Response, zero or one, shape (replicates, subjects).
    power
        Of the test, corrected for noise already.
    """
    found = _pooled(active, control, np.ones(len(trial.weight), dtype=bool), trial)
    z = float(ndtri(np.clip(power.power, _CERTAIN, 1.0 - _CERTAIN)))
    spread = float(np.sqrt(_covariance(found.parts, found.parts, trial)))
    return LinearTest(found.difference, *found.patients, z, 0.0, *found.parts, trial_sd=spread)


def change_test(
    active: FloatArray,
    control: FloatArray,
    baseline: FloatArray | None,
    is_member: BoolArray,
    trial: TrialOfSubjects,
    *,
    higher_is_better: bool,
    alpha_one_sided: float,
) -> LinearTest:
    """Return the analysis of covariance of a change or value, on baseline and strata, of patients with a reading.

    The critical value is that of the normal distribution.

    Parameters
    ----------
    active, control
        Outcome, NaN where it is not read, shape (replicates, subjects).
    baseline
        Reading at baseline, the same in both arms, same shape; None: no such covariate.
    is_member
        Whom the analysis is about, shape (subjects,).
    """
    if baseline is not None:
        slope = baseline_slope(active, control, baseline, is_member, trial)
        active, control = active - slope * baseline, control - slope * baseline
    found = _pooled(active, control, is_member, trial)
    sign = 1.0 if higher_is_better else -1.0
    spread = float(np.sqrt(_covariance(found.parts, found.parts, trial)))
    if not exceeds(spread, 0.0, scale=1.0):
        return LinearTest(found.difference, *found.patients, 0.0, MOST_NOISE, *found.parts, trial_sd=0.0)
    z = (sign * found.difference + ndtri(alpha_one_sided) * found.model_error) / spread
    noise = float(np.sqrt((_of_subjects(found.parts, trial) ** 2).sum())) / spread
    return LinearTest(found.difference, *found.patients, float(z), noise, *found.parts, trial_sd=spread)


def joint_power(tests: Sequence[LinearTest], signs: Sequence[float], trial: TrialOfSubjects) -> float:
    """Return the probability that all tests are significant for active in the same trial.

    Parameters
    ----------
    signs
        1 where a higher endpoint is better, -1 where a lower one is.
    """
    if len(tests) == 1:
        return tests[0].power
    found = all_below(np.array([test.corrected_z for test in tests]), correlations(tests, signs, trial))
    return float(np.clip(found, 0.0, min(test.power for test in tests)))


def correlations(tests: Sequence[LinearTest], signs: Sequence[float], trial: TrialOfSubjects) -> FloatArray:
    """Return the correlations of test statistics within a trial, each with its better side up, shape (tests, tests)."""
    parts = [(test.active, test.control, test.shared) for test in tests]
    covariance = np.array([[_covariance(one, other, trial) for other in parts] for one in parts])
    spread = np.sqrt(np.diag(covariance))
    scale = np.outer(spread, spread)
    found = np.divide(covariance, scale, out=np.eye(len(tests)), where=scale > 0)
    return np.asarray(np.clip(found * np.outer(signs, signs), -1.0, 1.0))


@dataclass(frozen=True, slots=True)
class _Pooled:
    """A difference pooled over strata: its value, patients, the error that the analysis states, what patients add."""

    difference: float
    patients: tuple[float, float]
    model_error: float
    parts: tuple[FloatArray, FloatArray, FloatArray]


def _pooled(active: FloatArray, control: FloatArray, is_member: BoolArray, trial: TrialOfSubjects) -> _Pooled:
    """Return the difference with strata weighed as least squares does: patients in one arm times those in the other."""
    sizes = (trial.n_active, trial.n_control)
    known = [is_member & np.isfinite(values) for values in (active, control)]
    share = trial.by_stratum(np.ones(len(trial.weight)))
    shares = [trial.by_stratum(each.mean(axis=0)) for each in known]
    patients = [n * each for n, each in zip(sizes, shares, strict=True)]
    rest = [np.where(each, values, 0.0) for each, values in zip(known, (active, control), strict=True)]
    means = [_ratio(trial.by_stratum(each.mean(axis=0)), own) for each, own in zip(rest, shares, strict=True)]
    information = _ratio(patients[0] * patients[1], patients[0] + patients[1])
    weight = information / information.sum()
    gap = means[0] - means[1]
    difference = float((weight * gap).sum())
    residual = [
        np.where(each, values - mean[trial.stratum], 0.0)
        for each, values, mean in zip(known, rest, means, strict=True)
    ]
    variance = sum(n * _mean_product(each, each, trial) for n, each in zip(sizes, residual, strict=True))
    variance += float((information * (gap - difference) ** 2).sum())
    added = [_ratio(weight, own)[trial.stratum] * each for own, each in zip(patients, residual, strict=True)]
    shared = (_ratio(weight, share) * (gap - difference))[trial.stratum] / trial.total
    return _Pooled(
        difference,
        (float(patients[0].sum()), float(patients[1].sum())),
        float(np.sqrt(variance / np.sum(patients) / information.sum())),
        (added[0], added[1], shared),
    )


def baseline_slope(
    active: FloatArray,
    control: FloatArray,
    baseline: FloatArray,
    is_member: BoolArray,
    trial: TrialOfSubjects,
) -> float:
    """Return the slope of the outcome on baseline, within arms and strata."""
    product, square = 0.0, 0.0
    for n, values in ((trial.n_active, active), (trial.n_control, control)):
        known = is_member & np.isfinite(values)
        share = trial.by_stratum(known.mean(axis=0))
        centred = []
        for each in (np.where(known, values, 0.0), np.where(known, baseline, 0.0)):
            mean = _ratio(trial.by_stratum(each.mean(axis=0)), share)
            centred.append(np.where(known, each - mean[trial.stratum], 0.0))
        product += n * float((trial.weight * (centred[0] * centred[1]).mean(axis=0)).sum())
        square += n * float((trial.weight * (centred[1] ** 2).mean(axis=0)).sum())
    return product / square if square > 0 else 0.0


def _ratio(top: FloatArray, bottom: FloatArray) -> FloatArray:
    return np.divide(top, bottom, out=np.zeros_like(bottom), where=bottom > 0)


def _mean_product(one: FloatArray, other: FloatArray, trial: TrialOfSubjects) -> float:
    """Return the mean product of two residuals about means of strata, which these same subjects gave."""
    share = trial.by_stratum(np.ones(len(trial.weight)))[trial.stratum]
    lost = _ratio(trial.weight, share) * one.mean(axis=0) * other.mean(axis=0)
    return float((trial.weight * ((one * other).mean(axis=0) + lost)).sum())


def _covariance(
    one: tuple[FloatArray, FloatArray, FloatArray],
    other: tuple[FloatArray, FloatArray, FloatArray],
    trial: TrialOfSubjects,
) -> float:
    """Return the covariance of two differences within a trial."""
    return (
        trial.n_active * _mean_product(one[0], other[0], trial)
        + trial.n_control * _mean_product(one[1], other[1], trial)
        + trial.total * float((trial.weight * one[2] * other[2]).sum())
    )


def _of_subjects(parts: tuple[FloatArray, FloatArray, FloatArray], trial: TrialOfSubjects) -> FloatArray:
    """Return what each common subject adds to the error of the expected difference, shape (subjects,)."""
    active, control, shared = parts
    return np.asarray(
        trial.weight
        * (
            trial.n_active * active.mean(axis=0)
            - trial.n_control * control.mean(axis=0)
            + trial.total * shared
        )
    )

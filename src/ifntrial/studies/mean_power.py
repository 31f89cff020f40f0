"""Power of a comparison of means in one world, from the outcomes of common subjects in both arms.

In a trial the adjusted difference is a sum over its patients, so that it is nearly normal; its mean and its spread come
from common subjects, arm by arm, as a trial sees one outcome of each patient. The analysis states its own error, pooled
over arms, and compares their ratio with Student's t. What a small trial loses by strata of one arm only, by begun blocks
and by adjusting for baseline is counted, see ``statistics.random_allocation``.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy.special import ndtr, ndtri

from ifntrial.arrays import BoolArray, FloatArray, IntArray
from ifntrial.errors import InputError
from ifntrial.statistics.cmh_power import StratumRates
from ifntrial.statistics.power import WorldPower
from ifntrial.statistics.random_allocation import Information, expected_information
from ifntrial.statistics.replicates import Allocation
from ifntrial.statistics.t_power import t_power
from ifntrial.studies.outcomes import Outcome, Outcomes
from ifntrial.ties import exceeds

MOST_NOISE = 0.5
"""Beyond half a unit of z the correction for a finite number of subjects would rest on the noise itself."""
FEWEST_DEGREES = 1.0
_NORMAL_DEGREES = 1e6
_CERTAIN = 1e-12


Inference = Literal["t", "normal", "normal by arm"]


@dataclass(frozen=True, slots=True)
class MeanTest:
    """How a difference of means is tested.

    Parameters
    ----------
    higher_is_better
        Direction.
    alpha_one_sided
        Level.
    covariates
        Columns of the model beside arms and strata.
    blocks
        Permuted blocks within strata; None: arms are balanced within strata whatever their sizes.
    inference
        Student's t with an error pooled over arms; the normal distribution with such an error; the normal distribution
        with an error that takes each arm's own spread, as the likelihood of counts does.
    """

    higher_is_better: bool
    alpha_one_sided: float
    covariates: int = 0
    blocks: Allocation | None = None
    inference: Inference = "t"

    @property
    def sign(self) -> float:
        """1 where a higher outcome is better, -1 where a lower one is."""
        return 1.0 if self.higher_is_better else -1.0


def power_of_means(
    outcomes: Outcomes,
    prevalence_weight: FloatArray,
    stratum: IntArray,
    test: MeanTest,
    *,
    n_active: float,
    n_control: float,
) -> WorldPower:
    """Return the power of a difference of means, pooled over strata as least squares does.

    Parameters
    ----------
    outcomes
        Of common subjects, freed of what the analysis adjusts for beside strata.
    prevalence_weight, stratum
        Shape (subjects,).
    n_active, n_control
        Patients in each arm.

    Returns
    -------
    Power with its Monte Carlo error, corrected for the noise of a finite number of subjects as far as that of z is
    normal; ``rates`` holds means by stratum, zero where nobody has an outcome.
    """
    share = prevalence_weight / prevalence_weight.sum()
    strata = int(stratum.max()) + 1
    arms = [
        _arm(each, share, stratum, n, strata)
        for each, n in ((outcomes.active, n_active), (outcomes.control, n_control))
    ]
    in_stratum = _sums(stratum, share, strata)
    information = expected_information(
        in_stratum,
        *(_ratio(each.patients, each.n * in_stratum) for each in arms),
        n_active=n_active,
        n_control=n_control,
        blocks=test.blocks,
    )
    found = _pooled(arms[0], arms[1], in_stratum, information)
    means = StratumRates(in_stratum, arms[0].mean, arms[1].mean)
    if not exceeds(found.spread, 0.0, scale=1.0):
        is_certain = bool(exceeds(test.sign * found.difference, 0.0, scale=1.0))
        return WorldPower(float(is_certain), 0.0, means, np.zeros_like(share), found.difference, 0.0)
    degrees = _degrees(found, test)
    # baselines of two small arms are never the same, so that adjusting for them costs a little
    spread = found.spread * float(np.sqrt(1.0 + test.covariates / max(degrees - 1.0, FEWEST_DEGREES)))
    raw, scale = t_power(
        test.sign * found.difference / spread,
        1.0 if test.inference == "normal by arm" else found.stated / found.spread,
        degrees,
        test.alpha_one_sided,
        found.information_spread,
    )
    z = float(ndtri(np.clip(raw, _CERTAIN, 1.0 - _CERTAIN)))
    sums = found.of_subjects(arms[0], arms[1], share, stratum) / (spread * scale)
    influence = test.sign * sums * np.exp(-(z**2) / 2.0) / np.sqrt(2.0 * np.pi)
    noise = min(float(np.sqrt((sums**2).sum())), MOST_NOISE)
    corrected = float(ndtr(z / np.sqrt(1.0 - noise**2)))
    return WorldPower(
        corrected,
        float(np.sqrt((influence**2).sum())),
        means,
        np.asarray(influence),
        found.difference,
        spread,
    )


def power_of_means_in_subgroup(
    outcomes: Outcomes,
    prevalence_weight: FloatArray,
    is_member: BoolArray,
    test: MeanTest,
    *,
    n_active: float,
    n_control: float,
) -> WorldPower:
    """Return the power in a subgroup, without strata, at the size that the subgroup has within the trial.

    Raises
    ------
    InputError
        If the subgroup has no weight.
    """
    weight = np.where(is_member, prevalence_weight, 0.0)
    share = float(weight.sum() / prevalence_weight.sum())
    if share == 0:
        raise InputError(
            "the subgroup holds no subjects", allowed="a subgroup with weight", fix="widen the condition"
        )
    alone = np.zeros(len(weight), dtype=np.int64)
    return power_of_means(
        outcomes,
        weight,
        alone,
        # blocks run across the whole stratum, not within a subgroup
        replace(test, blocks=None),
        n_active=n_active * share,
        n_control=n_control * share,
    )


def _degrees(found: "_Pooled", test: MeanTest) -> float:
    if test.inference != "t":
        return _NORMAL_DEGREES
    return max(found.patients - found.strata - 1 - test.covariates, FEWEST_DEGREES)


@dataclass(frozen=True, slots=True)
class _Arm:
    """One arm.

    Parameters
    ----------
    n
        Patients, with an outcome or without.
    patients, mean, variance
        With an outcome, their mean and the mean square around it, by stratum, each (strata,); the square is per patient
        of the stratum, with an outcome or without.
    residual
        What each subject's outcome is off the mean of its stratum, shape (subjects,).
    """

    n: float
    patients: FloatArray
    mean: FloatArray
    variance: FloatArray
    residual: FloatArray


def _arm(outcome: Outcome, share: FloatArray, stratum: IntArray, n: float, strata: int) -> _Arm:
    in_stratum = _sums(stratum, share, strata)
    known = _sums(stratum, share * outcome.known, strata)
    mean = _ratio(_sums(stratum, share * outcome.value, strata), known)
    own = mean[stratum]
    residual = outcome.value - own * outcome.known
    squares = np.maximum(outcome.square - 2.0 * own * outcome.value + own**2 * outcome.known, 0.0)
    # these same subjects gave the mean, which takes from their squares
    squares = squares + _ratio(share, in_stratum[stratum]) * residual**2
    return _Arm(n, n * known, mean, _sums(stratum, share * squares, strata), residual)


@dataclass(frozen=True, slots=True)
class _Pooled:
    """The difference pooled over strata.

    Parameters
    ----------
    difference
        Expected.
    spread, stated
        Its true standard error, and the one that the analysis is expected to state.
    patients, strata
        Patients with an outcome, and strata that are expected to hold any.
    information_spread
        Standard deviation between trials of their information, over its mean.
    weight, gap, shared
        Of each stratum: its weight, its own difference, and what a patient of either arm adds through the stratum's
        size, each (strata,).
    """

    difference: float
    spread: float
    stated: float
    patients: float
    strata: float
    information_spread: float
    weight: FloatArray
    gap: FloatArray
    shared: FloatArray

    def of_subjects(self, active: _Arm, control: _Arm, share: FloatArray, stratum: IntArray) -> FloatArray:
        """Return what each common subject adds to the error of the expected difference, shape (subjects,)."""
        own = active.n * _ratio(self.weight, active.patients)[stratum] * active.residual
        other = control.n * _ratio(self.weight, control.patients)[stratum] * control.residual
        return np.asarray(share * (own - other + (active.n + control.n) * self.shared[stratum]))


def _pooled(active: _Arm, control: _Arm, in_stratum: FloatArray, found: Information) -> _Pooled:
    total, information = active.n + control.n, found.mean
    even = _ratio(active.patients * control.patients, active.patients + control.patients)
    # patients whose even split would tell as much
    telling = _ratio(information, even)
    weight = _ratio(information, np.full_like(information, information.sum()))
    gap = active.mean - control.mean
    difference = float((weight * gap).sum())
    shared = _ratio(weight, in_stratum) * (gap - difference) / total
    variance = total * float((in_stratum * shared**2).sum())
    variance += sum(
        float((arm.n * _ratio(_ratio(weight, arm.patients) ** 2, telling) * arm.variance).sum())
        for arm in (active, control)
    )
    patients = float(active.patients.sum() + control.patients.sum())
    squares = float((active.n * active.variance + control.n * control.variance).sum())
    squares += float((information * (gap - difference) ** 2).sum())
    stated = squares / patients / float(information.sum()) if (information > 0).any() else 0.0
    return _Pooled(
        difference,
        float(np.sqrt(variance)),
        float(np.sqrt(stated)),
        patients,
        found.strata,
        float(np.sqrt(found.variance) / information.sum()) if information.sum() > 0 else 0.0,
        weight,
        gap,
        shared,
    )


def _sums(stratum: IntArray, values: FloatArray, strata: int) -> FloatArray:
    return np.bincount(stratum, values, minlength=strata).astype(np.float64)


def _ratio(top: FloatArray, bottom: FloatArray) -> FloatArray:
    return np.divide(top, bottom, out=np.zeros(np.shape(top)), where=bottom > 0)

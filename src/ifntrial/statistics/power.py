"""Power of the stratified primary analysis in one world, from the response of common subjects in both arms."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from ifntrial.arrays import AnyArray, BoolArray, FloatArray, IntArray
from ifntrial.design.conditions import parse_condition
from ifntrial.design.design import TrialDesign
from ifntrial.errors import InputError
from ifntrial.levels import ALPHA_ONE_SIDED
from ifntrial.statistics.cmh_power import StratumRates, cmh_power, power_slopes


@dataclass(frozen=True, slots=True)
class WorldPower:
    """Power of one trial in one world.

    Parameters
    ----------
    power
        Probability of a significant result for active, corrected for the noise of a finite number of subjects.
    standard_error
        Monte Carlo standard error of ``power`` from the finite number of subjects.
    rates
        Response rates it rests on; means where the outcome is no response.
    influence
        What each subject adds to the error of ``power``, shape (subjects,); errors of worlds on common subjects add up.
    adjusted
        Difference that a comparison of means is expected to state; None of a response, whose shares differ by theirs.
    trial_sd
        Standard deviation of the difference that trials of this size state in the same world; None where it was not
        asked for.
    """

    power: float
    standard_error: float
    rates: StratumRates
    influence: FloatArray
    adjusted: float | None = None
    trial_sd: float | None = None

    @property
    def difference(self) -> float:
        """Expected difference, active minus control."""
        if self.adjusted is not None:
            return self.adjusted
        active, control = self.rates.overall
        return active - control


def stratum_index(design: TrialDesign, covariates: dict[str, AnyArray]) -> tuple[IntArray, tuple[str, ...]]:
    """Return for each subject the number of its randomization stratum, and the names of all strata.

    With f factors there are 2**f strata; bit i of the number says whether the condition of factor i holds.
    """
    size = len(next(iter(covariates.values())))
    index = np.zeros(size, dtype=np.int64)
    names = [""]
    for place, factor in enumerate(design.strata):
        index += parse_condition(factor.condition).holds(covariates).astype(np.int64) << place
        names = [
            f"{name}, {text}".strip(", ") for text in (f"no {factor.name}", factor.name) for name in names
        ]
    return index, tuple(names)


def stratum_rates(
    active: FloatArray, control: FloatArray, prevalence_weight: FloatArray, stratum: IntArray
) -> StratumRates:
    """Return the weighted response rates by stratum; a stratum without subjects has share zero.

    Parameters
    ----------
    active, control
        Probability of response of each subject under each arm, shape (subjects,).
    prevalence_weight
        Shape (subjects,).
    stratum
        Number of the stratum, shape (subjects,).
    """
    _require_probabilities(active, control, prevalence_weight)
    strata = int(stratum.max()) + 1
    weight = np.bincount(stratum, prevalence_weight, minlength=strata)
    present = np.where(weight > 0, weight, 1.0)
    return StratumRates(
        share=weight / weight.sum(),
        active=np.bincount(stratum, prevalence_weight * active, minlength=strata) / present,
        control=np.bincount(stratum, prevalence_weight * control, minlength=strata) / present,
    )


def _require_probabilities(active: FloatArray, control: FloatArray, prevalence_weight: FloatArray) -> None:
    problems = [
        f"{name} holds values outside 0 to 1, or missing ones"
        for name, values in (("active", active), ("control", control))
        if not np.all((np.asarray(values) >= 0) & (np.asarray(values) <= 1))
    ]
    if not np.all(prevalence_weight >= 0) or not 0 < np.sum(prevalence_weight) < np.inf:
        problems.append("prevalence_weight holds negative or missing values, or sums to zero")
    if len({len(active), len(control), len(prevalence_weight)}) > 1:
        problems.append("active, control and prevalence_weight have different lengths")
    if problems:
        raise InputError(
            "the responses cannot be used",
            problems=problems,
            allowed="probabilities and non-negative weights of the same subjects",
            fix="give failed subjects a status and leave them out with weight zero, counted",
        )


def power_of_stratified_cmh(
    active: FloatArray,
    control: FloatArray,
    prevalence_weight: FloatArray,
    stratum: IntArray,
    *,
    n_active: float,
    n_control: float,
    alpha_one_sided: float = ALPHA_ONE_SIDED,
) -> WorldPower:
    """Return the power of a trial on the population that the subjects stand for.

    Parameters
    ----------
    active, control
        Probability of response (or indicator) of each subject under each arm, on common subjects, shape (subjects,).
    prevalence_weight, stratum
        Shape (subjects,).
    n_active, n_control
        Subjects per arm of the trial.
    alpha_one_sided
        Level of the test.

    Returns
    -------
    Power with its Monte Carlo error. Noise in the rates pulls a power towards one half on average; ``power`` is
    corrected for it as far as the noise of z is normal.
    """
    rates = stratum_rates(active, control, prevalence_weight, stratum)
    raw = float(cmh_power(rates, n_active, n_control, alpha_one_sided))
    influence = _influence(
        rates, active, control, prevalence_weight, stratum, n_active, n_control, alpha_one_sided
    )
    error = float(np.sqrt((influence**2).sum()))
    spread = _spread_of_difference(rates, n_active, n_control)
    return WorldPower(_without_noise(raw, error), error, rates, influence, trial_sd=spread)


def _spread_of_difference(rates: StratumRates, n_active: float, n_control: float) -> float:
    """Return the standard deviation, over trials, of the difference in responses with strata weighed by their size."""
    variance = rates.active * (1.0 - rates.active) / n_active
    variance = variance + rates.control * (1.0 - rates.control) / n_control
    return float(np.sqrt((rates.share * variance).sum()))


def _without_noise(power: float, error: float) -> float:
    """Return the power whose noisy estimate is on average the one given, if the noise of z is normal."""
    if not 1e-12 < power < 1.0 - 1e-12:
        return power
    z = ndtri(power)
    noise = error / (np.exp(-(z**2) / 2.0) / np.sqrt(2.0 * np.pi))
    # beyond half a unit of z the correction would rest on the noise itself
    return float(ndtr(z / np.sqrt(1.0 - min(noise, 0.5) ** 2)))


def _influence(
    rates: StratumRates,
    active: FloatArray,
    control: FloatArray,
    prevalence_weight: FloatArray,
    stratum: IntArray,
    n_active: float,
    n_control: float,
    alpha: float,
) -> FloatArray:
    """Return the first-order effect of each subject on the power, shape (subjects,)."""
    by_share, by_active, by_control = power_slopes(rates, n_active, n_control, alpha)
    share_of = prevalence_weight / prevalence_weight.sum()
    # A stratum whose subjects all weigh zero has no share; neither have they an influence.
    share = np.where(rates.share > 0, rates.share, 1.0)
    rate_shift = (
        by_active[stratum] * (active - rates.active[stratum])
        + by_control[stratum] * (control - rates.control[stratum])
    ) / share[stratum]
    return np.asarray(share_of * (rate_shift + by_share[stratum] - (rates.share * by_share).sum()))


def power_in_subgroup(
    active: FloatArray,
    control: FloatArray,
    prevalence_weight: FloatArray,
    is_member: BoolArray,
    *,
    n_active: float,
    n_control: float,
    alpha_one_sided: float = ALPHA_ONE_SIDED,
) -> WorldPower:
    """Return the power of the unadjusted test in a subgroup, at the size that the subgroup has within the trial.

    Raises
    ------
    InputError
        If the subgroup has no weight.
    """
    weight = np.where(is_member, prevalence_weight, 0.0)
    share = weight.sum() / prevalence_weight.sum()
    if share == 0:
        raise InputError(
            "the subgroup holds no subjects", allowed="a subgroup with weight", fix="widen the condition"
        )
    return power_of_stratified_cmh(
        active,
        control,
        weight,
        np.zeros(len(weight), dtype=np.int64),
        n_active=n_active * share,
        n_control=n_control * share,
        alpha_one_sided=alpha_one_sided,
    )

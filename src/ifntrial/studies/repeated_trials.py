"""Whole trials, repeated: patients drawn from the common subjects of a world, randomized, and analysed as planned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from ifntrial.arrays import BoolArray, FloatArray, IntArray
from ifntrial.catalog.readings import AnalysisOfReadings, Readings, Values
from ifntrial.clinic.analysed import AnalysedArm
from ifntrial.clinic.randomize import randomize_arms
from ifntrial.design.design import TrialDesign
from ifntrial.errors import IfntrialError
from ifntrial.levels import NORMAL_95
from ifntrial.seeds import Stream
from ifntrial.statistics.assurance import Estimate
from ifntrial.statistics.looks.plan import over_looks
from ifntrial.statistics.looks.repeats import significant_over_looks
from ifntrial.statistics.replicates import wilson_interval
from ifntrial.studies.common_trial import CommonTrial
from ifntrial.studies.mean_power import MeanTest
from ifntrial.studies.primary_values import PrimaryValues

IN_A_WORLD: Mapping[Values, int] = {"last visit": 200, "every visit": 10, "rate": 50, "hazard": 50}
"""Trials that are repeated in each world without an effect, by what the analysis costs."""


@dataclass(frozen=True, slots=True)
class RepeatedTrials:
    """What repeated trials of one world showed.

    Parameters
    ----------
    trials
        How many.
    significant
        How many favour the active arm.
    not_analysed
        How many could not be analysed; they favour nothing.
    mean_estimate
        Mean of the estimates of the others.
    """

    trials: int
    significant: int
    not_analysed: int
    mean_estimate: float


@dataclass(frozen=True, slots=True)
class TrialPopulation:
    """Whom trials are drawn from.

    Parameters
    ----------
    active, control
        What is analysed of the same subjects in either arm.
    weight
        Of each subject, zero for one that was not simulated, shape (subjects,).
    stratum
        Number of the randomization stratum, shape (subjects,).
    """

    active: AnalysedArm
    control: AnalysedArm
    weight: FloatArray
    stratum: IntArray


def repeat_trials(
    design: TrialDesign,
    analysis: AnalysisOfReadings,
    test: MeanTest,
    population: TrialPopulation,
    *,
    trials: int,
    seed: int,
    world: int,
) -> RepeatedTrials:
    """Return what trials of the design's own size show, each of other patients in one of the repeats of conduct.

    A patient who is drawn is randomized in blocks within its stratum; arms beside the pair take their places in them.
    """
    looks = over_looks(design)
    ends = np.ones(1) if looks is None else looks.design.information_rates
    estimates, lost, z = [], 0, np.full((trials, len(ends)), np.nan)
    for number in range(trials):
        readings = _one(design, population, seed, world, number)
        order = np.arange(len(readings.is_active))
        for look, share in enumerate(ends):
            try:
                found = analysis.compare(readings.of(order < round(share * len(order))))
            except IfntrialError:
                lost += int(look == len(ends) - 1)
                continue
            z[number, look] = -ndtri(found.p_two_sided / 2.0) * np.sign(test.sign * found.estimate)
        if np.isfinite(z[number, -1]):
            estimates.append(found.estimate)
    won = (
        z[:, 0] >= -ndtri(test.alpha_one_sided) if looks is None else significant_over_looks(z, looks.design)
    )
    mean = float(np.mean(estimates)) if estimates else 0.0
    return RepeatedTrials(trials, int(won.sum()), lost, mean)


def _one(design: TrialDesign, population: TrialPopulation, seed: int, world: int, trial: int) -> Readings:
    repeats = population.active.outcome.shape[0]
    size = design.size.analyzed
    ends = np.cumsum(population.weight / population.weight.sum())
    chosen = np.searchsorted(
        ends, Stream(seed, "patients of a trial").uniform(size, world=world, draw=trial), side="right"
    )
    subjects = np.minimum(chosen, len(ends) - 1)
    repeat = (Stream(seed, "conduct of a trial").uniform(size, world=world, draw=trial) * repeats).astype(
        np.int64
    )
    stratum = population.stratum[subjects]
    shares = [arm.allocation for arm in design.arms]
    assigned = randomize_arms(
        stratum, shares, block_size=design.assumed.randomization.block_size, seed=seed, trial=trial
    )
    places = [design.arms.index(arm) for arm in (design.active, design.control)]
    kept = np.isin(assigned, places)
    is_active = assigned[kept] == places[0]
    return _readings(population, subjects[kept], repeat[kept], is_active, stratum[kept])


def _readings(
    population: TrialPopulation, subjects: IntArray, repeat: IntArray, is_active: BoolArray, stratum: IntArray
) -> Readings:
    active, control = population.active, population.control
    own = control.baseline
    return Readings(
        outcome=np.where(
            is_active[:, None], active.outcome[repeat, subjects], control.outcome[repeat, subjects]
        ),
        baseline=None if own is None else own[repeat, subjects],
        years=np.where(is_active, active.years[repeat, subjects], control.years[repeat, subjects]),
        is_active=is_active,
        stratum=stratum,
    )


def trials_without_effect(
    trial: CommonTrial, values: PrimaryValues, weight: FloatArray, stratum: IntArray, *, world: int
) -> RepeatedTrials | None:
    """Return whole trials of a world in which blockade does nothing; None of a response, which is counted otherwise.

    Another treatment on control may have an effect of its own, so that no effect means that of control in both arms.
    """
    analysis = trial.analysis
    if not isinstance(analysis, AnalysisOfReadings):
        return None
    active, control = values.analysed
    active = active if trial.design.control.planned_dosing().is_placebo else control
    return repeat_trials(
        trial.design,
        analysis,
        values.test,
        TrialPopulation(active, control, weight, stratum),
        trials=IN_A_WORLD[analysis.values],
        seed=trial.seed,
        world=world,
    )


def estimate_over(found: Sequence[float], significant: float, trials: int) -> Estimate:
    """Return the mean of shares of significant trials: with worlds as the unit, and binomial over all trials."""
    estimate = float(np.mean(found))
    low, high = wilson_interval(significant, trials)
    half = NORMAL_95 * float(np.std(found, ddof=1)) / np.sqrt(len(found)) if len(found) > 1 else 1.0
    return Estimate(estimate, float(max(estimate - half, 0.0)), float(min(estimate + half, 1.0)), low, high)


def over_worlds_without_effect(each: Sequence[RepeatedTrials]) -> Estimate:
    """Return the share of significant trials over worlds without an effect."""
    shares = [one.significant / one.trials for one in each]
    return estimate_over(shares, sum(one.significant for one in each), sum(one.trials for one in each))

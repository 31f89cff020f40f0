"""Whole trials drawn from simulated subjects, analysed one by one: bias, coverage and power of any analysis."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import BoolArray, FloatArray, IntArray
from ifntrial.clinic.conduct import ObservedArm
from ifntrial.clinic.endpoints.record import Endpoint
from ifntrial.clinic.randomize import randomize
from ifntrial.design.design import TrialDesign
from ifntrial.errors import IfntrialError, InputError
from ifntrial.levels import ALPHA_ONE_SIDED
from ifntrial.seeds import Stream
from ifntrial.statistics.power import stratum_index
from ifntrial.statistics.record import Comparison
from ifntrial.statistics.replicates import allocation_of, wilson_interval


@dataclass(frozen=True, slots=True)
class TrialData:
    """What one trial has to analyse, one row per enrolled subject.

    Parameters
    ----------
    subject
        Index into the simulated subjects, shape (n,); one may be drawn more than once.
    is_active, stratum
        Shape (n,).
    outcome
        The endpoint, shape (n,); NaN where missing.
    baseline
        Reading at baseline of the quantity behind the endpoint where there is one, else zeros; shape (n,).
    """

    subject: IntArray
    is_active: BoolArray
    stratum: IntArray
    outcome: FloatArray
    baseline: FloatArray


@dataclass(frozen=True, slots=True)
class AnalysisPerformance:
    """How an analysis did over many trials of known truth.

    Parameters
    ----------
    trials, failed
        Number of trials, and of those that could not be analysed (they count as not significant).
    significant, significant_low, significant_high
        Share with a two-sided p at or below the level and an estimate on the better side, with its 95 % interval.
    mean_estimate, bias, bias_error
        Mean estimate, its distance from the truth, and the Monte Carlo standard error of that.
    empirical_error, mean_standard_error
        Standard deviation of the estimates, and the mean of their standard errors.
    coverage
        Share of intervals that hold the truth.
    """

    trials: int
    failed: int
    significant: float
    significant_low: float
    significant_high: float
    mean_estimate: float
    bias: float
    bias_error: float
    empirical_error: float
    mean_standard_error: float
    coverage: float


def draw_subjects(prevalence_weight: FloatArray, n: int, seed: int, trial: int) -> IntArray:
    """Return ``n`` subjects drawn at random from the population, shape (n,)."""
    cumulative = np.cumsum(prevalence_weight) / np.sum(prevalence_weight)
    uniform = Stream(seed, "enrolment").uniform(n, world=trial)
    return np.minimum(np.searchsorted(cumulative, uniform), len(cumulative) - 1)


def draw_trial(
    design: TrialDesign,
    arms: Mapping[str, ObservedArm],
    prevalence_weight: FloatArray,
    *,
    endpoint: Endpoint,
    visit_week: float,
    seed: int,
    trial: int,
    outcomes: Mapping[str, FloatArray] | None = None,
) -> TrialData:
    """Return the data of one trial: subjects enrolled, randomized, and seen in the arm they got.

    Of a design with further arms only the first active one and the control are looked at, at their own sizes.

    Parameters
    ----------
    outcomes
        Arm to the endpoint of all replicates, shape (replicates, subjects); computed here if not given.
    """
    found = outcomes or compute_outcomes(design, arms, endpoint, visit_week)
    codes, _ = stratum_index(design, dict(arms[design.control.name].covariates))
    size = design.n_of(design.active) + design.n_of(design.control)
    subject = draw_subjects(prevalence_weight, size, seed, trial)
    blocks = allocation_of(design)
    is_active = randomize(
        codes[subject],
        block_size=blocks.block_size,
        active_per_block=blocks.active_per_block,
        seed=seed,
        trial=trial,
    )
    replicates = len(found[design.control.name])
    # each enrolled subject gets its own repeat of measurement and conduct
    repeat = (Stream(seed, "repeat").uniform(len(subject), world=trial) * replicates).astype(np.int64)
    pick = (repeat, subject)
    return TrialData(
        subject=subject,
        is_active=is_active,
        stratum=codes[subject],
        outcome=np.where(is_active, found[design.active.name][pick], found[design.control.name][pick]),
        baseline=_baseline(arms[design.control.name], endpoint)[pick],
    )


def compute_outcomes(
    design: TrialDesign, arms: Mapping[str, ObservedArm], endpoint: Endpoint, visit_week: float
) -> dict[str, FloatArray]:
    """Return the endpoint of every arm, shape (replicates, subjects)."""
    return {arm: endpoint.compute(observed, visit_week, design.assumed) for arm, observed in arms.items()}


def _baseline(observed: ObservedArm, endpoint: Endpoint) -> FloatArray:
    quantity = endpoint.name.removesuffix("_change")
    if quantity in observed.values:
        return observed.values[quantity][..., 0]
    return np.zeros(observed.discontinuation_week.shape)


def run_trials(
    design: TrialDesign,
    arms: Mapping[str, ObservedArm],
    prevalence_weight: FloatArray,
    endpoint: Endpoint,
    analysis: Callable[[TrialData], Comparison],
    *,
    truth: float,
    trials: int,
    seed: int,
    visit_week: float | None = None,
    alpha_two_sided: float = 2.0 * ALPHA_ONE_SIDED,
) -> AnalysisPerformance:
    """Return how an analysis does over ``trials`` trials; memory does not grow with their number.

    Parameters
    ----------
    analysis
        From the data of one trial to a comparison.
    truth
        The true effect on the scale of the analysis.
    """
    if not 1 <= trials <= 1_000_000:
        raise InputError(
            "the number of trials is not usable", given=str(trials), allowed="1 to 1000000", fix="use 1000"
        )
    week = design.primary.visit_week if visit_week is None else visit_week
    better = 1.0 if endpoint.higher_is_better else -1.0
    outcomes = compute_outcomes(design, arms, endpoint, week)
    tally = np.full((trials, 4), np.nan)
    for trial in range(trials):
        data = draw_trial(
            design,
            arms,
            prevalence_weight,
            endpoint=endpoint,
            visit_week=week,
            seed=seed,
            trial=trial,
            outcomes=outcomes,
        )
        try:
            result = analysis(data)
        except IfntrialError:
            continue  # counted as failed below
        is_hit = result.p_two_sided <= alpha_two_sided and better * result.estimate > 0
        tally[trial] = result.estimate, result.standard_error, is_hit, result.low <= truth <= result.high
    return _performance(tally, truth)


def _performance(tally: FloatArray, truth: float) -> AnalysisPerformance:
    done = tally[~np.isnan(tally[:, 0])]
    if len(done) < 2:
        raise InputError(
            "hardly a trial could be analysed",
            given=f"{len(done)} of {len(tally)}",
            allowed="2 or more",
            fix="look at one trial",
        )
    hits = float(done[:, 2].sum())
    low, high = wilson_interval(hits, len(tally))
    spread = float(done[:, 0].std(ddof=1))
    return AnalysisPerformance(
        trials=len(tally),
        failed=len(tally) - len(done),
        significant=hits / len(tally),
        significant_low=low,
        significant_high=high,
        mean_estimate=float(done[:, 0].mean()),
        bias=float(done[:, 0].mean()) - truth,
        bias_error=spread / float(np.sqrt(len(done))),
        empirical_error=spread,
        mean_standard_error=float(done[:, 1].mean()),
        coverage=float(done[:, 3].mean()),
    )

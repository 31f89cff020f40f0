"""Bayesian meta-analysis of trials nested in drugs: a normal-normal hierarchy, integrated over its one unknown SD.

A trial's estimate is normal around the trial's true effect; the trials of one drug are normal around the drug's effect;
the drugs are normal around the mean of their class. The SD between drugs, tau, has a half-normal prior. The SD between
trials of one drug is a declared multiple of it: where most drugs have one trial, the data cannot tell the two apart, so
one is learnt and the other is said. Given tau everything is normal and in closed form, so that every posterior is a
mixture of normals over a grid of tau.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.errors import InputError
from ifntrial.normal_mixture import NormalMixture
from ifntrial.statistics.between_drugs import BetweenDrugs, integrate
from ifntrial.statistics.trial_effects import HierarchyPrior, TrialEffects, effects_given_tau

SCALES = (0.5, 1.0, 2.0, 4.0)


@dataclass(frozen=True, slots=True)
class MetaAnalysis:
    """What the trials and the prior say together; effects are in the unit of the estimates.

    Parameters
    ----------
    trials, prior
        What was analysed.
    tau
        SD between drugs.
    class_mean
        Mean effect of the class.
    drug_effects
        True effect of each drug, in the order of ``trials.drug_names``.
    trial_effects
        True effect in each trial, in the order of ``trials.names``.
    next_drug
        True effect of a drug of the class that has not been tried.
    next_trial
        True effect in one trial of such a drug.
    """

    trials: TrialEffects
    prior: HierarchyPrior
    tau: BetweenDrugs
    class_mean: NormalMixture
    drug_effects: tuple[NormalMixture, ...]
    trial_effects: tuple[NormalMixture, ...]
    next_drug: NormalMixture
    next_trial: NormalMixture


def analyze_trials(trials: TrialEffects, prior: HierarchyPrior) -> MetaAnalysis:
    """Return the posterior distributions of a class of drugs, and the prediction of its next one.

    Parameters
    ----------
    trials
        One or more; one trial under a flat prior of the mean leaves tau as the prior has it.
    prior
        Of tau and of the mean, and how much trials of one drug differ.

    Raises
    ------
    SolverError
        If the integral over tau does not settle.

    Source
    ------
    Higgins, Thompson and Spiegelhalter, J R Stat Soc A 2009;172:137 (model and prediction); Roever, J Stat Softw
    2020;93(6) (posteriors as mixtures over tau, half-normal prior).

    Examples
    --------
    >>> trials = TrialEffects(("first", "second"), ("drug", "drug"), np.array([0.2, 0.6]), np.array([0.2, 0.2]))
    >>> found = analyze_trials(trials, HierarchyPrior(tau_scale=0.3, within_drug_ratio=0.5))
    >>> round(found.next_drug.mean, 6)
    0.4
    """
    tau = integrate(trials, prior)
    given = effects_given_tau(trials, prior, tau.nodes)
    within = (prior.within_drug_ratio * tau.nodes) ** 2

    def mixture(means: FloatArray, variances: FloatArray) -> NormalMixture:
        return NormalMixture(tau.weights, means, np.sqrt(variances))

    def mixtures(means: FloatArray, variances: FloatArray) -> tuple[NormalMixture, ...]:
        return tuple(mixture(mean, variance) for mean, variance in zip(means.T, variances.T, strict=True))

    mean, variance = given.class_mean, given.class_variance
    return MetaAnalysis(
        trials=trials,
        prior=prior,
        tau=tau,
        class_mean=mixture(mean, variance),
        drug_effects=mixtures(given.drug_means, given.drug_variances),
        trial_effects=mixtures(given.trial_means, given.trial_variances),
        next_drug=mixture(mean, variance + tau.nodes**2),
        next_trial=mixture(mean, variance + tau.nodes**2 + within),
    )


def analyze_at_scales(
    trials: TrialEffects, prior: HierarchyPrior, multiples: Sequence[float] = SCALES
) -> tuple[MetaAnalysis, ...]:
    """Return the analysis at multiples of the declared scale of tau; each result holds its own prior.

    Raises
    ------
    InputError
        If a multiple is not positive and finite.
    """
    return tuple(
        analyze_trials(trials, replace(prior, tau_scale=prior.tau_scale * multiple)) for multiple in multiples
    )


def leave_each_drug_out(trials: TrialEffects, prior: HierarchyPrior) -> dict[str, MetaAnalysis]:
    """Return, for each drug, the analysis without any of its trials.

    Raises
    ------
    InputError
        If there is only one drug, of which nothing would be left.
    """
    if len(trials.drug_names) == 1:
        raise InputError(
            "the only drug cannot be left out",
            given=f"trials of {trials.drug_names[0]}",
            allowed="trials of at least two drugs",
            fix="leave out single trials with TrialEffects.without",
        )
    return {drug: analyze_trials(trials.without(drug=drug), prior) for drug in trials.drug_names}

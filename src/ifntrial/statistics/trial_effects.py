"""Effects of trials nested in drugs, what is believed of them beforehand, and what follows if their spread is known."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import FloatArray, IntArray
from ifntrial.errors import InputError, TableError, listed, resolve_name


@dataclass(frozen=True, slots=True)
class TrialEffects:
    """Estimated effects of one kind, active against control, one for each trial.

    Parameters
    ----------
    names
        Of the trials, no two the same.
    drugs
        Drug of each trial; the drug's name is the trial's where no two trials share one.
    estimates
        On one scale, such as the log odds ratio; shape (trials,).
    standard_errors
        In the same unit, taken as known; shape (trials,).

    Raises
    ------
    TableError
        If there is no trial, lengths differ, a name is empty or doubled, or a number cannot be used.
    """

    names: tuple[str, ...]
    drugs: tuple[str, ...]
    estimates: FloatArray
    standard_errors: FloatArray

    def __post_init__(self) -> None:
        problems = _problems(self)
        if problems:
            raise TableError(
                "the trials cannot be analysed together",
                problems=problems,
                fix="give each trial once, with its drug, a finite estimate and a positive finite standard error",
            )

    @property
    def drug_names(self) -> tuple[str, ...]:
        """The drugs, each once, in the order of their first trials."""
        return tuple(dict.fromkeys(self.drugs))

    @property
    def drug_of(self) -> IntArray:
        """Place of each trial's drug in ``drug_names``, shape (trials,)."""
        places = {drug: place for place, drug in enumerate(self.drug_names)}
        return np.array([places[drug] for drug in self.drugs])

    def without(self, *, trial: str | None = None, drug: str | None = None) -> "TrialEffects":
        """Return the effects without one trial, or without all trials of a drug.

        Raises
        ------
        UnknownNameError
            If the trial or the drug is not among them.
        TableError
            If nothing would be left.
        """
        if trial is not None:
            resolve_name(trial, dict.fromkeys(self.names), "trial")
        if drug is not None:
            resolve_name(drug, dict.fromkeys(self.drugs), "drug")
        pairs = zip(self.names, self.drugs, strict=True)
        kept = np.array([name != trial and of != drug for name, of in pairs])
        places = np.flatnonzero(kept)
        return TrialEffects(
            tuple(self.names[place] for place in places),
            tuple(self.drugs[place] for place in places),
            self.estimates[kept],
            self.standard_errors[kept],
        )


def _problems(trials: TrialEffects) -> list[str]:
    """Return one text for each thing that stands against an analysis."""
    if not trials.names:
        return ["there is no trial; at least one is needed"]
    sizes = {
        "drugs": len(trials.drugs),
        "estimates": np.size(trials.estimates),
        "standard errors": np.size(trials.standard_errors),
    }
    problems = [
        f"{size} {what} for {len(trials.names)} trials"
        for what, size in sizes.items()
        if size != len(trials.names)
    ]
    if problems:
        return problems
    doubled = [name for name, count in Counter(trials.names).items() if count > 1]
    if doubled:
        problems.append(f"more than one trial is called {listed(doubled)}")
    for name, drug, estimate, error in zip(
        trials.names, trials.drugs, trials.estimates, trials.standard_errors, strict=True
    ):
        if not name or not drug:
            problems.append(f"trial '{name}' of drug '{drug}': a name is empty")
        if not np.isfinite(estimate):
            problems.append(f"trial '{name}': the estimate {estimate} is not finite")
        if not (np.isfinite(error) and error > 0):
            problems.append(f"trial '{name}': the standard error {error} is not positive and finite")
    return problems


@dataclass(frozen=True, slots=True)
class HierarchyPrior:
    """What is believed of a class of drugs before its trials; effects are in the unit of the estimates.

    Parameters
    ----------
    tau_scale
        Scale of the half-normal prior of the SD between drugs: the SD of the normal distribution that is folded at zero.
    within_drug_ratio
        SD between trials of one drug over the SD between drugs; 0 if all trials of a drug have the same true effect.
    mean, mean_sd
        Of the normal prior of the class's mean; an infinite SD is the flat prior, of any mean.

    Raises
    ------
    InputError
        If the scale or ``mean_sd`` is not positive, the ratio is negative, or a number is not finite.
    """

    tau_scale: float
    within_drug_ratio: float
    mean: float = 0.0
    mean_sd: float = np.inf

    def __post_init__(self) -> None:
        usable = (
            0 < self.tau_scale < np.inf
            and 0 <= self.within_drug_ratio < np.inf
            and np.isfinite(self.mean)
            and self.mean_sd > 0
        )
        if not usable:
            raise InputError(
                "the prior of the class is not usable",
                given=repr(self),
                allowed="tau_scale > 0, within_drug_ratio >= 0, a finite mean, mean_sd > 0 (infinite for a flat prior)",
                fix="correct the number that is out of range",
            )


@dataclass(frozen=True, slots=True)
class GivenTau:
    """What is known of a class if the SD between its drugs is given; one row for each given SD.

    Parameters
    ----------
    log_likelihood
        Of the estimates, the class's mean integrated out, up to a constant that does not depend on tau; under a flat
        prior of the mean it is the restricted likelihood. Shape (taus,).
    class_mean, class_variance
        Of the class's mean, shape (taus,).
    drug_means, drug_variances
        Of the effect of each drug, shape (taus, drugs).
    trial_means, trial_variances
        Of the effect in each trial, shape (taus, trials).
    """

    log_likelihood: FloatArray
    class_mean: FloatArray
    class_variance: FloatArray
    drug_means: FloatArray
    drug_variances: FloatArray
    trial_means: FloatArray
    trial_variances: FloatArray


def effects_given_tau(trials: TrialEffects, prior: HierarchyPrior, tau: FloatArray) -> GivenTau:
    """Return the normal posteriors of all effects at each SD between drugs; a tau of zero makes all effects one.

    Parameters
    ----------
    trials, prior
        The prior of tau plays no part.
    tau
        SDs between drugs, not negative, shape (taus,).

    Source
    ------
    Lindley and Smith, J R Stat Soc B 1972;34:1.
    """
    drug_of = trials.drug_of

    def by_drug(values: FloatArray) -> FloatArray:
        return np.stack(
            [values[:, drug_of == drug].sum(axis=1) for drug in range(len(trials.drug_names))], axis=1
        )

    between = np.asarray(tau, dtype=np.float64)[:, None] ** 2
    sampling = trials.standard_errors**2
    within = prior.within_drug_ratio**2 * between
    y = trials.estimates - prior.mean
    trial_precision = 1.0 / (sampling + within)
    drug_precision = by_drug(trial_precision)
    drug_estimate = by_drug(trial_precision * y) / drug_precision
    drug_sampling = 1.0 / drug_precision
    precision = 1.0 / (drug_sampling + between)
    class_precision = precision.sum(axis=1) + prior.mean_sd**-2
    class_mean = (precision * drug_estimate).sum(axis=1) / class_precision
    log_likelihood = 0.5 * (
        np.log(precision).sum(axis=1)
        - np.log(class_precision)
        - (precision * (drug_estimate - class_mean[:, None]) ** 2).sum(axis=1)
        - (class_mean / prior.mean_sd) ** 2
        + np.log(trial_precision).sum(axis=1)
        - np.log(drug_precision).sum(axis=1)
        - (trial_precision * (y - drug_estimate[:, drug_of]) ** 2).sum(axis=1)
    )
    own = between * precision
    drug_means = own * drug_estimate + (1.0 - own) * class_mean[:, None]
    drug_variances = own * drug_sampling + (1.0 - own) ** 2 / class_precision[:, None]
    share = within * trial_precision
    return GivenTau(
        log_likelihood=log_likelihood,
        class_mean=class_mean + prior.mean,
        class_variance=1.0 / class_precision,
        drug_means=drug_means + prior.mean,
        drug_variances=drug_variances,
        trial_means=share * y + (1.0 - share) * drug_means[:, drug_of] + prior.mean,
        trial_variances=share * sampling + (1.0 - share) ** 2 * drug_variances[:, drug_of],
    )

"""What a forecast says under each belief: the chance of success, what was stated, and what became of it."""

from dataclasses import dataclass

from ifntrial.worlds.quantiles import Band


@dataclass(frozen=True, slots=True)
class ErrorParts:
    """Standard errors of a probability, each from one kind of finite number.

    Parameters
    ----------
    worlds_error
        Of worlds drawn.
    subjects_error
        Of virtual patients, whom several worlds share.
    calibration_error
        Of patients behind what worlds imply at the address of the belief.
    """

    worlds_error: float
    subjects_error: float
    calibration_error: float


@dataclass(frozen=True, slots=True)
class Assurance:
    """A probability of success with its numerical error, which is no disagreement between beliefs.

    Parameters
    ----------
    estimate
        The probability.
    low, high
        95 % interval: where it would lie with other worlds, patients and calibrations of the same numbers.
    parts
        Standard errors that it is made of.
    """

    estimate: float
    low: float
    high: float
    parts: ErrorParts


@dataclass(frozen=True, slots=True)
class EffectAsStated:
    """What a belief says, at its address.

    Parameters
    ----------
    address, title
        Name of the address, and what is stated there.
    basis
        Where the distribution comes from.
    measure, unit
        ``log_odds_ratio`` or ``mean_difference`` of active against control.
    mean, sd, quantiles
        Of the distribution as stated.
    no_benefit
        Its mass on the side of no benefit or harm.
    below_zero
        What that mass stands for: ``no effect`` on the disease, or ``harm`` where interferon restrains fibrosis.
    unreached
        Share that lies beyond all worlds, and was left out.
    control
        The endpoint on control there, mean over worlds: share of responders or change.
    """

    address: str
    title: str
    basis: str
    measure: str
    unit: str
    mean: float
    sd: float
    quantiles: Band
    no_benefit: float
    below_zero: str
    unreached: float
    control: float


@dataclass(frozen=True, slots=True)
class EffectInThisTrial:
    """What a belief becomes in the trial that is forecast, over worlds.

    Parameters
    ----------
    mean, sd, quantiles
        Log odds ratio of the primary response; of another primary endpoint the difference that its test states.
    no_effect
        Mass of worlds in which blockade does nothing to the disease.
    harm
        Mass of worlds in which it is on the worse side.
    fvc_loss_above_1, fvc_loss_above_3
        Mass of worlds in which it costs more than 1, and 3, points of FVC % predicted by the primary visit.
    """

    mean: float
    sd: float
    quantiles: Band
    no_effect: float
    harm: float
    fvc_loss_above_1: float
    fvc_loss_above_3: float


@dataclass(frozen=True, slots=True)
class PriorCheck:
    """Whether a belief is met at its address by the worlds of this run, on patients who weighed nothing.

    Parameters
    ----------
    stated_mean, stated_sd, stated
        Of the belief, with its mass below zero where it is met, and without what is not reached.
    met_mean, met_sd, met
        Of the run's worlds, in the unit of the address.
    standard_error
        Of the mean that is met.
    allowed
        Largest difference of mean and SD that counts as met: 0.05 on the scale of a log odds ratio and two standard
        errors.
    is_met
        Whether both are within it.
    subjects, worlds
        Fresh patients, and worlds, of the check.
    """

    stated_mean: float
    stated_sd: float
    stated: Band
    met_mean: float
    met_sd: float
    met: Band
    standard_error: float
    allowed: float
    is_met: bool
    subjects: int
    worlds: int


@dataclass(frozen=True, slots=True)
class BeliefReading:
    """The answer under one declared belief if the trials behind it are read otherwise.

    Parameters
    ----------
    belief, reading
        Name of the belief, and the other reading in words.
    mean, sd
        What the belief then states, in the unit of its address.
    no_benefit
        Its mass on the side of no benefit or harm.
    assurance_estimate
        Probability that the primary endpoint is met; None if the worlds reach too little of what is stated.
    """

    belief: str
    reading: str
    mean: float
    sd: float
    no_benefit: float
    assurance_estimate: float | None

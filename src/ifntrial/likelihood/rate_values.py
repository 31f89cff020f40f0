"""What a patient adds to a log rate ratio, and to a log hazard ratio: values whose mean difference it is."""

import numpy as np

from ifntrial.arrays import BoolArray, FloatArray
from ifntrial.likelihood.trial_of_subjects import TrialOfSubjects


def log_rate_values(count: FloatArray, years: FloatArray, weight: FloatArray) -> FloatArray:
    """Return the values of one arm whose mean is the logarithm of its rate, shape (replicates, subjects).

    Parameters
    ----------
    count, years
        Events and time at risk [year], same shape.
    weight
        As in ``TrialOfSubjects``.

    Source
    ------
    Keene et al., Stat Med 2007;26:5661 (rates of a negative binomial model); by the slope of a log ratio of means.
    """
    events = float((weight * count).mean(axis=0).sum())
    time = float((weight * years).mean(axis=0).sum())
    rate = max(events, np.finfo(float).tiny) / time
    return np.asarray(np.log(rate) + (count - rate * years) / (rate * time))


def log_hazard_values(
    active: tuple[FloatArray, BoolArray], control: tuple[FloatArray, BoolArray], sampled: TrialOfSubjects
) -> tuple[FloatArray, FloatArray]:
    """Return values of both arms whose mean difference is the log hazard ratio that the log-rank test sees.

    It is the sum of the test over its variance, the first step of Cox regression towards its estimate. On control the
    mean is the logarithm of the expected events per patient.

    Parameters
    ----------
    active, control
        Time of the event or of censoring, and whether it is an event, each (replicates, subjects).

    Source
    ------
    Lin and Wei, J Am Stat Assoc 1989;84:1074 (what a patient adds to the sum).
    """
    added = [np.zeros(each[0].shape) for each in (active, control)]
    information = 0.0
    for code in np.unique(sampled.stratum[sampled.weight > 0]):
        own = sampled.stratum == code
        parts, part = _in_stratum(
            [(time[:, own], happened[:, own]) for time, happened in (active, control)],
            sampled.weight[own],
            (sampled.n_active, sampled.n_control),
        )
        information += part
        for whole, mine in zip(added, parts, strict=True):
            whole[:, own] = mine
    share = 0.0
    if control[1].any():
        share = float((sampled.weight * control[1]).mean(axis=0).sum())
    start = float(np.log(max(share, np.finfo(float).tiny)))
    scale = 1.0 / information if information > 0 else 0.0
    mean = [float((sampled.weight * each).mean(axis=0).sum()) for each in added]
    return (
        start + scale * (sampled.n_active * added[0] + sampled.n_control * mean[1]),
        start - scale * sampled.n_control * (added[1] - mean[1]),
    )


def _in_stratum(
    arms: list[tuple[FloatArray, BoolArray]], weight: FloatArray, sizes: tuple[float, float]
) -> tuple[list[FloatArray], float]:
    """Return what each row adds to the log-rank sum, and the variance of the sum in a trial."""
    moments = np.unique(np.concatenate([time[happened] for time, happened in arms]))
    if len(moments) == 0:
        return [np.zeros(time.shape) for time, _ in arms], 0.0
    events, at_risk = [], []
    for (time, happened), n in zip(arms, sizes, strict=True):
        each = np.broadcast_to(n * weight / time.shape[0], time.shape)
        events.append(_sums(time[happened], each[happened], moments))
        # at risk at a moment: all whose time is not before it
        order = np.argsort(time, axis=None, kind="stable")
        sums = np.concatenate([[0.0], np.cumsum(each.ravel()[order])])
        before = np.searchsorted(time.ravel()[order], moments, side="left")
        at_risk.append(sums[-1] - sums[before])
    everyone = np.maximum(at_risk[0] + at_risk[1], np.finfo(float).tiny)
    share = at_risk[0] / everyone
    hazard = (events[0] + events[1]) / everyone
    found = []
    for (time, happened), pull in zip(arms, (1.0 - share, -share), strict=True):
        lost = np.concatenate([[0.0], np.cumsum(pull * hazard)])
        until = np.searchsorted(moments, time, side="right")
        place = np.clip(np.searchsorted(moments, time), 0, len(moments) - 1)
        found.append(np.where(happened, pull[place], 0.0) - lost[until])
    return found, float((share * (1.0 - share) * (events[0] + events[1])).sum())


def _sums(time: FloatArray, each: FloatArray, moments: FloatArray) -> FloatArray:
    return np.bincount(np.searchsorted(moments, time), each, minlength=len(moments)).astype(np.float64)

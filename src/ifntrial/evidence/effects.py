"""Published contrasts of active against control: what trials of a class of drugs say of the next one."""

from dataclasses import dataclass

COMPARISON_CLASSES = ("ssc_response", "ssc_skin", "lupus_response")
"""Contrasts that are analysed together: of one kind, in one disease."""

ROLES = ("class", "sensitivity", "absent")
"""``class`` is analysed; ``sensitivity`` only beside it, by name; ``absent`` is a trial that is known and unusable."""

MEASURES = ("log_odds_ratio", "mean_difference", "none")

ESTIMANDS = ("observed_case", "composite", "hypothetical", "not_stated", "none")
"""``composite``: who stops or is rescued has not responded; ``hypothetical``: as if nobody had been rescued."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One published contrast of active against control, or a trial that has none that can be used.

    Parameters
    ----------
    id, trial, drug
        Name of the row, the trial and its drug, in which its trials are nested; a pool of trials has one name.
    patients_of
        Trials, or pools of trials, whose patients are in the contrast.
    comparison_class, role
        Words of ``COMPARISON_CLASSES`` and ``ROLES``.
    measure
        One of ``MEASURES``; always active against control.
    endpoint, estimand, visit_week
        What was compared, the responder rule included, for which estimand, and when.
    population
        Disease, its duration, subset and background therapy, in words.
    control_rate
        Response in the control arm [percent]; None where the endpoint is no response.
    value, standard_error, unit
        The contrast; the log of an odds ratio has unit 1.
    derivation
        How value and standard error follow from what was published.
    observations
        Ids of the rows of the table of observations that it is, or is made from.
    sources, note
        Where from, and what a reader has to know; the reason where the role is ``absent``.
    """

    id: str
    trial: str
    drug: str
    patients_of: tuple[str, ...]
    comparison_class: str
    role: str
    measure: str
    endpoint: str
    estimand: str
    visit_week: float | None
    population: str
    control_rate: float | None
    value: float | None
    standard_error: float | None
    unit: str
    derivation: str
    observations: tuple[str, ...]
    sources: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class DoubleUse:
    """A number known to serve two purposes, which stands until it can be mended without changing a forecast.

    Parameters
    ----------
    id, effect, observation
        Name of the row, and ids of the two rows that share a number.
    reason
        Why it stands.
    """

    id: str
    effect: str
    observation: str
    reason: str

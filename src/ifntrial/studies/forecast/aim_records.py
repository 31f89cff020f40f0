"""What a forecast says beyond its headline: key secondary endpoints in the same trial, and other estimands."""

from collections.abc import Mapping
from dataclasses import dataclass

from ifntrial.studies.forecast.answers import Variant
from ifntrial.worlds.quantiles import Band


@dataclass(frozen=True, slots=True)
class SecondaryAnswer:
    """A key secondary endpoint under one belief.

    Parameters
    ----------
    power_alone
        Probability that its own test is significant, mean over worlds, whatever the tests before it say.
    low, high
        Its 95 % interval from the draw of worlds and the finite number of subjects; these errors are taken to add up
        over worlds, as many worlds share their subjects, so that it is rather too wide.
    difference
        Active minus control over worlds, adjusted as the test is, in the endpoint's unit.
    """

    power_alone: float
    low: float
    high: float
    difference: Band


@dataclass(frozen=True, slots=True)
class KeySecondary:
    """A key secondary endpoint of the design; all readings count, also after stopping and escape therapy.

    Parameters
    ----------
    endpoint, label
        Name, and in words with its visit and whom it is about.
    unit, higher_is_better
        Of the endpoint.
    status
        ``tested``, or why it is not.
    per_arm
        Patients on active and on control who are expected to be analysed, mean over worlds; None if it is not tested.
    by_prior
        The answer under each belief and, last, the mixture; empty if it is not tested.
    """

    endpoint: str
    label: str
    unit: str
    higher_is_better: bool
    status: str
    per_arm: tuple[int, int] | None
    by_prior: Mapping[str, SecondaryAnswer]


@dataclass(frozen=True, slots=True)
class OrderOfTesting:
    """The primary endpoint and then the key secondary ones, each at the full level if all before it were met.

    Parameters
    ----------
    endpoints
        Key secondary endpoints as they are tested, in words.
    is_default
        Whether it is the order of the design.
    with_primary
        Belief, or the mixture, to the probabilities that the primary endpoint and the first, the first two … of them are
        met in the same trial.
    """

    endpoints: tuple[str, ...]
    is_default: bool
    with_primary: Mapping[str, tuple[float, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimandVariant(Variant):
    """The answer under one strategy for stopping and escape therapy (ICH E9(R1)), with the rule of the design.

    It is the default where the design uses it for both events.

    Parameters
    ----------
    assurance_estimate_by_prior
        Belief, or the mixture, to the probability that the primary endpoint is met.
    """

    assurance_estimate_by_prior: Mapping[str, float]

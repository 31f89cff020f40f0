"""What the primary endpoint of a design says of an arm, and what its test compares: in words, with units."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.clinic.endpoints.record import Endpoint


@dataclass(frozen=True, slots=True)
class PrimaryMeasure:
    """What is told of the primary endpoint.

    Parameters
    ----------
    kind
        Of the endpoint: ``responder``, ``change``, ``value``, ``count`` or ``time``.
    of_arm, unit
        What is told of one arm, and its unit; ``1`` for a share.
    of_difference, difference_unit
        What is told of active against control, and its unit; ``1`` for a difference of shares or a logarithm.
    higher_is_better
        Whether a higher difference favours the active arm.
    """

    kind: str
    of_arm: str
    unit: str
    of_difference: str
    difference_unit: str
    higher_is_better: bool

    @property
    def is_response(self) -> bool:
        """Whether shares of responders are told."""
        return self.kind == "responder"

    @property
    def sign(self) -> float:
        """1 where a higher difference is better, -1 where a lower one is."""
        return 1.0 if self.higher_is_better else -1.0


def primary_measure(endpoint: Endpoint) -> PrimaryMeasure:
    """Return what is told of an endpoint as the primary one of a trial."""
    better = endpoint.higher_is_better
    if endpoint.is_log:
        return PrimaryMeasure(
            endpoint.kind,
            "geometric mean of the ratio to baseline",
            "1",
            "log ratio of the means",
            "1",
            better,
        )
    told = {
        "responder": ("share of responders", "1", "difference in the share of responders", "1", better),
        "count": ("events per patient-year", "1/year", "log rate ratio", "1", better),
        "time": ("share with an event", "1", "log hazard ratio", "1", not better),
    }
    means = ("mean", endpoint.unit, "adjusted difference of means", endpoint.unit, better)
    if endpoint.kind == "change":
        means = ("mean change", *means[1:])
    return PrimaryMeasure(endpoint.kind, *told.get(endpoint.kind, means))


def _itself(values: FloatArray) -> FloatArray:
    return values


def _share_with_event(values: FloatArray) -> FloatArray:
    return np.asarray(-np.expm1(-np.exp(values)))


_OF_KIND: Mapping[str, Callable[[FloatArray], FloatArray]] = {"count": np.exp, "time": _share_with_event}


def told_of_arm(endpoint: Endpoint, means: FloatArray) -> FloatArray:
    """Return what is told of an arm from the mean of the values that the test compares, same shape."""
    if endpoint.is_log:
        return np.asarray(np.exp(means))
    return np.asarray(_OF_KIND.get(endpoint.kind, _itself)(means))

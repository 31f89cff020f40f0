"""Chance of response of common subjects in both arms, under the design's rule and under every variant of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from ifntrial.arrays import AnyArray, FloatArray
from ifntrial.clinic.endpoints.rcriss import VARIANTS
from ifntrial.clinic.endpoints.record import Endpoint, Endpoints
from ifntrial.clinic.observe import as_primary_sees_it, observe_arms, with_variant
from ifntrial.clinic.readings import MeasurementError
from ifntrial.design.design import TrialDesign
from ifntrial.errors import InputError, listed
from ifntrial.patients.records import LatentCourse


@dataclass(frozen=True, slots=True)
class RuleResponses:
    """Response probabilities under one reading of the rule, each (subjects,)."""

    active: FloatArray
    control: FloatArray


def responses_by_rule(
    design: TrialDesign,
    endpoint: Endpoint,
    courses: Mapping[str, LatentCourse],
    covariates: Mapping[str, AnyArray],
    error: MeasurementError,
    *,
    seed: int,
    replicates: int,
    variants: tuple[str, ...] | None = None,
) -> dict[str, RuleResponses]:
    """Return response probabilities by name of the rule; the design's own rule is called ``""``.

    Parameters
    ----------
    endpoint
        The primary one, see ``responder_of``.
    courses
        True course of the active and the control arm of one world.
    replicates
        Repeats of measurement and conduct behind each probability.
    variants
        Other readings of the endpoint's rule; None for all that read the same measurements.
    """
    others = read_alike(endpoint) if variants is None else variants
    rules = {"": design} | {name: with_variant(design, name) for name in others}
    week, names = design.primary.visit_week, (design.active.name, design.control.name)
    pair = {name: courses[name] for name in names}
    observed = observe_arms(
        as_primary_sees_it(design), pair, covariates, error, seed=seed, replicates=replicates
    )
    return {
        rule: RuleResponses(
            *(endpoint.compute(observed[name], week, read.assumed).mean(axis=0) for name in names)
        )
        for rule, read in rules.items()
    }


def responder_of(design: TrialDesign, endpoints: Endpoints) -> Endpoint:
    """Return the primary endpoint of a design, which must be a response of all who are enrolled.

    Raises
    ------
    InputError
        If it is another kind of endpoint, or counts a part of the patients only.
    """
    endpoint = endpoints[design.primary.endpoint]
    if endpoint.kind != "responder":
        raise InputError(
            "this needs a primary endpoint that is a response",
            given=endpoint.name,
            allowed=listed(each.name for each in endpoints.values() if each.kind == "responder"),
            fix="choose one of these, and plan the other as key secondary",
        )
    _require_everyone(design)
    return endpoint


def primary_of(design: TrialDesign, endpoints: Endpoints) -> Endpoint:
    """Return the primary endpoint of a design whose trial is followed over worlds.

    Raises
    ------
    InputError
        If the design has no control arm, or the endpoint counts a part of the patients only.
    """
    _ = design.control
    _require_everyone(design)
    return endpoints[design.primary.endpoint]


def _require_everyone(design: TrialDesign) -> None:
    if design.primary.among is not None:
        raise InputError(
            "a forecast counts the primary endpoint of everyone enrolled",
            given=f"primary.among: {design.primary.among}",
            allowed="a primary endpoint without 'among'",
            fix="make the condition an entry criterion",
        )


def read_alike(endpoint: Endpoint) -> tuple[str, ...]:
    """Return the variants of an endpoint that read the same measurements: they can share one simulated conduct."""
    return tuple(name for name in endpoint.variants if VARIANTS[name].rounding is None)

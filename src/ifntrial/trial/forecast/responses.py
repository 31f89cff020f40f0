"""Chance of response of common subjects in both arms, under the design's rule and under every variant of it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ifntrial.errors import InputError, listed
from ifntrial.population.records import FloatArray, LatentCourse
from ifntrial.trial.design import TrialDesign
from ifntrial.trial.endpoints import ENDPOINTS, endpoint_named
from ifntrial.trial.endpoints.rcriss import VARIANTS
from ifntrial.trial.measure import MeasurementError
from ifntrial.trial.response import as_primary_sees_it, observe_arms, with_variant

READ_ALIKE = tuple(name for name, change in VARIANTS.items() if "rounding" not in change)
"""Variants that read the same measurements: they can share one simulated conduct."""


@dataclass(frozen=True, slots=True)
class RuleResponses:
    """Response probabilities under one reading of the rule, each (subjects,)."""

    active: FloatArray
    control: FloatArray


def responses_by_rule(
    design: TrialDesign,
    courses: Mapping[str, LatentCourse],
    covariates: Mapping[str, NDArray[np.generic]],
    error: MeasurementError,
    *,
    seed: int,
    replicates: int,
    variants: tuple[str, ...] = READ_ALIKE,
) -> dict[str, RuleResponses]:
    """Return response probabilities by name of the rule; the design's own rule is called ``""``.

    Parameters
    ----------
    courses
        True course of the active and the control arm of one world.
    replicates
        Repeats of measurement and conduct behind each probability.
    variants
        Names in ``endpoints.rcriss.VARIANTS``.

    Raises
    ------
    InputError
        If the primary endpoint is not a response.
    """
    endpoint = endpoint_named(design.primary.endpoint)
    if endpoint.kind != "responder":
        raise InputError(
            "a forecast needs a primary endpoint that is a response",
            given=endpoint.name,
            allowed=listed(each.name for each in ENDPOINTS if each.kind == "responder"),
            fix="choose one of these, and plan the other as key secondary",
        )
    rules = {"": design} | {name: with_variant(design, name) for name in variants}
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

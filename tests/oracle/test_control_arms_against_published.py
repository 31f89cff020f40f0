"""Placebo arms of ASSET, focuSSced and SENSCIS, simulated with their entry criteria, against what was published.

Sources: the rows of the evidence tables named in ``TARGETS``. A published value counts as met if it lies between the 5
and 95 % of simulated trials of its size. What is missed is named here, not tuned away.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from ifntrial.clinic.conduct import ObservedArm
from ifntrial.clinic.enroll import enroll
from ifntrial.levels import BAND_ENDS
from ifntrial.seeds import Stream
from ifntrial.studies.validate.checks.control_arms import observe_control
from ifntrial.worlds.draw import draw_worlds
from shipped import CATALOG


@dataclass(frozen=True)
class ControlTarget:
    """One published number of a placebo arm, and how to get it from a simulated one.

    Parameters
    ----------
    design, observation
        Name of the design, and id of the row in the evidence tables.
    endpoint
        Name of an endpoint, or ``completed`` or ``escape``.
    among
        Covariate that must be true, or empty.
    handling
        ``observed``: of those seen at the visit; ``adjusted``: under the strategies of the design's estimand.
    size
        Subjects behind the published number where its row gives none.
    """

    design: str
    observation: str
    endpoint: str
    handling: str = "observed"
    among: str = ""
    size: int = 0


TARGETS = (
    ControlTarget("asset_like", "asset.placebo.mrss_change.w52", "mrss_change"),
    ControlTarget("asset_like", "asset.placebo.mrss_change.w52.adjusted", "mrss_change", "adjusted", size=44),
    ControlTarget("asset_like", "asset.placebo.fvc_percent_change.w52", "fvc_percent_change"),
    ControlTarget("asset_like", "asset.placebo.haq_di_change.w52", "haq_di_change"),
    ControlTarget("asset_like", "asset.placebo.patient_global_change.w52", "patient_global_change"),
    ControlTarget("asset_like", "asset.placebo.physician_global_change.w52", "physician_global_change"),
    ControlTarget("asset_like", "asset.placebo.completed_trial.w52", "completed"),
    ControlTarget("asset_like", "asset.placebo.escape_therapy.w52", "escape"),
    ControlTarget("focussced_like", "focussced.placebo.mrss_change.w48", "mrss_change", "adjusted", size=106),
    ControlTarget(
        "focussced_like",
        "focussced.placebo_ild.fvc_percent_change.w48",
        "fvc_percent_change",
        "adjusted",
        among="has_ild",
        size=68,
    ),
    ControlTarget("focussced_like", "focussced.placebo.completed_trial.w48", "completed"),
    ControlTarget("senscis_like", "senscis.placebo_ata_positive.mrss_change.w52", "mrss_change", "adjusted"),
    ControlTarget("senscis_like", "senscis.placebo_ata_positive.fvc_slope.w52", "fvc_ml_change", "adjusted"),
)


@dataclass(frozen=True)
class ControlComparison:
    """Simulated beside published.

    Parameters
    ----------
    target
        What is compared.
    published
        Value.
    simulated, low, high
        Median and band of trials of the published size over worlds.
    simulated_sd
        Between subjects.
    is_inside
        Whether the published value lies between ``low`` and ``high``.
    """

    target: ControlTarget
    published: float
    simulated: float
    low: float
    high: float
    simulated_sd: float
    is_inside: bool


def compare_control_arms(worlds: int, subjects: int, seed: int) -> list[ControlComparison]:
    """Return each target beside its simulation in worlds that each have their own trial effect."""
    rows = []
    model, evidence = CATALOG.model(), CATALOG.evidence
    drawn = draw_worlds(model, evidence, worlds, seed)
    for name in dict.fromkeys(target.design for target in TARGETS):
        design = CATALOG.designs[name]
        population = enroll(design, CATALOG.pool(model), subjects, seed).population
        own = [target for target in TARGETS if target.design == name]
        spreads = []
        for position in range(drawn.size):
            arms = observe_control(design, model, evidence, population, drawn, position, seed)
            spreads.append({target: spread(target, design, arms[target.handling]) for target in own})
        rows += [compare(target, [world[target] for world in spreads], seed) for target in own]
    return rows


def spread(target: ControlTarget, design, arm: ObservedArm) -> tuple[float, float]:
    """Return mean and standard deviation over subjects behind a target in one world."""
    values = outcome(target, design, arm)
    return float(np.nanmean(values)), float(np.nanstd(values))


def compare(target: ControlTarget, worlds: Sequence[tuple[float, float]], seed: int) -> ControlComparison:
    row = CATALOG.evidence.observation(target.observation)
    scale = 0.01 if row.unit == "percent" else 1.0
    means, spreads = np.array(worlds).T
    luck = Stream(seed, f"trial of {target.observation}").normal(len(worlds))
    trials = means + luck * spreads / np.sqrt(row.n or target.size)
    low, high = np.quantile(trials, BAND_ENDS)
    published = float("nan") if row.value is None else row.value * scale
    return ControlComparison(
        target=target,
        published=published,
        simulated=float(np.median(trials)),
        low=float(low),
        high=float(high),
        simulated_sd=float(np.median(spreads)),
        is_inside=bool(low <= published <= high),
    )


def outcome(target: ControlTarget, design, arm: ObservedArm) -> np.ndarray:
    """Return the number of each subject behind a target, NaN for those who do not count, shape (subjects,)."""
    week = float(CATALOG.evidence.observation(target.observation).visit_week or design.primary.visit_week)
    among = np.asarray(arm.covariates[target.among]).astype(bool) if target.among else True
    if target.endpoint == "completed":
        values = np.isinf(arm.leaving_week[0]).astype(np.float64)
    elif target.endpoint == "escape":
        values = np.isfinite(arm.rescue_week[0]).astype(np.float64)
    else:
        values = CATALOG.endpoints[target.endpoint].compute(arm, week, design.assumed)[0]
    return np.where((arm.status == "ok") & among, values, np.nan)


MISSED = {
    # disability and physician global of ASSET's placebo arm did worse than the pooled natural history
    "asset.placebo.haq_di_change.w52",
    "asset.placebo.physician_global_change.w52",
    # deaths now end follow-up beside the stops that alone were set by trials of this length
    "focussced.placebo.completed_trial.w48",
    # raised acute phase reactants select fast lung decline, which the population does not hold
    "focussced.placebo_ild.fvc_percent_change.w48",
}


@pytest.fixture(scope="module")
def compared() -> dict[str, ControlComparison]:
    rows = compare_control_arms(worlds=32, subjects=80, seed=1)
    return {row.target.observation: row for row in rows}


def test_every_target_is_compared(compared: dict[str, ControlComparison]) -> None:
    assert list(compared) == [target.observation for target in TARGETS]
    for row in compared.values():
        assert all(
            math.isfinite(value)
            for value in (row.published, row.simulated, row.low, row.high, row.simulated_sd)
        )
        assert row.low < row.simulated < row.high


@pytest.mark.parametrize("observation", [t.observation for t in TARGETS if t.observation not in MISSED])
def test_a_published_value_is_met(compared: dict[str, ControlComparison], observation: str) -> None:
    assert compared[observation].is_inside, compared[observation]


def test_the_largest_misses_are_still_misses(compared: dict[str, ControlComparison]) -> None:
    for observation in (
        "focussced.placebo_ild.fvc_percent_change.w48",
        "focussced.placebo.completed_trial.w48",
    ):
        assert not compared[observation].is_inside, (
            "met now: take it off the list and out of the known misses"
        )

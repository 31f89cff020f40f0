"""Published placebo arms simulated again with their own entry criteria, background and handling of missing data."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.catalog import Catalog
from ifntrial.clinic.conduct import ObservedArm
from ifntrial.clinic.endpoints.record import Endpoints
from ifntrial.clinic.enroll import enroll
from ifntrial.clinic.estimand import observe_under_estimand
from ifntrial.clinic.observe import observe_arms
from ifntrial.clinic.readings import measurement_error
from ifntrial.course.assemble import subject_parameters
from ifntrial.course.simulate import simulate_arm
from ifntrial.design.design import TrialDesign
from ifntrial.evidence.records import Evidence, Observation
from ifntrial.evidence.rows import Published
from ifntrial.levels import BAND_ENDS
from ifntrial.model import Model
from ifntrial.patients.records import VirtualPopulation
from ifntrial.seeds import Stream
from ifntrial.worlds.draw import Worlds, draw_worlds

SeenAndCounted = dict[str, ObservedArm]
"""An arm by the ``handling`` of a target: as observed, and adjusted as its estimand counts."""


@dataclass(frozen=True, slots=True)
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


_PUBLISHED = Published(tuple(target.observation for target in TARGETS))


@dataclass(frozen=True, slots=True)
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
    use
        How the published number is used (``fit``: it informed the model, so that agreement proves little).
    """

    target: ControlTarget
    published: float
    simulated: float
    low: float
    high: float
    simulated_sd: float
    is_inside: bool
    use: str


def compare_control_arms(
    catalog: Catalog,
    *,
    worlds: int,
    subjects: int,
    seed: int,
    report: Callable[[str], None] = lambda name: None,
) -> tuple[ControlComparison, ...]:
    """Return each target beside its simulation.

    Parameters
    ----------
    worlds
        Number of worlds, each with its own trial effect and association with background.
    subjects
        Virtual patients per design.
    report
        Called with the name of each design before it is simulated.
    """
    rows = []
    published = _PUBLISHED.by_id(catalog.evidence)
    model, evidence = catalog.model(), catalog.evidence
    drawn = draw_worlds(model, evidence, worlds, seed)
    for name in dict.fromkeys(target.design for target in TARGETS):
        report(name)
        design = catalog.designs[name]
        population = enroll(design, catalog.pool(model), subjects, seed).population
        own = [target for target in TARGETS if target.design == name]
        spreads = [
            _spreads(
                own,
                published,
                design,
                observe_control(design, model, evidence, population, drawn, position, seed),
                catalog.endpoints,
            )
            for position in range(drawn.size)
        ]
        rows += [
            _compare(
                target, published[target.observation], [world[target.observation] for world in spreads], seed
            )
            for target in own
        ]
    return tuple(rows)


def observe_control(
    design: TrialDesign,
    model: Model,
    evidence: Evidence,
    population: VirtualPopulation,
    worlds: Worlds,
    position: int,
    seed: int,
    *,
    replicates: int = 1,
) -> SeenAndCounted:
    """Return the control arm of a design in one world, as observed and as its estimand counts.

    Parameters
    ----------
    population
        The enrolled.
    position
        Of the world in ``worlds``.
    replicates
        Repeats of measurement and conduct on the same true course.
    """
    error = measurement_error(evidence)
    control = design.control
    parameters = subject_parameters(model, evidence, population, worlds, position)
    world = int(worlds.number[position])
    course = simulate_arm(
        model, parameters, control.dosing(), design.visit_weeks, arm=control.name, world=world
    )
    drawn = (design, {control.name: course}, population.covariates, error)
    seen = observe_arms(*drawn, seed=seed, replicates=replicates)
    counted = observe_under_estimand(*drawn, seed=seed, replicates=replicates)
    return {"observed": seen[control.name], "adjusted": counted[control.name]}


def _spreads(
    targets: Sequence[ControlTarget],
    published: Mapping[str, Observation],
    design: TrialDesign,
    arm: SeenAndCounted,
    endpoints: Endpoints,
) -> dict[str, tuple[float, float]]:
    """Return mean and standard deviation over subjects behind each target in one world, which are all that is kept."""
    found = {}
    for target in targets:
        row = published[target.observation]
        values = _outcome(target, design, arm[target.handling], row, endpoints)
        found[target.observation] = float(np.nanmean(values)), float(np.nanstd(values))
    return found


def _compare(
    target: ControlTarget, row: Observation, worlds: Sequence[tuple[float, float]], seed: int
) -> ControlComparison:
    scale = 0.01 if row.unit == "percent" else 1.0
    size = row.n or target.size
    means, spreads = np.array(worlds).T
    luck = Stream(seed, f"trial of {target.observation}").normal(len(worlds))
    trials = means + luck * spreads / np.sqrt(size)
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
        use=row.use,
    )


def _outcome(
    target: ControlTarget, design: TrialDesign, arm: ObservedArm, row: Observation, endpoints: Endpoints
) -> FloatArray:
    """Return the number of each subject behind a target, NaN for those who do not count, shape (subjects,)."""
    week = float(row.visit_week or design.primary.visit_week)
    counted = (arm.status == "ok") & (
        np.asarray(arm.covariates[target.among]).astype(bool) if target.among else True
    )
    if target.endpoint == "completed":
        values = np.isinf(arm.leaving_week[0]).astype(np.float64)
    elif target.endpoint == "escape":
        values = np.isfinite(arm.rescue_week[0]).astype(np.float64)
    else:
        values = endpoints[target.endpoint].compute(arm, week, design.assumed)[0]
    return np.where(counted, values, np.nan)

"""One virtual trial of a design's own size: subjects enrolled, each seen in the arm it got, as ADaM-shaped tables."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ifntrial.arrays import AnyArray, IntArray
from ifntrial.calendar import event_days, planned_days
from ifntrial.catalog import Catalog
from ifntrial.clinic.conduct import ObservedArm
from ifntrial.clinic.enroll import Enrollment, enroll
from ifntrial.clinic.randomize import randomize_arms
from ifntrial.course.assemble import subject_parameters, typical_world
from ifntrial.course.simulate import simulate_subjects
from ifntrial.design.design import TrialDesign
from ifntrial.errors import InputError
from ifntrial.formats.adam.tables import build_adae, build_adeff, build_adpc, build_adsl
from ifntrial.model import Model
from ifntrial.model.drugs import trial_level
from ifntrial.statistics.power import stratum_index
from ifntrial.studies.trial.whole import Treatment, dosing_with_extension, drug_with_extension, run_trial
from ifntrial.worlds.calibration import Calibration
from ifntrial.worlds.draw import Worlds, draw_worlds

MOST_SUBJECTS = 20_000
TYPICAL = -1
"""The number of the typical world in tables."""


@dataclass(frozen=True, slots=True)
class OneTrial:
    """What happened in one virtual trial.

    Parameters
    ----------
    design
        The design.
    world
        Number of the world, or ``TYPICAL``.
    enrollment
        Who was screened and enrolled.
    arms
        Arm to what would be seen of every subject in it.
    assigned
        Place in ``design.arms`` of the arm each subject got, shape (subjects,).
    stratum
        Number of its randomization stratum, shape (subjects,).
    tables
        ``adsl``, ``adeff``, ``adae`` and ``adpc``: each subject in its own arm only.
    """

    design: TrialDesign
    world: int
    enrollment: Enrollment
    arms: Mapping[str, ObservedArm]
    assigned: IntArray
    stratum: IntArray
    tables: Mapping[str, pd.DataFrame]


def simulate_one_trial(
    catalog: Catalog,
    design: TrialDesign,
    *,
    world: int | None = None,
    seed: int,
    workers: int = 1,
) -> OneTrial:
    """Return one trial of ``design.size.analyzed`` subjects with all its visits.

    Parameters
    ----------
    world
        Number of a world of the frozen calibration, drawn before conditioning on anything observed; None: the
        typical world.
    seed
        Of enrolment, randomization, readings and conduct.

    Raises
    ------
    InputError
        If the trial is too large, hardly anyone can enter, or there is no such world.
    """
    if design.size.analyzed > MOST_SUBJECTS:
        raise InputError(
            "the trial is too large to be simulated whole",
            given=f"{design.size.analyzed} subjects",
            allowed=f"up to {MOST_SUBJECTS}",
            fix="plan fewer subjects under size",
        )
    model, evidence = catalog.model(), catalog.evidence
    chosen = world_numbered(catalog, model, world)
    enrollment = enroll(design, catalog.pool(model), design.size.analyzed, seed)
    people = enrollment.population
    others = other_treatments(catalog, design, model, world=world, seed=seed)
    arms = run_trial(design, model, evidence, people, chosen, 0, seed=seed, others=others, workers=workers)
    assigned, stratum = assign_arms(design, dict(people.covariates), seed)
    treatments = {
        model.drug.name: Treatment(model, subject_parameters(model, evidence, people, chosen, 0)),
        **others,
    }
    number = TYPICAL if world is None else world
    parts: dict[str, list[pd.DataFrame]] = {"adsl": [], "adeff": [], "adae": [], "adpc": []}
    for place, arm in enumerate(design.arms):
        seen, own = arms[arm.name], np.flatnonzero(assigned == place)
        found = {
            "adsl": build_adsl(design, seen, people.prevalence_weight),
            "adeff": build_adeff(design, seen),
            "adae": build_adae(design, seen),
        }
        if not dosing_with_extension(design, arm).is_placebo:
            treatment = treatments[drug_with_extension(design, arm)]
            # what is in the body of a drug known by its trials alone is only a sign of treatment
            if treatment.model.drug.structure is not trial_level.MECHANISM:
                found["adpc"] = _concentrations(design, treatment, place, seen, own, workers)
        identity = found["adsl"]["USUBJID"].to_numpy()[own]
        for name, table in found.items():
            parts[name].append(table[table["USUBJID"].isin(identity)])
    tables = {name: _joined(each, number) for name, each in parts.items() if each}
    return OneTrial(design, number, enrollment, arms, assigned, stratum, tables)


def other_treatments(
    catalog: Catalog, design: TrialDesign, model: Model, *, world: int | None, seed: int
) -> dict[str, Treatment]:
    """Return the drugs of a design beside that of ``model``: the same subjects in the same world in each one's model.

    Draws hang on their purpose alone, so that what a drug shares with another is the same to the last bit.
    """
    evidence, treatments = catalog.evidence, {}
    for name in dict.fromkeys(arm.drug_name for arm in design.arms if not arm.planned_dosing().is_placebo):
        if name != model.drug.name:
            own = catalog.model(name, model.without)
            people = enroll(design, catalog.pool(own), design.size.analyzed, seed).population
            values = subject_parameters(own, evidence, people, world_numbered(catalog, own, world), 0)
            treatments[name] = Treatment(own, values)
    return treatments


def world_numbered(catalog: Catalog, model: Model, world: int | None) -> Worlds:
    """Return one world: of the frozen calibration by its number, or the typical one.

    Raises
    ------
    InputError
        If there is no such world.
    """
    if world is None:
        return typical_world(model, catalog.evidence)
    calibration = catalog.calibration
    require_world(calibration, world)
    return draw_worlds(model, catalog.evidence, calibration.worlds, calibration.seed).take(np.array([world]))


def require_world(calibration: Calibration, world: int | None) -> None:
    """Raise ``InputError`` if the frozen calibration has no world of this number; None is the typical world."""
    worlds = calibration.worlds
    if world is not None and not 0 <= world < worlds:
        raise InputError(
            "there is no such world",
            given=str(world),
            allowed=f"0 to {worlds - 1}, or none for the typical world",
            fix="choose a number in this range",
        )


def assign_arms(design: TrialDesign, covariates: dict[str, AnyArray], seed: int) -> tuple[IntArray, IntArray]:
    """Return each subject's place in ``design.arms`` and its stratum, each (subjects,).

    A trial that is not randomized fills its arms one after the other, in their shares.
    """
    stratum, _ = stratum_index(design, covariates)
    shares = [arm.allocation for arm in design.arms]
    if not design.is_randomized:
        ends = np.cumsum(shares) * len(stratum) / sum(shares)
        return np.searchsorted(ends, np.arange(len(stratum)) + 0.5, side="right"), stratum
    block = design.assumed.randomization.block_size
    return randomize_arms(stratum, shares, block_size=block, seed=seed), stratum


def _concentrations(
    design: TrialDesign,
    treatment: Treatment,
    place: int,
    seen: ObservedArm,
    own: IntArray,
    workers: int,
) -> pd.DataFrame:
    """Return ADPC of an arm: the model's concentration, before the dose of each visit that took place."""
    days = planned_days(seen.visit_week)
    values = np.full((len(seen.status), len(days)), np.nan)
    if len(own):
        found = simulate_subjects(
            treatment.model,
            {name: column[own] for name, column in treatment.parameters.items()},
            dosing_with_extension(design, design.arms[place]),
            days,
            ("concentration",),
            stop_days=event_days(seen.discontinuation_week[0, own], seen.visit_week),
            workers=workers,
        )
        values[own] = np.where(seen.attended[0, own], found.of("concentration"), np.nan)
    return build_adpc(design, seen, days, values, drug=treatment.model.drug)


def _joined(parts: list[pd.DataFrame], world: int) -> pd.DataFrame:
    table = pd.concat(parts, ignore_index=True)
    table["WORLD"] = world
    return table.sort_values("USUBJID", kind="stable", ignore_index=True)

"""From the worlds of a forecast to its result."""

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.calendar import DAYS_PER_WEEK
from ifntrial.clinic import design_words
from ifntrial.clinic.primary_measure import primary_measure
from ifntrial.course.dose_plans import plan_regimen
from ifntrial.course.exposure import Exposure, follow_regimen
from ifntrial.design.design import TrialDesign
from ifntrial.design.parts import USUAL_DRUG
from ifntrial.evidence.records import Evidence
from ifntrial.evidence.rows import Family
from ifntrial.model.values import evidence_row
from ifntrial.statistics.assurance import LOG_ODDS_RATIOS, PLACEBO_RATES, what_to_believe
from ifntrial.studies.forecast.answers import Believe
from ifntrial.studies.forecast.beyond_primary import chances_in_order, estimand_variants, key_secondaries
from ifntrial.studies.forecast.cohort.predictions import patient_rows
from ifntrial.studies.forecast.course_records import ArmExposure, ExposureCourses
from ifntrial.studies.forecast.courses import endpoint_courses, signature_courses
from ifntrial.studies.forecast.gather import ForecastWorlds
from ifntrial.studies.forecast.given_results import results_given
from ifntrial.studies.forecast.records import Audit
from ifntrial.studies.forecast.result import (
    Forecast,
    SolverAudit,
    SourcedAssumption,
    SourceRow,
)
from ifntrial.studies.forecast.run import PreparedForecast
from ifntrial.studies.forecast.summary import answer, rule_variants
from ifntrial.studies.forecast.told.belief_readings import belief_readings
from ifntrial.studies.forecast.told.drivers import informed_globals, variance_split
from ifntrial.studies.forecast.told.looks import decisions, looks_forecast
from ifntrial.studies.other_drugs import drug_of
from ifntrial.studies.over_worlds import fields_of, over_worlds
from ifntrial.studies.reference_class.study import pool_classes
from ifntrial.studies.safety.study import safety_rows
from ifntrial.studies.screening import screening_of
from ifntrial.worlds.beliefs import MIXTURE
from ifntrial.worlds.quantiles import BandOverTime

EXPOSURE_SUBJECTS = 60
EXPOSURE_STEP_DAYS = 2.0

_LAYERS = Family(("population.", "history.", "world.", "prior.", "measurement.", "safety."))
"""Numbers behind patients, worlds and readings, of which the assumed ones are listed."""


def forecast_result(prepared: PreparedForecast, worlds: ForecastWorlds, workers: int = 1) -> Forecast:
    """Return every number of a forecast except what differs between two runs of the same plan (time, date)."""
    design, evidence = prepared.trial.design, prepared.trial.common.evidence
    catalog, compared = prepared.catalog, (design.active, design.control)
    weight = prepared.choice.counts[MIXTURE]
    found = answer(prepared, worlds)
    return Forecast(
        **fields_of(over_worlds(prepared.plan, catalog, prepared.choice, worlds.status)),
        design=design.name,
        title=design.title,
        registration=design.registration,
        question=design_words.question(design),
        primary=design_words.endpoint_words(design.primary, design, catalog.endpoints),
        primary_definition=catalog.endpoints[design.primary.endpoint].definition_under(design.assumed),
        primary_week=design.primary.visit_week,
        primary_measure=primary_measure(prepared.trial.common.endpoint),
        analysis=prepared.trial.common.analysis.label,
        alpha_one_sided=design.assumed.analysis.alpha_one_sided,
        control_word=design_words.control_word(design),
        arms=(design.active.name, design.control.name),
        other_arms=tuple(arm.name for arm in design.arms if arm not in compared),
        per_arm=(design.n_of(design.active), design.n_of(design.control)),
        planned=design.size.planned,
        without_mechanisms=tuple(prepared.plan.without),
        assurance=found.by_prior[MIXTURE].assurance,
        power=found.power,
        reference_world=found.reference_world,
        type_i_error=found.type_i_error,
        power_by_world=found.by_prior[MIXTURE].power_by_world,
        by_prior=found.by_prior,
        by_ifn=found.by_ifn,
        weights_sensitivity=found.weights_sensitivity,
        belief_readings=belief_readings(prepared, worlds),
        classes=pool_classes(evidence).classes,
        null_worlds=len(worlds.nulls),
        different_subjects=prepared.trial.common.population.size,
        screening=screening_of(prepared.enrollment),
        exposure_courses=exposure_courses(prepared, workers),
        signature_courses=signature_courses(prepared, worlds),
        endpoint_courses=endpoint_courses(prepared, worlds),
        believe=believe_table(design) if prepared.trial.common.is_response else None,
        variance=variance_split(prepared, worlds),
        safety=safety_rows(design, worlds.safety, weight),
        estimands=estimand_variants(prepared, worlds, found.by_prior),
        key_secondaries=key_secondaries(prepared, worlds),
        testing_orders=chances_in_order(prepared, worlds, found.by_prior),
        variants=rule_variants(prepared, worlds),
        globals=informed_globals(prepared),
        audit=audit_of(worlds.audit),
        placebo_response=found.by_prior[MIXTURE].response_placebo,
        assumptions=assumption_rows(prepared),
        rules=design_words.rule_rows(
            design,
            catalog.endpoints,
            catalog.drugs,
            {name: each.label for name, each in catalog.analyses.items()},
        ),
        bibliography=source_rows(evidence),
        cohort=None
        if worlds.subjects is None
        else patient_rows(prepared.plan.cohort, prepared.owner, worlds.subjects, weight),
        given=results_given(prepared, worlds, found.by_prior),
        looks=looks_forecast(prepared, worlds),
        decisions=decisions(prepared, worlds),
    )


def audit_of(audit: Audit) -> SolverAudit | None:
    """Return how many solves were checked at a far tighter tolerance, and the largest error; None if none was."""
    return None if audit.largest_error is None else SolverAudit(audit.subjects, audit.largest_error)


def exposure_courses(prepared: PreparedForecast, workers: int) -> ExposureCourses:
    """Return concentration and occupancy over the treatment period, over subjects of the typical world."""
    design = prepared.trial.design
    # what is in the blood of another drug is not drawn: its receptors are others, or it is known by its trials alone
    compared = [arm for arm in (design.active, design.control) if drug_of(arm) == USUAL_DRUG]
    regimens = {arm.name: arm.planned_dosing() for arm in compared}
    end = design.treatment_weeks * DAYS_PER_WEEK
    plan = plan_regimen(next(iter(regimens.values()), design.active.planned_dosing()), end)
    # before each dose and at the end of each infusion too: an even grid misses peaks, and beats against the doses
    days = np.unique(
        np.concatenate(
            [
                np.arange(0.0, end + 1e-9, EXPOSURE_STEP_DAYS),
                plan.start_days,
                plan.start_days + plan.length_days,
            ]
        )
    )
    arms = {}
    for name, regimen in regimens.items():
        course = follow_regimen(
            prepared.catalog.pool(prepared.trial.common.model),
            regimen,
            days,
            subjects=EXPOSURE_SUBJECTS,
            seed=prepared.plan.seed,
            selection="ifn-high",
            workers=workers,
        )
        arms[name] = ArmExposure(
            *(_bands(course, each) for each in ("concentration", "occupancy_blood", "occupancy_skin"))
        )
    return ExposureCourses(tuple(days.tolist()), arms, "ug/mL", EXPOSURE_SUBJECTS, "ifn-high")


def _bands(course: Exposure, quantity: str) -> BandOverTime:
    return BandOverTime(*(_in_few_digits(values) for values in course.percentiles(quantity).values()))


def _in_few_digits(values: FloatArray) -> tuple[float, ...]:
    """Return values with ten digits; what is left where nothing is there becomes zero."""
    return tuple(float(f"{value:.10g}") for value in np.round(values, 12) + 0.0)


def believe_table(design: TrialDesign) -> Believe:
    """Return power over the true log odds ratio and the placebo response."""
    active, control = design.n_of(design.active), design.n_of(design.control)
    rows = what_to_believe(active, control, alpha_one_sided=design.assumed.analysis.alpha_one_sided)
    power = np.array([row.power for row in rows]).reshape(len(LOG_ODDS_RATIOS), len(PLACEBO_RATES))
    table = tuple(tuple(row) for row in power.tolist())
    return Believe(LOG_ODDS_RATIOS, PLACEBO_RATES, table, (active, control))


def assumption_rows(prepared: PreparedForecast) -> tuple[SourcedAssumption, ...]:
    """Return every number of the run that is assumed, with its unit and note; what is drawn per patient is not one."""
    evidence, model = prepared.trial.common.evidence, prepared.trial.common.model
    drawn = set(prepared.trial.common.population.parameters)
    own = [evidence_row(model, evidence, each.name) for each in model.parameters if each.name not in drawn]
    own.append(evidence_row(model, evidence, "bioavailability"))
    rows = [row for row in own if row is not None]
    rows += _LAYERS.read(evidence)
    return tuple(
        SourcedAssumption(name=row.name, value=row.value, unit=row.unit, note=row.note, source=row.source)
        for row in rows
        if row.status == "assumed"
    )


def source_rows(evidence: Evidence) -> tuple[SourceRow, ...]:
    """Return the published sources of the evidence tables."""
    return tuple(
        SourceRow(source.id, source.citation, source.doi)
        for source in evidence.sources
        if source.level not in ("derived", "unverified")
    )

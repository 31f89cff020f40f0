"""From the worlds of a forecast to what candidate studies would tell of it."""

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.clinic import design_words
from ifntrial.levels import DETAILED_BAND
from ifntrial.studies.beliefs.study import measure_of
from ifntrial.studies.forecast.gather import ForecastWorlds
from ifntrial.studies.forecast.run import PreparedForecast
from ifntrial.studies.value.candidates import Candidates, CandidateStudy, Decision
from ifntrial.studies.value.information import (
    Told,
    known_by_effect,
    of_study,
    perfect,
    told_by_study,
    worth,
)
from ifntrial.studies.value.result import StudyValue, ValueOfStudies
from ifntrial.ties import weighted_percentiles
from ifntrial.worlds.beliefs import MIXTURE
from ifntrial.worlds.posterior import effective_worlds
from ifntrial.worlds.quantiles import Band


def value_of_studies(
    prepared: PreparedForecast, worlds: ForecastWorlds, candidates: Candidates
) -> ValueOfStudies:
    """Return what candidate studies are worth to the decision about a trial, under the mixture of beliefs.

    Everything is over the worlds of the run, so that the chance of success now is their mean: the forecast makes it
    more exact by what is known of worlds that were not simulated.
    """
    design, stakes = prepared.trial.design, candidates.decision
    weight, power = prepared.choice.counts[MIXTURE], worlds.rules[""].power
    now = float((weight * power).sum())
    studies = [_study_value(each, prepared, power, weight, stakes) for each in candidates.studies]
    return ValueOfStudies(
        design=design.name,
        title=design.title,
        question=design_words.question(design),
        stakes={"gain": stakes.gain, "cost": stakes.cost},
        success_now=now,
        goes_now=bool(now * stakes.gain > stakes.cost),
        worth_now=float(worth(np.array([now]), stakes.gain, stakes.cost)[0]),
        evpi=perfect(power, weight, stakes.gain, stakes.cost),
        studies=tuple(sorted(studies, key=lambda each: (-each.evsi, each.study))),
        worlds_effective_here=effective_worlds(weight),
    )


def _study_value(
    study: CandidateStudy,
    prepared: PreparedForecast,
    power: FloatArray,
    weight: FloatArray,
    stakes: Decision,
) -> StudyValue:
    choice, address = prepared.choice, prepared.catalog.addresses[study.address]
    implied = prepared.calibration.implied.at_address(study.address).effect
    effect = np.where(choice.has_effect, implied[choice.positions], 0.0)
    known = known_by_effect(power, effect, weight)
    told = told_by_study(known, effect, weight, float(np.hypot(study.standard_error, study.trial_sd)))
    _, unit = measure_of(address, prepared.catalog)
    now = float((weight * power).sum())
    variance = float((weight * (power - now) ** 2).sum())
    goes = told.answer * stakes.gain > stakes.cost
    return StudyValue(
        study=study.name,
        title=address.title,
        unit=unit,
        standard_error=study.standard_error,
        trial_sd=study.trial_sd,
        evsi=of_study(told, stakes.gain, stakes.cost),
        evppi=perfect(known, weight, stakes.gain, stakes.cost),
        told_share=float((told.chance * (told.answer - now) ** 2).sum()) / variance if variance > 0 else 0.0,
        answer_after=_band(told),
        decision_changes=float(told.chance[goes != (now * stakes.gain > stakes.cost)].sum()),
    )


def _band(told: Told) -> Band:
    return Band(*weighted_percentiles(told.answer, told.chance, DETAILED_BAND).tolist())

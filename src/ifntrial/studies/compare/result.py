"""The result of a comparison as plain values: what the JSON file holds and the page reads."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.clinic.design_words import endpoint_words, trial_name
from ifntrial.design.design import TrialDesign
from ifntrial.statistics.assurance import assurance
from ifntrial.statistics.power import WorldPower
from ifntrial.statistics.replicates import wilson_interval
from ifntrial.statistics.sample_size import ceiling_of_power
from ifntrial.studies.compare.more_patients import (
    TARGETS,
    curve,
    power_by_size,
    size_answer,
    sizes_around,
)
from ifntrial.studies.compare.plan import PreparedComparison, prior_facts, world_weights
from ifntrial.studies.compare.power import (
    SubjectResponses,
    paired_difference,
    power_in_worlds,
    responses_of,
    size_of,
)
from ifntrial.studies.compare.run import SharedResponses
from ifntrial.studies.forecast.result import FULL_SUBJECTS, FULL_WORLDS
from ifntrial.worlds.calibration import is_stale, load_calibration
from ifntrial.worlds.efficacy import MIXTURE
from ifntrial.worlds.posterior import effective_worlds
from ifntrial.worlds.quantiles import weighted_band


def comparison_result(prepared: PreparedComparison, responses: SharedResponses) -> dict[str, Any]:
    """Return every number of a comparison except what differs between two runs of the same plan (time, date)."""
    subjects = {design.name: responses_of(prepared, responses, design) for design in prepared.designs}
    power = {
        design.name: power_in_worlds(subjects[design.name], size_of(design)) for design in prepared.designs
    }
    weights, reference = world_weights(prepared), prepared.designs[0].name
    return {
        **run_facts(prepared, responses),
        "reference": reference,
        "designs": [
            {
                **design_facts(prepared, design),
                "effective_subjects": effective_subjects(subjects[design.name]),
                "by_prior": {
                    name: effect_block(power[design.name], weight) for name, weight in weights.items()
                },
                "versus_reference": None
                if design.name == reference
                else {
                    name: asdict(paired_difference(power[design.name], power[reference], weight))
                    for name, weight in weights.items()
                },
                "more_patients": more_patients(design, subjects[design.name], weights),
            }
            for design in prepared.designs
        ],
    }


def run_facts(prepared: PreparedComparison, responses: SharedResponses) -> dict[str, Any]:
    """Return the part of a result that says what was run."""
    plan, calibration = prepared.plan, load_calibration()
    is_full = prepared.worlds.size >= FULL_WORLDS and plan.subjects >= FULL_SUBJECTS
    return {
        "size_label": "full size" if is_full else "demonstration size",
        "worlds": prepared.worlds.size,
        "worlds_asked": plan.worlds,
        "worlds_effective": effective_worlds(prepared.choice.counts[MIXTURE]),
        "subjects": plan.subjects,
        "common_subjects": prepared.common.population.size,
        "replicates": plan.replicates,
        "calibration": {
            "fingerprint": calibration.fingerprint,
            "is_stale": is_stale(calibration, prepared.evidence),
        },
        "priors": prior_facts(prepared),
        "mixture": MIXTURE,
        "subjects_status": dict(responses.statuses),
    }


def design_facts(prepared: PreparedComparison, design: TrialDesign) -> dict[str, Any]:
    """Return what a design is, in words and numbers."""
    return {
        "name": design.name,
        "title": design.title,
        "total": design.size.analyzed,
        "per_arm": [design.n_of(design.active), design.n_of(design.control)],
        "arms": [design.active.name, design.control.name],
        "regimens": [design.active.regimen, design.control.regimen],
        "eligibility": [criterion.text for criterion in design.eligibility],
        "called": trial_name(design),
        "primary": endpoint_words(design.primary, design),
        "screened": prepared.common.screened[design.name],
        "reading": prepared.reading_of[design.name],
    }


def effect_block(worlds: Sequence[WorldPower], weight: FloatArray) -> dict[str, Any]:
    """Return probability of success, its spread over worlds, and the expected response of both arms."""
    active, control = np.array([world.rates.overall for world in worlds]).T
    return {
        "assurance": assurance(worlds, weight).as_dict(),
        "power_by_world": weighted_band([world.power for world in worlds], weight),
        "response_active": weighted_band(active, weight),
        "response_placebo": weighted_band(control, weight),
        "difference": weighted_band(active - control, weight),
        "expected_response": [float(np.average(rate, weights=weight)) for rate in (active, control)],
    }


def effective_subjects(subjects: SubjectResponses) -> float:
    """Return Kish's effective number of subjects, the least over worlds."""
    weight = subjects.weight
    return float((weight.sum(axis=1) ** 2 / (weight**2).sum(axis=1)).min())


def more_patients(
    design: TrialDesign, subjects: SubjectResponses, weights: Mapping[str, FloatArray]
) -> dict[str, Any]:
    """Return probability of success against size, and the size for every target, under every prior."""
    own = size_of(design)
    sizes = sizes_around(design.size.analyzed)
    by_size = power_by_size(subjects, own, sizes)
    rates = [world.rates for world in by_size[0]]
    answers: dict[str, Any] = {}
    for name, weight in weights.items():
        found, most = curve(by_size, weight), ceiling_of_power(rates, weight)
        units = effective_worlds(weight)
        lowest, highest = wilson_interval(most * units, units)
        answers[name] = {
            "curve": [point.as_dict() for point in found],
            "ceiling": most,
            "ceiling_low": lowest,
            "ceiling_high": highest,
            "targets": [
                asdict(size_answer(target, design.size.analyzed, sizes, found))
                | {"largest": sizes[-1], "at_largest": found[-1].estimate}
                for target in TARGETS
            ],
        }
    return {"own": design.size.analyzed, "sizes": list(sizes), "by_prior": answers}

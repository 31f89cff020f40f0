"""The result of a comparison as plain values: what the JSON file holds and the page reads."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from ifntrial.clinic.design_words import endpoint_words, trial_name
from ifntrial.design.design import TrialDesign
from ifntrial.statistics.assurance import PowerInWorlds, assurance
from ifntrial.statistics.replicates import wilson_interval
from ifntrial.statistics.sample_size import ceiling_of_power
from ifntrial.studies.compare.more_patients import TARGETS, size_answer
from ifntrial.studies.compare.plan import PreparedComparison, prior_facts, world_weights
from ifntrial.studies.compare.power import paired_difference
from ifntrial.studies.compare.worlds import ComparedWorlds
from ifntrial.studies.forecast.result import FULL_SUBJECTS, FULL_WORLDS
from ifntrial.worlds.calibration import is_stale, load_calibration
from ifntrial.worlds.efficacy import MIXTURE
from ifntrial.worlds.posterior import effective_worlds
from ifntrial.worlds.quantiles import weighted_band


def comparison_result(prepared: PreparedComparison, worlds: ComparedWorlds) -> dict[str, Any]:
    """Return every number of a comparison except what differs between two runs of the same plan (time, date)."""
    power = {design.name: worlds.power[design.name][design.size.analyzed] for design in prepared.designs}
    weights, reference = world_weights(prepared), prepared.designs[0].name
    return {
        **run_facts(prepared, worlds.statuses),
        "reference": reference,
        "designs": [
            {
                **design_facts(prepared, design),
                "effective_subjects": worlds.effective_subjects[design.name],
                "by_prior": {name: effect_block(power[design.name], name) for name in weights},
                "versus_reference": None
                if design.name == reference
                else {
                    name: asdict(paired_difference(power[design.name], power[reference], name))
                    for name in weights
                },
                "more_patients": more_patients(design, worlds.power[design.name]),
            }
            for design in prepared.designs
        ],
    }


def run_facts(prepared: PreparedComparison, statuses: Mapping[str, int]) -> dict[str, Any]:
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
        "subjects_status": dict(statuses),
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


def effect_block(found: PowerInWorlds, weighting: str) -> dict[str, Any]:
    """Return probability of success, its spread over worlds, and the expected response of both arms."""
    active, control = np.array([rates.overall for rates in found.rates]).T
    weight = found.weights[weighting]
    return {
        "assurance": assurance(found, weighting).as_dict(),
        "power_by_world": weighted_band(found.power, weight),
        "response_active": weighted_band(active, weight),
        "response_placebo": weighted_band(control, weight),
        "difference": weighted_band(active - control, weight),
        "expected_response": [float(np.average(rate, weights=weight)) for rate in (active, control)],
    }


def more_patients(design: TrialDesign, by_size: Mapping[int, PowerInWorlds]) -> dict[str, Any]:
    """Return probability of success against size, and the size for every target, under every prior."""
    sizes, first = tuple(by_size), next(iter(by_size.values()))
    answers: dict[str, Any] = {}
    for name, weight in first.weights.items():
        found = [assurance(power, name) for power in by_size.values()]
        most = ceiling_of_power(first.rates, weight)
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

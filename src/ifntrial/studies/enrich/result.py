"""The result of an enrichment study as plain values: what the JSON file holds and the page reads."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.statistics.assurance import assurance
from ifntrial.studies.compare.plan import PreparedComparison
from ifntrial.studies.compare.power import paired_difference
from ifntrial.studies.compare.result import design_facts, run_facts
from ifntrial.studies.enrich.cost import pareto_front
from ifntrial.studies.enrich.cutoffs import cutoff_studies
from ifntrial.studies.enrich.inputs import EnrichmentInputs
from ifntrial.studies.enrich.interim import interim_study
from ifntrial.studies.enrich.markers import ENRICHMENT
from ifntrial.studies.enrich.study import (
    Option,
    Setting,
    Study,
    all_comers_at_cost,
    compute_options,
    cost,
    reference_settings,
    screened,
    signature_settings,
    usable_study,
)
from ifntrial.studies.enrich.subjects import SubjectsInWorlds, effective_subjects
from ifntrial.ties import stable_order
from ifntrial.worlds.quantiles import weighted_band

Weights = Mapping[str, FloatArray]
ALL_COMERS = "all_comers"


def enrichment_result(
    prepared: PreparedComparison,
    subjects: SubjectsInWorlds,
    statuses: Mapping[str, int],
    inputs: EnrichmentInputs,
) -> dict[str, Any]:
    """Return every number of a study except what differs between two runs of the same plan (time, date)."""
    study, left_out = usable_study(Study(prepared, subjects, inputs))
    inputs, weights = study.inputs, study.weights
    reference = [compute_options(study, setting, inputs.sizes) for setting in reference_settings(study)]
    return {
        **run_facts(prepared, statuses),
        "design": design_facts(prepared, study.design),
        "effective_subjects": effective_subjects(study.subjects),
        "inputs": input_facts(inputs),
        "left_out": left_out,
        "assumptions": assumption_rows(prepared),
        "markers": [marker_facts(study, options[0]) for options in reference],
        "options": [
            row for options in reference for row in option_rows(study, options, reference[0], weights)
        ],
        "pareto": pareto_tables(study, [option for options in reference for option in options], weights),
        "answers": [answer(study, options, reference[0], weights) for options in reference[1:]],
        "signature_grid": signature_grid(study, weights),
        "cutoffs": cutoff_studies(study, weights),
        "interim": interim_study(study, weights),
    }


def input_facts(inputs: EnrichmentInputs) -> dict[str, Any]:
    """Return what was varied; the first of each is the reference."""
    return {
        "prevalences": list(inputs.prevalences),
        "assays": [asdict(assay) for assay in inputs.assays],
        "sizes": list(inputs.sizes),
        "screening_costs": list(inputs.screening_costs),
        "entry_share": inputs.entry_share,
        "score_cutoffs": list(inputs.score_cutoffs),
        "score_noises": list(inputs.score_noises),
    }


def assumption_rows(prepared: PreparedComparison) -> list[dict[str, Any]]:
    """Return the assumed defaults of costs and assays with their notes."""
    return [
        {"name": row.name, "value": row.value, "unit": row.unit, "note": row.note}
        for row in prepared.evidence.parameters
        if row.name in ENRICHMENT.units
    ]


def marker_facts(study: Study, option: Option) -> dict[str, Any]:
    """Return what a marker is, how it is measured, and who passes."""
    marker, chosen = option.setting.marker, option.selection
    simulated = (
        None if marker is None else float(np.average(marker.holds(study.covariates), weights=study.weight))
    )
    return {
        "name": marker.name if marker else ALL_COMERS,
        "short": marker.short if marker else "all comers",
        "label": marker.label if marker else "all comers",
        "condition": marker.condition if marker else "",
        "simulated_share": simulated,
        "sensitivity": chosen.sensitivity,
        "specificity": chosen.specificity,
        "test_cost": marker.test_cost if marker else 0.0,
        "positive_share": chosen.positive_share,
        "true_share": chosen.true_share,
        "effective_subjects": effective_subjects(study.subjects.weighed(chosen.factor)),
    }


def option_rows(
    study: Study, options: Sequence[Option], all_comers: Sequence[Option], weights: Weights
) -> list[dict[str, Any]]:
    """Return one row for each size of a setting, beside all comers of the same size."""
    inputs = study.inputs
    return [
        {
            "marker": _name(option.setting),
            "size": option.size,
            "screened": screened(option, inputs),
            "cost": [cost(option, inputs, each) for each in inputs.screening_costs],
            "by_prior": {
                name: _effect(option, name)
                | {"versus_all_comers": asdict(paired_difference(option.power, plain.power, name))}
                for name in weights
            },
        }
        for option, plain in zip(options, all_comers, strict=True)
    ]


def _effect(option: Option, prior: str) -> dict[str, Any]:
    weight = option.power.weights[prior]
    reached = 100.0 * option.selection.positive_share * option.power.power * option.benefit
    return {
        "assurance": assurance(option.power, prior).as_dict(),
        "benefit": weighted_band(option.benefit, weight)
        | {"mean": float(np.average(option.benefit, weights=weight))},
        "responders_gained_per_100": float(np.average(reached, weights=weight)),
    }


def _name(setting: Setting) -> str:
    return setting.marker.name if setting.marker else ALL_COMERS


def pareto_tables(study: Study, options: Sequence[Option], weights: Weights) -> list[dict[str, Any]]:
    """Return for every screening cost each option with the priors under which no other option beats it."""
    chance = {name: [assurance(option.power, name).estimate for option in options] for name in weights}
    tables = []
    for screening_cost in study.inputs.screening_costs:
        costs = [cost(option, study.inputs, screening_cost) for option in options]
        front = {name: pareto_front(costs, chance[name]) for name in weights}
        rows: list[dict[str, Any]] = [
            {
                "marker": _name(option.setting),
                "size": option.size,
                "screened": screened(option, study.inputs),
                "cost": costs[place],
                "chance": {name: chance[name][place] for name in weights},
                "unbeaten_under": [name for name in weights if front[name][place]],
            }
            for place, option in enumerate(options)
        ]
        tables.append({"screening_cost": screening_cost, "rows": [rows[i] for i in stable_order(costs)]})
    return tables


def answer(
    study: Study, options: Sequence[Option], all_comers: Sequence[Option], weights: Weights
) -> dict[str, Any]:
    """Return what selection changes at the design's own size, and against all comers at the same cost."""
    place = study.inputs.sizes.index(study.design.size.analyzed)
    option, plain = options[place], all_comers[place]
    same_cost = {
        screening_cost: all_comers_at_cost(study, option, screening_cost)
        for screening_cost in study.inputs.screening_costs
    }
    return {
        "marker": _name(option.setting),
        "size": option.size,
        "screened": screened(option, study.inputs),
        "screened_all_comers": screened(plain, study.inputs),
        "same_size": _gaps(option, plain, weights),
        "same_cost": [
            {"screening_cost": each, "all_comers": other.size, "by_prior": _gaps(option, other, weights)}
            for each, other in same_cost.items()
        ],
    }


def _gaps(option: Option, other: Option, weights: Weights) -> dict[str, dict[str, float]]:
    return {name: asdict(paired_difference(option.power, other.power, name)) for name in weights}


def signature_grid(study: Study, weights: Weights) -> list[dict[str, Any]]:
    """Return what selection by the signature changes at the design's size, over prevalence and quality of the test."""
    rows: list[dict[str, Any]] = []
    plain: Option | None = None
    for setting in signature_settings(study):
        option = compute_options(study, setting, [study.design.size.analyzed])[0]
        if setting.marker is None:
            plain = option
        elif plain is not None:
            rows.append(
                {
                    "prevalence": setting.prevalence,
                    "sensitivity": option.selection.sensitivity,
                    "specificity": option.selection.specificity,
                    "positive_share": option.selection.positive_share,
                    "true_share": option.selection.true_share,
                    "screened": screened(option, study.inputs),
                    "same_size": _gaps(option, plain, weights),
                    "same_cost": _gaps(
                        option,
                        all_comers_at_cost(study, option, study.inputs.screening_costs[0]),
                        weights,
                    ),
                    "chance": {name: assurance(option.power, name).estimate for name in weights},
                    "chance_all_comers": {name: assurance(plain.power, name).estimate for name in weights},
                }
            )
    return rows

"""From virtual patients to the result of an enrichment study."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.statistics.assurance import assurance
from ifntrial.studies.compare.plan import PreparedComparison
from ifntrial.studies.compare.power import Difference, paired_difference
from ifntrial.studies.compare.study import design_facts, run_facts
from ifntrial.studies.enrich.cost import pareto_front
from ifntrial.studies.enrich.cutoff_records import PricedTrial, PriceTable
from ifntrial.studies.enrich.cutoffs import cutoff_studies
from ifntrial.studies.enrich.inputs import EnrichmentInputs
from ifntrial.studies.enrich.interim import interim_study
from ifntrial.studies.enrich.markers import ENRICHMENT
from ifntrial.studies.enrich.options import (
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
from ifntrial.studies.enrich.result import (
    Answer,
    Benefit,
    Enrichment,
    GridRow,
    MarkerFacts,
    OptionEffect,
    OptionRow,
    SameMoney,
    Varied,
)
from ifntrial.studies.enrich.subjects import SubjectsInWorlds, effective_subjects
from ifntrial.studies.over_worlds import AssumedNumber, fields_of
from ifntrial.ties import stable_order
from ifntrial.worlds.quantiles import quantile_band

Weights = Mapping[str, FloatArray]
ALL_COMERS = "all_comers"


def enrichment_result(
    prepared: PreparedComparison,
    subjects: SubjectsInWorlds,
    statuses: Mapping[str, int],
    inputs: EnrichmentInputs,
) -> Enrichment:
    """Return every number of a study except what differs between two runs of the same plan (time, date)."""
    study, left_out = usable_study(Study(prepared, subjects, inputs))
    inputs, weights = study.inputs, study.weights
    reference = [compute_options(study, setting, inputs.sizes) for setting in reference_settings(study)]
    return Enrichment(
        **fields_of(run_facts(prepared, statuses)),
        design_facts=design_facts(prepared, study.design),
        effective_subjects=effective_subjects(study.subjects),
        varied=Varied(
            inputs.prevalences,
            inputs.assays,
            inputs.sizes,
            inputs.screening_costs,
            inputs.entry_share,
            inputs.score_cutoffs,
            inputs.score_noises,
        ),
        left_out=left_out,
        assumptions=assumption_rows(prepared),
        markers=tuple(marker_facts(study, options[0]) for options in reference),
        options=tuple(
            row for options in reference for row in option_rows(study, options, reference[0], weights)
        ),
        pareto=pareto_tables(study, [option for options in reference for option in options], weights),
        answers=tuple(answer(study, options, reference[0], weights) for options in reference[1:]),
        signature_grid=signature_grid(study, weights),
        cutoffs=cutoff_studies(study, weights),
        interim=interim_study(study, weights),
    )


def assumption_rows(prepared: PreparedComparison) -> tuple[AssumedNumber, ...]:
    """Return the assumed defaults of costs and assays with their notes."""
    return tuple(
        AssumedNumber(row.name, row.value, row.unit, row.note) for row in ENRICHMENT.rows(prepared.evidence)
    )


def marker_facts(study: Study, option: Option) -> MarkerFacts:
    """Return what a marker is, how it is measured, and who passes."""
    marker, chosen = option.setting.marker, option.selection
    simulated = (
        None if marker is None else float(np.average(marker.holds(study.covariates), weights=study.weight))
    )
    return MarkerFacts(
        name=marker.name if marker else ALL_COMERS,
        short=marker.short if marker else "all comers",
        label=marker.label if marker else "all comers",
        condition=marker.condition if marker else "",
        simulated_share=simulated,
        sensitivity=chosen.sensitivity,
        specificity=chosen.specificity,
        test_cost=marker.test_cost if marker else 0.0,
        positive_share=chosen.positive_share,
        true_share=chosen.true_share,
        effective_subjects=effective_subjects(study.subjects.weighed(chosen.factor)),
    )


def option_rows(
    study: Study, options: Sequence[Option], all_comers: Sequence[Option], weights: Weights
) -> Iterator[OptionRow]:
    """Yield one row for each size of a setting, beside all comers of the same size."""
    inputs = study.inputs
    for option, plain in zip(options, all_comers, strict=True):
        yield OptionRow(
            marker=_name(option.setting),
            size=option.size,
            to_screen=screened(option, inputs),
            costs=tuple(cost(option, inputs, each) for each in inputs.screening_costs),
            by_prior={name: _effect(study, option, plain, name) for name in weights},
        )


def _effect(study: Study, option: Option, plain: Option, prior: str) -> OptionEffect:
    weight = option.power.weights[prior]
    reached = 100.0 * option.selection.positive_share * option.power.power * option.benefit
    mean = float(np.average(option.benefit, weights=weight))
    return OptionEffect(
        assurance=assurance(option.power, prior),
        benefit=Benefit(**fields_of(quantile_band(option.benefit, weight)), mean=mean),
        responders_gained_per_100=float(np.average(reached, weights=weight)) if study.is_response else None,
        versus_all_comers=paired_difference(option.power, plain.power, prior),
    )


def _name(setting: Setting) -> str:
    return setting.marker.name if setting.marker else ALL_COMERS


def pareto_tables(study: Study, options: Sequence[Option], weights: Weights) -> tuple[PriceTable, ...]:
    """Return for every screening cost each option with the priors under which no other option beats it."""
    chance = {name: [assurance(option.power, name).estimate for option in options] for name in weights}
    tables = []
    for screening_cost in study.inputs.screening_costs:
        costs = [cost(option, study.inputs, screening_cost) for option in options]
        front = {name: pareto_front(costs, chance[name]) for name in weights}
        rows = [
            PricedTrial(
                marker=_name(option.setting),
                size=option.size,
                to_screen=screened(option, study.inputs),
                cost=costs[place],
                chance={name: chance[name][place] for name in weights},
                unbeaten_under=tuple(name for name in weights if front[name][place]),
            )
            for place, option in enumerate(options)
        ]
        tables.append(PriceTable(screening_cost, tuple(rows[i] for i in stable_order(costs))))
    return tuple(tables)


def answer(study: Study, options: Sequence[Option], all_comers: Sequence[Option], weights: Weights) -> Answer:
    """Return what selection changes at the design's own size, and against all comers at the same cost."""
    place = study.inputs.sizes.index(study.design.size.analyzed)
    option, plain = options[place], all_comers[place]
    same_cost = {
        screening_cost: all_comers_at_cost(study, option, screening_cost)
        for screening_cost in study.inputs.screening_costs
    }
    return Answer(
        marker=_name(option.setting),
        size=option.size,
        to_screen=screened(option, study.inputs),
        to_screen_all_comers=screened(plain, study.inputs),
        same_size_by_prior=_gaps(option, plain, weights),
        same_money=tuple(
            SameMoney(each, other.size, _gaps(option, other, weights)) for each, other in same_cost.items()
        ),
    )


def _gaps(option: Option, other: Option, weights: Weights) -> dict[str, Difference]:
    return {name: paired_difference(option.power, other.power, name) for name in weights}


def signature_grid(study: Study, weights: Weights) -> tuple[GridRow, ...]:
    """Return what selection by the signature changes at the design's size, over prevalence and quality of the test."""
    rows: list[GridRow] = []
    plain: Option | None = None
    for setting in signature_settings(study):
        option = compute_options(study, setting, [study.design.size.analyzed])[0]
        if setting.marker is None:
            plain = option
        elif plain is not None:
            rows.append(
                GridRow(
                    prevalence=setting.prevalence,
                    sensitivity=option.selection.sensitivity,
                    specificity=option.selection.specificity,
                    positive_share=option.selection.positive_share,
                    true_share=option.selection.true_share,
                    to_screen=screened(option, study.inputs),
                    same_size_by_prior=_gaps(option, plain, weights),
                    same_cost_by_prior=_gaps(
                        option,
                        all_comers_at_cost(study, option, study.inputs.screening_costs[0]),
                        weights,
                    ),
                    chance={name: assurance(option.power, name).estimate for name in weights},
                    chance_all_comers={name: assurance(plain.power, name).estimate for name in weights},
                )
            )
    return tuple(rows)

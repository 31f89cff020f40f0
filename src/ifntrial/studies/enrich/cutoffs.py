"""Where to set a cut-off: a higher one takes in fewer and purer patients, and more must be screened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.levels import BAND
from ifntrial.statistics.assurance import PowerInWorlds, assurance
from ifntrial.studies.compare.power import Difference, TrialSize, paired_difference
from ifntrial.studies.enrich.cost import pareto_front, screened_patients, size_at_cost, trial_cost
from ifntrial.studies.enrich.cutoff_records import (
    BestCutoff,
    BestCutoffs,
    CutoffEffect,
    CutoffRow,
    CutoffStudy,
    PricedTrial,
    PriceTable,
)
from ifntrial.studies.enrich.options import Study, power_in
from ifntrial.studies.enrich.scores import IFN_SCORE, Score, shipped_scores
from ifntrial.studies.enrich.select import (
    Selection,
    are_both,
    at_prevalence,
    by_test,
    everyone,
)
from ifntrial.studies.enrich.subjects import benefit_in_worlds, effective_subjects
from ifntrial.studies.over_worlds import fields_of
from ifntrial.ties import first_largest, stable_order, weighted_percentiles
from ifntrial.worlds.quantiles import Spread

Weights = Mapping[str, FloatArray]
FEWEST_EFFECTIVE = 50.0
"""Trials that rest on fewer effective virtual patients are not computed."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Who passes one cut-off, with the power at the design's own size and the expected gain in response."""

    cutoff: float
    prevalence: float
    noise: float | None
    chosen: Selection
    power: PowerInWorlds
    benefit: FloatArray
    effective: float


def cutoff_studies(study: Study, weights: Weights) -> tuple[CutoffStudy, ...]:
    """Return for every score what each cut-off does: sensitivity, power, cost, Pareto table and the answer."""
    return tuple(
        _score_study(study, score, weights) for score in shipped_scores(study.prepared, study.inputs)
    )


def _score_study(study: Study, score: Score, weights: Weights) -> CutoffStudy:
    own, inputs = study.own_size, study.inputs
    is_signature = score.name == IFN_SCORE
    noises: Sequence[float | None] = inputs.score_noises if is_signature else (None,)
    prevalences = inputs.prevalences if is_signature else inputs.prevalences[:1]
    plain = {each: _all_comers(study, each, own) for each in prevalences}
    rows, left_out = [], {}
    reference: list[Taken] = []
    for noise, prevalence, cutoff in product(noises, prevalences, score.cutoffs):
        measured = score if noise is None else score.with_noise(noise)
        taken = _taken(study, measured, cutoff, prevalence, noise)
        if taken is None:
            how = "" if noise is None else f" with an SD of {noise:g} at {prevalence:.0%} truly high"
            left_out[f"{cutoff:g} {score.unit}{how}"] = "too few virtual patients lie above, or none below"
            continue
        rows.append(_row(study, score, taken, plain[prevalence], weights))
        if (noise, prevalence) == (noises[0], prevalences[0]):
            reference.append(taken)
    return CutoffStudy(
        score_name=score.name,
        short=score.short,
        unit=score.unit,
        rule=score.rule,
        test_cost=score.test_cost,
        truth="a truly high signature" if is_signature else "a true value above the cut-off",
        quantiles=_quantiles(score, study.weight),
        rows=tuple(rows),
        left_out=left_out,
        pareto=_pareto(study, score, reference, plain[prevalences[0]], weights),
        answer=_answer(rows[: len(reference)], weights),
    )


def _quantiles(score: Score, weight: FloatArray) -> Spread:
    found = weighted_percentiles(score.values, weight, BAND)
    return Spread(*(np.exp(found) if score.is_log else found).tolist())


def _factor(study: Study, prevalence: float) -> FloatArray:
    is_high = study.covariates["is_ifn_high"].astype(bool)
    return at_prevalence(is_high, study.weight, prevalence)


def _all_comers(study: Study, prevalence: float, own: TrialSize) -> Taken:
    return _weighed(study, everyone(_factor(study, prevalence)), 0.0, prevalence, None, own)


def _taken(study: Study, score: Score, cutoff: float, prevalence: float, noise: float | None) -> Taken | None:
    truth, factor = score.truth(cutoff), _factor(study, prevalence)
    chance = score.chance(cutoff)
    before = study.weight * factor
    after = before * chance
    if not are_both(truth, before) or not after.any():
        return None
    if (after.sum() ** 2 / (after**2).sum()) < FEWEST_EFFECTIVE:
        return None
    chosen = by_test(truth, chance, study.weight, factor)
    return _weighed(study, chosen, cutoff, prevalence, noise, study.own_size)


def _weighed(
    study: Study,
    chosen: Selection,
    cutoff: float,
    prevalence: float,
    noise: float | None,
    size: TrialSize,
) -> Taken:
    subjects = study.subjects.weighed(chosen.factor)
    return Taken(
        cutoff=cutoff,
        prevalence=prevalence,
        noise=noise,
        chosen=chosen,
        power=power_in(study, subjects, size),
        benefit=benefit_in_worlds(subjects),
        effective=effective_subjects(subjects),
    )


def _row(study: Study, score: Score, taken: Taken, plain: Taken, weights: Weights) -> CutoffRow:
    own, inputs, chosen = study.own_size, study.inputs, taken.chosen
    screened = screened_patients(own.total, inputs.entry_share, chosen.positive_share)
    screening_cost = inputs.screening_costs[0]
    total = trial_cost(own.total, screened, screening_cost, score.test_cost)
    instead = size_at_cost(total, inputs.entry_share, 1.0, screening_cost, 0.0)
    same_money = power_in(study, study.subjects.weighed(plain.chosen.factor), own.with_total(instead))
    return CutoffRow(
        cutoff=taken.cutoff,
        noise=taken.noise,
        prevalence=taken.prevalence,
        sensitivity=chosen.sensitivity,
        specificity=chosen.specificity,
        positive_share=chosen.positive_share,
        true_share=chosen.true_share,
        effective_subjects=taken.effective,
        to_screen=screened,
        all_comers_for_the_same_money=instead,
        by_prior={
            name: CutoffEffect(
                assurance=assurance(taken.power, name),
                same_size=paired_difference(taken.power, plain.power, name),
                same_cost=paired_difference(taken.power, same_money, name),
                mean_benefit=float(np.average(taken.benefit, weights=weight)),
            )
            for name, weight in weights.items()
        },
    )


def _pareto(
    study: Study, score: Score, taken: Sequence[Taken], plain: Taken, weights: Weights
) -> tuple[PriceTable, ...]:
    """Return for every screening cost each trial (cut-off and size) with the priors under which none beats it."""
    own, inputs = study.own_size, study.inputs
    trials = []
    for each, size in product((plain, *taken), inputs.sizes):
        power = each.power
        if size != own.total:
            subjects = study.subjects.weighed(each.chosen.factor)
            power = power_in(study, subjects, own.with_total(size))
        chance = {name: assurance(power, name).estimate for name in weights}
        trials.append((None if each is plain else each.cutoff, size, each.chosen.positive_share, chance))
    tables = []
    for screening_cost in inputs.screening_costs:
        taken_in = [screened_patients(size, inputs.entry_share, share) for _, size, share, _ in trials]
        costs = [
            trial_cost(size, screened, screening_cost, 0.0 if cutoff is None else score.test_cost)
            for (cutoff, size, _, _), screened in zip(trials, taken_in, strict=True)
        ]
        front = {name: pareto_front(costs, [chance[name] for *_, chance in trials]) for name in weights}
        rows = [
            PricedTrial(
                cutoff=cutoff,
                size=size,
                to_screen=taken_in[place],
                cost=costs[place],
                chance=chance,
                unbeaten_under=tuple(name for name in weights if front[name][place]),
            )
            for place, (cutoff, size, _, chance) in enumerate(trials)
        ]
        tables.append(PriceTable(screening_cost, tuple(rows[i] for i in stable_order(costs))))
    return tuple(tables)


def _answer(rows: Sequence[CutoffRow], weights: Weights) -> dict[str, BestCutoffs]:
    """Return under each prior the cut-off with the highest chance of success, at the same size and for the same money."""
    if not rows:
        return {}
    return {
        name: BestCutoffs(
            same_size=_best([(row.cutoff, row.by_prior[name].same_size) for row in rows]),
            same_cost=_best([(row.cutoff, row.by_prior[name].same_cost) for row in rows]),
        )
        for name in weights
    }


def _best(gains: Sequence[tuple[float, Difference]]) -> BestCutoff:
    cutoff, gain = gains[first_largest([each.estimate for _, each in gains], scale=1.0)]
    return BestCutoff(**fields_of(gain), cutoff=cutoff)

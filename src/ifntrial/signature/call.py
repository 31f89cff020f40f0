"""Turn levels into scores, intervals, probabilities and classes, and say what could not be scored."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ifntrial.arrays import FloatArray
from ifntrial.errors import listed
from ifntrial.signature.cutoff import (
    BORDERLINE,
    CUTOFF_RULES,
    PUBLISHED_RULE,
    Mixture,
    apply_rule,
    compare_rules,
    fit_mixture,
)
from ifntrial.signature.describe import describe_cautions, describe_cutoffs, flag_high, flag_mixture
from ifntrial.signature.records import GeneRoles, Levels, Method, Notice, Signature
from ifntrial.signature.reference import FEWEST_HEALTHY, Reference, summarize_healthy
from ifntrial.signature.result import UNCLASSIFIED, ScoreSettings
from ifntrial.signature.uncertainty import draw_scores, summarize_draws
from ifntrial.ties import are_equal, exceeds


@dataclass(frozen=True, slots=True)
class Called:
    """The tables of a result, as they are joined from single signatures."""

    table: pd.DataFrame
    cutoffs: pd.DataFrame
    agreement: pd.DataFrame
    mixtures: dict[tuple[str, str], Mixture | str]
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class _Task:
    signature: Signature
    method: Method
    levels: Levels
    healthy: Levels | None
    roles: GeneRoles
    about: pd.DataFrame
    settings: ScoreSettings
    seed: int
    reference_id: str


def call_samples(
    pairs: tuple[tuple[Signature, Method], ...],
    log2: Levels,
    ranks: Levels,
    genes: tuple[str, ...],
    reference: Reference | None,
    about: pd.DataFrame,
    settings: ScoreSettings,
    seed: int,
    report: Callable[[int, int], None],
) -> Called:
    """Return the scores of every signature with its method.

    Parameters
    ----------
    log2, ranks
        Levels of all genes of the signatures, shape (samples, genes).
    genes
        Which genes these are.
    about
        Subject, visit and group of each sample.
    report
        Called with signatures done and in all.
    """
    tables, cutoffs, agreements, notices = [], [], [], []
    mixtures: dict[tuple[str, str], Mixture | str] = {}
    for done, (signature, method) in enumerate(pairs):
        report(done, len(pairs))
        task = _make_task(signature, method, log2, ranks, genes, reference, about, settings, seed)
        table, cutoff, mixture, more = _call_one(task, reference)
        tables.append(table)
        cutoffs.append(cutoff)
        mixtures[signature.name, method.name] = mixture
        flags = table[["high_mean_2sd", "high_median_mad"]].assign(mixture=flag_mixture(table))
        agreements.append(
            compare_rules(flags.astype(float)).assign(signature=signature.name, method=method.name)
        )
        notices += more
    report(len(pairs), len(pairs))
    return Called(
        pd.concat(tables, ignore_index=True),
        pd.concat(cutoffs, ignore_index=True),
        pd.concat(agreements, ignore_index=True),
        mixtures,
        tuple(dict.fromkeys(notices)),
    )


def compute_covered_scores(
    signature: Signature,
    method: Method,
    log2: Levels,
    ranks: Levels,
    genes: tuple[str, ...],
    reference: Reference | None,
    settings: ScoreSettings,
) -> FloatArray:
    """Return the scores of one signature, shape (samples,); NaN where too few genes were measured."""
    nobody = pd.DataFrame(index=range(len(log2.values)))
    return _score_covered(_make_task(signature, method, log2, ranks, genes, reference, nobody, settings, 0))[
        0
    ]


def _make_task(
    signature: Signature,
    method: Method,
    log2: Levels,
    ranks: Levels,
    genes: tuple[str, ...],
    reference: Reference | None,
    about: pd.DataFrame,
    settings: ScoreSettings,
    seed: int,
) -> _Task:
    place = {gene: i for i, gene in enumerate(genes)}
    columns = np.array([place[gene] for gene in signature.genes], dtype=np.intp)
    return _Task(
        signature=signature,
        method=method,
        levels=(ranks if method.level == "rank" else log2).take_genes(columns),
        healthy=reference.levels(method.level, signature.genes) if reference else None,
        roles=make_roles(signature),
        about=about,
        settings=settings,
        seed=seed,
        reference_id=reference.reference_id if reference else "",
    )


def make_roles(signature: Signature) -> GeneRoles:
    """Return direction and module of each gene of a signature."""
    modules = {part: i for i, part in enumerate(dict.fromkeys(signature.parts))}
    return GeneRoles(
        np.array(signature.directions, dtype=float),
        np.array([modules[part] for part in signature.parts], dtype=np.intp),
        len(modules),
    )


def _call_one(
    task: _Task, reference: Reference | None
) -> tuple[pd.DataFrame, pd.DataFrame, Mixture | str, list[Notice]]:
    scores, usable = _score_covered(task)
    enough = ~np.isnan(scores)
    draws = draw_scores(
        task.method, task.levels, task.healthy, task.roles, task.settings.sampling(task.seed), task.signature.name
    )  # fmt: skip
    low, high, probability = (np.where(enough, x, np.nan) for x in summarize_draws(draws))
    healthy_scores = _score_healthy(task)
    cutoffs = _find_cutoffs(task, healthy_scores)
    mixture = _fit_mixture(task, scores)
    table = _build_table(task, scores, usable, enough)
    table = table.assign(interval_low=low, interval_high=high, probability_high=probability)
    for rule, cutoff in cutoffs.items():
        table[f"high_{rule}"] = flag_high(scores, cutoff)
    table["probability_mixture"] = mixture.probability_upper if isinstance(mixture, Mixture) else np.nan
    chosen = task.method.fixed_cutoff if task.method.fixed_cutoff is not None else cutoffs[task.settings.rule]
    table["class"] = _classify(scores, probability, chosen)
    published = task.method.fixed_cutoff if task.method.fixed_cutoff is not None else cutoffs[PUBLISHED_RULE]
    table["published_call"] = _call_plainly(scores, published)
    notices = describe_cautions(task.signature, task.method, table, usable, healthy_scores, reference)
    return (
        _order_columns(table),
        describe_cutoffs(task.signature, task.method, task.settings, table, cutoffs, mixture),
        mixture,
        notices,
    )


def _score_covered(task: _Task) -> tuple[FloatArray, np.ndarray]:
    """Return scores, NaN where coverage is too low, and which genes count, shape (samples, genes)."""
    summary = None if task.healthy is None else summarize_healthy(task.healthy, task.settings.spread_floor)
    usable = ~np.isnan(task.levels.values)
    if summary is not None and task.method.needs_reference:
        usable &= ~np.isnan(summary.mean)
    enough = usable.sum(axis=1) >= task.settings.minimum_coverage * len(task.signature.genes)
    return np.where(enough, task.method.score(task.levels, summary, task.roles), np.nan), usable


def _fit_mixture(task: _Task, scores: FloatArray) -> Mixture | str:
    if task.method.fixed_cutoff is not None:
        return "the score is a count with a cut-off of its own"
    return fit_mixture(scores, on_log2=task.method.is_positive)


def _score_healthy(task: _Task) -> FloatArray:
    if task.healthy is None:
        return np.array([])
    summary = summarize_healthy(task.healthy, task.settings.spread_floor)
    covered = np.sum(~np.isnan(task.healthy.values), axis=1) >= (
        task.settings.minimum_coverage * len(task.signature.genes)
    )
    scores = task.method.score(task.healthy, summary, task.roles)
    return np.where(covered, scores, np.nan)


def _find_cutoffs(task: _Task, healthy_scores: FloatArray) -> dict[str, float]:
    known = np.sort(healthy_scores[~np.isnan(healthy_scores)])
    if len(known) < FEWEST_HEALTHY or task.method.fixed_cutoff is not None or are_equal(known):
        return dict.fromkeys(CUTOFF_RULES, np.nan)
    return {
        rule: apply_rule(
            known, rule, mad_multiple=task.settings.mad_multiple, is_positive=task.method.is_positive
        )
        for rule in CUTOFF_RULES
    }


def _build_table(task: _Task, scores: FloatArray, usable: np.ndarray, enough: np.ndarray) -> pd.DataFrame:
    genes = np.array(task.signature.genes)
    reasons = [
        ""
        if ok
        else f"{row.sum()} of {len(genes)} genes measured, {task.settings.minimum_coverage:.0%} needed; "
        f"missing {listed(genes[~row])}"
        for ok, row in zip(enough, usable, strict=True)
    ]
    return pd.DataFrame(
        {
            "sample": task.about.index.astype(str),
            "subject": task.about["subject"].to_numpy(),
            "visit": task.about["visit"].to_numpy(),
            "group": task.about["group"].to_numpy(),
            "signature": task.signature.name,
            "method": task.method.name,
            "score": scores,
            "genes_used": usable.sum(axis=1),
            "genes_total": len(genes),
            "status": np.where(enough, "scored", "not scored"),
            "reason": reasons,
            "reference_id": task.reference_id,
            "disease": task.about["disease"].to_numpy(),
            "platform": task.about["platform"].to_numpy(),
        }
    )


def _classify(scores: FloatArray, probability: FloatArray, cutoff: float) -> np.ndarray:
    if np.isnan(cutoff):
        return np.full(len(scores), UNCLASSIFIED, dtype=object)
    sure = np.where(np.isnan(probability), exceeds(scores, cutoff).astype(float), probability)
    named = np.select([sure >= BORDERLINE[1], sure <= BORDERLINE[0]], ["high", "low"], "borderline")
    return np.where(np.isnan(scores), UNCLASSIFIED, named).astype(object)


def _call_plainly(scores: FloatArray, cutoff: float) -> np.ndarray:
    flag = flag_high(scores, cutoff)
    return np.where(np.isnan(flag), "", np.where(flag == 1.0, "high", "low")).astype(object)


def _order_columns(table: pd.DataFrame) -> pd.DataFrame:
    first = [
        "sample",
        "subject",
        "visit",
        "group",
        "signature",
        "method",
        "score",
        "interval_low",
        "interval_high",
    ]
    second = [
        "probability_high",
        "class",
        "published_call",
        "high_mean_2sd",
        "high_median_mad",
        "probability_mixture",
    ]
    return table[
        [
            *first,
            *second,
            "genes_used",
            "genes_total",
            "status",
            "reason",
            "reference_id",
            "disease",
            "platform",
        ]
    ]

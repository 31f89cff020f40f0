"""Turn levels into scores, intervals, probabilities and classes, and say what could not be scored."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ifntrial.errors import listed
from ifntrial.signature.cutoff import (
    BORDERLINE,
    CUTOFF_RULES,
    Mixture,
    apply_rule,
    compare_rules,
    find_influential,
    fit_mixture,
)
from ifntrial.signature.records import FloatArray, GeneRoles, Levels, Method, Notice, Signature
from ifntrial.signature.reference import FEW_HEALTHY, FEWEST_HEALTHY, Reference, summarize_healthy
from ifntrial.signature.result import UNCLASSIFIED, ScoreSettings
from ifntrial.signature.uncertainty import draw_scores, summarize_draws

# A healthy sample is named when leaving it out moves the cut-off by this share of its distance from the mean.
INFLUENCE = 0.2


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
    reference: Reference | None,
    about: pd.DataFrame,
    settings: ScoreSettings,
    seed: int,
) -> Called:
    """Return the scores of every signature with its method.

    Parameters
    ----------
    log2, ranks
        Levels of all genes of the signatures, shape (samples, genes), genes in alphabetical order.
    about
        Subject, visit and group of each sample.
    """
    genes = sorted({gene for signature, _ in pairs for gene in signature.genes})
    place = {gene: i for i, gene in enumerate(genes)}
    tables, cutoffs, agreements, notices = [], [], [], []
    mixtures: dict[tuple[str, str], Mixture | str] = {}
    for signature, method in pairs:
        columns = np.array([place[gene] for gene in signature.genes], dtype=np.intp)
        own = (ranks if method.level == "rank" else log2).take_genes(columns)
        task = _Task(
            signature, method, own, reference.levels(method.level, signature.genes) if reference else None,
            make_roles(signature), about, settings, seed, reference.reference_id if reference else "",
        )  # fmt: skip
        table, cutoff, mixture, more = _call_one(task, reference)
        tables.append(table)
        cutoffs.append(cutoff)
        mixtures[signature.name, method.name] = mixture
        flags = table[["high_mean_2sd", "high_median_mad"]].assign(mixture=_flag_mixture(table))
        agreements.append(
            compare_rules(flags.astype(float)).assign(signature=signature.name, method=method.name)
        )
        notices += more
    return Called(
        pd.concat(tables, ignore_index=True),
        pd.concat(cutoffs, ignore_index=True),
        pd.concat(agreements, ignore_index=True),
        mixtures,
        tuple(dict.fromkeys(notices)),
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
    summary = None if task.healthy is None else summarize_healthy(task.healthy, task.settings.spread_floor)
    usable = ~np.isnan(task.levels.values)
    if summary is not None and task.method.needs_reference:
        usable &= ~np.isnan(summary.mean)
    used = usable.sum(axis=1)
    enough = used >= task.settings.minimum_coverage * len(task.signature.genes)
    scores = np.where(enough, task.method.score(task.levels, summary, task.roles), np.nan)
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
        table[f"high_{rule}"] = _flag(scores, cutoff)
    table["probability_mixture"] = mixture.probability_upper if isinstance(mixture, Mixture) else np.nan
    chosen = task.method.fixed_cutoff if task.method.fixed_cutoff is not None else cutoffs[task.settings.rule]
    table["class"] = _classify(scores, probability, chosen)
    notices = _warn(task, table, usable, healthy_scores, reference)
    return _order_columns(table), _describe_cutoffs(task, table, cutoffs, mixture), mixture, notices


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
    if len(known) < FEWEST_HEALTHY or task.method.fixed_cutoff is not None:
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
        }
    )


def _flag(scores: FloatArray, cutoff: float) -> FloatArray:
    return np.where(np.isnan(scores) | np.isnan(cutoff), np.nan, scores > cutoff)


def _flag_mixture(table: pd.DataFrame) -> pd.Series:
    return (table["probability_mixture"] > 0.5).where(table["probability_mixture"].notna())


def _classify(scores: FloatArray, probability: FloatArray, cutoff: float) -> np.ndarray:
    if np.isnan(cutoff):
        return np.full(len(scores), UNCLASSIFIED, dtype=object)
    sure = np.where(np.isnan(probability), (scores > cutoff).astype(float), probability)
    named = np.select([sure >= BORDERLINE[1], sure <= BORDERLINE[0]], ["high", "low"], "borderline")
    return np.where(np.isnan(scores), UNCLASSIFIED, named).astype(object)


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
    second = ["probability_high", "class", "high_mean_2sd", "high_median_mad", "probability_mixture"]
    return table[[*first, *second, "genes_used", "genes_total", "status", "reason", "reference_id"]]


def _describe_cutoffs(
    task: _Task, table: pd.DataFrame, cutoffs: dict[str, float], mixture: Mixture | str
) -> pd.DataFrame:
    rows: list[dict[str, object]] = [
        {"rule": rule, "cutoff": cutoff, "note": "", "high": table[f"high_{rule}"].mean()}
        for rule, cutoff in cutoffs.items()
        if not np.isnan(cutoff)
    ]
    if task.method.fixed_cutoff is not None:
        flag = _flag(table["score"].to_numpy(dtype=float), task.method.fixed_cutoff)
        rows.append(
            {"rule": "fixed", "cutoff": task.method.fixed_cutoff, "note": "belongs to the method",
             "high": np.nan if np.isnan(flag).all() else float(np.nanmean(flag))}
        )  # fmt: skip
    if isinstance(mixture, Mixture):
        note = f"looks at the whole cohort; borderline {mixture.band[0]:.3g} to {mixture.band[1]:.3g}"
        rows.append(
            {"rule": "mixture", "cutoff": mixture.cutoff, "note": note, "high": _flag_mixture(table).mean()}
        )
    else:
        rows.append({"rule": "mixture", "cutoff": np.nan, "note": mixture, "high": np.nan})
    frame = pd.DataFrame(rows).rename(columns={"high": "share_high"})
    frame.insert(0, "signature", task.signature.name)
    frame.insert(1, "method", task.method.name)
    frame["unit"] = task.method.unit
    decides = "fixed" if task.method.fixed_cutoff is not None else task.settings.rule
    frame["decides_class"] = frame["rule"] == decides
    return frame[["signature", "method", "rule", "cutoff", "unit", "share_high", "decides_class", "note"]]


def _warn(
    task: _Task,
    table: pd.DataFrame,
    usable: np.ndarray,
    healthy_scores: FloatArray,
    reference: Reference | None,
) -> list[Notice]:
    notices = []
    name = task.signature.name
    genes = np.array(task.signature.genes)
    absent = sorted(set(genes[~usable.any(axis=0)]))
    if absent:
        text = f"{name}: {len(absent)} of {len(set(genes))} genes are not in the data or the reference: {listed(absent)}"
        notices.append(Notice("caution", text))
    left_out = int((table["status"] != "scored").sum())
    if left_out:
        notices.append(
            Notice("caution", f"{name}: {left_out} of {len(table)} samples not scored; reasons in the table")
        )
    if task.signature.status != "confirmed":
        notices.append(Notice("caution", f"{name}: {task.signature.note}"))
    known = ~np.isnan(healthy_scores)
    if reference is not None and known.sum() >= FEW_HEALTHY and task.method.fixed_cutoff is None:
        place, with_all, without = find_influential(healthy_scores[known])
        distance = with_all - float(healthy_scores[known].mean())
        if abs(with_all - without) > INFLUENCE * distance:
            sample = np.array(reference.samples)[known][place]
            text = (
                f"{name}: mean + 2 SD rests on healthy sample '{sample}': {with_all:.3g} with it, {without:.3g} "
                "without; look at it and at median + k MAD"
            )
            notices.append(Notice("caution", text))
    return notices

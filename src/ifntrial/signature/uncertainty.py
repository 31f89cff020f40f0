"""How sure a score is: both the healthy samples and the genes of the signature are drawn again with replacement.

The draws depend on the seed, the healthy reference and the signature, never on the other patients, so the
interval of one patient is the same alone or in a cohort.
"""

from dataclasses import dataclass

import numpy as np

from ifntrial.arrays import FloatArray, IndexArray
from ifntrial.levels import LOWER_TAIL, UPPER_TAIL
from ifntrial.seeds import Stream
from ifntrial.signature.cutoff import apply_rule
from ifntrial.signature.records import GeneRoles, Levels, Method
from ifntrial.signature.reference import summarize_healthy
from ifntrial.ties import exceeds


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the draws are made.

    Parameters
    ----------
    draws
        Number of draws; 0 for none.
    seed
        Seed of the run.
    spread_floor
        Least standard deviation of a gene in healthy samples [log2].
    assay_sd_log2
        Standard deviation of a repeated measurement of one gene [log2]; 0 leaves assay noise out.
    rule, mad_multiple
        Cut-off rule that gives the probability of being high.
    """

    draws: int
    seed: int
    spread_floor: float
    assay_sd_log2: float
    rule: str
    mad_multiple: float


@dataclass(frozen=True, slots=True)
class Draws:
    """Redrawn scores, shape (draws, samples), and the cut-off of each draw, shape (draws,)."""

    scores: FloatArray
    cutoffs: FloatArray


def draw_scores(
    method: Method,
    levels: Levels,
    healthy: Levels | None,
    roles: GeneRoles,
    sampling: Sampling,
    purpose: str,
) -> Draws:
    """Return the scores under redrawn genes and healthy samples.

    Parameters
    ----------
    levels
        Levels of the signature's genes in the samples to score.
    healthy
        Levels of the same genes in the healthy samples; None where there is no reference: then only genes are
        drawn and there is no cut-off.
    purpose
        Names the random numbers; the signature's name.
    """
    scores = np.full((sampling.draws, len(levels.values)), np.nan)
    cutoffs = np.full(sampling.draws, np.nan)
    for draw in range(sampling.draws):
        columns = _redraw_genes(roles, sampling.seed, purpose, draw)
        shaken = _add_noise(levels, method, sampling, purpose, draw).take_genes(columns)
        drawn_roles = roles.take_genes(columns)
        if healthy is None:
            scores[draw] = method.score(shaken, None, drawn_roles)
            continue
        rows = _redraw(len(healthy.values), sampling.seed, "signature healthy samples", draw)
        redrawn = healthy.take_samples(rows).take_genes(columns)
        summary = summarize_healthy(redrawn, sampling.spread_floor)
        scores[draw] = method.score(shaken, summary, drawn_roles)
        cutoffs[draw] = _cutoff(method, method.score(redrawn, summary, drawn_roles), sampling)
    return Draws(scores, cutoffs)


def summarize_draws(draws: Draws) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the 2.5th and 97.5th percentile and the share of draws above the cut-off, each of shape (samples,)."""
    samples = draws.scores.shape[1]
    if not len(draws.scores):
        unknown = np.full(samples, np.nan)
        return unknown, unknown, unknown
    missing = np.isnan(draws.scores)
    whole, part = ~missing.any(axis=0), missing.any(axis=0) & ~missing.all(axis=0)
    low, high, share = (np.full(samples, np.nan) for _ in range(3))
    for chosen, quantile in ((whole, np.quantile), (part, np.nanquantile)):
        if chosen.any():
            low[chosen], high[chosen] = quantile(draws.scores[:, chosen], [LOWER_TAIL, UPPER_TAIL], axis=0)
    counted = ~missing & ~np.isnan(draws.cutoffs)[:, None]
    above = np.sum(exceeds(draws.scores, draws.cutoffs[:, None]) & counted, axis=0)
    total = counted.sum(axis=0)
    np.divide(above, total, out=share, where=total > 0)
    return low, high, share


def _cutoff(method: Method, healthy_scores: FloatArray, sampling: Sampling) -> float:
    if method.fixed_cutoff is not None:
        return method.fixed_cutoff
    known = healthy_scores[~np.isnan(healthy_scores)]
    if len(known) < 2:
        return np.nan
    return apply_rule(
        known, sampling.rule, mad_multiple=sampling.mad_multiple, is_positive=method.is_positive
    )


def _redraw(count: int, seed: int, purpose: str, draw: int) -> IndexArray:
    return (Stream(seed, purpose).uniform(count, draw=draw) * count).astype(np.intp)


def _redraw_genes(roles: GeneRoles, seed: int, purpose: str, draw: int) -> IndexArray:
    # Genes are drawn within their module, so that no module is ever empty.
    columns = []
    for part in range(roles.parts):
        own = np.flatnonzero(roles.part == part)
        columns.append(own[_redraw(len(own), seed, f"signature genes {purpose} {part}", draw)])
    return np.concatenate(columns)


def _add_noise(levels: Levels, method: Method, sampling: Sampling, purpose: str, draw: int) -> Levels:
    if sampling.assay_sd_log2 == 0.0 or method.level != "log2":
        return levels
    stream = Stream(sampling.seed, f"signature assay noise {purpose}")
    noise = stream.normal(levels.values.shape[1], draw=draw) * sampling.assay_sd_log2
    return Levels(levels.values + noise, levels.ranked)

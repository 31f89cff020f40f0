"""Score interferon signatures: the public verbs of the layer."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ifntrial.errors import InputError, closest, listed, resolve_name
from ifntrial.signature.call import call_samples
from ifntrial.signature.catalog import (
    DEFAULT_PROTEIN,
    DEFAULT_RNA,
    catalog_genes,
    load_signature,
    load_signatures,
)
from ifntrial.signature.cutoff import CUTOFF_RULES
from ifntrial.signature.methods import load_method
from ifntrial.signature.ranks import rank_genes
from ifntrial.signature.read import ReadOptions, read_expression
from ifntrial.signature.records import Expression, Levels, Method, Notice, Signature
from ifntrial.signature.reference import Reference, build_reference, describe_reference
from ifntrial.signature.result import ScoreResult, ScoreSettings

if TYPE_CHECKING:
    from anndata import AnnData

LARGEST_SEED = 2**63 - 1


def score_samples(
    data: object,
    *,
    healthy: Iterable[str] | None = None,
    reference: Reference | None = None,
    signatures: Sequence[str | Signature] | None = None,
    methods: Sequence[str] | None = None,
    metadata: pd.DataFrame | None = None,
    options: ReadOptions | None = None,
    settings: ScoreSettings | None = None,
    seed: int = 1,
) -> ScoreResult:
    """Score every sample with every signature.

    A sample's score, interval, probability and class depend on the sample and the healthy reference alone: they
    are the same bit for bit whoever else is in the table. Only the mixture, a check, looks at the cohort.

    Parameters
    ----------
    data
        A path, a pandas table, an AnnData object, or an :class:`Expression` already read.
    healthy
        Names of the healthy samples in the data.
    reference
        A stored reference, instead of ``healthy``.
    signatures
        Names of shipped signatures or the user's own; the default set where None.
    methods
        Names of scoring methods, each used for every signature; each signature's own where None.
    metadata
        More about the samples, index = sample; ``subject``, ``visit`` and ``group`` are used if present.
    options
        How the data are read: orientation, scale and so on, where the detection should be overruled.
    seed
        Seed of the draws behind intervals and probabilities.

    Raises
    ------
    InputError
        If the data, a name or a threshold is not usable; the message says what to do.
    """
    chosen = settings or ScoreSettings()
    _check_settings(chosen, seed)
    expression = data if isinstance(data, Expression) else read_expression(data, options or ReadOptions())
    sets = _choose_signatures(signatures, expression)
    pairs, notices = _pair_methods(sets, methods, expression)
    genes = catalog_genes([signature for signature, _ in pairs])
    log2 = expression.values.reindex(columns=list(genes))
    needs_ranks = any(method.level == "rank" for _, method in pairs)
    log2_levels, rank_levels = _prepare_levels(expression, log2, needs_ranks)
    names = _check_healthy(healthy, reference, expression)
    if names:
        reference = _reference_from(names, expression, genes, log2_levels, rank_levels)
    _check_reference(reference, pairs, expression)
    if reference is not None:
        notices += describe_reference(reference, chosen.spread_floor)
    about = _describe_samples(expression, metadata, names)
    called = call_samples(pairs, log2_levels, rank_levels, reference, about, chosen, seed)
    return ScoreResult(
        table=called.table,
        cutoffs=called.cutoffs,
        agreement=called.agreement,
        mixtures=called.mixtures,
        pairs=pairs,
        log2=log2,
        reference=reference,
        notices=(*expression.notices, *notices, *called.notices),
        settings=chosen,
        seed=seed,
    )


def score_anndata(
    data: "AnnData",
    *,
    healthy: Iterable[str] | None = None,
    reference: Reference | None = None,
    signatures: Sequence[str | Signature] | None = None,
    methods: Sequence[str] | None = None,
    options: ReadOptions | None = None,
    settings: ScoreSettings | None = None,
    seed: int = 1,
) -> "AnnData":
    """Return a copy of the data with scores, probabilities and classes in ``.obs``.

    The arguments are those of :func:`score_samples`.

    Columns are ``<signature>__<method>``, with ``__probability_high`` and ``__class`` after it.
    """
    result = score_samples(
        data,
        healthy=healthy,
        reference=reference,
        signatures=signatures,
        methods=methods,
        options=options,
        settings=settings,
        seed=seed,
    )
    scored = data.copy()
    for (signature, method), rows in result.table.groupby(["signature", "method"], sort=False):
        own = rows.set_index("sample").reindex(scored.obs_names)
        name = f"{signature}__{method}"
        scored.obs[name] = own["score"].to_numpy()
        scored.obs[f"{name}__probability_high"] = own["probability_high"].to_numpy()
        scored.obs[f"{name}__class"] = pd.Categorical(own["class"])
    reference_id = result.reference.reference_id if result.reference else ""
    scored.uns["ifntrial"] = {"reference_id": reference_id, "seed": result.seed}
    return scored


def _check_settings(settings: ScoreSettings, seed: int) -> None:
    resolve_name(settings.rule, CUTOFF_RULES, "cut-off rule")
    problems = []
    if not 0.0 < settings.minimum_coverage <= 1.0:
        problems.append(f"minimum_coverage is {settings.minimum_coverage}; allowed: above 0, up to 1")
    if not settings.spread_floor > 0.0:
        problems.append(f"spread_floor is {settings.spread_floor}; allowed: above 0")
    if not 0 <= settings.draws <= 100_000:
        problems.append(f"draws is {settings.draws}; allowed: 0 to 100000")
    if not settings.mad_multiple > 0.0:
        problems.append(f"mad_multiple is {settings.mad_multiple}; allowed: above 0")
    if not 0.0 <= settings.assay_sd_log2 < 10.0:
        problems.append(f"assay_sd_log2 is {settings.assay_sd_log2}; allowed: 0 to 10")
    if not 0 <= seed <= LARGEST_SEED:
        problems.append(f"seed is {seed}; allowed: 0 to {LARGEST_SEED}")
    if problems:
        raise InputError("a setting is out of range", problems=problems)


def _choose_signatures(
    signatures: Sequence[str | Signature] | None, expression: Expression
) -> tuple[Signature, ...]:
    if signatures is None:
        names = DEFAULT_PROTEIN if expression.material == "protein" else DEFAULT_RNA
        return tuple(load_signature(name) for name in names)
    if not signatures:
        raise InputError("no signature was named", allowed=listed(s.name for s in load_signatures()))
    chosen = tuple(item if isinstance(item, Signature) else load_signature(item) for item in signatures)
    repeated = {s.name for s in chosen if sum(other.name == s.name for other in chosen) > 1}
    if repeated:
        raise InputError("a signature was named twice", given=listed(sorted(repeated)), fix="name it once")
    wrong = [signature.name for signature in chosen if signature.material != expression.material]
    if wrong:
        raise InputError(
            f"these signatures are not of {expression.material}",
            given=listed(wrong),
            allowed=listed(s.name for s in load_signatures() if s.material == expression.material),
            fix="choose others, or say material= if the data are of another kind",
        )
    return chosen


def _pair_methods(
    signatures: Sequence[Signature], methods: Sequence[str] | None, expression: Expression
) -> tuple[tuple[tuple[Signature, Method], ...], list[Notice]]:
    pairs: list[tuple[Signature, Method]] = []
    notices = []
    for signature in signatures:
        for name in dict.fromkeys(methods) if methods is not None else [signature.default_method]:
            method = load_method(name)
            if expression.material not in method.material:
                text = (
                    f"{name} is not meant for {expression.material}: {signature.name} was not scored with it"
                )
                notices.append(Notice("caution", text))
            elif name == "active_modules" and len(set(signature.parts)) < 2:
                text = f"{name} counts modules and {signature.name} has one: it was not scored with it"
                notices.append(Notice("caution", text))
            else:
                pairs.append((signature, method))
    if not pairs:
        raise InputError(
            "no signature can be scored with the methods named",
            problems=[notice.text for notice in notices],
            fix="leave out methods= to use each signature's own method",
        )
    return tuple(pairs), notices


def _prepare_levels(expression: Expression, log2: pd.DataFrame, needs_ranks: bool) -> tuple[Levels, Levels]:
    values = np.ascontiguousarray(log2.to_numpy(dtype=float))
    nothing = Levels(np.full_like(values, np.nan), np.zeros(len(values)))
    if not needs_ranks:
        return Levels(values, nothing.ranked), nothing
    present = [gene for gene in log2.columns if gene in expression.values.columns]
    places = expression.values.columns.get_indexer(pd.Index(present))
    own = rank_genes(expression.values.to_numpy(dtype=float), places)
    ranks = np.full_like(values, np.nan)
    ranks[:, log2.columns.get_indexer(pd.Index(present))] = own.values
    return Levels(values, own.ranked), Levels(ranks, own.ranked)


def _check_healthy(
    healthy: Iterable[str] | None, reference: Reference | None, expression: Expression
) -> list[str]:
    if healthy is None:
        return []
    if reference is not None:
        raise InputError("healthy samples and a stored reference were both given", fix="give one of them")
    names = [str(name).strip() for name in healthy]
    known = set(expression.values.index)
    problems = [f"'{name}' is not in the data; {closest(name, known)}" for name in names if name not in known]
    problems += [f"'{name}' is named twice" for name in dict.fromkeys(names) if names.count(name) > 1]
    if problems:
        raise InputError(
            "the healthy samples do not match the data",
            problems=problems[:20] + ([f"and {len(problems) - 20} more"] if len(problems) > 20 else []),
            fix=f"use names from the data ({len(known)} samples, e.g. {listed(list(expression.values.index)[:3])})",
        )
    return names


def _reference_from(
    names: list[str], expression: Expression, genes: tuple[str, ...], log2: Levels, ranks: Levels
) -> Reference:
    rows = expression.values.index.get_indexer(pd.Index(names))
    return build_reference(
        log2.values[rows], ranks.take_samples(rows), samples=names, genes=genes, expression=expression
    )


def _check_reference(
    reference: Reference | None, pairs: tuple[tuple[Signature, Method], ...], expression: Expression
) -> None:
    if reference is None:
        needing = sorted({method.name for _, method in pairs if method.needs_reference})
        if needing:
            raise InputError(
                "these methods measure against healthy samples and none were named",
                given=listed(needing),
                fix="name the healthy samples, give a stored reference, or use a method without one (singscore)",
            )
        return
    if reference.scale != expression.scale or reference.material != expression.material:
        raise InputError(
            "the stored reference was made from data of another scale",
            given=f"reference {reference.scale} ({reference.material}), data {expression.scale} ({expression.material})",
            fix="say scale= if the detection is wrong; else make a reference from the same kind of data",
        )


def _describe_samples(
    expression: Expression, metadata: pd.DataFrame | None, healthy: list[str]
) -> pd.DataFrame:
    index = expression.values.index
    about = pd.DataFrame(index=index)
    known = expression.obs if metadata is None else metadata
    for column, default in (("subject", index.astype(str)), ("visit", ""), ("group", "patient")):
        filled = pd.Series(default, index=index, dtype=object)
        if column in known.columns:
            own = known[column].reindex(index)
            filled = own.astype(object).where(own.notna(), filled)
        about[column] = filled.astype(str)
    about.loc[about.index.isin(healthy) | (about["group"].str.lower() == "healthy"), "group"] = "healthy"
    return about

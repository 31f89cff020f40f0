"""Settle everything that scoring needs before the first score: data, signatures, methods, healthy reference."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ifntrial.errors import InputError, closest, listed, resolve_name
from ifntrial.signature.background import build_background
from ifntrial.signature.batch import BATCH_CHOICES, fit_to_reference, with_what_is_known
from ifntrial.signature.catalog import Library, catalog_genes
from ifntrial.signature.cutoff import CUTOFF_RULES
from ifntrial.signature.ranks import rank_genes
from ifntrial.signature.read import ReadOptions, read_expression
from ifntrial.signature.records import Expression, Levels, Method, Notice, Signature
from ifntrial.signature.reference import Reference, build_reference, describe_reference
from ifntrial.signature.result import ScoreSettings

LARGEST_SEED = 2**63 - 1
FEWEST_RANKED = 1000
_ON_Z_SCORES = ("mean_z",)


@dataclass(frozen=True, slots=True)
class Ready:
    """Everything that is settled before the first score."""

    expression: Expression
    pairs: tuple[tuple[Signature, Method], ...]
    genes: tuple[str, ...]
    log2: Levels
    ranks: Levels
    reference: Reference | None
    healthy: list[str]
    notices: list[Notice]


def prepare_scoring(
    data: object,
    library: Library,
    healthy: Iterable[str] | None,
    reference: Reference | None,
    signatures: Sequence[str | Signature] | None,
    methods: Sequence[str] | None,
    options: ReadOptions | None,
    settings: ScoreSettings,
    seed: int,
    *,
    keeps_background: bool = True,
    calibrators: Sequence[str] = (),
    batch: str = "refuse",
) -> Ready:
    """Return what scoring works on; the other arguments are those of ``score_samples``.

    Parameters
    ----------
    keeps_background
        Whether a reference made here keeps the background genes by which another batch is seen.

    Raises
    ------
    InputError
        If the data, a name or a threshold is not usable.
    """
    _check_settings(settings, seed)
    healthy = None if healthy is None else [str(name).strip() for name in healthy]
    expression = (
        data
        if isinstance(data, Expression)
        else read_expression(
            data,
            library.genes,
            replace(
                with_what_is_known(options, healthy, reference),
                needs_all=_may_need_ranks(signatures, methods, library),
            ),
        )
    )
    sets = _choose_signatures(signatures, expression, library)
    if signatures is None:
        _check_any_covered(sets, expression, settings, library)
    pairs, notices = _pair_methods(sets, methods, expression, library)
    genes = catalog_genes([signature for signature, _ in pairs])
    needs_ranks = any(method.level == "rank" for _, method in pairs)
    log2, ranks = _prepare_levels(expression, genes, needs_ranks)
    ranked = expression.values.shape[1]
    if needs_ranks and ranked < FEWEST_RANKED:
        text = f"ranks among only {ranked} genes say little: rank scores are made for whole platforms"
        notices.append(Notice("caution", text))
    names = _check_healthy(healthy, reference, expression)
    resolve_name(batch, dict.fromkeys(BATCH_CHOICES), "way with another batch")
    if names:
        reference = _reference_from(names, expression, genes, log2, ranks)
        if keeps_background:
            background = build_background(expression, names, library.genes.symbols)
            reference = replace(reference, background=background)
    _check_reference(reference, pairs, expression)
    if reference is not None and not names:
        log2, more = fit_to_reference(reference, expression, genes, log2, calibrators, batch)
        notices += more
    if reference is not None:
        notices += describe_reference(reference, settings.spread_floor)
    return Ready(expression, pairs, genes, log2, ranks, reference, names, notices)


def _may_need_ranks(
    signatures: Sequence[str | Signature] | None, methods: Sequence[str] | None, library: Library
) -> bool:
    """Return whether a method may rank all genes; names that are not known are told later."""
    known = library.signatures
    chosen = [each if isinstance(each, Signature) else known.get(each) for each in signatures or known]
    names = methods if methods is not None else [each.default_method for each in chosen if each is not None]
    ranked = {name for name, method in library.methods.items() if method.level == "rank"}
    return any(name.strip().lower() in ranked for name in names)


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
    signatures: Sequence[str | Signature] | None, expression: Expression, library: Library
) -> tuple[Signature, ...]:
    known = library.signatures
    if signatures is None:
        return _usual_signatures(expression, library)
    if not signatures:
        raise InputError("no signature was named", allowed=listed(known))
    chosen = tuple(
        item if isinstance(item, Signature) else resolve_name(item, known, "signature") for item in signatures
    )
    repeated = {s.name for s in chosen if sum(other.name == s.name for other in chosen) > 1}
    if repeated:
        raise InputError("a signature was named twice", given=listed(sorted(repeated)), fix="name it once")
    wrong = [signature.name for signature in chosen if signature.material != expression.material]
    if wrong:
        raise InputError(
            f"these signatures are not of {expression.material}",
            given=listed(wrong),
            allowed=listed(s.name for s in known.values() if s.material == expression.material),
            fix="choose others, or say material= if the data are of another kind",
        )
    return chosen


def _usual_signatures(expression: Expression, library: Library) -> tuple[Signature, ...]:
    fitting = [each for each in library.signatures.values() if each.material == expression.material]
    usual = tuple(each for each in fitting if each.is_usual)
    if not usual:
        raise InputError(
            f"no signature of {expression.material} is reported unless it is asked for",
            allowed=listed(each.name for each in fitting),
            fix="name a signature",
        )
    return usual


def _check_any_covered(
    signatures: tuple[Signature, ...], expression: Expression, settings: ScoreSettings, library: Library
) -> None:
    """Raise where none of the default signatures can be scored, rather than give a table of reasons."""
    present = set(expression.values.columns)
    shares = {s.name: len(present.intersection(s.genes)) / len(set(s.genes)) for s in signatures}
    if max(shares.values()) >= settings.minimum_coverage:
        return
    proteins = [
        s.name for s in library.signatures.values() if s.material == "protein" and present.issuperset(s.genes)
    ]
    hint = f"; if these are proteins, say scale protein or npx ({listed(proteins)})" if proteins else ""
    raise InputError(
        f"none of the default signatures has {settings.minimum_coverage:.0%} of its genes in the data",
        problems=[f"{name}: {share:.0%}" for name, share in shares.items()],
        fix=f"name a signature that fits, or lower the coverage{hint}",
    )


def _pair_methods(
    signatures: Sequence[Signature],
    methods: Sequence[str] | None,
    expression: Expression,
    library: Library,
) -> tuple[tuple[tuple[Signature, Method], ...], list[Notice]]:
    pairs: list[tuple[Signature, Method]] = []
    notices = []
    for signature in signatures:
        for name in dict.fromkeys(methods) if methods is not None else [signature.default_method]:
            method = resolve_name(name, library.methods, "scoring method")
            if expression.material not in method.material:
                text = (
                    f"{name} is not meant for {expression.material}: {signature.name} was not scored with it"
                )
                notices.append(Notice("caution", text))
            elif expression.scale == "z" and name not in _ON_Z_SCORES:
                text = f"{name} has no meaning for z scores: {signature.name} was not scored with it"
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


def _prepare_levels(
    expression: Expression, genes: tuple[str, ...], needs_ranks: bool
) -> tuple[Levels, Levels]:
    """Return log2 levels and, if needed, ranks of the genes, shape (samples, genes); NaN where a gene is absent."""
    places = expression.values.columns.get_indexer(pd.Index(list(genes)))
    present = places >= 0
    everything = expression.values.to_numpy(dtype=float)
    values = np.full((len(everything), len(genes)), np.nan)
    values[:, present] = everything[:, places[present]]
    nothing = Levels(np.full_like(values, np.nan), np.zeros(len(values)))
    if not needs_ranks:
        return Levels(values, nothing.ranked), nothing
    if expression.is_part:
        raise InputError(
            "rank scores need all genes of the platform, and only some were read",
            fix="leave singscore out, or give a table of profiles that are added up over cells (--pseudobulk)",
        )
    own = rank_genes(everything, places[present])
    ranks = np.full_like(values, np.nan)
    ranks[:, present] = own.values
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
    absent = [name for name in names if name not in known]
    problems = [
        "; ".join(filter(None, (f"'{name}' is not in the data", closest(name, known)))) for name in absent
    ]
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

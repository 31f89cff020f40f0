"""Genes with several rows: counts are added up, levels averaged over the rows that move and agree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ifntrial.arrays import FloatArray
from ifntrial.errors import InputError, listed
from ifntrial.signature.over_genes import mean_over_genes
from ifntrial.signature.read.peers import common_course, tell_by_peers
from ifntrial.signature.read.scale import Scale
from ifntrial.signature.records import Notice

_SUMMED = ("counts", "tpm")
FEWEST_SAMPLES = 4
# A row that moves by less than the first share of the liveliest row of its gene is dead or saturated; one that moves by
# less than the second and does not go with it is noise. Rows that all move are all kept, as none is known to be wrong.
_LIVELY, _AS_LIVELY = 0.25, 0.6
_AGREES = 0.5
# Where no row moves by more than this many log2 steps there is nothing to tell them apart.
_FLAT = 0.3
# A row that was measured in fewer samples than this share of the best measured row of its gene is left out.
_MEASURED = 0.5


@dataclass(frozen=True, slots=True)
class Merged:
    """Levels with one column for each gene.

    Parameters
    ----------
    levels
        Samples x genes, by symbol where known, by label elsewhere.
    rows
        How many rows went into another of the same gene, or were left out beside it.
    chosen
        For genes of which some rows were left out, the ids of those that are used.
    """

    levels: pd.DataFrame
    rows: int
    notices: tuple[Notice, ...]
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def merge_rows(
    levels: FloatArray,
    samples: pd.Index,
    names: Sequence[str],
    ids: Sequence[str],
    known: frozenset[str],
    scale: Scale,
    chosen: Mapping[str, tuple[str, ...]],
) -> Merged:
    """Return levels with one column for each name.

    Parameters
    ----------
    levels
        On the scale of the file, shape (samples, features).
    names, ids
        Gene of each feature, and what the file calls the feature.
    known
        Genes for which dead rows are looked for.
    chosen
        Ids of the rows that a stored reference uses for a gene.

    Raises
    ------
    InputError
        If a stored reference uses rows that are not there.
    """
    columns = pd.Index(names)
    repeated = columns[columns.duplicated()].unique()
    if not len(repeated):
        return Merged(pd.DataFrame(levels, index=samples, columns=columns), 0, ())
    single = ~columns.duplicated(keep=False)
    summed = scale.name in _SUMMED
    places = (
        {name: np.flatnonzero(columns == name) for name in repeated} if len(repeated) < 50 else _places(names)
    )
    own_ids = _unique_ids(ids)
    peers = _peers(levels, single, names, known, scale)
    merged, used = {}, {}
    for name in repeated:
        where = places[name]
        kept = where
        if not summed and name in known:
            kept = _choose(
                levels[:, where], where, [own_ids[i] for i in where], str(name), scale, chosen, peers
            )
        if len(kept) < len(where):
            used[str(name)] = tuple(own_ids[i] for i in kept)
        merged[name] = _merge(levels[:, kept], summed)
    frame = pd.concat(
        [
            pd.DataFrame(levels[:, single], index=samples, columns=columns[single]),
            pd.DataFrame(merged, index=samples),
        ],
        axis=1,
    )
    return Merged(frame, len(columns) - len(frame.columns), _describe(repeated, used, summed), used)


def _peers(
    levels: FloatArray, single: np.ndarray, names: Sequence[str], known: frozenset[str], scale: Scale
) -> FloatArray:
    if scale.name in _SUMMED:
        return np.full(len(levels), np.nan)
    own = [is_single and name in known for is_single, name in zip(single, names, strict=True)]
    return common_course(scale.to_log2(levels[:, own], np.ones(len(levels))))


def _describe(repeated: pd.Index, used: Mapping[str, tuple[str, ...]], summed: bool) -> tuple[Notice, ...]:
    plain = [name for name in repeated if name not in used]
    notices = []
    if plain:
        done = "added up" if summed else "averaged"
        text = f"genes that are there more than once were {done}: {listed(plain)}"
        notices.append(Notice("changed", text))
    if used:
        text = (
            "rows that hardly move, were hardly measured, or do not go with the other genes of the signatures while "
            "another row of their gene does, were left out; used are "
            + listed(f"{gene}: {' and '.join(rows)}" for gene, rows in used.items())
        )
        notices.append(Notice("caution", text))
    return tuple(notices)


def _choose(
    values: FloatArray,
    where: np.ndarray,
    ids: list[str],
    gene: str,
    scale: Scale,
    chosen: Mapping[str, tuple[str, ...]],
    peers: FloatArray,
) -> np.ndarray:
    if gene in chosen:
        kept = [place for place, name in zip(where, ids, strict=True) if name in chosen[gene]]
        if len(kept) < len(chosen[gene]):
            raise InputError(
                f"the stored reference uses other rows of {gene} than the table holds",
                given=listed(ids),
                allowed=listed(chosen[gene]),
                fix="score with data of the same platform and names",
            )
        return np.array(kept)
    log2 = scale.to_log2(values, np.ones(len(values)))
    measured = (~np.isnan(log2)).sum(axis=0)
    there = measured >= _MEASURED * measured.max()
    log2, where = log2[:, there], where[there]
    full = log2[~np.isnan(log2).any(axis=1)]
    if len(full) < FEWEST_SAMPLES or len(where) < 2:
        return where
    others = peers[~np.isnan(log2).any(axis=1)]
    told = tell_by_peers(full, others)
    if told is not None:
        full, where = full[:, told], where[told]
    spread = full.std(axis=0, ddof=1)
    lead = int(np.argmax(spread))
    if spread[lead] < _FLAT:
        return where
    centred = full - full.mean(axis=0)
    lengths = np.sqrt((centred**2).sum(axis=0)) * np.sqrt((centred[:, lead] ** 2).sum())
    # not by ``@``: a library's product rounds otherwise for another number of its threads
    products = (centred * centred[:, [lead]]).sum(axis=0)
    agreement = np.divide(products, lengths, out=np.zeros(len(spread)), where=lengths > 0.0)
    share = spread / spread[lead]
    chosen_rows: np.ndarray = where[(share >= _AS_LIVELY) | ((share >= _LIVELY) & (agreement >= _AGREES))]
    return chosen_rows


def _merge(values: FloatArray, summed: bool) -> FloatArray:
    # Sorted first, so that the order of the rows in the file does not matter to the last bit.
    ordered = np.sort(values, axis=1)
    mean = mean_over_genes(ordered)
    return mean * np.sum(~np.isnan(ordered), axis=1) if summed else mean


def _places(names: Sequence[str]) -> dict[str, np.ndarray]:
    found: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        found.setdefault(name, []).append(place)
    return {name: np.array(places) for name, places in found.items()}


def _unique_ids(ids: Sequence[str]) -> list[str]:
    """Return ids in which a repeated one carries its turn."""
    seen: dict[str, int] = {}
    found = []
    repeated = {name for name, places in _places(ids).items() if len(places) > 1}
    for name in ids:
        seen[name] = seen.get(name, 0) + 1
        found.append(f"{name} (row {seen[name]} of that name)" if name in repeated else name)
    return found

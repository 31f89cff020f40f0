"""Tell samples from what stands among them: annotation of genes, test statistics, summaries, empty columns."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from ifntrial.arrays import FloatArray
from ifntrial.signature.people import is_group
from ifntrial.signature.read.roles.vocabulary import CONTROL_SAMPLE, SUMMARY, describe_sample
from ifntrial.signature.records import SetAside

FEWEST_FEATURES = 30
FEWEST_SAMPLES = 4
_MOST_FEATURES = 500
# Samples of one platform rank their genes alike; a list of lengths or ids does not.
_ALIKE, _UNLIKE = 0.7, 0.3
_FAR = 20.0
_TIED = 0.2


@dataclass(frozen=True, slots=True)
class SampleRoles:
    """What was found among the samples: what to set aside, and doubts that only the user can settle."""

    set_aside: tuple[SetAside, ...]
    doubts: tuple[str, ...]


def tell_samples(
    names: Sequence[str],
    values: FloatArray,
    certain: Collection[str],
    keep: Collection[str],
    drop: Collection[str],
) -> SampleRoles:
    """Return what among the samples is none, by name, by the order of its levels, and by their size.

    Name and levels together decide; a name that could be a sample's, or levels unlike all others under a name that
    says nothing, are a doubt.

    Parameters
    ----------
    values
        Levels as they stand, shape (samples, features).
    certain
        Names of samples in the metadata or among the healthy.
    keep, drop
        Names that the user says are samples, and are not.
    """
    described = [describe_sample(name) for name in names]
    unlike, are_alike = _find_unlike(values, np.array([kind is None for kind, _ in described]))
    aside, doubts = [], []
    for place, (name, (kind, settled)) in enumerate(zip(names, described, strict=True)):
        if name in drop:
            aside.append(SetAside("sample", name, "as you said"))
        elif name in keep or name in certain:
            continue
        elif np.isnan(values[place]).all():
            aside.append(SetAside("sample", name, "no level of any gene"))
        elif kind is not None and (settled or unlike[place]):
            aside.append(SetAside("sample", name, kind))
        elif why := _why_in_doubt(name, kind, unlike[place], are_alike):
            doubts.append(_doubt(name, why))
    gone = {each.name for each in aside}
    left = [i for i, name in enumerate(names) if name not in gone]
    for place in _find_summaries(values[left]):
        name = names[left[place]]
        if name not in keep and name not in certain:
            aside.append(SetAside("sample", name, f"{SUMMARY}: the mean of all others"))
    return SampleRoles(tuple(aside), tuple(doubts))


def _why_in_doubt(name: str, kind: str | None, unlike: str, are_alike: bool | None) -> str:
    """Return why something may be no sample, empty where nothing speaks against it."""
    if kind is not None and (
        are_alike is False or kind == CONTROL_SAMPLE or (kind == SUMMARY and len(name) > 2)
    ):
        return f"its name is that of a {kind}"
    if kind is None and is_group(name):
        return "its name is that of a group of people, such as a mean would have"
    return f"its levels are unlike those of all other samples ({unlike})" if unlike else ""


def _doubt(name: str, why: str) -> str:
    return f"'{name}': {why}: a sample (--keep '{name}'), or none (--set-aside '{name}')?"


def _find_unlike(values: FloatArray, plain: np.ndarray) -> tuple[list[str], bool | None]:
    """Return for each sample how its levels differ in kind from the others', empty where they do not.

    The second is whether samples rank their genes alike, as all do but those of standardised genes; None where
    there are too few to tell.
    """
    nothing: tuple[list[str], bool | None] = [""] * len(values), None
    if values.shape[1] < FEWEST_FEATURES or plain.sum() < FEWEST_SAMPLES - 1 or len(values) < FEWEST_SAMPLES:
        return nothing
    step = max(1, values.shape[1] // _MOST_FEATURES)
    some = values[:, ::step]
    full = some[:, ~np.isnan(some).any(axis=0)]
    if full.shape[1] < FEWEST_FEATURES:
        return nothing
    ranks = rankdata(full, axis=1)
    middle = np.median(ranks[plain], axis=0)
    likeness = np.array([_correlate(row, middle) for row in ranks])
    typical = float(np.nanmedian(likeness[plain]))
    # where many genes were not seen, ranks are ties and say little
    empty = np.mean(full == full.min(axis=1, keepdims=True), axis=1) > _TIED
    size = np.median(np.abs(full), axis=1)
    usual = float(np.median(size[plain]))
    found = []
    for alike, own, sparse in zip(likeness, size, empty, strict=True):
        if np.isnan(alike):
            found.append("all the same" if typical >= _ALIKE else "")
        elif sparse:
            found.append("")
        elif typical >= _ALIKE and alike < _UNLIKE:
            found.append(f"rank correlation {alike:.2f}, where {typical:.2f} is usual")
        elif typical < _ALIKE and usual > 0.0 and not usual / _FAR <= own <= usual * _FAR:
            found.append(f"levels about {own:.3g}, where {usual:.3g} is usual")
        else:
            found.append("")
    return found, typical >= _ALIKE


def _correlate(one: FloatArray, other: FloatArray) -> float:
    a, b = one - one.mean(), other - other.mean()
    # not by ``@``: a library's product rounds otherwise for another number of its threads
    length = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / length if length > 0.0 else np.nan


def _find_summaries(values: FloatArray) -> list[int]:
    """Return the samples that are the mean of all others, to the digits of a table."""
    count = len(values)
    if count < FEWEST_SAMPLES or values.shape[1] < 10 or np.isnan(values).any():
        return []
    total = values.sum(axis=0)
    scale = np.abs(values).mean(axis=0) + 1e-12
    return [
        i for i in range(count) if np.all(np.abs(values[i] - (total - values[i]) / (count - 1)) < 2e-3 * scale)
        and np.any(np.ptp(values, axis=0) > 0.05 * scale)
    ]  # fmt: skip

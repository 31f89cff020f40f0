"""Whether samples fit a stored healthy reference of another run: background genes, platform, normalisation, calibrators.

Background genes are genes of no signature that vary little in the healthy samples: on the same platform and batch a new
sample stands near them. A shift of all of them is another batch, a wide scatter another platform.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.errors import InputError, listed
from ifntrial.signature.background import FEWEST_BACKGROUND, Background, measure_distances
from ifntrial.signature.read.options import ReadOptions
from ifntrial.signature.records import Expression, Levels, Notice
from ifntrial.signature.reference import Reference

LARGEST_SHIFT = 0.5
"""Typical distance of background genes from the reference [log2] that another batch is known by."""
LARGEST_SCATTER = 1.0
_TIMES_OWN = 4.0
BATCH_CHOICES = ("refuse", "accept")


def with_what_is_known(
    options: ReadOptions | None, healthy: Sequence[str] | None, reference: Reference | None
) -> ReadOptions:
    """Return options with names that are samples for certain, and the scale and rows of a stored reference.

    Parameters
    ----------
    healthy
        Names of samples in other files of the user.
    """
    chosen = options or ReadOptions()
    chosen = replace(chosen, samples=(*chosen.samples, *(healthy or ())))
    if reference is None:
        return chosen
    return replace(
        chosen,
        likely_scale=chosen.likely_scale or reference.scale,
        chosen_rows=chosen.chosen_rows or reference.chosen_rows,
        background=reference.background.genes,
    )


def fit_to_reference(
    reference: Reference,
    expression: Expression,
    genes: tuple[str, ...],
    log2: Levels,
    calibrators: Sequence[str],
    batch: str,
) -> tuple[Levels, list[Notice]]:
    """Return levels that can be held against a stored reference, and what was seen.

    Parameters
    ----------
    genes, log2
        Genes of the signatures and their levels, shape (samples, genes).
    calibrators
        Samples of the reference that were measured again.
    batch
        ``refuse`` or ``accept``.

    Raises
    ------
    InputError
        If the samples are of another batch and that was not accepted.
    """
    notices: list[Notice] = []
    known = [name for name in (reference.platform, expression.platform) if name]
    if len(set(known)) > 1:
        notices += refuse_or_say(f"the reference is of {known[0]}, the samples of {known[1]}", batch)
    if expression.normalisation and reference.normalisation != expression.normalisation:
        text = f"the reference is '{reference.normalisation}', the samples are '{expression.normalisation}'"
        notices += refuse_or_say(text, batch)
    if not calibrators:
        return log2, notices + check_batch(reference.background, expression, batch)
    own = reference.levels("log2", genes).values
    samples = [str(name) for name in expression.values.index]
    moved, notice = calibrate(log2.values, samples, calibrators, own, reference.samples)
    return Levels(moved, log2.ranked), [*notices, notice]


def check_batch(background: Background, expression: Expression, choice: str) -> list[Notice]:
    """Return what the background genes say of the samples against a stored reference.

    Parameters
    ----------
    choice
        ``refuse`` or ``accept``: what to do with samples of another batch.

    Raises
    ------
    InputError
        If the samples stand apart from the reference and that was not accepted.
    """
    there = [gene for gene in background.genes if gene in expression.values.columns]
    if len(there) < FEWEST_BACKGROUND:
        text = (
            f"{len(there)} background genes are shared with the stored reference: whether the samples are of its batch "
            "cannot be seen; score its healthy samples again beside these, or give --calibrators"
        )
        return [Notice("caution", text)]
    place = {gene: i for i, gene in enumerate(background.genes)}
    middle = background.middle[[place[gene] for gene in there]]
    values = expression.values[there].to_numpy(dtype=float)
    shift, scatter = measure_distances(values, middle)
    limit = max(LARGEST_SHIFT, _TIMES_OWN * background.shift)
    wide = max(LARGEST_SCATTER, _TIMES_OWN * background.scatter)
    typical, width = float(np.nanmedian(shift)), float(np.nanmedian(scatter))
    text = f"{len(there)} background genes stand {typical:+.2f} log2 from the stored reference (scatter {width:.2f})"
    if abs(typical) <= limit and width <= wide:
        apart = [
            str(name) for name, own in zip(expression.values.index, shift, strict=True) if abs(own) > limit
        ]
        notices = [Notice("detected", text)]
        if apart:
            notices.append(Notice("caution", f"samples whose background genes stand apart: {listed(apart)}"))
        return notices
    return refuse_or_say(f"{text}: another batch or platform", choice)


def refuse_or_say(text: str, choice: str) -> list[Notice]:
    """Return a caution where another batch is accepted.

    Raises
    ------
    InputError
        Where it is not.
    """
    if choice == "accept":
        return [Notice("caution", f"{text}; accepted as you said: scores and cut-offs may be off")]
    raise InputError(
        "the stored reference does not fit the samples",
        given=text,
        allowed="samples of the platform, normalisation and batch of the reference",
        fix="name healthy samples of this batch (--healthy), give samples of the reference that were measured again "
        "(--calibrators FILE), or go on all the same (--batch accept)",
    )


def calibrate(
    log2: FloatArray,
    samples: Sequence[str],
    names: Sequence[str],
    reference: FloatArray,
    reference_samples: Sequence[str],
) -> tuple[FloatArray, Notice]:
    """Return levels moved gene by gene so that calibrators stand where the reference has them.

    Parameters
    ----------
    log2
        Levels of the signatures' genes, shape (samples, genes).
    names
        Calibrators: samples of the reference that were measured again, under the same names.
    reference
        Levels of the same genes in the reference, shape (reference samples, genes).

    Raises
    ------
    InputError
        If a calibrator is not on both sides.
    """
    here = {name: i for i, name in enumerate(samples)}
    there = {name: i for i, name in enumerate(reference_samples)}
    absent = [name for name in names if name not in here or name not in there]
    if absent or not names:
        raise InputError(
            "calibrators must be in the data and in the stored reference, under the same names",
            given=listed(absent) or "none",
            allowed=listed(sorted(set(here) & set(there))) or "no name is in both",
            fix="name samples that were measured in both runs",
        )
    away = log2[[here[name] for name in names]] - reference[[there[name] for name in names]]
    known = ~np.isnan(away).all(axis=0)
    offset = np.zeros(log2.shape[1])
    offset[known] = np.nanmedian(away[:, known], axis=0)
    typical = float(np.median(offset[known]))
    text = f"levels moved gene by gene by the {len(names)} calibrators, by {typical:+.2f} log2 on average"
    return log2 - offset, Notice("changed", text)

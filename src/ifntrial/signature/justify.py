"""What the EULAR 2022 points to consider ask a report of an interferon assay to say, said of these data.

What the data do not tell and nobody said is written as not stated, never guessed.
"""

from dataclasses import dataclass

from ifntrial.errors import listed
from ifntrial.signature.records import Method, Signature
from ifntrial.signature.reference import FEW_HEALTHY
from ifntrial.signature.result import ScoreResult

NOT_STATED = "not stated"


@dataclass(frozen=True, slots=True)
class Point:
    """One thing a report has to say.

    Parameters
    ----------
    point
        What is asked for, such as ``platform``.
    statement
        What holds here.
    is_stated
        Whether the data or the user say it.
    """

    point: str
    statement: str
    is_stated: bool


def justify(result: ScoreResult, tissue: str) -> tuple[Point, ...]:
    """Return assay, platform, normalisation, tissue, components, reference and cut-off of scores, in this order.

    Parameters
    ----------
    tissue
        As the user says it; ``unknown`` where nobody did.
    """
    material = result.pairs[0][0].material
    assay = "levels of transcripts" if material == "rna" else "concentrations of proteins"
    platform = f"{result.platform}" or f"{NOT_STATED}: say it with --platform"
    return (
        Point("assay", f"{assay}, read as {result.scale}", True),
        Point("platform", platform, bool(result.platform)),
        Point("normalisation", _normalisation(result), bool(result.normalisation)),
        Point(
            "tissue",
            tissue if tissue != "unknown" else f"{NOT_STATED}: say it with --tissue",
            tissue != "unknown",
        ),
        *(
            Point(f"components of {s.name}, {m.name}", _components(result, s, m), True)
            for s, m in result.pairs
        ),
        _reference(result),
        Point("cut-off", _cutoff(result), result.reference is not None),
        Point("use", "research; grouping of patients, not diagnosis or treatment", True),
    )


def _normalisation(result: ScoreResult) -> str:
    if not result.normalisation:
        return NOT_STATED
    if result.normalisation == "as in the file":
        return "as in the file: done before, and not told by it"
    return result.normalisation


def _components(result: ScoreResult, signature: Signature, method: Method) -> str:
    own = result.scores_of(signature.name, method.name)
    used = own["genes_used"]
    total = len(set(signature.genes))
    span = f"{used.min()}" if used.min() == used.max() else f"{used.min()} to {used.max()}"
    return (
        f"{span} of {total} measured; chosen for {signature.target}; {method.label.lower()}; list {signature.status} "
        f"({', '.join(signature.sources)})"
    )


def _reference(result: ScoreResult) -> Point:
    reference = result.reference
    if reference is None:
        return Point("reference", "none: no sample can be called high or low", False)
    where = (
        "measured in this table"
        if set(reference.samples) <= set(result.log2.index)
        else "stored, of an earlier table"
    )
    few = (
        ""
        if len(reference.samples) >= FEW_HEALTHY
        else f"; fewer than {FEW_HEALTHY}, so cut-offs are uncertain"
    )
    about = listed([text for text in (reference.platform, reference.normalisation) if text]) or NOT_STATED
    return Point(
        "reference",
        f"{len(reference.samples)} healthy samples, {where}, id {reference.reference_id}; {about}{few}",
        True,
    )


def _cutoff(result: ScoreResult) -> str:
    if result.reference is None:
        return "none without healthy samples"
    words = {"mean_2sd": "healthy mean + 2 SD, the published rule", "median_mad": "healthy median + k MAD"}
    return f"{words[result.settings.rule]}, of these healthy samples: cut-offs of other laboratories are not used"

"""What is derived from scores: which interferon, suppression between visits, and what goes with clinical variables."""

from collections.abc import Mapping, Sequence

import pandas as pd

from ifntrial.errors import InputError, find_name
from ifntrial.signature import (
    Association,
    Citation,
    Expression,
    Notice,
    ScoreResult,
    associate,
    compare_interferons,
    describe_specificity,
    justify,
    measure_suppression,
)
from ifntrial.signature.specificity import IFN_I, IFN_II
from ifntrial.signature.visits import order_visits
from ifntrial.studies.score.study import ScoreStudy


def study_of(
    title: str,
    result: ScoreResult,
    expression: Expression,
    metadata: pd.DataFrame | None,
    citations: Mapping[str, Citation],
    *,
    tissue: str,
    baseline: str | None,
    dates: str | None,
    replicates: str,
    variables: Sequence[str],
) -> ScoreStudy:
    """Return scores with what was derived from them.

    Parameters
    ----------
    baseline, dates, replicates
        How visits are ordered, and what is done about several samples of one.
    variables
        Clinical variables to test; ``("all",)`` for every numeric one; empty for none.

    Raises
    ------
    InputError
        If visits are not there or in doubt, or variables cannot be tested.
    """
    left_out: dict[str, str] = {}
    notices = [*result.notices]
    specificity = None
    is_rna = expression.material == "rna"
    if is_rna:
        notices += describe_specificity(tissue, expression.values)
    if is_rna and result.find(IFN_I) and result.find(IFN_II):
        specificity = compare_interferons(result, tissue=tissue, levels=expression.values)
    elif is_rna:
        left_out["specificity"] = f"Add {IFN_I} and {IFN_II} to the signatures to tell IFN-I from IFN-II."
    if metadata is not None:
        unmatched = [name for name in metadata.index if name not in expression.values.index]
        lacking = [name for name in expression.values.index if name not in metadata.index]
        if unmatched or lacking:
            text = f"metadata: {len(unmatched)} rows have no sample, {len(lacking)} samples have no row"
            notices.append(Notice("caution", text))
    suppression = _suppression(result, notices, baseline, dates, replicates)
    association = _association(result, metadata, variables) if variables else None
    return ScoreStudy(
        title,
        result,
        tuple(notices),
        specificity,
        suppression,
        association,
        left_out,
        citations,
        points=justify(result, tissue),
    )


def _suppression(
    result: ScoreResult, notices: list[Notice], baseline: str | None, dates: str | None, replicates: str
) -> pd.DataFrame | None:
    main = result.pairs[0][0]
    rows = result.scores_of(main.name, result.pairs[0][1].name)
    seen = rows[rows["visit"] != ""]
    if result.reference is None or not (seen.groupby("subject")["visit"].nunique() > 1).any():
        if baseline is not None:
            raise InputError(
                "--baseline names a visit, and no subject has several",
                fix="give --metadata with subject and visit",
            )
        return None
    if baseline is not None:
        baseline = find_name(baseline, seen["visit"]) or baseline
    visits = order_visits(seen["visit"], baseline=baseline, dates=dates)
    first = (
        f"baseline {baseline}" if baseline is not None else "baseline: each subject's last visit up to time 0"
    )
    notices.append(Notice("detected", f"visits in order: {', '.join(visits)}; {first}"))
    return measure_suppression(result, main.name, baseline=baseline, dates=dates, replicates=replicates)


def _association(result: ScoreResult, metadata: pd.DataFrame | None, variables: Sequence[str]) -> Association:
    if metadata is None:
        raise InputError("clinical variables need a metadata table", fix="add --metadata FILE")
    main, method = result.pairs[0]
    chosen = None if tuple(variables) == ("all",) else list(variables)
    return associate(result, main.name, metadata, variables=chosen, method=method.name)

"""Repeated visits: how far treatment or time lowered a subject's score, on the fold-change scale.

Three things are called suppression and must not be mixed. Here it is 1 - (fold change after / fold change before)
in the same subject, with the interferon-independent background left in (source: yao_2010). "Back in the healthy
range" is a second, separate readout. A percent change of a z score or of a rank score means nothing and is refused.
Where interferon-stimulated genes stand only about 1 log2 above healthy, as in skin, it cannot exceed about one half.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ifntrial.arrays import FloatArray
from ifntrial.errors import InputError, listed, resolve_name
from ifntrial.levels import LOWER_TAIL, UPPER_TAIL
from ifntrial.signature.call import make_roles
from ifntrial.signature.methods import mean_log2_fold_change, median_fold_change
from ifntrial.signature.record_table import record_table
from ifntrial.signature.records import Levels, Method, Signature
from ifntrial.signature.reference import Reference, summarize_healthy
from ifntrial.signature.result import ScoreResult
from ifntrial.signature.uncertainty import draw_scores
from ifntrial.signature.visits import baseline_place, order_visits
from ifntrial.ties import reaches

# Below this fold change there is nothing to suppress: the ratio of two values near one is noise.
RAISED_FOLD_CHANGE = 2.0
REPLICATES = ("refuse", "first")
_ON_FOLD_CHANGE = {
    method.name: method for method in (mean_log2_fold_change.METHOD, median_fold_change.METHOD)
}


@dataclass(frozen=True, slots=True)
class SuppressionRow:
    """Suppression of the signature in one subject between two visits.

    Parameters
    ----------
    subject, baseline_visit, visit
        Who, and between which visits.
    fold_change_before, fold_change_after
        Over the healthy mean.
    suppression, interval_low, interval_high
        One minus after over before, with its 95 % interval; None where not measured.
    raised_before, in_healthy_range_after
        Whether the score was raised at first, and whether it is back in the healthy range.
    status, reason
        ``measured``, or why not; what to know of it.
    """

    subject: str
    baseline_visit: str
    visit: str
    fold_change_before: float | None = None
    fold_change_after: float | None = None
    suppression: float | None = None
    interval_low: float | None = None
    interval_high: float | None = None
    raised_before: bool | None = None
    in_healthy_range_after: bool | None = None
    status: str = "not measured"
    reason: str = ""


def measure_suppression(
    result: ScoreResult,
    signature: str,
    *,
    baseline: str | None = None,
    method: str = "mean_log2_fold_change",
    dates: str | None = None,
    replicates: str = "refuse",
) -> pd.DataFrame:
    """Return one row for each later visit of each subject.

    Parameters
    ----------
    signature
        A signature in the result.
    baseline
        The visit to compare with; each subject's first visit where None.
    method
        ``mean_log2_fold_change`` or ``median_fold_change``.
    dates
        ``dmy`` or ``mdy``, where visits are dates such as 01/02/2023.
    replicates
        What to do with several samples of one subject at one visit: ``refuse`` or ``first``.

    Returns
    -------
    Columns ``subject, baseline_visit, visit, fold_change_before, fold_change_after, suppression, interval_low,
    interval_high, raised_before, in_healthy_range_after, status, reason``. ``suppression`` above 0 is a fall;
    below 0 a rise. The interval comes from redrawn genes and healthy samples.

    Raises
    ------
    InputError
        If the method is not on the fold-change scale, the visits are missing or in no clear order, a subject has
        several samples at one, or there is no healthy reference.
    """
    if method not in _ON_FOLD_CHANGE:
        raise InputError(
            "suppression is measured on the fold-change scale only",
            given=method,
            allowed=listed(_ON_FOLD_CHANGE),
            fix="a percent change of a z score or rank score has no meaning",
        )
    chosen = resolve_name(signature, {found.name: found for found, _ in result.pairs}, "scored signature")
    reference = result.reference
    if reference is None:
        raise InputError("suppression needs a healthy reference", fix="name the healthy samples")
    rows = result.scores_of(chosen.name)
    visits = order_visits(rows["visit"], baseline=baseline, dates=dates)
    if len(visits) < 2:
        raise InputError(
            "there are no repeated visits",
            given=f"visits {listed(visits) or 'none'}",
            fix="give a metadata table with columns sample, subject and visit",
        )
    rows = _without_replicates(rows, visits, replicates)
    if result.scale == "z":
        raise InputError("suppression has no meaning for z scores", fix="give log2 levels")
    fold, drawn = _fold_changes(result, reference, chosen, _ON_FOLD_CHANGE[method])
    pairs = _pair_visits(rows, visits, baseline)
    return _compare(pairs, rows, fold, drawn, f"high_{result.settings.rule}")


def _without_replicates(rows: pd.DataFrame, visits: Mapping[str, float], replicates: str) -> pd.DataFrame:
    resolve_name(replicates, dict.fromkeys(REPLICATES), "way with replicates")
    seen = rows[rows["visit"].isin(list(visits))]
    several = pd.DataFrame(
        {"subject": seen["subject"], "place": seen["visit"].map(dict(visits))}
    ).duplicated()
    if not several.any():
        return rows
    if replicates == "first":
        return rows.drop(index=several.index[several])
    names = seen.loc[several, ["subject", "visit"]].drop_duplicates()
    raise InputError(
        "subjects have several samples at one visit",
        given=listed(f"{subject} at {visit}" for subject, visit in names.itertuples(index=False)),
        allowed="one sample for each subject and visit",
        fix="check --subject and --visit; --replicates first takes the first sample of each",
    )


def _fold_changes(
    result: ScoreResult, reference: Reference, signature: Signature, method: Method
) -> tuple[pd.Series, pd.DataFrame]:
    """Return the fold change of each sample on the linear scale, and its draws (samples by draws)."""
    values = result.log2.reindex(columns=list(signature.genes)).to_numpy(dtype=float)
    levels = Levels(np.ascontiguousarray(values), np.zeros(len(values)))
    healthy = reference.levels("log2", signature.genes)
    roles = make_roles(signature)
    summary = summarize_healthy(healthy, result.settings.spread_floor)
    draws = draw_scores(method, levels, healthy, roles, result.settings.sampling(result.seed), signature.name)
    scores, drawn = method.score(levels, summary, roles), draws.scores.T
    if not method.is_fold_change:
        scores, drawn = np.exp2(scores), np.exp2(drawn)
    index = result.log2.index
    return pd.Series(scores, index=index), pd.DataFrame(drawn, index=index)


def _pair_visits(
    rows: pd.DataFrame, visits: Mapping[str, float], baseline: str | None
) -> list[tuple[str, str, str]]:
    """Return (subject, sample before, sample after); the sample before is empty where the subject has none."""
    start = visits[baseline] if baseline is not None else baseline_place(visits)
    pairs = []
    for subject, own in rows[rows["visit"] != ""].groupby("subject"):
        ordered = own.assign(place=own["visit"].map(dict(visits))).sort_values("place", kind="stable")
        at_start = ordered[ordered["place"] <= start].tail(1)
        before = ordered[ordered["visit"] == baseline] if baseline is not None else at_start
        if baseline is None and not len(at_start):
            before = ordered.head(1)
        first = str(before.index[0]) if len(before) else ""
        after = float(before["place"].iloc[0]) if len(before) else start
        later = ordered[ordered["place"] > max(start, after)]
        pairs += [(str(subject), first, str(sample)) for sample in later.index]
    return pairs


def _compare(
    pairs: list[tuple[str, str, str]], rows: pd.DataFrame, fold: pd.Series, drawn: pd.DataFrame, rule: str
) -> pd.DataFrame:
    lines = []
    high_after = rows[rule].astype(float).to_dict()
    for subject, before, after in pairs:
        empty = SuppressionRow(subject=subject, baseline_visit="", visit=str(rows.loc[after, "visit"]))
        if not before:
            lines.append(replace(empty, reason="the subject has no baseline sample"))
            continue
        statuses = rows.loc[[before, after], "status"]
        if (statuses != "scored").any():
            lines.append(replace(empty, reason="a sample was not scored"))
            continue
        ratio = fold[after] / fold[before]
        low, high = _interval(
            drawn.loc[after].to_numpy(dtype=float) / drawn.loc[before].to_numpy(dtype=float)
        )
        flag = high_after[after]
        was_raised = bool(reaches(fold[before], RAISED_FOLD_CHANGE))
        lines.append(
            replace(
                empty,
                baseline_visit=str(rows.loc[before, "visit"]),
                fold_change_before=float(fold[before]),
                fold_change_after=float(fold[after]),
                suppression=float(1.0 - ratio),
                interval_low=1.0 - high,
                interval_high=1.0 - low,
                raised_before=was_raised,
                in_healthy_range_after=None if np.isnan(flag) else bool(flag == 0.0),
                status="measured",
                reason="" if was_raised else "not raised before: the ratio says little",
            )
        )
    return record_table(SuppressionRow, lines)


def _interval(ratios: FloatArray) -> tuple[float, float]:
    known = ratios[~np.isnan(ratios)]
    if not len(known):
        return np.nan, np.nan
    low, high = np.quantile(known, [LOWER_TAIL, UPPER_TAIL])
    return float(low), float(high)

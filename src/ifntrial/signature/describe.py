"""Say what was found of a signature: its cut-offs, and what needs caution."""

import numpy as np
import pandas as pd

from ifntrial.arrays import FloatArray
from ifntrial.errors import listed
from ifntrial.signature.cutoff import (
    CUTOFF_RULES,
    DEFAULT_MAD_MULTIPLE,
    Mixture,
    apply_rule,
    find_apart,
    find_influential,
)
from ifntrial.signature.records import Method, Notice, Signature
from ifntrial.signature.reference import FEW_HEALTHY, FEWEST_HEALTHY, Reference
from ifntrial.signature.result import ScoreSettings
from ifntrial.ties import are_equal, exceeds

# A healthy sample is named when leaving it out moves the cut-off by this share of its distance from the mean.
INFLUENCE = 0.2
# Cut-offs of ratios that differ by more than this factor call different people high.
WIDELY = 2.0


def flag_high(scores: FloatArray, cutoff: float) -> FloatArray:
    """Return 1 above the cut-off, 0 elsewhere, NaN where score or cut-off is not known."""
    return np.where(np.isnan(scores) | np.isnan(cutoff), np.nan, exceeds(scores, cutoff))


def flag_mixture(table: pd.DataFrame) -> pd.Series:
    """Return whether the upper component is the likelier one, NaN where there is no mixture."""
    return (table["probability_mixture"] > 0.5).where(table["probability_mixture"].notna())


def describe_cutoffs(
    signature: Signature,
    method: Method,
    settings: ScoreSettings,
    table: pd.DataFrame,
    cutoffs: dict[str, float],
    mixture: Mixture | str,
) -> pd.DataFrame:
    """Return one row for each rule: its cut-off, and the share of samples it calls high."""
    rows = [
        (rule, cutoff, "", float(table[f"high_{rule}"].mean()))
        for rule, cutoff in cutoffs.items()
        if not np.isnan(cutoff)
    ]
    if method.fixed_cutoff is not None:
        flag = flag_high(table["score"].to_numpy(dtype=float), method.fixed_cutoff)
        share = np.nan if np.isnan(flag).all() else float(np.nanmean(flag))
        rows.append(("fixed", method.fixed_cutoff, "belongs to the method", share))
    if isinstance(mixture, Mixture):
        note = f"looks at the whole cohort; borderline {mixture.band[0]:.3g} to {mixture.band[1]:.3g}"
        rows.append(("mixture", mixture.cutoff, note, float(flag_mixture(table).mean())))
    else:
        rows.append(("mixture", np.nan, mixture, np.nan))
    frame = pd.DataFrame(rows, columns=["rule", "cutoff", "note", "share_high"])
    frame.insert(0, "signature", signature.name)
    frame.insert(1, "method", method.name)
    frame["unit"] = method.unit
    decides = "fixed" if method.fixed_cutoff is not None else settings.rule
    frame["decides_class"] = frame["rule"] == decides
    return frame[["signature", "method", "rule", "cutoff", "unit", "share_high", "decides_class", "note"]]


def describe_cautions(
    signature: Signature,
    method: Method,
    table: pd.DataFrame,
    usable: np.ndarray,
    healthy_scores: FloatArray,
    reference: Reference | None,
) -> list[Notice]:
    """Return what a reader must know: absent genes, unscored samples, the list's status, a fragile cut-off."""
    notices = []
    name = signature.name
    genes = np.array(signature.genes)
    absent = sorted(set(genes[~usable.any(axis=0)]))
    left_out = int((table["status"] != "scored").sum())
    if absent:
        text = (
            f"{len(absent)} of {len(set(genes))} genes are not in the data or the reference: {listed(absent)}"
        )
        unmeasured = "not measured, " if left_out == len(table) else ""
        notices.append(Notice("caution", f"{name}: {unmeasured}{text}"))
    if left_out and (left_out < len(table) or not absent):
        notices.append(
            Notice("caution", f"{name}: {left_out} of {len(table)} samples not scored; reasons in the table")
        )
    if signature.status != "confirmed" and left_out < len(table):
        notices.append(Notice("caution", f"{name}: {signature.note}"))
    if reference is not None and method.fixed_cutoff is None:
        notices += _describe_healthy(name, method, healthy_scores, reference)
    return notices


def _describe_healthy(
    name: str, method: Method, healthy_scores: FloatArray, reference: Reference
) -> list[Notice]:
    """Return cautions about healthy samples that decide the cut-off, and about rules that differ widely."""
    known = ~np.isnan(healthy_scores)
    scores, samples = healthy_scores[known], np.array(reference.samples)[known]
    if len(scores) >= FEWEST_HEALTHY and are_equal(scores):
        text = "all healthy samples have the same score: nothing can be called high or low"
        return [Notice("caution", f"{name}: {text}")]
    if len(scores) < FEW_HEALTHY:
        return []
    notices = []
    place, with_all, without = find_influential(scores)
    if abs(with_all - without) > INFLUENCE * (with_all - float(scores.mean())):
        text = (
            f"{name}: mean + 2 SD rests on healthy sample '{samples[place]}': {with_all:.3g} with it, {without:.3g} "
            "without; look at it and at median + k MAD"
        )
        notices.append(Notice("caution", text))
    apart, with_all, without = find_apart(scores, on_log2=method.is_positive)
    if len(apart) > 1 and with_all - without > INFLUENCE * (with_all - float(scores.mean())):
        text = (
            f"{name}: {len(apart)} of {len(scores)} healthy samples stand apart and carry mean + 2 SD, {with_all:.3g} "
            f"with them and {without:.3g} without: {listed(samples[apart])}; look at them and at median + k MAD"
        )
        notices.append(Notice("caution", text))
    return notices + _describe_rules(name, method, scores)


def _describe_rules(name: str, method: Method, scores: FloatArray) -> list[Notice]:
    rules = {
        rule: apply_rule(scores, rule, mad_multiple=DEFAULT_MAD_MULTIPLE, is_positive=method.is_positive)
        for rule in CUTOFF_RULES
    }
    low, high = min(rules.values()), max(rules.values())
    if not method.is_positive or low <= 0.0 or high <= WIDELY * low:
        return []
    limits = np.quantile(scores, [0.01, 0.99])
    cuts = ", ".join(f"{rule} {cut:.3g}" for rule, cut in rules.items())
    text = f"{name}: the rules differ widely, {cuts}; healthy 1st to 99th percentile {limits[0]:.3g} to {limits[1]:.3g}"
    return [Notice("caution", text)]

"""Scores against clinical variables: over all samples, within and between subjects, and with visits modelled."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.special import ndtr

from ifntrial.arrays import FloatArray
from ifntrial.errors import InputError, SolverError, listed
from ifntrial.levels import LOWER_TAIL, NORMAL_95, UPPER_TAIL
from ifntrial.seeds import Stream
from ifntrial.signature.random_intercept import fit_random_intercept
from ifntrial.signature.record_table import record_table
from ifntrial.signature.result import ScoreResult
from ifntrial.ties import with_ties

FEWEST_SAMPLES = 10
SUBJECT_DRAWS = 200


@dataclass(frozen=True, slots=True)
class Association:
    """How scores go with clinical variables.

    Parameters
    ----------
    table
        One row for each variable: ``variable, samples, subjects, rho, rho_low, rho_high, p_value, rho_within,
        rho_between, slope, slope_low, slope_high, slope_p_value, p_holm, q_bh, status, reason``. ``rho`` is Spearman's
        over all samples; with repeated visits its interval comes from redrawn subjects and ``p_value`` is that
        of the mixed model, because samples of one subject are not independent. ``slope`` is the change of the
        score for one SD of the variable.
    between_share
        Share of the variance of the score that lies between subjects; NaN without repeated visits.
    """

    table: pd.DataFrame
    between_share: float


@dataclass(frozen=True, slots=True)
class AssociationRow:
    """How the score goes with one clinical variable.

    Parameters
    ----------
    variable
        Column of the metadata.
    samples, subjects
        With both.
    rho, rho_low, rho_high, p_value
        Rank correlation with its 95 % interval and p value; None where not tested.
    rho_within, rho_between
        Within and between subjects.
    slope, slope_low, slope_high, slope_p_value
        Of the variable on the score.
    p_holm, q_bh
        p value adjusted after Holm, and false discovery rate.
    status, reason
        ``tested``, or why not.
    """

    variable: str
    samples: int
    subjects: int
    rho: float | None = None
    rho_low: float | None = None
    rho_high: float | None = None
    p_value: float | None = None
    rho_within: float | None = None
    rho_between: float | None = None
    slope: float | None = None
    slope_low: float | None = None
    slope_high: float | None = None
    slope_p_value: float | None = None
    p_holm: float | None = None
    q_bh: float | None = None
    status: str = "not tested"
    reason: str = ""


def associate(
    result: ScoreResult,
    signature: str,
    clinical: pd.DataFrame,
    *,
    variables: Sequence[str] | None = None,
    method: str | None = None,
) -> Association:
    """Return how one signature's scores go with clinical variables, healthy samples left out.

    Parameters
    ----------
    clinical
        Clinical variables, index = sample.
    variables
        Columns to test, e.g. the items of an activity index by organ; every numeric column where None.

    Raises
    ------
    InputError
        If the signature was not scored, or no variable can be tested.
    """
    if result.find(signature) is None:
        raise InputError(
            "the signature was not scored", given=signature, allowed=listed(s.name for s, _ in result.pairs)
        )
    rows = result.scores_of(signature, method)
    rows = rows[(rows["group"] != "healthy") & (rows["status"] == "scored")]
    columns = _choose_columns(clinical, variables)
    known = clinical.reindex(rows.index)
    score, subject = rows["score"].astype(float), rows["subject"].astype(str)
    lines = [
        _test_one(name, score, pd.to_numeric(known[name], errors="coerce"), subject, result.seed)
        for name in columns
    ]
    table = _adjust(record_table(AssociationRow, lines))
    return Association(table, compute_between_share(score, subject))


def compute_between_share(score: pd.Series, subject: pd.Series) -> float:
    """Return the share of variance between subjects (one-way random effects, ANOVA estimator for unequal visits)."""
    groups = score.groupby(subject)
    count, subjects = len(score), groups.ngroups
    if subjects < 2 or count <= subjects:
        return float("nan")
    sizes = groups.size()
    between = float((sizes * (groups.mean() - score.mean()) ** 2).sum()) / (subjects - 1)
    within = float(((score - groups.transform("mean")) ** 2).sum()) / (count - subjects)
    typical = (count - float((sizes**2).sum()) / count) / (subjects - 1)
    variance = max((between - within) / typical, 0.0)
    return variance / (variance + within) if variance + within > 0.0 else float("nan")


def spearman_interval(rho: float, n: int) -> tuple[float, float]:
    """Return the 95 % interval of Spearman's rho for independent pairs (Fisher z, Bonett and Wright 2000)."""
    if n < 4 or abs(rho) >= 1.0:
        return (np.nan, np.nan)
    half = NORMAL_95 * np.sqrt((1.0 + rho**2 / 2.0) / (n - 3))
    return float(np.tanh(np.arctanh(rho) - half)), float(np.tanh(np.arctanh(rho) + half))


def _choose_columns(clinical: pd.DataFrame, variables: Sequence[str] | None) -> list[str]:
    if clinical.index.duplicated().any():
        raise InputError("samples repeat in the clinical table", fix="give one row for each sample")
    if variables is not None:
        absent = [name for name in variables if name not in clinical.columns]
        if absent or not variables:
            raise InputError(
                "variables are not in the clinical table",
                given=listed(absent),
                allowed=listed(clinical.columns),
            )
        return list(variables)
    own = [str(column) for column in clinical.columns if column not in ("subject", "visit", "group")]
    numeric = [
        name for name in own if pd.to_numeric(clinical[name], errors="coerce").notna().sum() >= FEWEST_SAMPLES
    ]
    if not numeric:
        raise InputError(
            "no column of the clinical table can be tested",
            given=listed(own),
            allowed=f"numbers or 0/1 in {FEWEST_SAMPLES} samples or more",
        )
    return numeric


def _test_one(
    name: str, score: pd.Series, values: pd.Series, subject: pd.Series, seed: int
) -> AssociationRow:
    known = values.notna()
    x, y, who = values[known].astype(float), score[known], subject[known]
    line = AssociationRow(variable=name, samples=len(x), subjects=int(who.nunique()))
    if len(x) < FEWEST_SAMPLES:
        return replace(line, reason=f"{len(x)} values, {FEWEST_SAMPLES} needed")
    if x.nunique() < 2 or y.nunique() < 2:
        return replace(line, reason="all values are the same")
    from scipy.stats import spearmanr

    rho, p_value = spearmanr(x, y)
    tested = replace(line, rho=float(rho), p_value=float(p_value), status="tested")
    if who.nunique() == len(x):
        low, high = spearman_interval(float(rho), len(x))
        return replace(tested, rho_low=low, rho_high=high)
    low, high = _interval_by_subject(x, y, who, seed, name)
    within, between = _split(x, y, who)
    parted = replace(tested, rho_low=low, rho_high=high, rho_within=within, rho_between=between)
    return _with_visits(parted, x, y, who)


def _split(x: pd.Series, y: pd.Series, subject: pd.Series) -> tuple[float, float]:
    """Return Spearman's rho within subjects, of deviations from each one's own mean, and between, of their means."""
    repeated = subject.groupby(subject).transform("size") > 1
    dx = (x - x.groupby(subject).transform("mean"))[repeated]
    dy = (y - y.groupby(subject).transform("mean"))[repeated]
    mx, my = x.groupby(subject).mean(), y.groupby(subject).mean()
    return _rho(dx, dy), _rho(mx, my)


def _rho(x: pd.Series, y: pd.Series) -> float:
    if len(x) < FEWEST_SAMPLES or x.nunique() < 2 or y.nunique() < 2:
        return float("nan")
    # deviations from a mean carry its rounding, which must not part what is tied
    return _fast_rho(with_ties(x), with_ties(y))


def _interval_by_subject(
    x: pd.Series, y: pd.Series, subject: pd.Series, seed: int, name: str
) -> tuple[float, float]:
    places = [np.flatnonzero((subject == who).to_numpy()) for who in sorted(subject.unique())]
    xs, ys = x.to_numpy(), y.to_numpy()
    stream = Stream(seed, f"signature association {name}")
    found = []
    for draw in range(SUBJECT_DRAWS):
        chosen = (stream.uniform(len(places), draw=draw) * len(places)).astype(int)
        rows = np.concatenate([places[i] for i in chosen])
        found.append(_fast_rho(xs[rows], ys[rows]))
    known = np.array([value for value in found if not np.isnan(value)])
    if len(known) < SUBJECT_DRAWS // 2:
        return (np.nan, np.nan)
    low, high = np.quantile(known, [LOWER_TAIL, UPPER_TAIL])
    return float(low), float(high)


def _fast_rho(x: FloatArray, y: FloatArray) -> float:
    from scipy.stats import rankdata

    rx, ry = rankdata(x), rankdata(y)
    rx, ry = rx - rx.mean(), ry - ry.mean()
    size = np.sqrt(np.sum(rx**2) * np.sum(ry**2))
    return float(np.sum(rx * ry) / size) if size > 0.0 else float("nan")


def _with_visits(line: AssociationRow, x: pd.Series, y: pd.Series, subject: pd.Series) -> AssociationRow:
    """Return the line with the score on the variable [per SD], with a random intercept for each subject."""
    matrix = np.column_stack([np.ones(len(x)), (x - x.mean()) / x.std()])
    _, code = np.unique(subject.to_numpy(str), return_inverse=True)
    try:
        fit = fit_random_intercept(y.to_numpy(np.float64), matrix, code)
    except SolverError as error:
        return replace(line, p_value=None, reason=f"no mixed model: {error}")
    slope, error_of = float(fit.coefficient[1]), float(fit.standard_error[1])
    half, p_value = NORMAL_95 * error_of, float(2.0 * ndtr(-abs(slope / error_of)))
    return replace(
        line,
        slope=slope,
        slope_low=slope - half,
        slope_high=slope + half,
        slope_p_value=p_value,
        p_value=p_value,
    )


def _adjust(table: pd.DataFrame) -> pd.DataFrame:
    from statsmodels.stats.multitest import multipletests

    full = table.copy()
    p = full["p_value"].astype(float)
    tested = p.notna()
    if tested.any():
        full.loc[tested, "p_holm"] = multipletests(p[tested], method="holm")[1]
        full.loc[tested, "q_bh"] = multipletests(p[tested], method="fdr_bh")[1]
    return full

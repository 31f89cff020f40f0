"""What published drug levels and signatures say about the unknowns of a world: importance resampling.

The prior is the draw of structural worlds. Each world's weight is the product over ``DATA_ROWS`` of the likelihood of
the published value at what the world predicts: normal, with the published standard error (where there is one) and a
stated discrepancy added in quadrature; where only a span is published, the chance that the published group lies in
it. The predictions are frozen with the calibration, so that taking a source away or widening a discrepancy weighs
worlds again in a fraction of a second, without simulation.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from ifntrial.arrays import FloatArray
from ifntrial.errors import RunError, resolve_name
from ifntrial.evidence.records import Evidence, Observation
from ifntrial.evidence.standard_error import standard_error
from ifntrial.model import Model
from ifntrial.model.values import evidence_row
from ifntrial.ties import are_equal, stable_order
from ifntrial.worlds.draw import Worlds
from ifntrial.worlds.predictions import DATA_ROWS, DISCREPANCIES, WEIGHING, DataRow, Predictions
from ifntrial.worlds.quantiles import Band, quantile_band

PRIOR_ONLY_ABOVE = 0.9
"""A global whose spread shrinks by less than a tenth when data are used is prior only."""
_HIGHEST_PERCENT = 100.0


@dataclass(frozen=True, slots=True)
class WeighingRow:
    """A published result that weighs worlds, and what worlds predict of it before and after all results weigh.

    Parameters
    ----------
    observation, label, source
        Id in the evidence tables, in words, and where it was published.
    unit
        Of all numbers but ``share`` and ``worlds_effective``.
    published
        None where only a span is published.
    low, high
        The span; None where a value is published.
    error
        Published standard error and discrepancy together.
    discrepancy
        How far the typical subject may be from the group.
    share
        Its part of one result, where several rows are read in the same patients.
    prior_band, posterior_band
        What worlds predict.
    worlds_effective
        How many worlds would be left if this row alone weighed.
    """

    observation: str
    label: str
    source: str
    unit: str
    published: float | None
    low: float | None
    high: float | None
    error: float
    discrepancy: float
    share: float
    prior_band: Band
    posterior_band: Band
    worlds_effective: float


@dataclass(frozen=True, slots=True)
class GlobalPosterior:
    """An unknown of a world before and after published results weigh.

    Parameters
    ----------
    name, label, unit
        Of the parameter, in words, and the unit of both bands.
    prior_band, posterior_band
        Over all structural worlds.
    sd_ratio
        Posterior over prior standard deviation, of the logarithm where the prior is lognormal.
    verdict
        ``informed``, or ``prior only`` where the spread shrinks by less than a tenth.
    """

    name: str
    label: str
    unit: str
    prior_band: Band
    posterior_band: Band
    sd_ratio: float
    verdict: str


def used_rows(evidence: Evidence, without: Collection[str] = ()) -> tuple[DataRow, ...]:
    """Return the rows that weigh worlds: those that the tables hold for fits, and that ``without`` does not name."""
    held = {id for id, row in WEIGHING.held(evidence).items() if row.use == "fit"}
    return tuple(row for row in DATA_ROWS if row.observation in held and row.observation not in without)


def row_likelihoods(predictions: Predictions, evidence: Evidence, rows: Sequence[DataRow]) -> FloatArray:
    """Return the likelihood of each published value in each world, relative to a perfect match.

    Parameters
    ----------
    rows
        Which, see ``used_rows``.

    Returns
    -------
    Between 0 and 1, 0 where a world gave no number, shape (worlds, rows).

    Raises
    ------
    RunError
        If the calibration holds no prediction of a row.
    """
    absent = [row.observation for row in rows if row.observation not in predictions.observations]
    if absent:
        raise RunError(
            "the frozen calibration does not hold what worlds predict for these rows",
            problems=absent,
            fix="make it again with 'ifntrial calibrate'",
        )
    columns = [_likelihood(predictions.of(row.observation), row, evidence) for row in rows]
    return np.stack(columns, axis=1) if columns else np.ones((len(predictions.values), 0))


def _likelihood(predicted: FloatArray, row: DataRow, evidence: Evidence) -> FloatArray:
    published = resolve_name(row.observation, WEIGHING.held(evidence), "observation")
    discrepancy = DISCREPANCIES.read(evidence).of[row.discrepancy]
    if published.value is None:
        low, high = span(published)
        values = ndtr((high - predicted) / discrepancy) - ndtr((low - predicted) / discrepancy)
    else:
        spread = np.hypot(standard_error(published) or 0.0, discrepancy)
        values = np.exp(-0.5 * ((predicted - published.value) / spread) ** 2)
    return np.where(np.isfinite(values), values, 0.0) ** row.share


def span(published: Observation) -> tuple[float, float]:
    """Return the ends of a published span; nothing lies above 100 %, so that such an end bounds nothing."""
    low = -np.inf if published.low is None else published.low
    high = np.inf if published.high is None else published.high
    is_open = published.unit == "percent" and high >= _HIGHEST_PERCENT
    return low, np.inf if is_open else high


def data_likelihood(
    predictions: Predictions, evidence: Evidence, without: Collection[str] = ()
) -> FloatArray:
    """Return how well each world meets all rows together, shape (worlds,).

    Parameters
    ----------
    without
        Ids of observations that do not count.

    Raises
    ------
    RunError
        If the calibration lacks a row, or no world meets all of them; names the rows that hardly any world meets.
    """
    rows = used_rows(evidence, without)
    each = row_likelihoods(predictions, evidence, rows)
    together: FloatArray = each.prod(axis=1)
    if not together.sum() > 0:
        raise RunError(
            "no structural world meets the published drug levels and signatures",
            problems=[
                f"{row.observation}: {effective_worlds(column):.0f} worlds"
                for row, column in zip(rows, each.T, strict=True)
            ],
            fix="draw more worlds with 'ifntrial calibrate', or widen the discrepancy of the row that conflicts",
        )
    return together


def effective_worlds(weight: FloatArray) -> float:
    """Return Kish's effective number of worlds, 0 if all weights are."""
    total = float(weight.sum())
    return total**2 / float(np.sum(weight**2)) if total > 0 else 0.0


def row_report(predictions: Predictions, evidence: Evidence) -> tuple[WeighingRow, ...]:
    """Return each row's published value, what worlds predict before and after weighing, and how much it weighs."""
    rows = used_rows(evidence)
    each = row_likelihoods(predictions, evidence, rows)
    together = data_likelihood(predictions, evidence)
    return tuple(
        _row_of_report(row, evidence, predictions.of(row.observation), alone, together)
        for row, alone in zip(rows, each.T, strict=True)
    )


def _row_of_report(
    row: DataRow, evidence: Evidence, predicted: FloatArray, alone: FloatArray, together: FloatArray
) -> WeighingRow:
    published = resolve_name(row.observation, WEIGHING.held(evidence), "observation")
    discrepancy = DISCREPANCIES.read(evidence).of[row.discrepancy]
    return WeighingRow(
        observation=row.observation,
        label=row.label,
        source=published.source,
        unit=published.unit,
        published=published.value,
        low=published.low if published.value is None else None,
        high=published.high if published.value is None else None,
        error=float(np.hypot(standard_error(published) or 0.0, discrepancy)),
        discrepancy=discrepancy,
        share=row.share,
        prior_band=quantile_band(predicted, np.ones_like(predicted)),
        posterior_band=quantile_band(predicted, together),
        worlds_effective=effective_worlds(alone),
    )


def global_posteriors(
    model: Model,
    evidence: Evidence,
    worlds: Worlds,
    likelihood: FloatArray,
    labels: Mapping[str, str] | None = None,
) -> tuple[GlobalPosterior, ...]:
    """Return prior and posterior of every unknown of a world, the most informed first.

    Parameters
    ----------
    worlds
        Structural worlds as they were drawn.
    likelihood
        Of each, see ``data_likelihood``; shape (worlds,).
    labels
        Name to words; the model's own meaning is taken for others.
    """
    even = np.ones(worlds.size)
    about = {parameter.name: parameter for parameter in model.parameters}
    rows: list[GlobalPosterior] = []
    for name, values in worlds.parameters.items():
        row = evidence_row(model, evidence, name)
        # A few worlds far out in the tail would decide the standard deviation of a lognormal itself.
        scaled = (
            np.log(values) if row is not None and row.prior == "lognormal" and (values > 0).all() else values
        )
        ratio = 1.0 if are_equal(scaled) else _spread(scaled, likelihood) / _spread(scaled, even)
        meaning = about[name].meaning if name in about else name.replace("_", " ")
        rows.append(
            GlobalPosterior(
                name=name,
                label=(labels or {}).get(name, meaning),
                unit=about[name].unit if name in about else "1",
                prior_band=quantile_band(values, even),
                posterior_band=quantile_band(values, likelihood),
                sd_ratio=ratio,
                verdict="prior only" if ratio > PRIOR_ONLY_ABOVE else "informed",
            )
        )
    return tuple(rows[i] for i in stable_order([row.sd_ratio for row in rows]))


def _spread(values: FloatArray, weight: FloatArray) -> float:
    mean = np.average(values, weights=weight)
    return float(np.sqrt(np.average((values - mean) ** 2, weights=weight)))

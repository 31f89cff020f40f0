"""Recurrent events: negative binomial regression of counts on arm, with time at risk."""

from collections.abc import Iterator

import numpy as np

from ifntrial.arrays import BoolArray, FloatArray
from ifntrial.errors import InputError, SolverError
from ifntrial.likelihood.counts import Counts
from ifntrial.likelihood.identifiable import runs_away
from ifntrial.likelihood.newton import Maximum, climb
from ifntrial.statistics.record import Comparison, large_sample_comparison
from ifntrial.statistics.tables import design_matrix
from ifntrial.ties import ROUNDING

MOST_EVENTS = 10_000_000
"""Of one subject; the sums behind the likelihood have a term for each."""

_NO_DISPERSION = 1e-12
_REAL_GAIN = 1e-6
_STARTS = (1.0, 1e-2, 1e2, 1e-4)
"""Dispersions to start from, in turn, as multiples of one over the mean count."""


def negative_binomial(
    counts: FloatArray,
    years_at_risk: FloatArray,
    is_active: BoolArray,
    covariates: FloatArray | None = None,
    *,
    or_poisson: bool = False,
) -> Comparison:
    """Return the log rate ratio, active against control.

    Its standard error is from the curvature of the whole likelihood, so that the dispersion counts as estimated; R's
    ``glm.nb`` takes it as known, which makes a slightly smaller one.

    Parameters
    ----------
    counts
        Events per subject, shape (subjects,).
    years_at_risk
        Time observed [year], same shape.
    is_active, covariates
        Shape (subjects,) and (subjects, columns).
    or_poisson
        Whether counts that vary no more than Poisson ones have that model, which a dispersion of zero makes of this one.

    Raises
    ------
    InputError
        If counts or times are not usable, or vary no more than Poisson ones, or an arm or a level of a covariate has
        no event.
    SolverError
        If the maximum of the likelihood was not found.
    """
    matrix = design_matrix(is_active, covariates)
    _require_usable(counts, years_at_risk)
    if runs_away(matrix, np.where(counts > 0, 0.0, -1.0)):
        raise InputError(
            "an arm or a level of a covariate has no event, so that a rate ratio is zero or infinite",
            allowed="an event in each arm and in each level of each covariate",
            fix="drop or merge the covariate's levels, or compare shares of subjects with an event",
        )
    # of columns of one size, and of rates per typical subject, the first step is as good as any later one
    columns = np.abs(matrix).max(axis=0)
    own = Counts(counts, matrix / columns, np.log(years_at_risk) - np.log(years_at_risk.mean()))
    start = np.zeros(matrix.shape[1])
    start[0] = np.log(counts.mean())
    found = _largest(own, climb(own.poisson, start), or_poisson=or_poisson)
    return large_sample_comparison(
        float(found.point[1] / columns[1]), float(found.standard_errors()[1] / columns[1]), "log rate ratio"
    )


def _require_usable(counts: FloatArray, years_at_risk: FloatArray) -> None:
    usable = np.isfinite(counts) & (counts >= 0) & (counts <= MOST_EVENTS) & (counts == np.round(counts))
    usable &= np.isfinite(years_at_risk) & (years_at_risk > 0)
    if not np.all(usable) or not counts.any():
        raise InputError(
            "counts of events cannot be used",
            problems=[
                f"{int((~usable).sum())} subjects have no whole count or no time at risk",
                f"{counts.sum():g} events",
            ],
            allowed=f"whole counts up to {MOST_EVENTS}, positive times and at least one event",
            fix="leave out subjects without time at risk, counted",
        )


def _largest(own: Counts, poisson: Maximum, *, or_poisson: bool) -> Maximum:
    """Return the maximum of the likelihood.

    Where the counts vary no more than Poisson ones at first sight, only a maximum counts that lies above the Poisson one:
    towards no dispersion the likelihood is ever flatter, and any point there looks like a top.
    """
    varies = _excess(own, poisson) > 0
    floor = own.negative_binomial(np.append(poisson.point, np.log(_NO_DISPERSION / own.count.max())))[0]
    for start in _starts(own, poisson):
        found = climb(own.negative_binomial, start)
        if found.is_found and (varies or found.value > floor + _REAL_GAIN):
            return found
    if not varies and or_poisson:
        return poisson
    if not varies:
        raise InputError(
            "the counts vary no more than Poisson ones, so that there is no dispersion to estimate",
            allowed="counts that vary more than Poisson ones",
            fix="use the test of a Poisson rate",
        )
    raise SolverError(
        "the maximum of the negative binomial likelihood was not found",
        given=f"{len(own.count)} subjects, {own.count.sum():g} events",
        fix="give covariates of similar size, or drop one",
    )


def _starts(own: Counts, poisson: Maximum) -> Iterator[FloatArray]:
    """Yield points to climb from: the dispersion that the spread of the counts tells, then others."""
    mean = own.mean(poisson.point)
    told = _excess(own, poisson) / float(np.sum(mean**2))
    for dispersion in ([told] if told > 0 else []) + [each / float(mean.mean()) for each in _STARTS]:
        yield np.append(poisson.point, np.log(dispersion))


def _excess(own: Counts, poisson: Maximum) -> float:
    """Return how much more than Poisson counts the counts vary: twice the slope in the dispersion at zero."""
    excess = float(np.sum((own.count - own.mean(poisson.point)) ** 2 - own.count))
    return excess if abs(excess) > ROUNDING * float(own.count.sum()) else 0.0

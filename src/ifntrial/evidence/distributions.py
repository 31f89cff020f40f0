"""What ``spread`` and ``prior`` in the parameter table mean, as distributions."""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import stats
from scipy.special import expit, logit, ndtr, ndtri

from ifntrial.errors import resolve_name
from ifntrial.evidence.records import ParameterValue


def _lognormal(median: float, log_sd: float) -> Any:  # noqa: ANN401 - SciPy's frozen distributions have no public type
    return stats.lognorm(log_sd, scale=median)


class _LogitNormal(stats.rv_continuous):
    """A share whose logit is normal; of its two shapes the first is the mean of the logit."""

    def _cdf(self, x: Any, *shapes: Any) -> Any:  # noqa: ANN401 - SciPy passes numbers or arrays
        center, width = shapes
        return ndtr((logit(x) - center) / width)

    def _ppf(self, q: Any, *shapes: Any) -> Any:  # noqa: ANN401 - as above
        center, width = shapes
        return expit(center + width * ndtri(q))

    def _argcheck(self, *shapes: Any) -> Any:  # noqa: ANN401 - as above
        center, width = shapes
        return np.isfinite(center) & (width > 0)


_LOGIT_NORMAL = _LogitNormal(a=0.0, b=1.0, name="logit_normal", shapes="center, width")

_PRIORS: dict[str, Callable[[float, float], Any]] = {
    "normal": lambda a, b: stats.norm(a, b),
    "lognormal": _lognormal,
    "beta": lambda a, b: stats.beta(a, b),
    "gamma": lambda a, b: stats.gamma(a, scale=1.0 / b),
    "uniform": lambda a, b: stats.uniform(a, b - a),
    "loguniform": lambda a, b: stats.loguniform(a, b),
}

_SPREADS: dict[str, Callable[[float, float], Any]] = {
    "omega2_lognormal": lambda value, spread: _lognormal(value, np.sqrt(spread)),
    "omega2_additive": lambda value, spread: stats.norm(value, np.sqrt(spread)),
    "cv_lognormal": lambda value, spread: _lognormal(value, np.sqrt(np.log1p(spread**2))),
    "sd": lambda value, spread: stats.norm(value, spread),
    "sd_logit": lambda value, spread: _LOGIT_NORMAL(logit(value), spread),
}

_DEVIATIONS: dict[str, Callable[[float], Any]] = {
    "omega2_lognormal": np.sqrt,
    "omega2_additive": np.sqrt,
    "cv_lognormal": lambda spread: np.sqrt(np.log1p(spread**2)),
    "sd": lambda spread: spread,
    "sd_logit": lambda spread: spread,
}


def prior_distribution(row: ParameterValue) -> Any:  # noqa: ANN401 - as above
    """Return the distribution of a value's uncertainty, in the table's unit.

    ``normal``: a mean, b standard deviation. ``lognormal``: a median, b standard deviation of the logarithm.
    ``beta``: a and b its two shapes. ``gamma``: a shape, b rate [1/unit]: a events in b units of
    time. ``uniform`` and ``loguniform``: a lowest, b highest.

    Raises
    ------
    UnknownNameError
        If the row has no prior, or one of another kind.
    """
    return resolve_name(row.prior, _PRIORS, "prior kind")(
        float(row.prior_a or 0.0), float(row.prior_b or 0.0)
    )


def deviation_sd(row: ParameterValue) -> float:
    """Return the standard deviation of a subject's deviation from a value.

    Of its logarithm for a lognormal spread, of its logit for that of a share; zero where the row has no spread. An
    unknown kind of spread raises ``UnknownNameError``.
    """
    if row.spread is None:
        return 0.0
    return float(resolve_name(row.spread_kind, _DEVIATIONS, "spread kind")(row.spread))


def between_subject(row: ParameterValue) -> Any:  # noqa: ANN401 - as above
    """Return the distribution of a value over subjects, in the table's unit.

    ``omega2_*``: spread is a variance (of the logarithm for ``lognormal``). ``cv_lognormal``: a coefficient of
    variation around the median. ``sd``: a standard deviation. ``sd_logit``: a standard deviation of the logit, for a
    share strictly between 0 and 1.

    Raises
    ------
    UnknownNameError
        If the row has no spread, or one of another kind.
    """
    return resolve_name(row.spread_kind, _SPREADS, "spread kind")(row.value, float(row.spread or 0.0))

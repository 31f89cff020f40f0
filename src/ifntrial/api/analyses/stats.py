"""The analyses of a trial as functions: on a virtual trial by the name of an endpoint; on arrays in ``arrays``.

Each compares an active arm with the control, among the subjects whose course was solved. A response, a count or a time is
that of the endpoint's rule; a change or value is the reading where the visit took place, and missing elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ifntrial.api.analyses import arrays
from ifntrial.api.trial import TrialAnswer
from ifntrial.arrays import BoolArray, FloatArray, IntArray
from ifntrial.calendar import WEEKS_PER_YEAR
from ifntrial.catalog.responses import counts_of
from ifntrial.clinic.endpoints.record import Endpoint
from ifntrial.errors import InputError, known_name, listed
from ifntrial.statistics import ancova as _ancova
from ifntrial.statistics import cmh as _cmh
from ifntrial.statistics import logistic as _logistic
from ifntrial.statistics import miettinen_nurminen as _miettinen_nurminen
from ifntrial.statistics import negative_binomial as _negative_binomial
from ifntrial.statistics import survival as _survival
from ifntrial.statistics.cmh import CmhResult
from ifntrial.statistics.miettinen_nurminen import RiskDifference
from ifntrial.statistics.mmrm import Contrast, estimate_contrast, fit_mmrm, trial_design
from ifntrial.statistics.record import Comparison
from ifntrial.statistics.tables import indicators
from ifntrial.studies.trial.outcomes import is_solved, of_own_arm, outcomes

__all__ = [
    "LogRank",
    "ancova",
    "arrays",
    "cmh",
    "cox",
    "log_rank",
    "logistic",
    "miettinen_nurminen",
    "mmrm",
    "negative_binomial",
]

_CHANGE = "_change"


@dataclass(frozen=True, slots=True)
class LogRank:
    """Whether events come as fast in both arms.

    Parameters
    ----------
    statistic
        Chi-squared, of one degree of freedom.
    p_two_sided
        Of equal hazards.
    """

    statistic: float
    p_two_sided: float


def mmrm(
    trial: TrialAnswer,
    endpoint: str,
    *,
    arm: str | None = None,
    week: float | None = None,
    weeks: Sequence[float] | None = None,
    method: Literal["satterthwaite", "kenward_roger"] = "satterthwaite",
) -> Contrast:
    """Return the difference of a change at a visit by a mixed model for repeated measures.

    Fixed effects: visit, arm by visit, baseline by visit, and strata; unstructured covariance, REML.

    Parameters
    ----------
    endpoint
        A change from baseline, such as ``mrss_change``.
    arm
        The active arm; None: the first one.
    week
        Visit of the contrast; None: that of the primary endpoint.
    weeks
        Visits in the model; None: all after baseline up to that one.
    method
        How degrees of freedom and standard error allow for the estimated covariance.

    Raises
    ------
    InputError
        If the endpoint is no change from baseline, or there is too little for the covariance of so many visits.
    """
    pair = _pair(trial, endpoint, arm, ("change",))
    last = trial.trial.design.primary.visit_week if week is None else week
    visits = tuple(weeks or (each for each in trial.trial.design.visit_weeks if 0 < each <= last))
    if last not in visits:
        raise InputError(
            f"week {last:g} is not among the visits of the model",
            allowed=listed(f"{each:g}" for each in visits),
            fix="add it to weeks",
        )
    y = np.stack([outcomes(trial.trial, pair.endpoint, each) for each in visits], axis=1)[pair.chosen]
    x, names, contrasts = trial_design(
        pair.is_active, _baseline(trial, pair), len(visits), indicators(pair.stratum)
    )
    return estimate_contrast(fit_mmrm(y, x, names), contrasts[visits.index(last)], method=method)


def ancova(
    trial: TrialAnswer, endpoint: str, *, arm: str | None = None, week: float | None = None
) -> Comparison:
    """Return the difference of a change or value at a visit, adjusted for baseline and strata; as ``mmrm``."""
    pair = _pair(trial, endpoint, arm, ("change", "value"))
    columns = indicators(pair.stratum)
    if pair.endpoint.kind == "change":
        columns = np.column_stack([columns, _baseline(trial, pair)])
    return _ancova.ancova(_values(trial, pair, week), pair.is_active, columns)


def cmh(
    trial: TrialAnswer,
    endpoint: str,
    *,
    arm: str | None = None,
    week: float | None = None,
    sparse_strata: Literal["keep", "pool"] = "keep",
) -> CmhResult:
    """Return the stratified Cochran-Mantel-Haenszel test of a response; arguments as in ``mmrm`` and ``cmh_test``."""
    pair = _pair(trial, endpoint, arm, ("responder",))
    counts = counts_of(_values(trial, pair, week), pair.is_active, pair.stratum)
    return _cmh.cmh_test(counts, sparse_strata=sparse_strata)


def miettinen_nurminen(
    trial: TrialAnswer, endpoint: str, *, arm: str | None = None, week: float | None = None
) -> RiskDifference:
    """Return the stratified risk difference of a response; arguments as in ``mmrm``."""
    pair = _pair(trial, endpoint, arm, ("responder",))
    counts = counts_of(_values(trial, pair, week), pair.is_active, pair.stratum)
    return _miettinen_nurminen.miettinen_nurminen(counts)


def logistic(
    trial: TrialAnswer, endpoint: str, *, arm: str | None = None, week: float | None = None
) -> Comparison:
    """Return the log odds ratio of a response, adjusted for strata; arguments as in ``mmrm``."""
    pair = _pair(trial, endpoint, arm, ("responder",))
    return _logistic.logistic(_values(trial, pair, week), pair.is_active, indicators(pair.stratum))


def negative_binomial(
    trial: TrialAnswer, endpoint: str, *, arm: str | None = None, week: float | None = None
) -> Comparison:
    """Return the log rate ratio of events such as ``new_ulcers``, over time in the trial; arguments as in ``mmrm``."""
    pair = _pair(trial, endpoint, arm, ("count",))
    years = _weeks_in_trial(trial, pair, week) / WEEKS_PER_YEAR
    return _negative_binomial.negative_binomial(_values(trial, pair, week), years, pair.is_active)


def cox(
    trial: TrialAnswer, endpoint: str, *, arm: str | None = None, week: float | None = None
) -> Comparison:
    """Return the log hazard ratio of a time to an event, stratified; censored on leaving; arguments as in ``mmrm``."""
    pair = _pair(trial, endpoint, arm, ("time",))
    time, happened = _times(trial, pair, week)
    return _survival.cox(time, happened, pair.is_active, strata=pair.stratum)


def log_rank(
    trial: TrialAnswer, endpoint: str, *, arm: str | None = None, week: float | None = None
) -> LogRank:
    """Return the stratified log-rank test of a time to an event; censored on leaving; arguments as in ``mmrm``."""
    pair = _pair(trial, endpoint, arm, ("time",))
    time, happened = _times(trial, pair, week)
    return LogRank(*_survival.log_rank(time, happened, pair.is_active, pair.stratum))


@dataclass(frozen=True, slots=True)
class _Pair:
    """An active arm and the control: who is compared (subjects,), and of these the arm and the stratum (chosen,)."""

    endpoint: Endpoint
    chosen: BoolArray
    is_active: BoolArray
    stratum: IntArray


def _pair(trial: TrialAnswer, name: str, arm: str | None, kinds: tuple[str, ...]) -> _Pair:
    design, one = trial.trial.design, trial.trial
    endpoints = trial.catalog.endpoints
    endpoint = endpoints[known_name(name, endpoints, "endpoint")]
    if endpoint.kind not in kinds:
        raise InputError(
            f"endpoint '{endpoint.name}' is no {' or '.join(kinds)}",
            given=f"a {endpoint.kind}",
            allowed=listed(each.name for each in endpoints.values() if each.kind in kinds),
            fix="use another analysis, or one of these endpoints",
        )
    names = [each.name for each in design.arms]
    control = names.index(design.control.name)
    active = names.index(design.active.name if arm is None else known_name(arm, names, "arm"))
    if active == control:
        raise InputError(
            "the control is compared with itself",
            given=names[control],
            allowed=listed(each for each in names if each != names[control]),
            fix="name an active arm",
        )
    chosen = is_solved(one) & np.isin(one.assigned, (active, control))
    return _Pair(endpoint, chosen, one.assigned[chosen] == active, one.stratum[chosen])


def _week(trial: TrialAnswer, week: float | None) -> float:
    return trial.trial.design.primary.visit_week if week is None else week


def _values(trial: TrialAnswer, pair: _Pair, week: float | None) -> FloatArray:
    return outcomes(trial.trial, pair.endpoint, _week(trial, week))[pair.chosen]


def _baseline(trial: TrialAnswer, pair: _Pair) -> FloatArray:
    """Return the reading at baseline, which is the same in every arm."""
    seen = trial.trial.arms[trial.trial.design.control.name]
    return np.asarray(seen.values[pair.endpoint.name.removesuffix(_CHANGE)][0, pair.chosen, 0])


def _weeks_in_trial(trial: TrialAnswer, pair: _Pair, week: float | None) -> FloatArray:
    left = of_own_arm(trial.trial, {name: arm.leaving_week[0] for name, arm in trial.trial.arms.items()})
    return np.minimum(left, _week(trial, week))[pair.chosen]


def _times(trial: TrialAnswer, pair: _Pair, week: float | None) -> tuple[FloatArray, BoolArray]:
    event, until = _values(trial, pair, week), _weeks_in_trial(trial, pair, week)
    return np.minimum(event, until), event <= until

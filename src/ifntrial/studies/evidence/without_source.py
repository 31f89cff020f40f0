"""What changes in a forecast when a source is taken away: its worlds are weighed again, without simulation."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from ifntrial.evidence.records import Evidence
from ifntrial.evidence.rests_on_source import hanging_on, without_source
from ifntrial.studies.beliefs.declared import declared_beliefs
from ifntrial.studies.forecast.assured import assurances
from ifntrial.studies.forecast.gather import ForecastWorlds
from ifntrial.studies.forecast.run import PreparedForecast
from ifntrial.worlds.posterior import data_likelihood, global_posteriors, used_rows
from ifntrial.worlds.weigh import base_weights

CHANGED_ABOVE = 0.1
"""Smaller changes of a ratio of standard deviations may be chance."""


@dataclass(frozen=True, slots=True)
class Reweighed:
    """Probability of success of a forecast with all sources, and without one.

    Parameters
    ----------
    before, after
        Belief, or the mixture, to the probability; a belief that rests on the source alone is absent from ``after``.
    lost_rows
        Observations of the source that weighed worlds, and no longer do.
    globals_changed
        Unknowns of a world whose posterior standard deviation changes by more than a tenth: name to the ratio of
        posterior over prior standard deviation before and after.
    not_reweighed
        Parameters that rest on the source and would need a new calibration to be drawn anew.
    """

    before: dict[str, float]
    after: dict[str, float]
    lost_rows: tuple[str, ...]
    globals_changed: dict[str, tuple[float, float]]
    not_reweighed: tuple[str, ...]


def without_source_effect(prepared: PreparedForecast, worlds: ForecastWorlds, source: str) -> Reweighed:
    """Return a forecast's probabilities with and without a source.

    Parameters
    ----------
    prepared, worlds
        A finished forecast.
    source
        An unknown one raises ``UnknownNameError``.
    """
    evidence, implied = prepared.catalog.evidence, prepared.calibration.implied
    hanging, left = hanging_on(evidence, source), without_source(evidence, source)
    lost = {row.id for row in hanging.observation_rows} & {row.observation for row in used_rows(evidence)}
    beliefs = declared_beliefs(left, is_whole=False)
    choice = prepared.choice.weighed_by(beliefs, implied, base_weights(implied, left))
    after = assurances(replace(prepared, beliefs=beliefs, choice=choice), worlds)
    parameters = {row.name for row in hanging.parameter_rows}
    return Reweighed(
        before={name: each.estimate for name, each in assurances(prepared, worlds).items()},
        after={name: each.estimate for name, each in after.items()},
        lost_rows=tuple(sorted(lost)),
        globals_changed=_globals_changed(prepared, evidence, lost) if lost else {},
        not_reweighed=tuple(
            sorted(name for name in parameters if not name.startswith(("prior.", "discrepancy.")))
        ),
    )


def _globals_changed(
    prepared: PreparedForecast, evidence: Evidence, lost: Collection[str]
) -> dict[str, tuple[float, float]]:
    calibration, model = prepared.calibration, prepared.trial.common.model
    worlds, predictions = calibration.first_worlds(model, evidence), calibration.implied.predictions
    before, after = (
        {
            row.name: row.sd_ratio
            for row in global_posteriors(
                model, evidence, worlds, data_likelihood(predictions, evidence, without)[: worlds.size]
            )
        }
        for without in ((), lost)
    )
    return {
        name: (ratio, after[name])
        for name, ratio in before.items()
        if abs(after[name] - ratio) > CHANGED_ABOVE
    }

"""From safety in worlds to what a report says of a planned trial."""

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.design.design import TrialDesign
from ifntrial.levels import BAND
from ifntrial.studies.safety.in_worlds import SafetyInWorlds, events_of
from ifntrial.studies.safety.predicted_counts import PredictedCounts, predict_counts
from ifntrial.studies.safety.result import ArmEvents, SafetyRow
from ifntrial.worlds.quantiles import Spread, quantile_spread

PER_HUNDRED = 100.0
_LEVELS = tuple(level / 100.0 for level in BAND)


def safety_rows(design: TrialDesign, found: SafetyInWorlds, weight: FloatArray) -> tuple[SafetyRow, ...]:
    """Return every event that is told of a design, in both arms at their planned size.

    Parameters
    ----------
    weight
        What each world counts, shape (worlds,).
    """
    arms = (design.active, design.control)
    size = {arm.name: design.n_of(arm) for arm in arms}
    years = {name: size[name] * float(np.average(found.years[name], weights=weight)) for name in size}
    rows = []
    for event in events_of(design):
        expected = found.expected[event.name]
        rate = {name: PER_HUNDRED * expected[name] / found.years[name] for name in size}
        active, control = size
        counts = predict_counts(size[active] * expected[active], size[control] * expected[control], weight)
        both = (years[active] / PER_HUNDRED, years[control] / PER_HUNDRED)
        rows.append(
            SafetyRow(
                event=event.name,
                label=event.label,
                borrowed=event.borrowed,
                by_arm={
                    name: _arm(counts, place, years[name], quantile_spread(rate[name], weight))
                    for place, name in enumerate(size)
                },
                difference=quantile_spread(rate[active] - rate[control], weight),
                seen_difference=Spread(*counts.difference_quantiles(both, _LEVELS)),
                chance_of_more=counts.chance_of_more(both),
            )
        )
    return tuple(rows)


def _arm(counts: PredictedCounts, place: int, years: float, rate: Spread) -> ArmEvents:
    events = [float(count) for count in counts.quantiles(place, _LEVELS)]
    return ArmEvents(years, rate, Spread(*(PER_HUNDRED * count / years for count in events)), Spread(*events))

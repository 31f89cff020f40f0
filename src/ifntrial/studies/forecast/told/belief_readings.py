"""What a forecast says if the trials behind a belief are read otherwise; the same worlds are weighed again."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.errors import InputError
from ifntrial.studies.beliefs.answers import BeliefReading
from ifntrial.studies.beliefs.variants import OtherReading, other_readings
from ifntrial.studies.forecast.assured import ExpectedPower, expected_power, mean_assurance
from ifntrial.studies.forecast.gather import ForecastWorlds
from ifntrial.studies.forecast.run import PreparedForecast
from ifntrial.worlds.beliefs import Statement
from ifntrial.worlds.weigh import base_weights


def belief_readings(prepared: PreparedForecast, worlds: ForecastWorlds) -> tuple[BeliefReading, ...]:
    """Return the answer under every other reading of the beliefs of a forecast.

    None for beliefs of one's own, nor where results are given: they weigh worlds beside the beliefs.
    """
    others = list(_read_otherwise(prepared))
    if not others or prepared.learning is not None:
        return ()
    # neither hangs on what is believed: once for all readings
    expected = expected_power(prepared, worlds)
    base = base_weights(prepared.calibration.implied, prepared.catalog.evidence)
    power = worlds.rules[""].power
    return tuple(_answer(other, stated, prepared, power, expected, base) for other, stated in others)


def _read_otherwise(prepared: PreparedForecast) -> Iterator[tuple[OtherReading, Statement]]:
    """Yield the readings of declared beliefs in use, each with what it states."""
    used = {belief.name: belief.statement for belief in prepared.beliefs}
    for other in other_readings(prepared.catalog.evidence):
        stated, declared = other.belief.statement, used.get(other.belief.name)
        # a belief of one's own may have the name of a declared one
        if stated is not None and declared is not None and declared.basis == stated.basis:
            yield other, stated


def _answer(
    other: OtherReading,
    stated: Statement,
    prepared: PreparedForecast,
    power: FloatArray,
    expected: ExpectedPower,
    base: FloatArray,
) -> BeliefReading:
    name, implied = other.belief.name, prepared.calibration.implied
    try:
        choice = prepared.choice.weighed_by((replace(other.belief, share=1.0),), implied, base)
    except InputError:
        estimate = None
    else:
        estimate = float(np.clip(mean_assurance(name, choice, power, expected), 0.0, 1.0))
    return BeliefReading(
        belief=name,
        reading=other.reading,
        mean=stated.effect.mean,
        sd=stated.effect.sd,
        no_benefit=stated.no_benefit(is_lower_better=implied.at_address(stated.address).is_lower_better),
        assurance_estimate=estimate,
    )

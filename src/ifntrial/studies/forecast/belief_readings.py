"""What a forecast says if the trials behind a belief are read otherwise; the same worlds are weighed again."""

from collections.abc import Iterator
from dataclasses import replace

from ifntrial.errors import InputError
from ifntrial.studies.beliefs.answers import BeliefReading
from ifntrial.studies.beliefs.variants import OtherReading, other_readings
from ifntrial.studies.forecast.assured import assurances
from ifntrial.studies.forecast.gather import ForecastWorlds
from ifntrial.studies.forecast.run import PreparedForecast
from ifntrial.worlds.weigh import base_weights


def belief_readings(prepared: PreparedForecast, worlds: ForecastWorlds) -> tuple[BeliefReading, ...]:
    """Return the answer under every other reading of the beliefs of a forecast; none for beliefs of one's own."""
    return tuple(_answers(prepared, worlds))


def _answers(prepared: PreparedForecast, worlds: ForecastWorlds) -> Iterator[BeliefReading]:
    used = {belief.name: belief.statement for belief in prepared.beliefs}
    implied = prepared.calibration.implied
    for other in other_readings(prepared.catalog.evidence):
        stated, declared = other.belief.statement, used.get(other.belief.name)
        # a belief of one's own may have the name of a declared one
        if stated is None or declared is None or declared.basis != stated.basis:
            continue
        is_lower_better = implied.at_address(stated.address).is_lower_better
        yield BeliefReading(
            belief=other.belief.name,
            reading=other.reading,
            mean=stated.effect.mean,
            sd=stated.effect.sd,
            no_benefit=stated.no_benefit(is_lower_better=is_lower_better),
            assurance_estimate=_assurance(other, prepared, worlds),
        )


def _assurance(other: OtherReading, prepared: PreparedForecast, worlds: ForecastWorlds) -> float | None:
    alone = (replace(other.belief, share=1.0),)
    base = base_weights(prepared.calibration.implied, prepared.catalog.evidence)
    try:
        choice = prepared.choice.weighed_by(alone, prepared.calibration.implied, base)
    except InputError:
        return None
    return assurances(replace(prepared, beliefs=alone, choice=choice), worlds)[other.belief.name].estimate

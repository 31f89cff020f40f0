"""Simulate what every structural world predicts for the published drug levels and signatures that weigh worlds.

One typical subject of each published group is simulated per world, on the published regimen.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.course.assemble import typical_world
from ifntrial.course.simulate import simulate_subjects
from ifntrial.course.system import build_system
from ifntrial.dosing.regimen import parse_regimen
from ifntrial.evidence.records import Evidence
from ifntrial.model import Model
from ifntrial.solver import OdeSystem, Tolerance, symbol
from ifntrial.solver import simulate as solve
from ifntrial.worlds.draw import Worlds
from ifntrial.worlds.predictions import (
    BLACK,
    DATA_ROWS,
    ONSET_DOSES,
    TULIP,
    VOLUNTEERS,
    WEIGHT_IN_LUPUS,
    Predictions,
)

REMOVAL_PER_DAY = 1000.0
"""Fast against any turnover: all interferon alpha is gone."""


ITEMS_ON_INTERFERON = ("fvc_percent", "mrss")
YEAR_OF_TRIAL = 364.0
BLACK_REGIMEN = "4.5 MU SC three times a week"
"""13.5 MU a week in divided doses, as published; into how many was not read."""
WORLDS_AT_ONCE = 500


PERCENT = 100.0


def predict_rows(
    model: Model,
    interferon: Model,
    evidence: Evidence,
    worlds: Worlds,
    workers: int = 1,
) -> Predictions:
    """Return what each world predicts for ``DATA_ROWS``.

    Parameters
    ----------
    model
        Of anifrolumab.
    interferon
        Of interferon alpha as it is dosed.
    """
    blocks = []
    for first in range(0, worlds.size, WORLDS_AT_ONCE):
        chosen = worlds.take(np.arange(first, min(first + WORLDS_AT_ONCE, worlds.size)))
        found = _Typical(model, interferon, evidence, chosen, workers).predict()
        blocks.append(np.stack([found[row.observation] for row in DATA_ROWS], axis=1))
    return Predictions(tuple(row.observation for row in DATA_ROWS), np.concatenate(blocks))


def without_alpha(model: Model) -> OdeSystem:
    """Return the equations with all interferon alpha removed, the others and their autoamplification left."""
    whole = build_system(model)
    rates = list(whole.rates)
    rates[whole.states.index("ifn_alpha")] = -REMOVAL_PER_DAY * symbol("ifn_alpha")
    return replace(whole, name=f"{whole.name}, no interferon alpha", rates=tuple(rates))


@dataclass(frozen=True)
class _Typical:
    """The typical subjects of some worlds."""

    model: Model
    interferon: Model
    evidence: Evidence
    worlds: Worlds
    workers: int

    def predict(self) -> dict[str, FloatArray]:
        """Return observation to prediction, each (worlds,)."""
        return {
            **self._depth(),
            **self._without_alpha(),
            **self._onset_in_skin(),
            **self._subcutaneous(),
            **self._interferon_given(),
        }

    def _parameters(self, **changed: float) -> dict[str, FloatArray]:
        typical = typical_world(self.model, self.evidence).parameters
        values = {name: float(value[0]) for name, value in typical.items()} | changed
        return self._in_worlds(values, frozenset(values))

    def _in_worlds(self, values: Mapping[str, float], drawn: Collection[str]) -> dict[str, FloatArray]:
        """Return values of the typical subject, those named as drawn as each world has them, each (worlds,)."""
        size = (self.worlds.size,)
        return {
            name: np.broadcast_to(
                self.worlds.parameters.get(name, value) if name in drawn else value, size
            ).astype(np.float64)
            for name, value in values.items()
        }

    def _follow(self, words: str, days: FloatArray, output: str, **changed: float) -> FloatArray:
        found = simulate_subjects(
            self.model,
            self._parameters(**changed),
            parse_regimen(words),
            days,
            (output,),
            tolerance=Tolerance.SCREEN,
            workers=self.workers,
        )
        return np.where(np.asarray(found.words == "ok")[:, None], found.of(output), np.nan)

    def _weight(self) -> float:
        (weight,) = WEIGHT_IN_LUPUS.read(self.evidence)
        return float(weight.value or 0.0)

    def _depth(self) -> dict[str, FloatArray]:
        found = self._follow(
            "300 mg IV every 4 weeks",
            np.array([0.0, 84.0, 364.0]),
            "signature_suppression_blood",
            body_weight=self._weight(),
        )
        return {f"{TULIP}.w12": PERCENT * found[:, 1], f"{TULIP}.w52": PERCENT * found[:, 2]}

    def _without_alpha(self) -> dict[str, FloatArray]:
        system = without_alpha(self.model)
        parameters = self._parameters()
        found = solve(
            system,
            {name: parameters[name] for name in system.parameters},
            None,
            [0.0, 98.0],
            tolerance=Tolerance.SCREEN,
            outputs=("signature_suppression_blood",),
            workers=self.workers,
        )
        percent = PERCENT * found.of("signature_suppression_blood")[:, 1]
        id = "sifalimumab_in_myositis.sifalimumab.signature_suppression_blood"
        return {id: np.where(found.words == "ok", percent, np.nan)}

    def _onset_in_skin(self) -> dict[str, FloatArray]:
        days = np.arange(0.0, 29.0, 0.25)
        deepest = [
            _time_of_peak(days, self._follow(f"{dose} mg/kg IV once", days, "signature_suppression_skin"))
            for dose in ONSET_DOSES
        ]
        return {"medi_546_phase_1.all.time_to_maximal_suppression_skin": np.mean(deepest, axis=0)}

    def _subcutaneous(self) -> dict[str, FloatArray]:
        days = np.unique(
            np.concatenate([np.linspace(0, 0.05, 11), np.arange(0.1, 15, 0.1), np.arange(15, 141)])
        )
        subcutaneous, intravenous = (
            self._follow(
                f"300 mg {route} once", days, "concentration", body_weight=self._weight(), is_ifn_low=1.0
            )
            for route in ("SC", "IV")
        )
        ratio = np.trapezoid(subcutaneous, days, axis=1) / np.trapezoid(intravenous, days, axis=1)
        return {
            f"{VOLUNTEERS}.cmax": subcutaneous.max(axis=1),
            f"{VOLUNTEERS}.tmax": _time_of_peak(days, subcutaneous),
            f"{VOLUNTEERS}_vs_300_mg_iv.auc.ratio": ratio,
        }

    def _interferon_given(self) -> dict[str, FloatArray]:
        """Return a year of interferon alpha against placebo, typical patient; its own parameters are typical."""
        shared = {parameter.name for each in self.interferon.shared for parameter in each.parameters}
        typical = typical_world(self.interferon, self.evidence).parameters
        values = self._in_worlds({name: float(value[0]) for name, value in typical.items()}, shared)
        found = {}
        for words in (BLACK_REGIMEN, "placebo"):
            followed = simulate_subjects(
                self.interferon,
                values,
                parse_regimen(words),
                [0.0, YEAR_OF_TRIAL],
                tuple(ITEMS_ON_INTERFERON),
                tolerance=Tolerance.SCREEN,
                workers=self.workers,
            )
            is_solved = np.asarray(followed.words == "ok")
            found[words] = {
                item: np.where(is_solved, followed.of(item)[:, 1], np.nan) for item in ITEMS_ON_INTERFERON
            }
        return {
            f"{BLACK}.{item}_change.w52": found[BLACK_REGIMEN][item] - found["placebo"][item]
            for item in ITEMS_ON_INTERFERON
        }


def _time_of_peak(days: FloatArray, values: FloatArray) -> FloatArray:
    """Return when each course is highest, NaN for one that is not known, shape (subjects,)."""
    known = np.asarray(np.isfinite(values).all(axis=1))
    return np.where(known, days[np.where(known[:, None], values, 0.0).argmax(axis=1)], np.nan)

"""What every structural world predicts for the published drug levels and signatures that weigh worlds.

One typical subject of each published group is simulated per world, on the published regimen: the rows are medians and
means of groups, and the difference between a group and its typical subject is part of each row's stated discrepancy.
Clinical results are not among the rows: none exists for blockade of the receptor in systemic sclerosis.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ifntrial.evidence.records import Evidence
from ifntrial.model import Model
from ifntrial.population.assemble import typical_world
from ifntrial.population.records import FloatArray
from ifntrial.population.regimen import parse_regimen
from ifntrial.population.simulate import simulate_subjects
from ifntrial.population.system import build_system
from ifntrial.population.worlds import Worlds
from ifntrial.solver import OdeSystem, Tolerance, symbol
from ifntrial.solver import simulate as solve

TULIP = "tulip_pooled.300_mg_iv_every_4_weeks.signature_suppression_blood"
VOLUNTEERS = "anifrolumab_in_healthy_volunteers.300_mg_sc"
WEIGHT_IN_LUPUS = "anifrolumab_population_pharmacokinetics.all.body_weight.w0"
REMOVAL_PER_DAY = 1000.0
"""Fast against any turnover: all interferon alpha is gone."""
ONSET_DOSES = (1, 3, 10)
"""Single doses [mg/kg]; the phase 1 study gave 0.1 to 20, and its figure does not say which."""
WORLDS_AT_ONCE = 500
PERCENT = 100.0


@dataclass(frozen=True, slots=True)
class DataRow:
    """A published result that weighs worlds.

    Parameters
    ----------
    observation
        Id in the evidence tables, of use ``fit``.
    discrepancy
        Row ``discrepancy.*``: how far the typical subject may be from the group, beside the sampling error.
    share
        Its part of one result: several rows read in the same patients share what one of them would count.
    label
        In words.
    """

    observation: str
    discrepancy: str
    share: float
    label: str


DATA_ROWS = (
    DataRow(f"{TULIP}.w12", "discrepancy.suppression", 0.5, "suppression in blood, lupus, week 12"),
    DataRow(f"{TULIP}.w52", "discrepancy.suppression", 0.5, "suppression in blood, lupus, week 52"),
    DataRow(
        "sifalimumab_in_myositis.sifalimumab.signature_suppression_blood",
        "discrepancy.suppression_without_alpha",
        1.0,
        "suppression in blood without interferon alpha, myositis",
    ),
    DataRow(
        "medi_546_phase_1.all.time_to_maximal_suppression_skin",
        "discrepancy.onset_in_skin",
        1.0,
        "time of deepest suppression in skin, SSc",
    ),
    DataRow(f"{VOLUNTEERS}.cmax", "discrepancy.subcutaneous_peak", 1.0, "peak after 300 mg SC, volunteers"),
    DataRow(f"{VOLUNTEERS}.tmax", "discrepancy.subcutaneous_peak_time", 1.0, "time of that peak, volunteers"),
    DataRow(
        f"{VOLUNTEERS}_vs_300_mg_iv.auc.ratio",
        "discrepancy.exposure_ratio",
        1.0,
        "exposure SC over IV, volunteers",
    ),
)
"""Rows that one typical subject per world can predict and that some unknown of a world changes."""

NOT_USED = {
    f"{VOLUNTEERS}.auc": "the areas behind the ratio SC over IV",
    f"{VOLUNTEERS}.apparent_clearance": "the dose over the same area",
    "receptor_knock_down.*": "pSTAT is linear in the receptor in every world: nothing to learn about a world",
    "ifn_omega_and_ifn_alpha2.*": "the prior of the potency is made from it",
    "ifn_alpha2_simoa.*": "the prior of the untreated concentration is made from it",
}
"""Other rows of the drug and the signature that are there for fits, and why they do not weigh worlds."""


@dataclass(frozen=True, slots=True)
class Predictions:
    """What each world predicts for each observation.

    Parameters
    ----------
    observations
        Ids, one per column.
    values
        In the unit of the observation, NaN where a course could not be solved, shape (worlds, observations).
    """

    observations: tuple[str, ...]
    values: FloatArray

    def of(self, observation: str) -> FloatArray:
        """Return the predictions of one observation, shape (worlds,)."""
        return self.values[:, self.observations.index(observation)]


def predict_rows(
    model: Model,
    evidence: Evidence,
    worlds: Worlds,
    workers: int = 1,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> Predictions:
    """Return what each world predicts for ``DATA_ROWS``.

    Parameters
    ----------
    report
        Called with worlds done and in all.
    """
    blocks = []
    for first in range(0, worlds.size, WORLDS_AT_ONCE):
        chosen = worlds.take(np.arange(first, min(first + WORLDS_AT_ONCE, worlds.size)))
        found = _Typical(model, evidence, chosen, workers).predict()
        blocks.append(np.stack([found[row.observation] for row in DATA_ROWS], axis=1))
        report(first + chosen.size, worlds.size)
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
    evidence: Evidence
    worlds: Worlds
    workers: int

    def predict(self) -> dict[str, FloatArray]:
        """Return observation to prediction, each (worlds,)."""
        return {**self._depth(), **self._without_alpha(), **self._onset_in_skin(), **self._subcutaneous()}

    def _parameters(self, **changed: float) -> dict[str, FloatArray]:
        typical = typical_world(self.model, self.evidence).parameters
        values = {name: float(value[0]) for name, value in typical.items()} | changed
        size = (self.worlds.size,)
        return {
            name: np.broadcast_to(self.worlds.parameters.get(name, value), size).astype(np.float64)
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
        return float(self.evidence.observation(WEIGHT_IN_LUPUS).value or 0.0)

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


def _time_of_peak(days: FloatArray, values: FloatArray) -> FloatArray:
    """Return when each course is highest, NaN for one that is not known, shape (subjects,)."""
    known = np.asarray(np.isfinite(values).all(axis=1))
    return np.where(known, days[np.where(known[:, None], values, 0.0).argmax(axis=1)], np.nan)

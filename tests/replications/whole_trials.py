"""The power of a world, against the share of whole trials of that world that are significant.

    PYTHONPATH=tests python -m replications.whole_trials --trials 2000 --worlds 6 --log whole_trials.jsonl

Designs of the kinds that differ most: a skin score in 30 patients of eight strata; a skin score over several visits in 90
with two on active for each on placebo; digital ulcers in 240; a responder endpoint in 60. Each whole trial draws other
patients from a world's virtual ones, randomizes them in blocks within strata, and is analysed as planned. Trials see the
virtual patients as they are, so the power is that before the correction for their number.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri
from scipy.stats import norm

from ifntrial.catalog.readings import AnalysisOfReadings
from ifntrial.clinic.responses_by_rule import RuleResponses
from ifntrial.design.design import TrialDesign
from ifntrial.patients.records import LatentCourse
from ifntrial.statistics.power import WorldPower, stratum_index, stratum_rates
from ifntrial.statistics.replicates import allocation_of, run_replicates
from ifntrial.studies.common_trial import CommonTrial
from ifntrial.studies.forecast.run import ForecastPlan
from ifntrial.studies.mean_power import MOST_NOISE
from ifntrial.studies.other_drugs import pair_courses
from ifntrial.studies.primary_power import primary_found, primary_power
from ifntrial.studies.repeated_trials import TrialPopulation, repeat_trials
from shipped import design_from_mapping, prepare_forecast

WEEKS_24 = {
    "extends": "daisy",
    "schema_version": 1,
    "arms": [
        {"name": "anifrolumab", "regimen": "300 mg IV every 4 weeks"},
        {"name": "placebo", "regimen": "placebo IV every 4 weeks", "is_control": True},
    ],
    "treatment_weeks": 24,
    "open_label_weeks": 0,
}
VISITS = {"visit_weeks": [0, 4, 12, 24], "open_label_visit_weeks": [], "reason": "visits of a short trial"}
EFFECTS = 0.1, 0.9
"""Worlds whose power lies between these tell an error in it."""


def designs() -> dict[str, TrialDesign]:
    """Return the designs by a short name."""
    found = {
        "small": _design("small", 30, "mrss_change", "ancova"),
        "visits": _design("visits", 90, "mrss_change", "mmrm", allocation=2),
        "ulcers": _design("ulcers", 240, "new_ulcers", "negative_binomial"),
        "response": _design("response", 60, "rcriss", "cmh"),
    }
    return found


def _design(name: str, size: int, endpoint: str, method: str, allocation: int = 1) -> TrialDesign:
    active, control = WEEKS_24["arms"]
    return design_from_mapping(
        {
            **WEEKS_24,
            "name": name,
            "title": f"{endpoint} in {size} patients",
            "size": {"planned": size},
            "arms": [{**active, "allocation": allocation}, control],
            "primary": {"endpoint": endpoint, "visit_week": 24},
            "key_secondary": [],
            "assumed": {
                "schedule": VISITS,
                "randomization": {"block_size": 6 if allocation > 1 else 4, "reason": "whole ratios"},
                "analysis": {"method": method, "reason": "what is checked here"},
            },
        }
    )


@dataclass(frozen=True, slots=True)
class Compared:
    """One world of one design: its power, and what whole trials show."""

    design: str
    world: int
    power: float
    share: float
    trials: int
    not_analysed: int

    @property
    def error(self) -> float:
        """Standard error of the share."""
        return float(np.sqrt(max(self.share * (1.0 - self.share), 1.0 / self.trials) / self.trials))


def compared(name: str, design: TrialDesign, given: argparse.Namespace) -> Iterator[Compared]:
    """Yield worlds of a design whose power is neither nothing nor certain."""
    prepared = prepare_forecast(ForecastPlan(design, given.draws, given.subjects, given.seed))
    trial, done = prepared.trial, 0
    for position, has_effect in enumerate(trial.has_effect):
        if not has_effect or done == given.worlds:
            continue
        own = trial.in_world(position)
        others = {drug: each.of(trial.places(position)) for drug, each in trial.others.items()}
        courses = pair_courses(own, trial.worlds, position, others)
        found = _one(name, own, courses, given.trials, int(trial.worlds.number[position]))
        if EFFECTS[0] < found.power < EFFECTS[1]:
            done += 1
            yield found


def _one(name: str, own: CommonTrial, courses: dict[str, LatentCourse], trials: int, world: int) -> Compared:
    design = own.design
    is_solved = np.all([course.status == "ok" for course in courses.values()], axis=0)
    weight = np.where(is_solved, own.population.prevalence_weight, 0.0)
    stratum, _ = stratum_index(design, dict(own.population.covariates))
    found = primary_found(own, courses, weight, stratum)[""]
    power = _as_seen(primary_power(design, found, weight, stratum))
    if not EFFECTS[0] < power < EFFECTS[1]:
        return Compared(name, world, power, power, 1, 0)
    if isinstance(found, RuleResponses):
        rates = stratum_rates(found.active, found.control, weight, stratum)
        shown = run_replicates(
            rates,
            design.size.analyzed,
            allocation=allocation_of(design),
            replicates=trials,
            seed=own.seed,
            world=world,
            sparse_strata=design.assumed.analysis.sparse_strata,
        )
        return Compared(name, world, power, shown.significant, trials, 0)
    assert isinstance(own.analysis, AnalysisOfReadings)
    patients = TrialPopulation(*found.analysed, weight, stratum)
    repeated = repeat_trials(
        design, own.analysis, found.test, patients, trials=trials, seed=own.seed, world=world
    )
    return Compared(name, world, power, repeated.significant / trials, trials, repeated.not_analysed)


def _as_seen(found: WorldPower) -> float:
    """Return the power for the virtual patients as they are, without the correction for their number."""
    corrected = float(ndtri(np.clip(found.power, 1e-9, 1.0 - 1e-9)))

    def excess(z: float) -> float:
        noise = min(found.standard_error / float(norm.pdf(z)), MOST_NOISE)
        return z / float(np.sqrt(1.0 - noise**2)) - corrected

    return float(ndtr(brentq(excess, -6.0, 6.0)))


def main() -> None:
    """Run what the command line asks for; print each world, and what all of them tell."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    known = designs()
    asked.add_argument("--designs", nargs="+", default=list(known), choices=list(known))
    asked.add_argument("--trials", type=int, default=2000)
    asked.add_argument("--worlds", type=int, default=6, help="of each design")
    asked.add_argument("--draws", type=int, default=60, help="worlds that these are looked for among")
    asked.add_argument("--subjects", type=int, default=400, help="virtual patients of a world")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--log", type=Path)
    given = asked.parse_args()
    for name in given.designs:
        each = []
        for found in compared(name, known[name], given):
            each.append(found)
            print(
                f"{name} world {found.world}: power {100 * found.power:.1f} %, whole trials "
                f"{100 * found.share:.1f} % (standard error {100 * found.error:.1f}), "
                f"{found.not_analysed} of {found.trials} not analysed",
                flush=True,
            )
            if given.log:
                with given.log.open("a") as lines:
                    lines.write(json.dumps(asdict(found)) + "\n")
        if not each:
            print(f"{name}: no world whose power is neither nothing nor certain; look among more (--draws)")
            continue
        off = np.array([one.power - one.share for one in each])
        errors = np.array([one.error for one in each])
        print(
            f"{name}: mean difference {100 * off.mean():+.2f} points, standard error "
            f"{100 * np.sqrt((errors**2).sum()) / len(each):.2f}; largest {np.abs(off / errors).max():.1f} errors"
        )


if __name__ == "__main__":
    main()

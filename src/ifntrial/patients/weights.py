"""The frozen weights of patients: plausible candidates are balanced once, and the coefficients kept.

The weight of any patient, also of one drawn later, follows from the patient alone: no run fits anything, and drawing
more patients changes no one who was there.
"""

from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.evidence.records import Evidence
from ifntrial.evidence.rows import Family
from ifntrial.items import CORE_ITEMS, ITEMS
from ifntrial.model import Model
from ifntrial.patients.balance import Balance, balance, effective_size
from ifntrial.patients.features import (
    ANCHOR,
    CHANGE,
    Patients,
    Target,
    anchors,
    centered,
    feature,
    misfit,
    published_targets,
    simulated,
    with_heterogeneity,
)
from ifntrial.patients.history import ADAPTING
from ifntrial.patients.plausible import OK, plausibility
from ifntrial.patients.records import VirtualPopulation
from ifntrial.patients.sample import sample_population
from ifntrial.patients.targets import BALANCED

PATIENT_SEED = 731
PLAUSIBLE_PATIENTS = 100_000
BLOCK = 20_000
CAPS = (2.0, 2.5, 3.0, 3.5, 4.0, 4.5)
"""Largest weights to try; one patient in so many plausible ones is taken."""

CAP_COST = 0.25
"""A cap is loose enough if no target moves farther than this many of its standard errors."""

_ROUNDS = 12
_SETTLED = 1e-3
_BEHIND_WEIGHTS = Family(
    (
        "population.",
        "history.",
        "plausible.",
        *(f"measurement.{ITEMS[item].error}" for item in CORE_ITEMS),
        *ADAPTING.values(),
        "nt_probnp_baseline",
        "anifrolumab.clearance",
        "anifrolumab.central_volume",
        "anifrolumab.reference_body_weight",
    )
)


@dataclass(frozen=True, slots=True)
class TargetMisfit:
    """A target, its coefficient, and the patients beside it: equally weighted, weighted, and weighted with the cap.

    Parameters
    ----------
    target
        The published number.
    coefficient
        Of the weights with the cap, those that are used.
    before, after, capped
        The same statistic of plausible patients.
    z_before, z_after, z_capped
        Distance from the published value in its standard errors.
    """

    target: Target
    coefficient: float
    before: float
    after: float
    capped: float
    z_before: float
    z_after: float
    z_capped: float


@dataclass(frozen=True, slots=True)
class PatientCalibration:
    """What is frozen.

    Parameters
    ----------
    targets
        Targets with their coefficients.
    log_mean
        See ``Balance``.
    cap
        Largest weight; a plausible candidate enters with probability weight / cap.
    candidates, reasons
        How many were drawn, and the number of each status; ``ok`` are the plausible ones.
    effective_size, effective_size_capped
        Of the plausible ones, by Kish.
    acceptance
        Share of plausible candidates that enter.
    fingerprint
        Of the numbers behind it, see ``patient_fingerprint``.
    """

    targets: tuple[TargetMisfit, ...]
    log_mean: float
    cap: float
    candidates: int
    reasons: dict[str, int]
    effective_size: float
    effective_size_capped: float
    acceptance: float
    fingerprint: str

    def weight(self, population: VirtualPopulation, evidence: Evidence) -> FloatArray:
        """Return each patient's weight, cut at ``cap``, shape (subjects,)."""
        patients = Patients(population, evidence)
        log_weight = np.full(population.size, -self.log_mean)
        # one after the other: a matrix product rounds otherwise for other numbers of patients
        for row in self.targets:
            log_weight += row.coefficient * feature(row.target, patients)
        weight: FloatArray = np.minimum(np.exp(log_weight), self.cap)
        return weight


def patient_fingerprint(evidence: Evidence) -> str:
    """Return a hash of every number that decides the weights: parameters and balanced observations."""
    lines = [
        f"{row.name}|{row.value!r}|{row.unit}|{row.spread!r}|{row.spread_kind}"
        for row in _BEHIND_WEIGHTS.read(evidence)
    ] + [
        f"{row.id}|{row.statistic}|{row.value!r}|{row.low!r}|{row.high!r}|{row.interval_kind}|{row.sd!r}|{row.n!r}|{row.unit}"
        for row in BALANCED.held(evidence).values()
    ]
    return sha256("\n".join(sorted(lines)).encode()).hexdigest()


def calibrate_patients(
    model: Model, evidence: Evidence, plausible: int = PLAUSIBLE_PATIENTS
) -> PatientCalibration:
    """Return the weights that bring at least ``plausible`` plausible patients to the published moments."""
    population, reasons = _draw_plausible(model, evidence, plausible)
    patients = Patients(population, evidence)
    targets, solved = _balance(patients, (*published_targets(evidence), *anchors(patients)))
    features = np.stack([feature(target, patients) for target in targets], axis=1)
    weight = solved.weight(features)
    equal = np.ones(population.size)
    before, after = (_misfits(targets, patients, each) for each in (equal, weight))
    bounded, capped = _choose_cap(targets, patients, features, solved, after)
    cut = bounded.weight(features)
    rows = tuple(
        TargetMisfit(
            target=target,
            coefficient=float(bounded.coefficient[i]),
            before=simulated(target, patients, equal),
            after=simulated(target, patients, weight),
            capped=simulated(target, patients, cut),
            z_before=float(before[i]),
            z_after=float(after[i]),
            z_capped=float(capped[i]),
        )
        for i, target in enumerate(targets)
    )
    return PatientCalibration(
        targets=rows,
        log_mean=bounded.log_mean,
        cap=bounded.cap,
        candidates=sum(reasons.values()),
        reasons=reasons,
        effective_size=effective_size(weight),
        effective_size_capped=effective_size(cut),
        acceptance=float(cut.mean() / bounded.cap),
        fingerprint=patient_fingerprint(evidence),
    )


def _draw_plausible(
    model: Model, evidence: Evidence, plausible: int
) -> tuple[VirtualPopulation, dict[str, int]]:
    """Return at least so many plausible candidates, and how many had which status."""
    drawn = plausible
    while True:
        candidates = sample_population(model, evidence, drawn, PATIENT_SEED)
        status = plausibility(candidates, model, evidence)
        chosen = np.flatnonzero(status == OK)
        if len(chosen) >= plausible or drawn >= 10 * plausible:
            words, counts = np.unique(status, return_counts=True)
            return candidates.take(chosen), {str(w): int(n) for w, n in zip(words, counts, strict=True)}
        drawn += BLOCK


def _balance(patients: Patients, published: tuple[Target, ...]) -> tuple[list[Target], Balance]:
    """Return the targets and the solution; SDs and correlations are taken around means that settle in rounds."""
    weight = np.ones(patients.population.size)
    targets = _with_tolerances([centered(target, patients, weight) for target in published], patients)
    for _ in range(_ROUNDS):
        features = np.stack([feature(target, patients) for target in targets], axis=1)
        solved = balance(features)
        weight = solved.weight(features)
        moved = [centered(target, patients, weight) for target in targets]
        shift = max(
            abs(new - old) / spread
            for one, other in zip(moved, targets, strict=True)
            for new, old, spread in zip(one.around_mean, other.around_mean, other.around_sd, strict=True)
        )
        if shift < _SETTLED:
            break
        targets = moved
    return targets, solved


def _with_tolerances(targets: list[Target], patients: Patients) -> list[Target]:
    """Return the targets with the differences between trials in their tolerance; mean changes have theirs already."""
    equal = np.ones(patients.population.size)

    def group(place: int) -> tuple[str, ...]:
        return (targets[place].kind, *targets[place].quantities)

    found = list(targets)
    for _, places in groupby(sorted(range(len(targets)), key=group), key=group):
        own = {place: targets[place] for place in places}
        first = next(iter(own.values()))
        if first.kind == ANCHOR or (first.kind == "mean" and first.quantities[0].endswith(CHANGE)):
            continue
        deviation = np.array([misfit(target, patients, equal) * target.error for target in own.values()])
        for place, target in zip(own, with_heterogeneity(own, deviation), strict=True):
            found[place] = target
    return found


def _misfits(targets: list[Target], patients: Patients, weight: FloatArray) -> FloatArray:
    return np.array([misfit(target, patients, weight) for target in targets])


def _choose_cap(
    targets: list[Target], patients: Patients, features: FloatArray, free: Balance, uncapped: FloatArray
) -> tuple[Balance, FloatArray]:
    """Return the weights under the smallest cap that moves no target by more than ``CAP_COST``, and their misfits."""
    for cap in CAPS:
        bounded = balance(features, cap, free)
        capped = _misfits(targets, patients, bounded.weight(features))
        if float(np.abs(capped - uncapped).max()) <= CAP_COST:
            break
    return bounded, capped

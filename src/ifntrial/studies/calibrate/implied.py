"""What a structural world implies at every address: the true effect there, on common patients, without a trial effect.

This is the expensive part of meeting beliefs; ``ifntrial calibrate`` does it once and freezes the result, so that a
forecast, or taking a source away, only has to weigh worlds again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ifntrial.catalog import Catalog
from ifntrial.clinic.enroll import enroll
from ifntrial.clinic.estimand import observe_under_estimand, true_effect
from ifntrial.design.design import TrialDesign
from ifntrial.items import CORE_ITEMS
from ifntrial.patients.records import LatentCourse
from ifntrial.studies.common_trial import CommonTrial, simulate_arms, trial_on
from ifntrial.worlds.draw import Worlds


@dataclass(frozen=True, slots=True)
class ImpliedEffect:
    """What one world implies at one address, on common patients.

    Parameters
    ----------
    effect
        Active against control, in the unit of the address.
    control
        The endpoint on control: share of responders, or mean change.
    standard_error
        Of the effect, from the finite number of patients.
    """

    effect: float
    control: float
    standard_error: float


@dataclass(frozen=True, slots=True)
class ImpliedWorld:
    """What one world implies, by address."""

    at: Mapping[str, ImpliedEffect]


@dataclass(frozen=True, slots=True)
class SharedTrial:
    """Addresses of the same patients, arms and visits: they are read in one simulated trial.

    Parameters
    ----------
    trial
        With the design of the first of them.
    addresses
        Their designs.
    """

    trial: CommonTrial
    addresses: tuple[TrialDesign, ...]

    def on(self, subjects: np.ndarray) -> "SharedTrial":
        """Return the same trial on some of its patients, by place."""
        return replace(self, trial=replace(self.trial, population=self.trial.population.take(subjects)))


def shared_trials(
    catalog: Catalog, addresses: Sequence[TrialDesign], *, subjects: int, seed: int, replicates: int
) -> tuple[SharedTrial, ...]:
    """Return the trials in which all addresses are read, each with so many patients.

    Raises
    ------
    InputError
        If the entry criteria of an address let hardly anyone in.
    """
    groups: dict[str, list[TrialDesign]] = {}
    for address in addresses:
        groups.setdefault(_who_and_what(address), []).append(address)
    model = catalog.model()
    return tuple(
        SharedTrial(
            trial_on(
                catalog,
                model,
                some[0],
                enroll(some[0], catalog.pool(model), subjects, seed).population,
                seed=seed,
                replicates=replicates,
            ),
            tuple(some),
        )
        for some in groups.values()
    )


def _who_and_what(address: TrialDesign) -> str:
    conditions = [criterion.condition for criterion in address.eligibility]
    return repr((conditions, address.active.dosing(), address.control.dosing(), address.visit_weeks))


def implied_worlds(
    catalog: Catalog, trials: Sequence[SharedTrial], worlds: Worlds
) -> list[dict[str, ImpliedEffect]]:
    """Return what each world implies at every address, without a trial effect."""
    average = average_trial(worlds)
    found: list[dict[str, ImpliedEffect]] = [{} for _ in range(worlds.size)]
    for shared in trials:
        for place, (active, control) in enumerate(simulate_arms(shared.trial, average)):
            for address in shared.addresses:
                found[place][address.name] = _implied(catalog, shared.trial, address, active, control)
    return found


def _implied(
    catalog: Catalog, trial: CommonTrial, address: TrialDesign, active: LatentCourse, control: LatentCourse
) -> ImpliedEffect:
    arms = observe_under_estimand(
        address,
        {address.active.name: active, address.control.name: control},
        trial.population.covariates,
        trial.error,
        seed=trial.seed,
        replicates=trial.replicates,
    )
    is_solved = (active.status == "ok") & (control.status == "ok")
    weight = np.where(is_solved, trial.population.prevalence_weight, 0.0)
    found = true_effect(address, arms, weight, catalog.endpoints[address.primary.endpoint])
    return ImpliedEffect(found.effect, found.control, found.standard_error)


def average_trial(worlds: Worlds) -> Worlds:
    """Return the worlds with no trial effect on any item."""
    none = {f"trial_{item}": np.zeros(worlds.size) for item in CORE_ITEMS}
    return replace(worlds, history={**worlds.history, **none})

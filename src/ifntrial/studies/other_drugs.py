"""Drugs of a design beside the usual one: the same patients and worlds in each one's own model."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from ifntrial.arrays import FloatArray, IndexArray
from ifntrial.catalog import Catalog
from ifntrial.course.assemble import subject_parameters
from ifntrial.course.simulate import simulate_arm
from ifntrial.design.design import Arm, TrialDesign
from ifntrial.design.parts import USUAL_DRUG
from ifntrial.model import Model
from ifntrial.patients.records import LatentCourse, VirtualPopulation
from ifntrial.patients.thinning import PatientPool
from ifntrial.studies.common_trial import CommonTrial
from ifntrial.worlds.choose import WorldChoice
from ifntrial.worlds.draw import Worlds


@dataclass(frozen=True, slots=True)
class DrugInWorlds:
    """A drug, with the patients and the worlds of a run in its model.

    Draws hang on their purpose alone, so that what a drug shares with another is the same to the last bit.
    """

    model: Model
    population: VirtualPopulation
    worlds: Worlds

    def of(self, places: IndexArray) -> "DrugInWorlds":
        """Return the drug with some of the patients."""
        return replace(self, population=self.population.take(places))


def drug_of(arm: Arm) -> str:
    """Return the name of the drug that an arm gets; a placebo is untreated in any model."""
    return USUAL_DRUG if arm.planned_dosing().is_placebo else arm.drug_name


def other_drugs(
    catalog: Catalog,
    designs: Iterable[TrialDesign],
    choice: WorldChoice,
    population: Callable[[PatientPool], VirtualPopulation],
    without: Iterable[str] = (),
) -> dict[str, DrugInWorlds]:
    """Return the drugs beside the usual one that active and control arms of designs get.

    Parameters
    ----------
    population
        From where patients come to the patients of the run.
    without
        Mechanisms that are left out.
    """
    arms = [arm for design in designs for arm in (design.active, design.control)]
    found = {}
    for name in dict.fromkeys(drug_of(arm) for arm in arms):
        if name != USUAL_DRUG:
            model = catalog.model(name, without)
            found[name] = DrugInWorlds(
                model,
                population(catalog.pool(model)),
                choice.worlds_of(catalog.calibration, model, catalog.evidence),
            )
    return found


def treatment_of(arm: Arm, usual: DrugInWorlds, others: Mapping[str, DrugInWorlds]) -> DrugInWorlds:
    """Return the drug of an arm with the patients and worlds of the run."""
    return others.get(drug_of(arm), usual)


def pair_courses(
    trial: CommonTrial, worlds: Worlds, position: int, others: Mapping[str, DrugInWorlds]
) -> dict[str, LatentCourse]:
    """Return the true courses of the active and the control arm in one world, each by the model of its drug."""
    usual, courses = DrugInWorlds(trial.model, trial.population, worlds), {}
    parameters: dict[str, dict[str, FloatArray]] = {}
    for arm in (trial.design.active, trial.design.control):
        drug, treatment = drug_of(arm), treatment_of(arm, usual, others)
        if drug not in parameters:
            parameters[drug] = subject_parameters(
                treatment.model, trial.evidence, treatment.population, treatment.worlds, position
            )
        courses[arm.name] = simulate_arm(
            treatment.model,
            parameters[drug],
            arm.planned_dosing(),
            trial.design.visit_weeks,
            arm=arm.name,
            world=int(worlds.number[position]),
        )
    return courses

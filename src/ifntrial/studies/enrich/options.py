"""Every option of an enrichment study: whom to take in, how many, at which cost, with what chance of success."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ifntrial.arrays import AnyArray, FloatArray
from ifntrial.design.design import TrialDesign
from ifntrial.errors import InputError
from ifntrial.statistics.assurance import PowerInWorlds, tally_power
from ifntrial.studies.compare.plan import PreparedComparison, world_weights
from ifntrial.studies.compare.power import TrialSize, size_in
from ifntrial.studies.enrich.cost import screened_patients, size_at_cost, trial_cost
from ifntrial.studies.enrich.inputs import EnrichmentInputs
from ifntrial.studies.enrich.markers import IFN_HIGH, Marker
from ifntrial.studies.enrich.select import Selection, at_prevalence, by_test, everyone
from ifntrial.studies.enrich.subjects import SubjectsInWorlds, benefit_in_worlds, power_in_worlds


@dataclass(frozen=True, slots=True)
class Setting:
    """Whom a trial takes in: all comers (no marker) or those with a positive test.

    Parameters
    ----------
    marker
        None for all comers.
    prevalence
        Share of truly high signatures among those who meet the entry criteria.
    """

    marker: Marker | None
    prevalence: float


@dataclass(frozen=True, slots=True)
class Option:
    """One trial: a setting and a number of treated patients.

    Parameters
    ----------
    power
        In each world.
    benefit
        Expected gain in response of those in the trial, in each world, shape (worlds,).
    """

    setting: Setting
    size: float
    power: PowerInWorlds
    benefit: FloatArray
    selection: Selection


@dataclass(frozen=True, slots=True)
class Study:
    """Simulated responses of one design's patients, ready to be weighed."""

    prepared: PreparedComparison
    subjects: SubjectsInWorlds
    inputs: EnrichmentInputs

    @property
    def design(self) -> TrialDesign:
        """The design without selection."""
        return self.prepared.designs[0]

    @property
    def own_size(self) -> TrialSize:
        """Its size and test."""
        return size_in(self.prepared, self.design)

    @property
    def is_response(self) -> bool:
        """Whether its primary endpoint is a response."""
        return self.own_size.test is None

    @property
    def weights(self) -> Mapping[str, FloatArray]:
        """Weight of each world under every named prior and, last, their mixture."""
        return world_weights(self.prepared)

    @property
    def weight(self) -> FloatArray:
        """How many real patients each subject stands for, shape (subjects,)."""
        return self.prepared.common.population.prevalence_weight

    @property
    def covariates(self) -> dict[str, AnyArray]:
        """Covariates of the subjects, each (subjects,)."""
        return dict(self.prepared.common.population.covariates)


def usable_study(study: Study) -> tuple[Study, dict[str, str]]:
    """Return the study with the markers that tell patients of the design apart, and why others are left out.

    Raises
    ------
    InputError
        If no marker is left.
    """
    left_out, kept = {}, []
    for marker in study.inputs.markers:
        holds = marker.holds(study.covariates)
        if holds.all() or not holds.any():
            left_out[marker.label] = f"{int(holds.sum())} of {len(holds)} simulated patients have it."
        else:
            kept.append(marker)
    if not kept:
        raise InputError(
            "no marker tells the simulated patients of this design apart",
            problems=[f"{label}: {reason}" for label, reason in left_out.items()],
            allowed="a marker that some patients of the design have and others lack",
            fix="ask for more --subjects, choose other markers, or start from a wider design",
        )
    return replace(study, inputs=replace(study.inputs, markers=tuple(kept))), left_out


def reference_settings(study: Study) -> list[Setting]:
    """Return all comers and every marker at the reference prevalence and test."""
    inputs = study.inputs
    first = inputs.prevalences[0]
    return [Setting(None, first), *(Setting(_measured(m, inputs), first) for m in inputs.markers)]


def signature_settings(study: Study) -> list[Setting]:
    """Return selection by the signature at every prevalence and test, each prevalence after its all comers."""
    inputs = study.inputs
    marker = next((m for m in inputs.markers if m.name == IFN_HIGH), None)
    if marker is None:
        return []
    return [
        setting
        for prevalence in inputs.prevalences
        for setting in (
            Setting(None, prevalence),
            *(Setting(marker.measured_by(assay), prevalence) for assay in inputs.assays),
        )
    ]


def _measured(marker: Marker, inputs: EnrichmentInputs) -> Marker:
    return marker.measured_by(inputs.assays[0]) if marker.name == IFN_HIGH else marker


def selection(study: Study, setting: Setting) -> Selection:
    """Return who is in the trial of a setting."""
    covariates, weight = study.covariates, study.weight
    factor = at_prevalence(covariates["is_ifn_high"].astype(bool), weight, setting.prevalence)
    if setting.marker is None:
        return everyone(factor)
    marker = setting.marker
    return by_test(marker.holds(covariates), marker.chance(covariates), weight, factor)


def compute_options(study: Study, setting: Setting, sizes: Sequence[float]) -> list[Option]:
    """Return the trials of a setting at every size."""
    chosen = selection(study, setting)
    subjects = study.subjects.weighed(chosen.factor)
    own = study.own_size
    benefit = benefit_in_worlds(subjects)
    return [
        Option(
            setting,
            size,
            power_in(study, subjects, own.with_total(size)),
            benefit,
            chosen,
        )
        for size in sizes
    ]


def power_in(study: Study, subjects: SubjectsInWorlds, size: TrialSize) -> PowerInWorlds:
    """Return the power of a trial of weighed subjects in all worlds."""
    return tally_power(power_in_worlds(subjects, size), study.weights, size.sign)


def screened(option: Option, inputs: EnrichmentInputs) -> float:
    """Return how many patients are screened for a trial."""
    return screened_patients(option.size, inputs.entry_share, option.selection.positive_share)


def cost(option: Option, inputs: EnrichmentInputs, screening_cost: float) -> float:
    """Return the cost of a trial, in costs of treating one patient."""
    test_cost = option.setting.marker.test_cost if option.setting.marker else 0.0
    return trial_cost(option.size, screened(option, inputs), screening_cost, test_cost)


def all_comers_at_cost(study: Study, option: Option, screening_cost: float) -> Option:
    """Return the trial of all comers, at the same prevalence, that costs what a trial with selection does."""
    total = size_at_cost(
        cost(option, study.inputs, screening_cost), study.inputs.entry_share, 1.0, screening_cost, 0.0
    )
    plain = replace(option.setting, marker=None)
    return compute_options(study, plain, [total])[0]

"""Continuous scores on which a cut-off selects patients: what a patient truly has, and how well it is measured."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtr

from ifntrial.arrays import BoolArray, FloatArray
from ifntrial.clinic.readings import measurement_error
from ifntrial.course.assemble import subject_parameters, typical_world
from ifntrial.course.simulate import simulate_subjects
from ifntrial.dosing.regimen import parse_regimen
from ifntrial.errors import SolverError
from ifntrial.items import ITEMS
from ifntrial.read_only import read_only
from ifntrial.studies.compare.plan import PreparedComparison
from ifntrial.studies.enrich.inputs import EnrichmentInputs
from ifntrial.studies.enrich.markers import ENRICHMENT, IFN_HIGH

IFN_SCORE, SKIN_SPEED, CARDIAC = "ifn_score", "skin_speed", "nt_probnp"
SKIN_SPEEDS = (5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 45.0)
"""mRSS points for each year of disease; 25 and 45 part slow, intermediate and rapid (Domsic et al., 2011)."""
NT_PROBNP_LIMITS = (75.0, 100.0, 125.0, 175.0, 250.0, 400.0)
"""pg/mL; 125 is the usual limit that excludes heart failure outside acute care."""
_FIRST_DAY = read_only(np.array([0.0, 1.0]))


@dataclass(frozen=True, slots=True)
class Score:
    """One continuous score of the subjects.

    Parameters
    ----------
    name, short, unit
        As shown to people.
    rule
        How the drug effect depends on the score in the model, in a sentence.
    values
        What each subject truly has, on the scale on which errors are even, shape (subjects,).
    noise
        SD of one measurement on that scale, shape (subjects,).
    is_truly
        Who should be found whatever the cut-off, shape (subjects,); None: whoever truly lies above the cut-off.
    cutoffs
        In ``unit``.
    is_log
        Whether ``values`` are natural logarithms of what the cut-offs are given in.
    test_cost
        Of one measurement, in costs of treating one patient.
    """

    name: str
    short: str
    unit: str
    rule: str
    values: FloatArray
    noise: FloatArray
    is_truly: BoolArray | None
    cutoffs: tuple[float, ...]
    is_log: bool
    test_cost: float

    def with_noise(self, noise: float) -> "Score":
        """Return the score measured with another SD, the same for everyone."""
        return replace(self, noise=np.full_like(self.values, noise))

    def chance(self, cutoff: float) -> FloatArray:
        """Return each subject's chance to be measured at or above a cut-off, shape (subjects,)."""
        gap = self.values - self._on_scale(cutoff)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.noise > 0, ndtr(gap / self.noise), (gap >= 0).astype(np.float64))

    def truth(self, cutoff: float) -> BoolArray:
        """Return who a perfect selection would take in, shape (subjects,)."""
        if self.is_truly is not None:
            return self.is_truly
        return np.asarray(self.values >= self._on_scale(cutoff))

    def _on_scale(self, cutoff: float) -> float:
        return float(np.log(cutoff)) if self.is_log else cutoff


def shipped_scores(prepared: PreparedComparison, inputs: EnrichmentInputs) -> tuple[Score, ...]:
    """Return the scores of the common subjects, the interferon score of blood first."""
    covariates, evidence = prepared.common.population.covariates, prepared.evidence
    error, cost = measurement_error(evidence), ENRICHMENT.read(evidence).test_cost
    years = np.asarray(covariates["disease_duration_years"], dtype=np.float64)
    mrss, skin = ITEMS["mrss"], np.asarray(covariates["mrss"], dtype=np.float64)
    peptide = np.asarray(covariates["nt_probnp"], dtype=np.float64)
    return (
        Score(
            name=IFN_SCORE,
            short="interferon score",
            unit="log2 fold change",
            rule="The effect grows with the patient's untreated interferon signal, also among patients with a truly "
            "high signature; in some worlds it is the same for all.",
            values=untreated_score(prepared),
            noise=np.full(len(years), inputs.score_noises[0]),
            is_truly=covariates["is_ifn_high"].astype(bool),
            cutoffs=inputs.score_cutoffs,
            is_log=False,
            test_cost=cost[IFN_HIGH],
        ),
        Score(
            name=SKIN_SPEED,
            short="skin progression",
            unit=f"{mrss.label} {mrss.spoken_unit} per year of disease",
            rule="No rule ties the effect to this rate: it acts through the course of the skin that such patients have.",
            values=skin / years,
            noise=error[mrss.error] / years,
            is_truly=None,
            cutoffs=SKIN_SPEEDS,
            is_log=False,
            test_cost=cost["high_mrss"],
        ),
        Score(
            name=CARDIAC,
            short=ITEMS[CARDIAC].label,
            unit=ITEMS[CARDIAC].unit,
            rule="No rule ties the effect to the peptide: patients with a raised one differ by chance and by "
            "covariates only.",
            values=np.log(peptide),
            noise=np.full(len(years), error[ITEMS[CARDIAC].error]),
            is_truly=None,
            cutoffs=NT_PROBNP_LIMITS,
            is_log=True,
            test_cost=cost["cardiac"],
        ),
    )


def untreated_score(prepared: PreparedComparison) -> FloatArray:
    """Return each subject's interferon score of blood before treatment, log2 fold change, in the typical world.

    Raises
    ------
    SolverError
        If a subject's course cannot be begun.
    """
    world = typical_world(prepared.model, prepared.evidence)
    parameters = subject_parameters(prepared.model, prepared.evidence, prepared.common.population, world, 0)
    found = simulate_subjects(
        prepared.model, parameters, parse_regimen("placebo"), _FIRST_DAY, ("signature_blood",)
    )
    fold = found.of("signature_blood")[:, 0]
    if not np.all(fold > 0):
        raise SolverError(
            "the interferon score before treatment could not be computed",
            given=f"{int((~(fold > 0)).sum())} of {len(fold)} subjects",
            allowed="a positive fold change",
            fix="check the parameters of the signature",
        )
    return np.asarray(np.log2(fold))

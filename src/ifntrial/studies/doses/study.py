"""Dose, exposure and response: one design under a range of regimens, in the same worlds and patients."""

import re
from collections.abc import Mapping, Sequence
from math import isfinite

import numpy as np

from ifntrial.arrays import AnyArray, FloatArray
from ifntrial.calendar import planned_days
from ifntrial.clinic.design_words import control_word, endpoint_words, trial_name
from ifntrial.clinic.primary_measure import primary_measure
from ifntrial.course.assemble import subject_parameters
from ifntrial.course.dose_plans import plan_regimen
from ifntrial.course.looks import choose_looks
from ifntrial.course.noncompartmental import areas
from ifntrial.course.simulate import simulate_subjects
from ifntrial.design.design import TrialDesign
from ifntrial.dosing.regimen import parse_regimen, require_same_drug
from ifntrial.errors import InputError, listed, resolve_name
from ifntrial.levels import BAND, NORMAL_95
from ifntrial.model.drugs import Drug
from ifntrial.statistics.mean_over_worlds import mean_over_worlds
from ifntrial.studies.compare.plan import MOST_DESIGNS, PreparedComparison, world_weights
from ifntrial.studies.compare.power import paired_difference
from ifntrial.studies.compare.study import prior_effect, run_facts
from ifntrial.studies.compare.worlds import ComparedWorlds
from ifntrial.studies.doses.result import Doses, Exposure, MedianPatient, RegimenResult
from ifntrial.studies.over_worlds import fields_of
from ifntrial.worlds.beliefs import MIXTURE

REGIMENS = (
    "30 mg SC every week",
    "60 mg SC every week",
    "240 mg SC every week",
    "150 mg IV every 4 weeks",
    "300 mg IV every 4 weeks",
    "1000 mg IV every 4 weeks",
)
"""Beside the design's own: weekly doses under the skin, and the range of the intravenous trials."""
WINDOW_DAYS = 28.0
MOST_WORLDS, MOST_SUBJECTS = 16, 100
"""Of the exposure, which varies less than the response."""
FULL_OCCUPANCY = 0.95
_WATCHED = {
    "trough": "concentration",
    "occupancy_blood": "occupancy_blood",
    "occupancy_skin": "occupancy_skin",
    "suppression_blood": "signature_suppression_blood",
    "suppression_skin": "signature_suppression_skin",
}
"""Read-out at the end of a dosing interval to the model's output; the signature in those with a high one."""


def with_regimens(
    base: TrialDesign, regimens: Sequence[str], drugs: Mapping[str, Drug]
) -> tuple[TrialDesign, ...]:
    """Return the design, then the same design under each further regimen of its active arm.

    Raises
    ------
    InputError
        If a regimen cannot be read, is a placebo, is not how the drug is given, or there are too many.
    """
    own, asked = base.active.dosing(), [parse_regimen(text) for text in regimens]
    chosen = list(dict.fromkeys(regimen.words() for regimen in (own, *asked)))[1:]
    if any(regimen.is_placebo for regimen in asked) or len(chosen) >= MOST_DESIGNS:
        raise InputError(
            "these regimens cannot be compared",
            given=listed(regimens),
            allowed=f"up to {MOST_DESIGNS - 1} regimens of the drug beside the design's own, {own.words()}",
            fix="leave out placebo, and some of the others",
        )
    drug = resolve_name(base.active.drug_name, drugs, "drug")
    for regimen in asked:
        require_same_drug(regimen, drug.name)
        for part in regimen.parts:
            drug.dosed_species(part.route)
    return (base, *(_with_regimen(base, words) for words in chosen))


def _with_regimen(base: TrialDesign, words: str) -> TrialDesign:
    active = base.active.model_copy(update={"regimen": words})
    slug = re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")
    return base.model_copy(
        update={
            "name": f"{base.name}_{slug}",
            "arms": tuple(active if arm.name == active.name else arm for arm in base.arms),
        }
    )


def doses_result(prepared: PreparedComparison, worlds: ComparedWorlds) -> Doses:
    """Return every number of a study of doses except what differs between two runs of the same plan (time, date)."""
    base = prepared.designs[0]
    endpoint = prepared.catalog.endpoints[base.primary.endpoint]
    return Doses(
        **fields_of(run_facts(prepared, worlds.statuses)),
        design=base.name,
        total=base.size.analyzed,
        called=trial_name(base),
        control_word=control_word(base),
        primary=endpoint_words(base.primary, base, prepared.catalog.endpoints),
        primary_definition=endpoint.definition_under(base.assumed),
        primary_measure=primary_measure(endpoint),
        alpha_one_sided=base.assumed.analysis.alpha_one_sided,
        per_arm=(base.n_of(base.active), base.n_of(base.control)),
        window_days=WINDOW_DAYS,
        exposure_worlds=len(_worlds(prepared)),
        exposure_subjects=min(prepared.common.population.size, MOST_SUBJECTS),
        regimen_results=tuple(_regimen_result(prepared, worlds, design) for design in prepared.designs),
    )


def _regimen_result(
    prepared: PreparedComparison, worlds: ComparedWorlds, design: TrialDesign
) -> RegimenResult:
    power = {each.name: worlds.power[each.name][each.size.analyzed] for each in prepared.designs}
    own, base, regimen = power[design.name], power[prepared.designs[0].name], design.active.dosing()
    names, endpoint = world_weights(prepared), prepared.catalog.endpoints[design.primary.endpoint]
    return RegimenResult(
        words=regimen.words(),
        route=regimen.route,
        exposure=exposure(prepared, design),
        by_prior={name: prior_effect(own, name, endpoint) for name in names},
        versus_own={name: paired_difference(own, base, name) for name in names},
    )


def _worlds(prepared: PreparedComparison) -> FloatArray:
    """Return the places of the worlds in which exposure is followed, spread evenly over all."""
    count = min(prepared.worlds.size, MOST_WORLDS)
    return np.unique(np.linspace(0, prepared.worlds.size - 1, count).round().astype(np.int64))


def exposure(prepared: PreparedComparison, design: TrialDesign) -> Exposure:
    """Return exposure, occupancy and suppression of a regimen before the primary visit."""
    population = prepared.common.population.take(
        np.arange(min(prepared.common.population.size, MOST_SUBJECTS))
    )
    end = float(planned_days(design.primary.visit_week))
    begin = max(end - WINDOW_DAYS, 0.0)
    # a look a day would miss the peaks of infusions, and with them a part of the area
    looks = choose_looks(plan_regimen(design.active.dosing(), end), end, np.array([begin]), population.size)
    days = looks.days[looks.days >= begin]
    weight = prepared.choice.counts[MIXTURE]
    found: dict[str, list[FloatArray]] = {}
    shares = []
    for place in _worlds(prepared):
        parameters = subject_parameters(
            prepared.model, prepared.evidence, population, prepared.worlds, int(place)
        )
        course = simulate_subjects(
            prepared.model, parameters, design.active.dosing(), days, _WATCHED.values()
        )
        values = {name: course.of(output)[:, -1] for name, output in _WATCHED.items()}
        level = course.of("concentration")
        values["auc"] = areas(days, level)
        values["occupied"] = (values["occupancy_blood"] >= FULL_OCCUPANCY).astype(np.float64)
        for name, each in values.items():
            found.setdefault(name, []).append(each[course.is_ok & _who(name, population.covariates)])
        shares.append(float(weight[place]))
    return Exposure(**{name: _spread(each, np.array(shares)) for name, each in found.items()})


def _who(name: str, covariates: Mapping[str, AnyArray]) -> np.ndarray:
    """Return whose values count: the fold change of a low signature has nothing to lose."""
    if name == "suppression_blood":
        return np.asarray(covariates["is_ifn_high"], dtype=bool)
    if name == "suppression_skin":
        return np.asarray(covariates["is_ifn_high_skin"], dtype=bool)
    return np.ones(len(covariates["is_ifn_high"]), dtype=bool)


def _spread(worlds: Sequence[FloatArray], weight: FloatArray) -> MedianPatient:
    """Return the weighted mean over worlds of a median (of a mean for a share), its error, and the pooled spread."""
    weight = weight if weight.sum() > 0 else np.ones(len(weight))
    is_share = all(np.isin(each, (0.0, 1.0)).all() for each in worlds)
    centers = np.array([float(np.mean(each) if is_share else np.median(each)) for each in worlds])
    center = mean_over_worlds(centers, weight)
    low, _, high = np.percentile(np.concatenate(worlds), BAND)
    half = NORMAL_95 * center.standard_error
    return MedianPatient(
        # a mean of equal numbers may lie beyond them by its last digit
        median=float(np.clip(center.mean, centers.min(), centers.max())),
        mc_low=center.mean - half if isfinite(half) else None,
        mc_high=center.mean + half if isfinite(half) else None,
        q05=float(low),
        q95=float(high),
    )

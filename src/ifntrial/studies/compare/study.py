"""From the worlds of a comparison to its result."""

from collections.abc import Mapping

import numpy as np

from ifntrial.clinic.design_words import endpoint_words, trial_name
from ifntrial.clinic.endpoints.record import Endpoint
from ifntrial.clinic.primary_measure import primary_measure, told_of_arm
from ifntrial.design.design import TrialDesign
from ifntrial.statistics.assurance import PowerInWorlds, assurance
from ifntrial.studies.compare.more_patients import more_patients
from ifntrial.studies.compare.plan import PreparedComparison, world_weights
from ifntrial.studies.compare.power import paired_difference
from ifntrial.studies.compare.result import ComparedDesign, Comparison, DesignFacts
from ifntrial.studies.compare.worlds import ComparedWorlds
from ifntrial.studies.over_worlds import (
    OverCommonSubjects,
    PriorEffect,
    fields_of,
    over_worlds,
    prior_facts,
    response_over_worlds,
)
from ifntrial.worlds.beliefs import MIXTURE


def comparison_result(prepared: PreparedComparison, worlds: ComparedWorlds) -> Comparison:
    """Return every number of a comparison except what differs between two runs of the same plan (time, date)."""
    reference = prepared.designs[0].name
    return Comparison(
        **fields_of(run_facts(prepared, worlds.statuses)),
        reference=reference,
        designs=tuple(_compared(prepared, worlds, design, reference) for design in prepared.designs),
    )


def _compared(
    prepared: PreparedComparison, worlds: ComparedWorlds, design: TrialDesign, reference: str
) -> ComparedDesign:
    power = {each.name: worlds.power[each.name][each.size.analyzed] for each in prepared.designs}
    own, names = power[design.name], world_weights(prepared)
    endpoint = prepared.catalog.endpoints[design.primary.endpoint]
    return ComparedDesign(
        **fields_of(design_facts(prepared, design)),
        effective_subjects=worlds.effective_subjects[design.name],
        by_prior={name: prior_effect(own, name, endpoint) for name in names},
        versus_reference=None
        if design.name == reference
        else {name: paired_difference(own, power[reference], name) for name in names},
        more_patients=more_patients(design.size.analyzed, worlds.power[design.name]),
    )


def run_facts(prepared: PreparedComparison, statuses: Mapping[str, int]) -> OverCommonSubjects:
    """Return what a study of designs in common worlds was run on."""
    found = over_worlds(prepared.plan, prepared.catalog, prepared.choice, statuses)
    return OverCommonSubjects(
        **fields_of(found),
        common_subjects=prepared.common.population.size,
        priors=prior_facts(prepared.beliefs, prepared.choice),
        mixture=MIXTURE,
    )


def design_facts(prepared: PreparedComparison, design: TrialDesign) -> DesignFacts:
    """Return what a design is, in words and numbers."""
    endpoint = prepared.catalog.endpoints[design.primary.endpoint]
    return DesignFacts(
        name=design.name,
        title=design.title,
        total=design.size.analyzed,
        per_arm=(design.n_of(design.active), design.n_of(design.control)),
        arms=(design.active.name, design.control.name),
        regimens=(design.active.regimen, design.control.regimen),
        eligibility=tuple(criterion.text for criterion in design.eligibility),
        called=trial_name(design),
        primary=endpoint_words(design.primary, design, prepared.catalog.endpoints),
        primary_definition=endpoint.definition_under(design.assumed),
        primary_measure=primary_measure(endpoint),
        alpha_one_sided=design.assumed.analysis.alpha_one_sided,
        screened=prepared.common.screened[design.name],
        reading=prepared.reading_of[design.name],
    )


def prior_effect(found: PowerInWorlds, weighting: str, endpoint: Endpoint) -> PriorEffect:
    """Return probability of success, its spread over worlds, and what is expected of the primary endpoint."""
    weight = found.weights[weighting]
    active, control = (told_of_arm(endpoint, each) for each in (found.active, found.control))
    return PriorEffect(
        **fields_of(response_over_worlds(found.power, active, control, weight, found.difference)),
        assurance=assurance(found, weighting),
        expected_response=(
            float(np.average(active, weights=weight)),
            float(np.average(control, weights=weight)),
        ),
    )

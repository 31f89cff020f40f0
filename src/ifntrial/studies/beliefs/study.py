"""What can be stated about the effect of blockade, and what a belief means for response, before any simulation."""

from collections.abc import Sequence

import numpy as np
from scipy.special import expit, logit

from ifntrial.arrays import FloatArray
from ifntrial.catalog import Catalog
from ifntrial.clinic.design_words import endpoint_words
from ifntrial.design.design import TrialDesign
from ifntrial.errors import resolve_name
from ifntrial.levels import BAND
from ifntrial.studies.beliefs.result import AddressFacts, ImpliedRates
from ifntrial.worlds.beliefs import Belief
from ifntrial.worlds.implied import ImpliedEffects
from ifntrial.worlds.quantiles import Spread, quantile_spread
from ifntrial.worlds.weigh import base_weights, weigh

TOLD_FROM = 0.005
"""A share of a belief that lies beyond all worlds is told from here on: some of it always does."""
MEASURES = {"odds_ratio": "log_odds_ratio", "mean_difference": "mean_difference"}


def measure_of(address: TrialDesign, catalog: Catalog) -> tuple[str, str]:
    """Return the measure of an effect at an address, and its unit."""
    summary = address.assumed.estimand.summary
    unit = catalog.endpoints[address.primary.endpoint].unit if summary == "mean_difference" else "1"
    return MEASURES[summary], unit


def address_facts(catalog: Catalog) -> tuple[AddressFacts, ...]:
    """Return every address that the frozen worlds know; errors as in ``load_calibration``."""
    implied = catalog.calibration.implied
    base = base_weights(implied, catalog.evidence)
    return tuple(_facts(name, catalog, implied, base) for name in implied.at)


def _facts(name: str, catalog: Catalog, implied: ImpliedEffects, base: FloatArray) -> AddressFacts:
    place, address = implied.at_address(name), resolve_name(name, catalog.addresses, "address")
    measure, unit = measure_of(address, catalog)
    return AddressFacts(
        name=name,
        title=address.title,
        endpoint=endpoint_words(address.primary, address, catalog.endpoints),
        population=address.assumed.estimand.population
        or ", ".join(each.text for each in address.eligibility),
        measure=measure,
        unit=unit,
        is_lower_better=place.is_lower_better,
        week=address.primary.visit_week,
        control_over_worlds=quantile_spread(place.control, np.where(implied.is_protective, 0.0, base)),
        reach=(float(place.effect.min()), float(place.effect.max())),
    )


def implied_rates(beliefs: Sequence[Belief], catalog: Catalog) -> tuple[ImpliedRates, ...]:
    """Return what beliefs mean at their addresses.

    Raises
    ------
    InputError
        If worlds reach too little of a belief.
    """
    implied = catalog.calibration.implied
    base = base_weights(implied, catalog.evidence)
    known = {name: _facts(name, catalog, implied, base) for name in implied.at}
    total = sum(belief.share for belief in beliefs)
    found = []
    for belief in beliefs:
        stated, share = belief.statement, belief.share / total if total > 0 else 0.0
        if stated is None:
            found.append(ImpliedRates(belief.name, belief.label, share))
            continue
        weights = weigh(belief, implied, base)
        place = implied.at_address(stated.address)
        effect = stated.spread(BAND, is_lower_better=place.is_lower_better).quantiles
        control = float(np.average(place.control, weights=weights.either))
        found.append(
            ImpliedRates(
                name=belief.name,
                label=belief.label,
                weight=share,
                address_facts=known[stated.address],
                stated_effect=Spread(*effect.tolist()),
                no_benefit=stated.no_benefit(is_lower_better=place.is_lower_better),
                below_zero=stated.below_zero,
                unreached=weights.unreached,
                control=control,
                active=_on_active(control, effect, known[stated.address].measure),
            )
        )
    return tuple(found)


def _on_active(control: float, effect: FloatArray, measure: str) -> Spread:
    active = expit(logit(control) + effect) if measure == "log_odds_ratio" else control + effect
    return Spread(*active.tolist())

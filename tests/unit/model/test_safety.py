"""Hazards of infection by background, against the ratios written out by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from ifntrial.evidence.load import load_evidence
from ifntrial.model.mechanisms.safety import MECHANISM

EVIDENCE = load_evidence()
BACKGROUND = {"uses_mmf": 0.0, "uses_glucocorticoid": 0.0, "lives_in_east_asia": 0.0, "age": 50.0}
RATES = {reaction.name: reaction.rate for reaction in MECHANISM.reactions}


def rate(event: str, response: float = 1.0, **background: float) -> float:
    """Return events per 100 patient-years of a patient at the typical values."""
    values = {each.name: 0.0 for each in MECHANISM.parameters} | BACKGROUND
    for name in values:
        if name not in BACKGROUND:
            values[name] = EVIDENCE.parameter(name).value
    found = RATES[f"{event}_occurrence"](
        SimpleNamespace(ifn_relative_response_blood=response), SimpleNamespace(**(values | background))
    )
    return float(found)


def test_each_background_multiplies_zoster_by_its_own_ratio():
    assert rate("zoster") == pytest.approx(0.85)
    assert rate("zoster", uses_mmf=1.0) / rate("zoster") == pytest.approx(np.exp(0.56))
    assert rate("zoster", uses_glucocorticoid=1.0) / rate("zoster") == pytest.approx(np.exp(0.42))
    assert rate("zoster", lives_in_east_asia=1.0) / rate("zoster") == pytest.approx(np.exp(0.62))
    assert rate("zoster", age=70.0) / rate("zoster") == pytest.approx(np.exp(20 * 0.03))
    both = rate("zoster", uses_mmf=1.0, uses_glucocorticoid=1.0)
    assert both / rate("zoster") == pytest.approx(np.exp(0.56 + 0.42))


def test_the_rate_ratio_of_blockade_is_smaller_on_mycophenolate_and_goes_with_the_signal():
    assert rate("zoster", 0.0) / rate("zoster", 1.0) == pytest.approx(np.exp(1.46))
    on = {"uses_mmf": 1.0}
    assert rate("zoster", 0.0, **on) / rate("zoster", 1.0, **on) == pytest.approx(np.exp(1.46 - 0.4))
    assert rate("zoster", 0.5) / rate("zoster", 1.0) == pytest.approx(np.exp(0.5 * 1.46))


def test_a_mix_of_patients_as_in_lupus_has_the_rate_of_lupus_cohorts():
    """A fifth on mycophenolate and seven tenths on glucocorticoids: 1.20 (n 1485) and 1.43 (n 491) were seen."""
    rates = [
        rate("zoster", uses_mmf=mmf, uses_glucocorticoid=glucocorticoid)
        for mmf in (0.0, 1.0)
        for glucocorticoid in (0.0, 1.0)
    ]
    share = np.outer([0.8, 0.2], [0.3, 0.7]).ravel()
    assert 1.2 < np.dot(share, rates) < 1.43


def test_mycophenolate_is_no_sixfold_risk_but_may_be():
    row = EVIDENCE.parameter("zoster_log_rate_ratio_mmf")
    from ifntrial.evidence.distributions import prior_distribution

    prior = prior_distribution(row)
    assert 1.5 < np.exp(prior.median()) < 2.0
    assert prior.cdf(0.0) == 0.0, "a rise is published, only its size is not"
    assert 0.01 < prior.sf(np.log(5.0)) < 0.1
    assert 0.005 < prior.sf(np.log(6.0)) < 0.05


def test_serious_infection_stands_for_its_trial():
    """Nobody on mycophenolate, and glucocorticoids in the assumed share: the published 10.9, in its interval."""
    assert rate("infection", uses_glucocorticoid=0.4) == pytest.approx(10.9)
    assert rate("infection", uses_glucocorticoid=1.0) == pytest.approx(10.9 * np.exp(0.6 * 0.4))
    assert rate("infection", uses_mmf=1.0, uses_glucocorticoid=0.4) == pytest.approx(10.9 * np.exp(0.2))
    assert rate("infection", 0.0, uses_glucocorticoid=0.4) == pytest.approx(10.9 * np.exp(-0.2))

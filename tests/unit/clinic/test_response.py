"""From courses to chances of response: common numbers, growth without change, clear refusals."""

import numpy as np
import pytest

from ifntrial.clinic.endpoints.rcriss import VARIANTS
from ifntrial.clinic.observe import observe_arms, with_variant
from ifntrial.clinic.readings import measurement_error
from ifntrial.design.design import TrialDesign
from ifntrial.errors import InputError
from ifntrial.evidence.load import load_evidence
from ifntrial.statistics.power import power_of_stratified_cmh, stratum_index
from shipped import load_design, response_probabilities
from toy_trial import toy_course, toy_covariates

ERROR = measurement_error(load_evidence())


@pytest.fixture(scope="module")
def daisy() -> TrialDesign:
    return load_design("daisy")


def courses(design: TrialDesign, effect: float, n: int = 300) -> dict:
    return {
        arm.name: toy_course(arm.name, effect * (not arm.is_control), n, design.visit_weeks)
        for arm in design.arms
    }


def test_no_effect_gives_equal_chances_and_the_level(daisy: TrialDesign) -> None:
    found = response_probabilities(
        daisy, courses(daisy, 0.0), toy_covariates(300), ERROR, seed=1, replicates=4
    )
    assert np.array_equal(found.active, found.control)
    stratum, _ = stratum_index(daisy, toy_covariates(300))
    world = power_of_stratified_cmh(
        found.active, found.control, np.ones(300), stratum, n_active=157, n_control=157
    )
    assert world.power == pytest.approx(0.025, abs=1e-12)


def test_an_effect_raises_the_chance(daisy: TrialDesign) -> None:
    found = response_probabilities(
        daisy, courses(daisy, 1.0), toy_covariates(300), ERROR, seed=1, replicates=8
    )
    assert found.active.mean() > found.control.mean() + 0.05


def test_more_subjects_change_no_one(daisy: TrialDesign) -> None:
    def chances(n: int) -> np.ndarray:
        return response_probabilities(
            daisy, courses(daisy, 1.0, n), toy_covariates(n), ERROR, seed=1, replicates=6
        ).active

    assert np.array_equal(chances(40), chances(120)[:40])


def test_failed_subjects_do_not_respond_and_are_not_dropped(daisy: TrialDesign) -> None:
    pair = courses(daisy, 1.0, 50)
    failed = pair["anifrolumab"]
    failed.status[3] = "too many steps"
    for values in failed.values.values():
        values[3, 2:] = np.nan
    found = response_probabilities(daisy, pair, toy_covariates(50), ERROR, seed=1, replicates=2)
    assert found.active[3] == 0
    assert len(found.active) == 50


@pytest.mark.parametrize("name", VARIANTS)
def test_every_variant_can_be_computed(daisy: TrialDesign, name: str) -> None:
    other = with_variant(daisy, name)
    found = response_probabilities(
        other, courses(other, 1.0, 100), toy_covariates(100), ERROR, seed=1, replicates=2
    )
    assert 0 < found.active.mean() < 1


def test_arms_of_other_subjects_are_refused(daisy: TrialDesign) -> None:
    pair = {
        "anifrolumab": courses(daisy, 0.0, 10)["anifrolumab"],
        "placebo": courses(daisy, 0.0, 11)["placebo"],
    }
    with pytest.raises(InputError, match="other subjects"):
        observe_arms(daisy, pair, toy_covariates(10), ERROR, seed=1)


def test_a_primary_endpoint_that_is_no_response_is_refused(daisy: TrialDesign) -> None:
    other = daisy.model_copy(update={"primary": daisy.primary.model_copy(update={"endpoint": "mrss_change"})})
    with pytest.raises(InputError, match="needs a primary endpoint that is a response"):
        response_probabilities(
            other, courses(daisy, 0.0, 10), toy_covariates(10), ERROR, seed=1, replicates=1
        )

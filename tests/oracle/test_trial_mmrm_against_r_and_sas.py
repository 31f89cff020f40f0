"""Kenward-Roger and Satterthwaite inference with missing values against SAS PROC MIXED and against R.

SAS: printed results of PROC MIXED (unstructured, REML, ddfm=kenwardroger) for FEV1 on arm, data set fev_data of the R
package mmrm (Apache-2.0), files design/KR/kr_us.txt and design/ddfm_covtype/kr1_us.csv; and for FEV1 on an intercept,
tests/testthat/test-satterthwaite.R. SAS takes the observed information of the covariance.
R: lme4, pbkrtest (expected information) and lmerTest (observed), script, data and versions in fixtures/mmrm.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ifntrial.statistics.mmrm import (
    MmrmFit,
    adjusted_covariance,
    estimate_contrast,
    fit_mmrm,
    trial_design,
)

FOLDER = Path(__file__).parent / "fixtures" / "mmrm"
RESULTS = pd.read_csv(FOLDER / "results.csv", comment="#")
FEV = pd.read_csv(FOLDER / "fev.csv", comment="#")


def r(quantity: str) -> np.ndarray:
    chosen = RESULTS[RESULTS["quantity"] == quantity]["value"].to_numpy()
    assert len(chosen) > 0
    return chosen


@pytest.fixture(scope="module")
def lme4_trial() -> MmrmFit:
    trial = pd.read_csv(FOLDER / "trial.csv")
    y = trial[["y1", "y2", "y3"]].to_numpy()
    assert np.isnan(y).sum() > 20
    x, names, _ = trial_design(trial["active"].to_numpy() == 1, trial["baseline"].to_numpy(), 3)
    return fit_mmrm(y, x, names)


def test_the_fit_is_that_of_lme4(lme4_trial: MmrmFit) -> None:
    assert lme4_trial.log_likelihood == pytest.approx(r("log_likelihood").item(), abs=1e-9)
    assert lme4_trial.covariance.ravel() == pytest.approx(r("covariance"), rel=1e-6)
    assert lme4_trial.coefficients == pytest.approx(r("coefficients"), rel=1e-6)
    assert np.sqrt(np.diag(lme4_trial.coefficient_covariance)) == pytest.approx(
        r("standard_errors"), rel=1e-6
    )


def test_kenward_roger_is_that_of_pbkrtest(lme4_trial: MmrmFit) -> None:
    errors = np.sqrt(np.diag(adjusted_covariance(lme4_trial, "expected")))
    assert errors == pytest.approx(r("kenward_roger_se"), rel=1e-6)
    found = [
        estimate_contrast(lme4_trial, weights, method="kenward_roger", information="expected")
        for weights in np.eye(9)
    ]
    assert [each.degrees_of_freedom for each in found] == pytest.approx(r("kenward_roger_df"), rel=1e-6)
    assert [each.p_two_sided for each in found] == pytest.approx(r("kenward_roger_p"), rel=1e-6)


def test_satterthwaite_is_that_of_lmertest(lme4_trial: MmrmFit) -> None:
    found = [estimate_contrast(lme4_trial, weights).degrees_of_freedom for weights in np.eye(9)]
    assert found == pytest.approx(r("satterthwaite_df"), rel=1e-6)


def fev(by_arm: bool) -> MmrmFit:
    y = FEV[["vis1", "vis2", "vis3", "vis4"]].to_numpy()
    assert y.shape == (200, 4)
    assert (~np.isnan(y)).sum() == 537
    arm = np.broadcast_to(FEV["active"].to_numpy()[:, None], y.shape)
    return fit_mmrm(y, np.stack([np.ones(y.shape), arm], axis=2)[:, :, : 1 + by_arm])


def test_the_fit_is_at_least_as_likely_as_that_of_sas() -> None:
    fit = fev(by_arm=True)
    # SAS stops at a criterion of 1e-8, 2e-5 above the minimum; its estimates carry four to five digits
    assert 3667.96276376 - 5e-5 < -2.0 * fit.log_likelihood <= 3667.96276376
    printed = [108.39, 45.4113, 40.1721, -2.6971, 0.7771, 24.6058, -47.0103, -13.0998, 18.7346, 152.36]
    assert fit.covariance[np.tril_indices(4)] == pytest.approx(printed, abs=0.02)


def test_kenward_roger_is_that_of_sas() -> None:
    found = estimate_contrast(fev(by_arm=True), np.array([0.0, 1.0]), method="kenward_roger")
    # the distance to SAS's digits is what its stopping rule leaves (see above)
    assert found.estimate == pytest.approx(3.81972492174648, rel=2e-5)
    assert found.standard_error == pytest.approx(0.66124382270307, rel=1e-4)
    assert found.degrees_of_freedom == pytest.approx(160.733266403768, rel=3e-4)
    assert found.p_two_sided == pytest.approx(3.8418051504164e-08, rel=5e-3)
    assert (found.low, found.high) == pytest.approx((2.51387886026607, 5.12557098322688), rel=1e-4)


def test_satterthwaite_is_that_of_sas() -> None:
    found = estimate_contrast(fev(by_arm=False), np.array([1.0]))
    # 1e-3 is a three-hundredth of the standard error: what SAS's stopping rule leaves
    assert found.estimate == pytest.approx(42.8338, abs=1e-3)
    assert found.standard_error == pytest.approx(0.3509, abs=6e-5)
    assert round(found.degrees_of_freedom) == 171


def test_expected_information_would_not_be_that_of_sas() -> None:
    found = estimate_contrast(
        fev(by_arm=True), np.array([0.0, 1.0]), method="kenward_roger", information="expected"
    )
    assert found.degrees_of_freedom > 170

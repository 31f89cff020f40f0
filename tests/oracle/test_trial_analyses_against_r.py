"""Every analysis against R on one fixed table (fixtures/trial: data, script, results with versions), to 1e-6.

R: mantelhaen.test, metafor::rma.mh, a brute-force score interval, glm, lm, nlme::gls, survival, MASS::glm.nb, rpact.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ifntrial.statistics.ancova import ancova
from ifntrial.statistics.cmh import StratifiedCounts, cmh_test
from ifntrial.statistics.logistic import logistic
from ifntrial.statistics.looks.sequential import design_sequential, sequential_power
from ifntrial.statistics.miettinen_nurminen import miettinen_nurminen
from ifntrial.statistics.mmrm import MmrmFit, estimate_contrast, fit_mmrm, trial_design
from ifntrial.statistics.negative_binomial import negative_binomial
from ifntrial.statistics.survival import cox, log_rank
from ifntrial.statistics.tables import indicators

FOLDER = Path(__file__).parent / "fixtures" / "trial"
TRIAL = pd.read_csv(FOLDER / "trial.csv")
RESULTS = pd.read_csv(FOLDER / "results.csv", comment="#")
ACTIVE = TRIAL["active"].to_numpy() == 1


def r(method: str, quantity: str) -> np.ndarray:
    chosen = RESULTS[(RESULTS["method"] == method) & (RESULTS["quantity"] == quantity)]
    assert len(chosen) > 0
    return chosen["value"].to_numpy()


def table() -> StratifiedCounts:
    strata = sorted(TRIAL["stratum"].unique())
    cells = []
    for arm in (1, 0):
        rows = [TRIAL[(TRIAL["stratum"] == s) & (TRIAL["active"] == arm)]["response"] for s in strata]
        cells += [
            np.array([float(each.sum()) for each in rows]),
            np.array([float(len(each)) for each in rows]),
        ]
    return StratifiedCounts(*cells)


def test_cmh() -> None:
    result = cmh_test(table())
    assert float(result.z) ** 2 == pytest.approx(r("cmh", "statistic").item(), rel=1e-9)
    assert float(result.p_two_sided) == pytest.approx(r("cmh", "p").item(), rel=1e-9)
    assert float(result.odds_ratio) == pytest.approx(r("cmh", "odds_ratio").item(), rel=1e-9)
    assert float(result.risk_difference) == pytest.approx(r("cmh", "risk_difference").item(), rel=1e-9)
    assert float(result.standard_error) == pytest.approx(r("cmh", "risk_difference_se").item(), rel=1e-9)


def test_miettinen_nurminen() -> None:
    result = miettinen_nurminen(table())
    expected = r("miettinen_nurminen", "estimate_low_high_z")
    assert (result.estimate, result.low, result.high, result.z) == pytest.approx(tuple(expected), abs=1e-6)
    whole = table()
    pooled = miettinen_nurminen(
        StratifiedCounts(
            *(
                np.array([part.sum()])
                for part in (
                    whole.responders_active,
                    whole.subjects_active,
                    whole.responders_control,
                    whole.subjects_control,
                )
            )
        )
    )
    expected = r("miettinen_nurminen", "one_stratum")
    assert (pooled.estimate, pooled.low, pooled.high, pooled.z) == pytest.approx(tuple(expected), abs=1e-6)


def test_logistic() -> None:
    chosen = TRIAL["stratum"].to_numpy() < 3
    stratum = indicators(TRIAL["stratum"].to_numpy()[chosen])
    result = logistic(TRIAL["response"].to_numpy(float)[chosen], ACTIVE[chosen], stratum)
    estimate, error, _, p = r("logistic", "estimate_se_z_p")
    assert (result.estimate, result.standard_error, result.p_two_sided) == pytest.approx(
        (estimate, error, p), abs=1e-7
    )


def test_ancova() -> None:
    covariates = np.column_stack([TRIAL["baseline"], indicators(TRIAL["stratum"].to_numpy())])
    seen = TRIAL["y4"].notna().to_numpy()
    present = covariates[:, covariates[seen].any(axis=0)]
    result = ancova(TRIAL["y4"].to_numpy(), ACTIVE, present)
    estimate, error, _, p = r("ancova", "estimate_se_t_p")
    assert (result.estimate, result.standard_error, result.p_two_sided) == pytest.approx(
        (estimate, error, p), rel=1e-9
    )
    assert result.degrees_of_freedom == r("ancova", "df").item()
    assert (result.low, result.high) == pytest.approx(tuple(r("ancova", "interval")), rel=1e-9)


@pytest.fixture(scope="module")
def repeated() -> tuple[MmrmFit, np.ndarray]:
    x, names, contrasts = trial_design(ACTIVE, TRIAL["baseline"].to_numpy(), 4)
    return fit_mmrm(TRIAL[["y1", "y2", "y3", "y4"]].to_numpy(), x, names), contrasts


def test_mmrm_estimates(repeated: tuple[MmrmFit, np.ndarray]) -> None:
    fit, _ = repeated
    assert fit.log_likelihood == pytest.approx(r("mmrm", "log_likelihood").item(), abs=1e-8)
    assert fit.coefficients == pytest.approx(r("mmrm", "coefficients"), abs=1e-6)
    assert np.sqrt(np.diag(fit.coefficient_covariance)) == pytest.approx(
        r("mmrm", "standard_errors"), abs=1e-6
    )
    assert fit.covariance.ravel() == pytest.approx(r("mmrm", "covariance"), rel=2e-6)


def test_mmrm_degrees_of_freedom(repeated: tuple[MmrmFit, np.ndarray]) -> None:
    fit, contrasts = repeated
    found = [estimate_contrast(fit, weights).degrees_of_freedom for weights in contrasts]
    # the script differentiates numerically at nlme's estimate, which is why this is not closer
    assert found == pytest.approx(list(r("mmrm", "satterthwaite_df")), rel=1e-5)


@pytest.mark.parametrize("ties", ["breslow", "efron"])
def test_cox(ties: str) -> None:
    result = cox(TRIAL["time"].to_numpy(float), TRIAL["event"].to_numpy() == 1, ACTIVE, ties=ties)
    assert (result.estimate, result.standard_error) == pytest.approx(tuple(r("cox", ties)), abs=1e-7)


def test_stratified_cox_and_log_rank() -> None:
    time, event, stratum = (
        TRIAL["time"].to_numpy(float),
        TRIAL["event"].to_numpy() == 1,
        TRIAL["stratum"].to_numpy(),
    )
    result = cox(time, event, ACTIVE, strata=stratum, ties="breslow")
    assert (result.estimate, result.standard_error) == pytest.approx(tuple(r("cox", "stratified")), abs=1e-7)
    assert log_rank(time, event, ACTIVE)[0] == pytest.approx(r("log_rank", "plain").item(), rel=1e-9)
    assert log_rank(time, event, ACTIVE, stratum)[0] == pytest.approx(
        r("log_rank", "stratified").item(), rel=1e-9
    )


def test_negative_binomial() -> None:
    result = negative_binomial(TRIAL["ulcers"].to_numpy(float), TRIAL["years"].to_numpy(), ACTIVE)
    assert result.estimate == pytest.approx(r("negative_binomial", "estimate").item(), abs=2e-6)
    # R's optim differentiates numerically, which is why this is not closer
    assert result.standard_error == pytest.approx(r("negative_binomial", "standard_error").item(), rel=1e-6)
    known = r("negative_binomial", "standard_error_known_dispersion").item()
    assert known < result.standard_error < 1.001 * known


SEQUENTIAL = [
    ("of3", "obrien_fleming", (1 / 3, 2 / 3, 1.0)),
    ("p3", "pocock", (1 / 3, 2 / 3, 1.0)),
    ("of2", "obrien_fleming", (0.5, 1.0)),
    ("of5", "obrien_fleming", (0.2, 0.4, 0.6, 0.8, 1.0)),
    ("kd2", "quadratic", (0.6, 1.0)),
]


@pytest.mark.parametrize(("name", "spending", "rates"), SEQUENTIAL)
def test_group_sequential(name: str, spending: str, rates: tuple[float, ...]) -> None:
    design = design_sequential(rates, spending=spending)
    power = sequential_power(design, drift=3.0)
    assert design.critical == pytest.approx(r("group_sequential", f"{name}_critical"), abs=1e-6)
    assert design.alpha_spent == pytest.approx(r("group_sequential", f"{name}_spent"), abs=2e-8)
    assert power.power == pytest.approx(r("group_sequential", f"{name}_power").item(), abs=1e-7)
    assert 100 * power.expected_information == pytest.approx(
        r("group_sequential", f"{name}_asn").item(), abs=1e-5
    )


def test_group_sequential_with_binding_futility() -> None:
    design = design_sequential((0.4, 0.7, 1.0), futility=(0.0, 0.5), is_binding=True)
    assert design.critical == pytest.approx(r("group_sequential", "binding_critical"), abs=1e-6)
    for drift, power, stopped in zip(
        (0.0, 3.0),
        r("group_sequential", "binding_power"),
        r("group_sequential", "binding_futile"),
        strict=True,
    ):
        found = sequential_power(design, drift)
        assert found.power == pytest.approx(power, abs=1e-7)
        # rpact's early stopping counts both reasons
        assert found.futility[:-1].sum() + found.efficacy[:-1].sum() == pytest.approx(stopped, abs=1e-7)

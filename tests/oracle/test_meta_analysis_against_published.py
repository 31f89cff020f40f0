"""Meta-analysis of nested trials against figures printed by R packages.

bayesmeta: Roever, J Stat Softw 2020;93(6), doi 10.18637/jss.v093.i06, sections 3.3, 3.4 and 3.6 (acute rejection in
six and in two trials, half-normal prior of scale 0.5, normal prior of the mean with SD 4; counts of Crins and others,
Pediatr Transplant 2014, table 3). Its tau is integrated to the digits printed; its mixtures over tau are binned so that
they differ from the exact ones by a stated divergence of at most 0.01, here by 7e-4 in a moment and by 0.01 in a limit.
Intervals are the shortest. REML of the same trials by metafor: section 3.5.
metafor: README, 13 trials of BCG vaccine, log risk ratio, REML; and the test of its analysis konstantopoulos2011, 56
schools within 11 districts, REML (data in fixtures/meta_analysis).
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize, minimize_scalar

from ifntrial.normal_mixture import NormalMixture
from ifntrial.statistics.meta_analysis import MetaAnalysis, analyze_trials
from ifntrial.statistics.trial_effects import HierarchyPrior, TrialEffects, effects_given_tau

PRIOR = HierarchyPrior(tau_scale=0.5, within_drug_ratio=0.0, mean=0.0, mean_sd=4.0)


def log_odds_ratios(events: list, totals: list, control: list, control_totals: list) -> TrialEffects:
    a, n1, c, n2 = (np.array(each, dtype=float) for each in (events, totals, control, control_totals))
    cells = np.array([a, n1 - a, c, n2 - c])
    cells += 0.5 * (cells == 0).any(axis=0)
    effect = np.log(cells[0] * cells[3] / cells[1] / cells[2])
    names = tuple(str(place) for place in range(len(a)))
    return TrialEffects(names, names, effect, np.sqrt((1.0 / cells).sum(axis=0)))


@pytest.fixture(scope="module")
def rejection() -> TrialEffects:
    found = log_odds_ratios(
        [14, 16, 3, 9, 4, 0], [61, 28, 18, 54, 36, 50], [15, 19, 8, 29, 11, 3], [20, 28, 12, 54, 36, 34]
    )
    assert found.estimates == pytest.approx(
        [-2.3097, -0.4595, -2.3026, -1.7579, -1.2585, -2.4179], abs=5.1e-5
    )
    assert found.standard_errors**2 == pytest.approx(
        [0.3594, 0.3096, 0.7750, 0.2078, 0.4122, 2.3373], abs=5.1e-5
    )
    return found


@pytest.fixture(scope="module")
def six(rejection: TrialEffects) -> MetaAnalysis:
    return analyze_trials(rejection, PRIOR)


def shortest(found: NormalMixture) -> tuple[float, float]:
    def length(below: float) -> float:
        low, high = found.quantile(np.array([below, 0.95 + below]))
        return float(high - low)

    below = minimize_scalar(length, bounds=(1e-6, 0.05 - 1e-6), method="bounded", options={"xatol": 1e-10}).x
    low, high = found.quantile(np.array([below, 0.95 + below]))
    return float(low), float(high)


def test_the_spread_of_six_trials(six: MetaAnalysis) -> None:
    assert six.tau.mean == pytest.approx(0.3810562, abs=5.1e-8)
    assert six.tau.sd == pytest.approx(0.2593672, abs=5.1e-8)
    assert six.tau.quantile(0.5) == pytest.approx(0.3445023, abs=5.1e-8)
    assert six.tau.quantile(0.95) == pytest.approx(0.8607193, abs=5.1e-8)
    assert six.tau.quantile(0.99) == pytest.approx(1.109186, abs=5.1e-7)
    assert six.tau.quantile(0.005) == pytest.approx(0.003547657, abs=5.1e-10)
    assert six.tau.quantile(0.995) == pytest.approx(1.205400562, abs=2e-9)
    assert 1 - six.tau.cdf(1.0) == pytest.approx(0.02097488, abs=5.1e-9)


def test_the_mode_of_the_spread_of_six_trials(six: MetaAnalysis) -> None:
    mode = minimize_scalar(lambda tau: -six.tau.pdf(np.array([tau]))[0], bounds=(0, 1), method="bounded").x
    assert mode == pytest.approx(0.2453139, abs=5e-6)


@pytest.mark.parametrize(
    ("what", "median", "mean", "sd", "low", "high"),
    [
        ("class_mean", -1.5734819, -1.5764365, 0.3295301, -2.2311251, -0.9263075),
        ("next_drug", -1.5701653, -1.5764365, 0.5671855, -2.7661319, -0.4072970),
        ("first", -1.7411356, -1.7778965, 0.4229425, -2.6561049, -0.9920023),
        ("second", -1.2821722, -1.2339736, 0.4488759, -2.0455088, -0.3089461),
    ],
)
def test_the_effects_of_six_trials(
    six: MetaAnalysis, what: str, median: float, mean: float, sd: float, low: float, high: float
) -> None:
    of_trial = {"first": six.drug_effects[0], "second": six.drug_effects[1]}
    found = of_trial[what] if what in of_trial else getattr(six, what)
    assert float(found.quantile(0.5)) == pytest.approx(median, abs=7e-4)
    assert found.mean == pytest.approx(mean, abs=7e-4)
    assert found.sd == pytest.approx(sd, abs=7e-4)
    assert shortest(found) == pytest.approx((low, high), abs=0.01)


def test_the_chance_of_no_effect_of_six_trials(six: MetaAnalysis) -> None:
    assert 1 - float(six.class_mean.cdf(0.0)) == pytest.approx(6.187343e-05, rel=0.04)


def test_two_trials(rejection: TrialEffects) -> None:
    both = rejection
    for name in ("1", "2", "3", "5"):
        both = both.without(trial=name)
    found = analyze_trials(both, PRIOR)
    assert float(found.class_mean.cdf(0.0)) == pytest.approx(0.9974968, abs=5e-5)
    assert float(found.class_mean.quantile(0.5)) == pytest.approx(-1.78, abs=5.1e-3)
    assert shortest(found.class_mean) == pytest.approx((-2.86, -0.69), abs=5.1e-3)
    assert float(found.next_drug.quantile(0.5)) == pytest.approx(-1.78, abs=5.1e-3)
    assert shortest(found.next_drug) == pytest.approx((-3.25, -0.28), abs=0.01)


@pytest.mark.parametrize(("scale", "limit"), [(0.5, 1.092287), (1.0, 2.184573)])
def test_the_prior_of_the_next_drug(scale: float, limit: float) -> None:
    # a trial that says nothing of the spread, and a mean that is all but known
    known = HierarchyPrior(tau_scale=scale, within_drug_ratio=0.0, mean=0.0, mean_sd=1e-7)
    vague = TrialEffects(("vague",), ("vague",), np.array([0.0]), np.array([1e6]))
    assert float(analyze_trials(vague, known).next_drug.quantile(0.975)) == pytest.approx(limit, rel=1.5e-3)


def reml(trials: TrialEffects) -> float:
    flat = replace(PRIOR, mean_sd=np.inf)

    def misfit(tau: float) -> float:
        return -float(effects_given_tau(trials, flat, np.array([tau])).log_likelihood[0])

    return float(minimize_scalar(misfit, bounds=(0, 3), method="bounded", options={"xatol": 1e-10}).x)


def test_the_restricted_likelihood_of_six_trials(rejection: TrialEffects) -> None:
    assert reml(rejection) == pytest.approx(0.4670268, abs=3e-6)
    given = effects_given_tau(rejection, replace(PRIOR, mean_sd=np.inf), np.array([0.4670268]))
    assert given.class_mean == pytest.approx([-1.591513], abs=6e-7)
    assert given.class_variance**0.5 == pytest.approx([0.3340882], abs=6e-8)


def test_the_restricted_likelihood_of_bcg_vaccine() -> None:
    # positive, negative: vaccine, then control
    cells = np.array(
        "4 119 11 128 6 300 29 274 3 228 11 209 62 13536 248 12619 33 5036 47 5761 180 1361 372 1079 8 2537 10 619"
        " 505 87886 499 87892 29 7470 45 7232 17 1699 65 1600 186 50448 141 27197 5 2493 3 2338"
        " 27 16886 29 17825".split(),
        dtype=float,
    ).reshape(13, 4)
    ill, well, control_ill, control_well = cells.T
    ratio = np.log(ill / (ill + well) / (control_ill / (control_ill + control_well)))
    variance = 1 / ill - 1 / (ill + well) + 1 / control_ill - 1 / (control_ill + control_well)
    names = tuple(str(place) for place in range(13))
    trials = TrialEffects(names, names, ratio, np.sqrt(variance))
    tau = reml(trials)
    assert tau**2 == pytest.approx(0.3132, abs=5.1e-5)
    given = effects_given_tau(trials, replace(PRIOR, mean_sd=np.inf), np.array([tau]))
    assert given.class_mean == pytest.approx([-0.7145], abs=5.1e-5)


def test_the_restricted_likelihood_of_schools_in_districts() -> None:
    table = pd.read_csv(Path(__file__).parent / "fixtures" / "meta_analysis" / "schools.csv", comment="#")
    trials = TrialEffects(
        tuple(table["study"].astype(str)),
        tuple(table["district"].astype(str)),
        table["estimate"].to_numpy(),
        np.sqrt(table["variance"].to_numpy()),
    )
    assert len(trials.names) == 56
    assert len(trials.drug_names) == 11

    def misfit(spreads: np.ndarray) -> float:
        prior = HierarchyPrior(1.0, float(np.exp(spreads[1] - spreads[0])))
        return -float(
            effects_given_tau(trials, prior, np.array([float(np.exp(spreads[0]))])).log_likelihood[0]
        )

    best = minimize(misfit, np.log([0.3, 0.2]), method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-12})
    between, within = np.exp(best.x)
    assert between**2 == pytest.approx(0.0651, abs=5.1e-5)
    assert within**2 == pytest.approx(0.0327, abs=5.1e-5)
    # metafor counts the constants of the likelihood of 55 contrasts, scaled by the design
    assert -best.fun - 55 / 2 * np.log(2 * np.pi) + np.log(56) / 2 == pytest.approx(-7.9587, abs=5.1e-5)
    given = effects_given_tau(trials, HierarchyPrior(1.0, within / between), np.array([between]))
    assert given.class_mean == pytest.approx([0.1847], abs=5.1e-5)
    assert given.class_variance**0.5 == pytest.approx([0.0846], abs=5.1e-5)

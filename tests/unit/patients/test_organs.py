"""Heart, transfer factor and their untreated course, against their rows."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binomtest, kstest, lognorm, norm, spearmanr

from ifntrial.design.conditions import parse_condition
from ifntrial.patients.organs import organ_goals
from ifntrial.patients.sample import sample_population

N = 20_000
ROWS = {
    "population.cardiac_share": 0.25,
    "population.cardiac_log_odds_per_age": 0.05,
    "population.cardiac_log_odds_ata": 0.8,
    "population.correlation_cardiac_markers": 0.6,
    "population.correlation_cardiac_involvement": 0.7,
    "history.nt_probnp_change_log_mean": 0.05,
    "history.nt_probnp_change_log_involved": 0.2,
    "history.nt_probnp_change_log_sd": 0.3,
    "history.troponin_change_log_mean": 0.02,
    "history.troponin_change_log_involved": 0.1,
    "history.troponin_change_log_sd": 0.2,
    "history.correlation_cardiac_markers": 0.5,
    "history.dlco_change_mean": -3.0,
    "history.dlco_change_sd": 6.0,
    "history.correlation_dlco_fvc": 0.4,
    "population.correlation_dlco_fvc": 0.5,
}


@pytest.fixture(scope="module")
def rows(with_rows):
    return with_rows(ROWS)


@pytest.fixture(scope="module")
def people(model, rows):
    return sample_population(model, rows, N, 5)


def test_each_marker_keeps_its_own_distribution_and_goes_with_the_other(people):
    """A third above 125 pg/mL and above 14 ng/L: lognormal with medians 84 and 9.6 and a CV of one."""
    sigma = np.sqrt(np.log(2.0))
    nt, troponin = (people.parameters[f"{name}_baseline"] for name in ("nt_probnp", "troponin"))
    assert kstest(nt, lognorm(sigma, scale=84.0).cdf).pvalue > 1e-3
    assert kstest(troponin, lognorm(sigma, scale=9.6).cdf).pvalue > 1e-3
    assert np.mean(nt > 125.0) == pytest.approx(0.318, abs=0.02)
    assert np.mean(troponin > 14.0) == pytest.approx(0.323, abs=0.02)
    normal = 6 / np.pi * np.arcsin(0.6 / 2)  # rank correlation of normals with 0.6
    assert spearmanr(nt, troponin).statistic == pytest.approx(normal, abs=0.02)


def test_involvement_has_its_share_and_follows_age_antibody_and_markers(people):
    seen = people.covariates
    is_involved, age, has_ata = seen["has_cardiac_involvement"], seen["age_years"], seen["antibody"] == "ATA"
    at_reference = (abs(age - 50) < 3) & has_ata
    chance = 1 / (1 + np.exp(-(np.log(1 / 3) + 0.8 * 0.6)))
    assert binomtest(int(is_involved[at_reference].sum()), int(at_reference.sum()), chance).pvalue > 1e-3
    assert is_involved[age > 60].mean() > is_involved[age < 40].mean() + 0.1
    assert is_involved[has_ata].mean() > is_involved[~has_ata].mean() + 0.08
    for name in ("nt_probnp", "troponin"):
        rank = norm.ppf((np.argsort(np.argsort(people.parameters[f"{name}_baseline"])) + 0.5) / N)
        assert rank[is_involved].mean() - rank[~is_involved].mean() > 0.5
    assert np.array_equal(people.parameters["has_cardiac_involvement"], is_involved)


def test_markers_rise_in_a_year_by_their_rows_and_faster_if_involved(people, rows):
    goals = organ_goals(people, rows, {"k_nt_probnp_turnover": 0.01, "k_troponin_turnover": 0.02})
    is_involved, growth = people.covariates["has_cardiac_involvement"], {}
    for name, speed in (("nt_probnp", 0.01), ("troponin", 0.02)):
        start, goal = people.parameters[f"{name}_baseline"], goals[f"{name}_goal"]
        after = goal + (start - goal) * np.exp(-speed * 365.25)
        growth[name] = np.log(after / start)
    for name, mean, more, sd in (("nt_probnp", 0.05, 0.2, 0.3), ("troponin", 0.02, 0.1, 0.2)):
        own = growth[name][goals[f"{name}_goal"] > 0]
        assert own.std() == pytest.approx(sd, abs=0.02)
        for group, expected in ((is_involved, mean + more), (~is_involved, mean)):
            assert np.median(growth[name][group]) == pytest.approx(
                expected, abs=5 * sd / np.sqrt(group.sum())
            )
    apart = ~is_involved
    together = np.corrcoef(growth["nt_probnp"][apart], growth["troponin"][apart])[0, 1]
    assert together == pytest.approx(0.5, abs=0.03)


def test_transfer_factor_goes_with_volume_and_is_read_with_error(people):
    has_ild = people.covariates["has_ild"].astype(bool)
    true, read = people.parameters["dlco_percent_baseline"], people.covariates["dlco_percent"]
    assert (read - true).std() == pytest.approx(5.0, abs=0.1)
    volume = people.parameters["fvc_percent_baseline"]
    assert np.corrcoef(true[has_ild], volume[has_ild])[0, 1] == pytest.approx(0.5, abs=0.08)
    assert true[~has_ild].mean() > true[has_ild].mean() + 8


def test_transfer_factor_changes_in_a_year_by_its_rows(people, rows):
    goals = organ_goals(people, rows, {"k_nt_probnp_turnover": 0.01, "k_troponin_turnover": 0.01})
    change = (goals["dlco_repair"] - goals["dlco_progression"]) * 365.25
    assert change.mean() == pytest.approx(-3.0, abs=0.2)
    assert change.std() == pytest.approx(6.0, abs=0.15)
    assert np.corrcoef(change, people.history["fvc_percent"])[0, 1] == pytest.approx(0.4, abs=0.03)
    assert (goals["dlco_progression"] > 0).all()
    assert (goals["dlco_repair"] > -1e-12).all()
    frail = replace(people, parameters={**people.parameters, "dlco_percent_baseline": np.full(N, 6.0)})
    least = organ_goals(frail, rows, {"k_nt_probnp_turnover": 0.01, "k_troponin_turnover": 0.01})
    assert ((least["dlco_repair"] - least["dlco_progression"]) * 365.25 >= -1.0 - 1e-9).all()


def test_who_has_both_markers_raised_is_more_often_involved_and_rises_faster(people, rows):
    both = parse_condition("nt_probnp > 125 and troponin > 14").holds(dict(people.covariates))
    is_involved = people.covariates["has_cardiac_involvement"]
    assert is_involved[both].mean() > 2 * is_involved[~both].mean()
    goals = organ_goals(people, rows, {"k_nt_probnp_turnover": 0.01, "k_troponin_turnover": 0.01})
    for name in ("nt_probnp", "troponin"):
        rise = goals[f"{name}_goal"] / people.parameters[f"{name}_baseline"]
        assert np.median(rise[both]) > np.median(rise[~both])

"""Virtual patients against their rows: every distribution, share and correlation, and what hangs on what."""

import numpy as np
import pytest
from scipy.stats import binomtest, kstest, lognorm, norm, truncnorm

from ifntrial.patients.sample import correlate, item_correlation, sample_population

N = 20_000
ITEMS = ("mrss", "haq_di", "patient_global", "physician_global", "fvc_percent")
ROWS = {
    "population.age_mean": 45.0,
    "population.age_sd": 25.0,
    "population.female_share": 0.7,
    "population.body_weight_median": 90.0,
    "population.body_weight_cv": 0.6,
    "population.diffuse_share": 0.75,
    "population.ata_share": 0.4,
    "population.ara_share": 0.2,
    "population.duration_median": 2.0,
    "population.duration_cv": 0.9,
    "population.ild_share_ata": 0.8,
    "population.ild_share_other": 0.3,
    "population.mmf_share": 0.35,
    "population.ifn_high_share_blood": 0.6,
    "population.ifn_high_share_skin": 0.2,
    "population.ifn_blood_skin_correlation": 0.5,
    "population.ifn_tone_high_cv": 0.6,
    "population.ifn_tone_low_median": 0.01,
    "population.ifn_tone_low_cv": 0.9,
    "population.mrss_mean": 21.0,
    "population.mrss_sd": 9.0,
    "population.mrss_low": 12.0,
    "population.mrss_high": 40.0,
    "population.fvc_percent_ild_mean": 74.0,
    "population.fvc_percent_no_ild_mean": 115.0,
    "population.fvc_percent_sd": 15.0,
    "population.fvc_percent_low": 50.0,
    "population.haq_di_mean": 2.2,
    "population.haq_di_sd": 1.2,
    "population.patient_global_mean": 4.5,
    "population.patient_global_sd": 2.5,
    "population.physician_global_mean": 5.5,
    "population.physician_global_sd": 3.0,
}


@pytest.fixture(scope="module")
def people(model, with_rows):
    return sample_population(model, with_rows(ROWS), N, 3)


def assert_drawn_from(values: np.ndarray, distribution) -> None:
    assert kstest(values, distribution.cdf).pvalue > 1e-3


def assert_share(holds: np.ndarray, share: float) -> None:
    assert binomtest(int(np.sum(holds)), len(holds), share).pvalue > 1e-3


def cut_normal(mean: float, sd: float, low: float, high: float):
    return truncnorm((low - mean) / sd, (high - mean) / sd, loc=mean, scale=sd)


class CutLognormal:
    """A lognormal distribution between two ends."""

    def __init__(self, median: float, cv: float, low: float, high: float) -> None:
        self.whole = lognorm(np.sqrt(np.log(1.0 + cv**2)), scale=median)
        self.low, self.high = self.whole.cdf([low, high])

    def cdf(self, x):
        return np.clip((self.whole.cdf(x) - self.low) / (self.high - self.low), 0.0, 1.0)


def test_who_they_are(people):
    seen = people.covariates
    assert_drawn_from(seen["age_years"], cut_normal(45.0, 25.0, 18.0, 85.0))
    assert_drawn_from(seen["body_weight_kg"], CutLognormal(90.0, 0.6, 35.0, 180.0))
    assert_drawn_from(seen["disease_duration_years"], CutLognormal(2.0, 0.9, 0.0, 6.0))
    assert_share(seen["is_female"], 0.7)
    assert_share(seen["subset"] == "diffuse", 0.75)
    assert set(seen["subset"]) == {"diffuse", "limited"}
    assert_share(seen["uses_mmf"], 0.35)
    for antibody, share in (("ATA", 0.4), ("ARA", 0.2), ("other", 0.4)):
        assert_share(seen["antibody"] == antibody, share)


@pytest.mark.parametrize(("antibody", "share"), [("ATA", 0.8), ("ARA", 0.3), ("other", 0.3)])
def test_lung_disease_goes_with_the_antibody(people, antibody, share):
    assert_share(people.covariates["has_ild"][people.covariates["antibody"] == antibody], share)


def test_items_at_entry_keep_to_their_scales(people):
    seen = people.covariates
    assert_drawn_from(seen["mrss"], cut_normal(21.0, 9.0, 12.0, 40.0))
    assert_drawn_from(seen["haq_di"], cut_normal(2.2, 1.2, 0.0, 3.0))
    assert_drawn_from(seen["patient_global"], cut_normal(4.5, 2.5, 0.0, 10.0))
    assert_drawn_from(seen["physician_global"], cut_normal(5.5, 3.0, 0.0, 10.0))
    has_ild = seen["has_ild"].astype(bool)
    assert_drawn_from(seen["fvc_percent"][has_ild], cut_normal(74.0, 15.0, 50.0, 130.0))
    assert_drawn_from(seen["fvc_percent"][~has_ild], cut_normal(115.0, 15.0, 50.0, 130.0))


def test_the_signature_is_high_in_its_share_and_shared_by_blood_and_skin(people):
    blood, skin = (people.covariates[name].astype(bool) for name in ("is_ifn_high", "is_ifn_high_skin"))
    assert_share(blood, 0.6)
    assert_share(skin, 0.2)
    # two normal numbers of correlation one half, both above their thresholds
    pair = np.random.default_rng(1).multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], size=400_000)
    both = np.mean((pair[:, 0] > norm.ppf(0.4)) & (pair[:, 1] > norm.ppf(0.8)))
    assert np.mean(blood & skin) == pytest.approx(both, abs=0.012)


@pytest.mark.parametrize(("tissue", "flag"), [("blood", "is_ifn_high"), ("skin", "is_ifn_high_skin")])
def test_the_tone_of_a_tissue_follows_its_own_signature(people, tissue, flag):
    tone, is_high = people.parameters[f"ifn_tone_{tissue}"], people.covariates[flag].astype(bool)
    assert_drawn_from(tone[is_high], lognorm(np.sqrt(np.log(1.36)), scale=1.0))
    assert_drawn_from(tone[~is_high], lognorm(np.sqrt(np.log(1.81)), scale=0.01))


def test_parameters_hold_what_the_model_needs_of_a_patient(people):
    own, seen = people.parameters, people.covariates
    assert np.array_equal(own["body_weight"], seen["body_weight_kg"])
    assert np.array_equal(own["uses_mmf"], seen["uses_mmf"].astype(float))
    assert np.array_equal(own["is_ifn_low"], 1.0 - seen["is_ifn_high"])
    for item in ITEMS:
        assert np.array_equal(own[f"{item}_baseline"], seen[item]), item
    assert np.array_equal(seen["nt_probnp"], own["nt_probnp_baseline"])
    assert people.prevalence_weight.tolist() == [1.0] * N


AROUND = ("signature_amplitude_blood", "signature_amplitude_skin", "capillary_density_baseline")


@pytest.mark.parametrize("name", [*AROUND, "nt_probnp_baseline", "troponin_baseline"])
def test_what_differs_between_subjects_has_the_spread_of_its_row(people, evidence, name):
    row = evidence.parameter(name)
    spread = {
        "cv_lognormal": lambda: lognorm(np.sqrt(np.log(1 + row.spread**2)), scale=row.value),
        "sd": lambda: norm(row.value, row.spread),
        "omega2_lognormal": lambda: lognorm(np.sqrt(row.spread), scale=row.value),
    }[row.spread_kind]()
    assert_drawn_from(people.parameters[name], spread)


def test_deviations_of_the_drug_are_normal_with_the_variance_of_its_rows(people, evidence):
    names = [name for name in people.parameters if name.startswith("eta_")]
    assert len(names) >= 4
    for name in names:
        row = evidence.parameter(f"anifrolumab.{name.removeprefix('eta_')}")
        sd = {"omega2_lognormal": np.sqrt, "omega2_additive": np.sqrt, "sd": float}.get(
            row.spread_kind, lambda cv: np.sqrt(np.log(1 + cv**2))
        )(row.spread)
        assert_drawn_from(people.parameters[name], norm(0.0, sd))


def test_natural_history_deviates_by_standard_normal_numbers(people):
    assert set(people.history) == {*ITEMS, "nt_probnp", "troponin", "dlco_percent"}
    for item, values in people.history.items():
        assert kstest(values, norm.cdf).pvalue > 1e-3, item


# --- what goes together -------------------------------------------------------------------------------------------

NAMED = {
    "mrss_haq": 0.11,
    "mrss_patient_global": 0.12,
    "mrss_physician_global": 0.13,
    "haq_patient_global": 0.23,
    "haq_physician_global": 0.24,
    "globals": 0.34,
    "fvc_other": -0.05,
}
MATRIX = np.array(
    [
        [1.00, 0.11, 0.12, 0.13, -0.05],
        [0.11, 1.00, 0.23, 0.24, -0.05],
        [0.12, 0.23, 1.00, 0.34, -0.05],
        [0.13, 0.24, 0.34, 1.00, -0.05],
        [-0.05, -0.05, -0.05, -0.05, 1.00],
    ]
)


def test_each_pair_of_items_has_its_own_correlation():
    """In the order skin, disability, patient's and physician's global assessment, lung."""
    assert np.array_equal(item_correlation(NAMED), MATRIX)


def test_mixed_normals_have_the_correlations_asked_for():
    mixing = correlate(MATRIX, np.eye(5))
    assert mixing @ mixing.T == pytest.approx(MATRIX, abs=1e-12)
    assert np.array_equal(mixing, np.tril(mixing)), "the first item is the first number"


def ranks_to_normals(columns: list[np.ndarray]) -> np.ndarray:
    return norm.ppf((np.argsort(np.argsort(columns, axis=1), axis=1) + 0.5) / len(columns[0]))


def test_items_at_entry_and_their_courses_have_the_correlations_of_their_own_rows(model, with_rows):
    entry = {f"population.correlation_{name}": r for name, r in NAMED.items()}
    course = {f"history.correlation_{name}": 0.5 - r for name, r in NAMED.items()}
    people = sample_population(model, with_rows(entry | course), N, 4)
    # lung function at entry also hangs on lung disease: its correlation is that within a group
    in_group = people.covariates["has_ild"].astype(bool)
    at_entry = np.corrcoef(ranks_to_normals([people.covariates[item][in_group] for item in ITEMS]))
    assert at_entry == pytest.approx(MATRIX, abs=0.035)
    later = np.corrcoef([people.history[item] for item in ITEMS])
    assert later == pytest.approx(np.where(MATRIX == 1.0, 1.0, 0.5 - MATRIX), abs=0.03)


def test_what_is_drawn_apart_has_nothing_in_common(people):
    seen, own = people.covariates, people.parameters
    apart = [seen[name].astype(float) for name in ("age_years", "is_female", "body_weight_kg", "uses_mmf")]
    apart += [seen["subset"] == "diffuse", seen["antibody"] == "ATA", seen["disease_duration_years"]]
    apart += [seen["is_ifn_high"].astype(float), seen["mrss"], people.history["nt_probnp"]]
    apart += [own[name] for name in own if name.startswith("eta_") or name in AROUND]
    apart += [own["nt_probnp_baseline"], people.history["mrss"], people.history["dlco_percent"]]
    correlation = np.corrcoef(np.array(apart, dtype=float))
    assert np.abs(correlation - np.eye(len(apart))).max() < 0.035

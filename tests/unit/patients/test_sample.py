"""Virtual patients against their rows: every distribution, share and correlation, and what hangs on what."""

import numpy as np
import pytest
from scipy.stats import binomtest, kstest, lognorm, norm

from ifntrial.patients.drawing import correlate, item_correlation
from ifntrial.patients.sample import sample_population

N = 20_000
ITEMS = ("mrss", "haq_di", "patient_global", "physician_global", "fvc_percent")
ROWS = {
    "population.female_share": 0.7,
    "population.female_share_limited": 0.9,
    "population.body_weight_median": 90.0,
    "population.body_weight_cv": 0.6,
    "population.height_women_mean": 160.0,
    "population.height_men_mean": 180.0,
    "population.diffuse_share": 0.4,
    "population.america_share": 0.25,
    "population.ata_share": 0.5,
    "population.ara_share": 0.1,
    "population.aca_share": 0.05,
    "population.ata_share_america": 0.3,
    "population.ara_share_america": 0.4,
    "population.aca_share_america": 0.01,
    "population.duration_median": 3.0,
    "population.duration_cv": 0.9,
    "population.duration_median_limited": 8.0,
    "population.duration_cv_limited": 0.5,
    "population.ild_share_diffuse": 0.6,
    "population.ild_share_limited": 0.3,
    "population.mmf_share": 0.35,
    "population.mmf_share_limited": 0.1,
    "population.ifn_high_share_blood": 0.6,
    "population.ifn_high_share_blood_limited": 0.3,
    "population.ifn_high_share_skin": 0.5,
    "population.ifn_high_share_skin_limited": 0.2,
    "population.mrss_limited_median": 5.0,
    "population.mrss_limited_cv": 0.6,
}


@pytest.fixture(scope="module")
def people(model, with_rows):
    return sample_population(model, with_rows(ROWS), N, 3)


@pytest.fixture(scope="module")
def registry(model, evidence):
    return sample_population(model, evidence, N, 5)


def assert_drawn_from(values: np.ndarray, distribution) -> None:
    assert kstest(values, distribution.cdf).pvalue > 1e-3


def assert_share(holds: np.ndarray, share: float) -> None:
    assert binomtest(int(np.sum(holds)), len(holds), share).pvalue > 1e-3


def is_diffuse(people) -> np.ndarray:
    return people.covariates["subset"] == "diffuse"


class CutLognormal:
    """A lognormal distribution between two ends."""

    def __init__(self, median: float, cv: float, low: float, high: float) -> None:
        self.whole = lognorm(np.sqrt(np.log(1.0 + cv**2)), scale=median)
        self.low, self.high = self.whole.cdf([low, high])

    def cdf(self, x):
        return np.clip((self.whole.cdf(x) - self.low) / (self.high - self.low), 0.0, 1.0)


def test_each_subset_has_its_own_shares(people):
    seen, diffuse = people.covariates, is_diffuse(people)
    assert_share(diffuse, 0.4)
    assert_share(seen["lives_in_america"], 0.25)
    for part, female, mmf, ild in ((diffuse, 0.7, 0.35, None), (~diffuse, 0.9, 0.1, 0.3)):
        assert_share(seen["is_female"][part], female)
        assert_share(seen["uses_mmf"][part], mmf)
        if ild is not None:
            assert_share(seen["has_ild"][part], ild)
    assert_drawn_from(seen["body_weight_kg"], CutLognormal(90.0, 0.6, 35.0, 180.0))
    assert_drawn_from(seen["disease_duration_years"][diffuse], CutLognormal(3.0, 0.9, 0.0, 40.0))
    assert_drawn_from(seen["disease_duration_years"][~diffuse], CutLognormal(8.0, 0.5, 0.0, 40.0))


def test_antibodies_of_diffuse_disease_differ_between_regions(people):
    seen, diffuse = people.covariates, is_diffuse(people)
    america = seen["lives_in_america"].astype(bool)
    for part, shares in (
        (diffuse & ~america, {"ATA": 0.5, "ARA": 0.1, "ACA": 0.05, "other": 0.35}),
        (diffuse & america, {"ATA": 0.3, "ARA": 0.4, "ACA": 0.01, "other": 0.29}),
        (~diffuse, {"ATA": 0.232, "ARA": 0.03, "ACA": 0.482, "other": 0.256}),
    ):
        for antibody, share in shares.items():
            assert_share(seen["antibody"][part] == antibody, share)


def test_the_share_with_lung_disease_holds_with_the_odds_of_antibodies_beside_it(people):
    """Marginal shares are not multiplied: odds ratios of topoisomerase I exp(0.97) = 2.64, centromere exp(-1) = 0.37."""
    seen = people.covariates
    here = is_diffuse(people) & ~seen["lives_in_america"].astype(bool)
    assert_share(seen["has_ild"][here], 0.6)
    odds = {}
    for antibody in ("ATA", "ACA", "other"):
        share = seen["has_ild"][~is_diffuse(people) & (seen["antibody"] == antibody)].mean()
        odds[antibody] = share / (1.0 - share)
    assert odds["ATA"] / odds["other"] == pytest.approx(2.64, rel=0.15)
    assert odds["ACA"] / odds["other"] == pytest.approx(0.37, rel=0.15)


def test_age_is_that_at_onset_and_the_duration(people):
    seen = people.covariates
    onset = seen["age_years"] - seen["disease_duration_years"]
    assert onset.min() >= 16.0
    assert seen["age_years"].min() >= 18.0
    assert seen["age_years"].max() <= 85.0
    assert onset[is_diffuse(people)].mean() < onset[~is_diffuse(people)].mean() - 1.0


def test_limited_skin_is_thin_and_diffuse_skin_is_thickest_early(people):
    true, diffuse = people.parameters["mrss_baseline"], is_diffuse(people)
    assert_drawn_from(true[~diffuse], CutLognormal(5.0, 0.6, 0.0, 51.0))
    duration = people.covariates["disease_duration_years"]
    early, late = (true[diffuse & part].mean() for part in (duration < 2, duration > 6))
    assert early > late + 5.0
    ara = people.covariates["antibody"] == "ARA"
    assert true[diffuse & ara].mean() > true[diffuse & ~ara].mean() + 1.5


def test_the_registry_looks_like_registries(registry):
    """Fit rows: PRESS reads 20.8 (10.3), EUSTAR 14.2 (9.1) in diffuse disease; medians 16 and 6 by subset."""
    seen, diffuse = registry.covariates, is_diffuse(registry)
    america, early = seen["lives_in_america"].astype(bool), seen["disease_duration_years"] <= 2
    press = seen["mrss"][diffuse & america & early]
    assert press.mean() == pytest.approx(20.8, abs=1.5)
    assert press.std() == pytest.approx(10.3, abs=1.2)
    eustar = seen["mrss"][diffuse & ~america]
    assert eustar.mean() == pytest.approx(14.2, abs=1.5)
    assert eustar.std() == pytest.approx(9.1, abs=1.0)
    assert np.median(seen["mrss"][~diffuse]) == pytest.approx(6.0, abs=1.0)
    assert seen["mrss"].min() == 0.0, "no trial's entry rule is in the population"


# --- signature ----------------------------------------------------------------------------------------------------


def test_the_signature_is_high_in_the_share_of_each_subset(people):
    seen, diffuse = people.covariates, is_diffuse(people)
    for part, blood, skin in ((diffuse, 0.6, 0.5), (~diffuse, 0.3, 0.2)):
        assert_share(seen["is_ifn_high"][part].astype(bool), blood)
        assert_share(seen["is_ifn_high_skin"][part].astype(bool), skin)
    assert np.corrcoef(seen["is_ifn_high"][diffuse], seen["is_ifn_high_skin"][diffuse])[0, 1] > 0.25


def test_the_signature_goes_with_severity(registry):
    seen, diffuse = registry.covariates, is_diffuse(registry)
    high = seen["is_ifn_high"].astype(float)
    for part in (diffuse, ~diffuse):
        assert np.corrcoef(high[part], seen["mrss"][part])[0, 1] > 0.08
        assert np.corrcoef(high[part], seen["fvc_percent"][part])[0, 1] < -0.08
        assert np.corrcoef(high[part], seen["has_ild"][part])[0, 1] > 0.05
    ara = seen["antibody"] == "ARA"
    assert high[diffuse & ara].mean() < high[diffuse & ~ara].mean() - 0.1
    tone, is_high = registry.parameters["ifn_tone_blood"], high == 1.0
    assert np.corrcoef(np.log(tone[is_high & diffuse]), seen["mrss"][is_high & diffuse])[0, 1] > 0.1


def test_a_low_signature_lies_in_the_healthy_range(registry, evidence):
    """Excess fold change of a promoter half active at 0.095, upper end of the healthy range 2."""
    low = ~registry.covariates["is_ifn_high"].astype(bool)
    tone = registry.parameters["ifn_tone_blood"][low]
    amplitude = registry.parameters["signature_amplitude_blood"][low]
    fold = 1.0 + amplitude * (1.0 + 1 / 0.095) * tone / (1.0 + tone / 0.095)
    assert np.mean(fold > 2.0) < 0.035
    assert np.median(fold) == pytest.approx(1.41, abs=0.03)
    assert abs(np.corrcoef(fold, amplitude)[0, 1]) < 0.05


def test_the_chemokine_score_has_a_spread_and_goes_with_status(registry):
    score = registry.parameters["chemokine_score_baseline"]
    high = registry.covariates["is_ifn_high"].astype(bool)
    assert 0.9 < score.std() < 1.5
    assert score[high].mean() - score[~high].mean() == pytest.approx(2.0 * 0.8, abs=0.3)
    assert np.mean((score >= 5.5) == high) > 0.75


# --- volume -------------------------------------------------------------------------------------------------------


def test_men_have_more_volume_than_women(registry):
    own, female = registry.parameters, registry.covariates["is_female"].astype(bool)
    volume = own["fvc_ml_per_percent"] * own["fvc_percent_baseline"]
    assert volume[~female].mean() > volume[female].mean() + 800.0
    assert (own["fvc_ml_per_percent_ageing"] > 0).mean() > 0.95
    height = registry.covariates["height_cm"]
    assert np.corrcoef(height[female], own["fvc_ml_per_percent"][female])[0, 1] > 0.7


# --- what differs between subjects --------------------------------------------------------------------------------

AROUND = ("signature_amplitude_blood", "signature_amplitude_skin", "capillary_density_baseline")


@pytest.mark.parametrize("name", [*AROUND, "nt_probnp_baseline"])
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
    assert {
        "eta_absorption_rate",
        "eta_bioavailability",
        "eta_signature_imax",
        "eta_k_isg_mrna_decay",
    } <= set(names)
    for name in names:
        stem = name.removeprefix("eta_")
        row = evidence.first_parameter((f"anifrolumab.{stem}", stem))
        sd = {"omega2_lognormal": np.sqrt, "omega2_additive": np.sqrt, "sd_logit": float}.get(
            row.spread_kind, lambda cv: np.sqrt(np.log(1 + cv**2))
        )(row.spread)
        assert_drawn_from(people.parameters[name], norm(0.0, sd))


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


def test_disability_and_globals_go_with_the_skin_score_itself(registry):
    """So that they are lower in limited disease without a row of their own."""
    own, diffuse = registry.parameters, is_diffuse(registry)
    for item in ("haq_di", "patient_global", "physician_global"):
        true = own[f"{item}_baseline"]
        assert np.corrcoef(true, own["mrss_baseline"])[0, 1] > 0.3, item
        assert true[diffuse].mean() > true[~diffuse].mean(), item


def test_changes_of_other_items_go_with_the_whole_change_of_the_skin(registry):
    """Rows: 0.58, 0.5 and 0.6 per SD of placebo arms; the lung goes the other way."""
    skin = registry.history["mrss"]
    slopes = {item: np.polyfit(skin, registry.history[item], 1)[0] for item in ITEMS[1:]}
    assert slopes == pytest.approx(
        {"haq_di": 0.58, "patient_global": 0.5, "physician_global": 0.6, "fvc_percent": -0.1}, abs=0.03
    )


def test_what_is_drawn_apart_has_nothing_in_common(people):
    seen, own = people.covariates, people.parameters
    apart = [seen[name].astype(float) for name in ("body_weight_kg", "lives_in_america")]
    apart += [is_diffuse(people), people.history["nt_probnp"]]
    apart += [own[name] for name in own if name.startswith("eta_") or name in AROUND]
    apart += [own["nt_probnp_baseline"], people.history["dlco_percent"]]
    correlation = np.corrcoef(np.array(apart, dtype=float))
    assert np.abs(correlation - np.eye(len(apart))).max() < 0.035

"""Numbers of the tables agree with one another where their papers print both.

Sources: each test names the paper whose printed numbers it compares.
"""

import numpy as np
import pytest
from scipy.optimize import fsolve

from ifntrial.evidence.load import load_evidence
from ifntrial.units import convert

EVIDENCE = load_evidence()


def value(name):
    return EVIDENCE.value(name)


def result(id):
    return EVIDENCE.observation(id).value


def test_almquist_2022_clearance_of_ifn_low_patients():
    # abstract: 0.193 and 0.153 L/day
    assert value("anifrolumab.clearance") * value("anifrolumab.clearance_ifn_low_factor") == pytest.approx(
        0.153, abs=5e-4
    )


def test_almquist_2022_coefficients_of_variation_on_the_label():
    for name, percent in (("clearance", 33.0), ("central_volume", 26.9), ("receptor_concentration", 29.7)):
        assert 100 * np.sqrt(EVIDENCE.parameter(f"anifrolumab.{name}").spread) == pytest.approx(
            percent, abs=0.05
        )


def test_almquist_2022_constants_in_other_units():
    row = EVIDENCE.parameter("anifrolumab.kss")
    molar_mass = EVIDENCE.parameter("anifrolumab.molar_mass")
    grams = (
        convert(row.value, row.unit, "mol/L") * convert(molar_mass.value, molar_mass.unit, "ug/mol") / 1000
    )
    assert grams == pytest.approx(0.1054, rel=1e-3)
    minutes = convert(np.log(2) / value("anifrolumab.k_receptor_internalization"), "day", "minute")
    assert minutes == pytest.approx(12.9, abs=0.05)
    assert value("anifrolumab.central_volume") + value("anifrolumab.peripheral_volume") == pytest.approx(6.23)


def test_almquist_2022_residual_and_reporting_limit():
    additive = EVIDENCE.parameter("anifrolumab.residual_error_additive")
    assert convert(additive.value, additive.unit, "ug/mL") == pytest.approx(0.0201)


@pytest.mark.parametrize(("suffix", "printed"), [("", 0.067), ("_sd34", 0.28)])
def test_peng_2015_affinity_is_the_ratio_of_its_rates(suffix, printed):
    on = EVIDENCE.parameter(f"anifrolumab.k_on_spr{suffix}")
    off = EVIDENCE.parameter(f"anifrolumab.k_off_spr{suffix}")
    assert convert(off.value / on.value, "mol/L", "nmol/L") == pytest.approx(printed, rel=0.01)
    assert value(f"anifrolumab.kd_spr{suffix}") == printed


def test_kirby_2021_affinities_are_the_ratios_of_the_rates():
    for name, molar in (
        ("ifn_alpha2_ifnar1", 5e-6),
        ("ifn_beta_ifnar1", 100e-9),
        ("ifn_beta_ifnar2", 0.4e-9),
    ):
        assert value(f"kirby.{name}_k_off") / value(f"kirby.{name}_k_on") == pytest.approx(molar)
    molar = value("kirby.ifn_alpha2_ifnar2_k_off") / value("kirby.ifn_alpha2_ifnar2_k_on")
    assert 3.75e-9 <= molar <= 5e-9


@pytest.mark.parametrize(
    ("name", "hours"),
    [
        ("k_stat1_mrna_decay", 2.9),
        ("k_stat2_mrna_decay", 2.8),
        ("k_irf9_mrna_decay", 1.7),
        ("k_usp18_mrna_decay", 7.6),
        ("k_socs3_mrna_decay", 0.6),
        ("k_irf2_mrna_decay", 0.65),
        ("k_stat1_protein_decay", 1.4),
        ("k_stat2_protein_decay", 4.7),
        ("k_irf9_protein_decay", 3.4),
        ("k_usp18_protein_decay", 1.0),
        ("k_socs1_protein_decay", 0.8),
        ("k_irf2_protein_decay", 1.3),
        ("k_heterodimer_decay", 35 / 60),
        ("k_isgf3_decay", 12 / 60),
        ("k_homodimer_decay", 4 / 60),
        ("k_isre_release", 75 / 60),
    ],
)
def test_kok_2020_half_lives(name, hours):
    assert np.log(2) / value(f"kok.{name}") == pytest.approx(hours, rel=0.06)


@pytest.mark.parametrize(
    ("gene", "steps", "hours"),
    [("stat1", 3, 5.7), ("stat2", 5, 2.8), ("irf9", 2, 1.8), ("usp18", 2, 3.0), ("socs1", 1, 1.1)],
)
def test_kok_2020_translation_delays(gene, steps, hours):
    assert steps / value(f"kok.k_{gene}_translation_delay") == pytest.approx(hours, abs=0.05)


@pytest.mark.parametrize("protein", ["stat1", "stat2"])
def test_kok_2020_stat_is_ten_to_one_between_cytoplasm_and_nucleus(protein):
    export, back = value(f"kok.k_{protein}_nuclear_export"), value(f"kok.k_{protein}_nuclear_import")
    assert export / back == pytest.approx(10)
    start = value(f"kok.{protein}_cytoplasm_initial") / value(f"kok.{protein}_nucleus_initial")
    assert start == pytest.approx(10)


def test_adler_2020_circuit_rests_at_hot_and_cold_fibrosis():
    # fixed points of the published equations: 4.85e5 myofibroblasts with 6.45e5 macrophages, and 2.84e5 with none
    by_macrophages = value("adler.pdgf_secretion_macrophage")
    per_day = 24 * 60

    def slopes(x, has_macrophages=True):
        f, m, c, g = np.exp(x)
        m = m if has_macrophages else 0.0
        csf1 = c / (value("csf1_half_saturation") + c)
        pdgf = g / (value("pdgf_half_saturation") + g)
        space = 1 - f / value("carrying_capacity")
        csf1_balance = value("csf1_secretion") * f - value("csf1_uptake") * m * csf1
        pdgf_balance = (
            by_macrophages * m + (value("pdgf_secretion_myofibroblast") - value("pdgf_uptake") * pdgf) * f
        )
        return [
            value("myofibroblast_proliferation") * pdgf * space - value("k_myofibroblast_removal"),
            value("macrophage_proliferation") * csf1 - value("k_macrophage_removal")
            if has_macrophages
            else x[1],
            per_day * csf1_balance / c - value("k_growth_factor_decay"),
            per_day * pdgf_balance / g - value("k_growth_factor_decay"),
        ]

    hot = np.exp(fsolve(slopes, np.log([5e5, 6e5, 4e8, 1e9])))
    assert hot == pytest.approx([4.85e5, 6.45e5, 3.6e8, 1.10e9], rel=0.01)
    cold = np.exp(fsolve(lambda x: slopes(x, False), np.log([3e5, 1.0, 2e8, 5e8])))
    assert cold[[0, 3]] == pytest.approx([2.84e5, 5.23e8], rel=0.01)


def test_khanna_2016_score_without_change_lies_below_its_published_floor():
    assert 1 / (1 + np.exp(-value("acr_criss.intercept"))) < 0.005


@pytest.mark.parametrize(
    ("id", "count", "of"),
    [
        ("medi_546_phase_1.all.ifn_high_blood.w0", 22, 34),
        ("medi_546_phase_1.all.ifn_high_skin.w0", 15, 34),
        ("anifrolumab_population_pharmacokinetics.all.anti_drug_antibody", 46, 670),
        ("focussced.placebo.completed_trial.w48", 93, 106),
        ("asset.abatacept.completed_trial.w52", 34, 44),
        ("asset.placebo.completed_trial.w52", 35, 44),
        ("six_chemokine_score.limited.ifn_high_chemokine.w0", 67, 149),
        ("press.all.ild.w0", 115, 212),
    ],
)
def test_printed_percentages_are_the_printed_counts(id, count, of):
    # the coarsest are printed as whole percent
    assert result(id) == pytest.approx(100 * count / of, abs=0.6)


@pytest.mark.parametrize(
    ("first", "second", "difference", "digits"),
    [
        ("tulip_pooled.anifrolumab_300_mg_iv_every_4_weeks.bicla_response.w52.sle",
         "tulip_pooled.placebo.bicla_response.w52.sle",
         "tulip_pooled.anifrolumab_vs_placebo.bicla_response.w52.sle", 0.15),
        ("tulip_pooled.anifrolumab_300_mg_iv_every_4_weeks.bicla_response.w52.sle_ifn_high",
         "tulip_pooled.placebo.bicla_response.w52.sle_ifn_high",
         "tulip_pooled.anifrolumab_vs_placebo.bicla_response.w52.sle_ifn_high", 0.15),
        ("tulip_pooled.anifrolumab_300_mg_iv_every_4_weeks.bicla_response.w52.sle_ifn_low",
         "tulip_pooled.placebo.bicla_response.w52.sle_ifn_low",
         "tulip_pooled.anifrolumab_vs_placebo.bicla_response.w52.sle_ifn_low", 0.15),
        ("tulip_sc.anifrolumab_120_mg_sc_weekly.bicla_response.w52.interim",
         "tulip_sc.placebo.bicla_response.w52.interim",
         "tulip_sc.anifrolumab_vs_placebo.bicla_response.w52.interim", 0.15),
        ("revised_criss_development.active.rcriss20_response.w52",
         "revised_criss_development.placebo.rcriss20_response.w52",
         "revised_criss_development.active_vs_placebo.rcriss20_response.w52", 0.15),
        ("revised_criss_validation.active.rcriss20_response.w52",
         "revised_criss_validation.placebo.rcriss20_response.w52",
         "revised_criss_validation.active_vs_placebo.rcriss20_response.w52", 0.15),
        ("asset.abatacept.mrss_change.w52.adjusted", "asset.placebo.mrss_change.w52.adjusted",
         "asset.abatacept_vs_placebo.mrss_change.w52", 0.011),
        ("fasscinate.tocilizumab.mrss_change.w48.adjusted", "fasscinate.placebo.mrss_change.w48.adjusted",
         "fasscinate.tocilizumab_vs_placebo.mrss_change.w48", 0.011),
        ("fasscinate.tocilizumab.mrss_change.w24", "fasscinate.placebo.mrss_change.w24",
         "fasscinate.tocilizumab_vs_placebo.mrss_change.w24", 0.011),
        ("focussced.tocilizumab.mrss_change.w48", "focussced.placebo.mrss_change.w48",
         "focussced.tocilizumab_vs_placebo.mrss_change.w48", 0.011),
        ("sle_safety_pool.anifrolumab_300_mg_iv_every_4_weeks.zoster_rate.w52",
         "sle_safety_pool.placebo.zoster_rate.w52",
         "sle_safety_pool.anifrolumab_vs_placebo.zoster_rate.w52", 0.15),
    ],
)  # fmt: skip
def test_printed_differences_are_the_differences_of_the_printed_arms(first, second, difference, digits):
    # tolerance: the rounding of three printed numbers
    assert result(first) - result(second) == pytest.approx(result(difference), abs=digits)


def test_hoffmann_vold_2021_courses_count_every_patient():
    courses = [row for row in EVIDENCE.observations_where(trial="EUSTAR ILD") if row.statistic == "count"]
    assert sum(row.value for row in courses) == 535 == courses[0].n


def test_eustar_2024_skin_courses_are_all_patients():
    rows = EVIDENCE.observations_where(trial="EUSTAR 1257")
    assert sum(row.value for row in rows) == pytest.approx(100, abs=0.15)


def test_senscis_slopes_have_one_standard_deviation_between_patients():
    # standard error times root n is about the same in the four cells
    rows = [
        row for row in EVIDENCE.observations_where(trial="SENSCIS", endpoint="fvc_slope") if "ATA" in row.arm
    ]
    deviations = [(row.high - row.low) / 2 * np.sqrt(row.n) for row in rows]
    assert len(deviations) == 4
    assert min(deviations) >= 229
    assert max(deviations) <= 238
    assert value("variance.fvc_slope_sd") == pytest.approx(np.mean(deviations), rel=0.02)

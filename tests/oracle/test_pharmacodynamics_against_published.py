"""The interferon signature under blockade agrees with published figures, closed forms, and what is known of each drug.

Sources: Chia 2022 (median above 80 % at weeks 12 to 52; 80 % at a concentration of 3.88 ug/mL), Goldberg 2014 (onset in
systemic sclerosis: blood one day, skin about seven), Levin 2011 (pSTAT linear in free receptor): rows of
``observations.csv``. Suppression (a) is the share of the IFNAR-driven signal removed, (b) one minus post over pre of
the fold-change score.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import brentq

from ifntrial.course.simulate import simulate_subjects
from ifntrial.course.system import build_system
from ifntrial.dosing.regimen import parse_regimen
from ifntrial.solver import DoseKind, DoseTable, Tolerance, symbol
from ifntrial.solver import simulate as solve

MISSES = Path(__file__).parents[2] / "docs" / "known_misses.md"
IC80 = 3.88  # ug/mL, Chia 2022
FEEDBACK = (
    "usp18_feedback",
    "socs1_feedback",
    "ifn_autoamplified_share",
    "dendritic_cell_ifn_share",
    "autoantibody_inflammation_share",
    "cxcl4_inflammation_share",
)
BLOOD = ("ifn_driven_suppression_blood", "signature_suppression_blood")


def hold_concentration(model, typical, level, outputs, days=400.0):
    """Return outputs in steady state while free drug in serum is held at ``level`` [ug/mL] by a constant infusion.

    The rate replaces what linear and target-mediated clearance remove at this level, with clearance constant in time.
    """
    typical = {name: values.copy() for name, values in typical.items()}
    typical["clearance_time_max"][:] = 0.0
    value = {name: float(values[0]) for name, values in typical.items()}
    relative = value["body_weight"] / value["reference_body_weight"]
    free = level / value["molar_mass"]
    volume = value["central_volume"] * relative ** value["central_volume_weight_exponent"]
    bound = value["receptor_concentration"] * volume * free / (free + value["kss"])
    clearance = value["clearance"] * relative ** value["clearance_weight_exponent"]
    rate = clearance * free + value["k_receptor_internalization"] * bound
    doses = DoseTable.from_columns(
        1, subject=[0], time=0.0, state="drug_central", amount=rate, kind=DoseKind.SET_INPUT
    )
    found = solve(
        build_system(model),
        typical_of(model, typical),
        doses,
        [0.0, days],
        outputs=("concentration", *outputs),
    )
    assert found.of("concentration")[0, 1] == pytest.approx(level, rel=1e-3), (
        "the concentration did not settle"
    )
    return {name: float(found.of(name)[0, 1]) for name in outputs}


def typical_of(model, typical):
    return {parameter.name: typical[parameter.name] for parameter in model.parameters}


def medians(group, chosen, words, days, outputs):
    found = group.follow(words, days, outputs)
    return {name: np.median(found.of(name)[chosen], axis=0) for name in outputs}


# --- how deep ---------------------------------------------------------------------------------------------------


def test_median_suppression_in_blood_with_a_high_signature(lupus, evidence, record_property):
    days = np.array([0.0, 84.0, 168.0, 252.0, 364.0])
    found = medians(lupus, lupus.is_high, "300 mg IV every 4 weeks", days, BLOOD)[BLOOD[1]]
    row = evidence.observation("tulip_pooled.300_mg_iv_every_4_weeks.signature_suppression_blood.w12")
    record_property(row.id, f"published {row.low} to {row.high} %, ours {np.round(100 * found[1:], 1)}")
    assert (100 * found[1:] >= row.low).all(), f"published at least {row.low} %; ours {100 * found[1:]}"


def test_placebo_changes_no_signature(lupus):
    days = np.array([0.0, 28.0, 182.0, 364.0])
    names = [f"signature_suppression_{tissue}" for tissue in ("blood", "skin", "lung", "heart")]
    found = lupus.follow("placebo", days, names)
    assert np.abs(found.values).max() < 1e-5


@pytest.mark.parametrize("tone", [0.3, 3.0])
def test_signature_saturates_with_tone(typical, model, tone):
    """The stronger the interferon tone, the more of the signal the same blockade leaves: the promoter is saturated."""
    typical["ifn_tone_blood"][:] = tone
    found = hold_concentration(model, typical, IC80, BLOOD)[BLOOD[0]]
    typical["ifn_tone_blood"][:] = 1.0
    at_reference = hold_concentration(model, typical, IC80, BLOOD)[BLOOD[0]]
    assert np.sign(at_reference - found) == np.sign(np.log(tone))
    assert abs(at_reference - found) > 0.03


def test_ic80_gives_80_percent_of_what_blockade_can_remove(model, typical, evidence):
    found = hold_concentration(model, typical, IC80, BLOOD)
    assert evidence.value("anifrolumab.signature_ic80") == IC80
    assert found[BLOOD[0]] == pytest.approx(0.8, abs=0.002)
    amplitude, imax = (evidence.value(x) for x in ("signature_amplitude_blood", "signature_imax"))
    assert found[BLOOD[1]] == pytest.approx(0.8 * imax * amplitude / (1 + amplitude), abs=0.002)


@pytest.mark.parametrize(
    "changed",
    [
        {"usp18_feedback": 3.0},
        {"socs1_feedback": 0.0},
        {"kss": 0.067, "reference_kss": 0.067},  # surface plasmon resonance, Peng 2015
        {"ifn_autoamplified_share": 0.7},
        {"dendritic_cell_ifn_share": 0.0},
        {"phi_inflammation": 0.0},
        {"phi_inflammation": 0.8, "dendritic_cell_complex_share": 0.2},
        {"k_bound_receptor_internalization": 30.0},
        {"signature_imax": 0.88},
    ],
)
def test_ic80_gives_80_percent_whatever_binding_and_feedback_are(model, typical, changed):
    for name, value in changed.items():
        typical[name][:] = value
    assert hold_concentration(model, typical, IC80, BLOOD)[BLOOD[0]] == pytest.approx(0.8, abs=0.002)


def test_ic80_gives_80_percent_by_algebra(model, typical):
    """Steady state solved as one equation for the signal, without a simulation: every loop closed by hand."""
    value = {name: float(values[0]) for name, values in typical.items()}
    half = half_saturation(value)

    def excess(level, concentration):
        return response_at(value, half, level, concentration) - level

    def settled(concentration):
        return brentq(excess, 1e-9, 1.0, args=(concentration,))

    assert settled(IC80) == pytest.approx(0.2, abs=1e-9)
    for concentration in (0.3, 10.0):
        simulated = hold_concentration(model, typical, concentration, BLOOD)[BLOOD[0]]
        assert 1 - settled(concentration) == pytest.approx(simulated, abs=0.002)


def half_saturation(value):
    """Return the half-saturation at which a fifth of the signal is left at the IC80."""
    signal = pstat_at(value, 0.2, IC80)
    return brentq(lambda half: (1 + half) * signal / (signal + half) - 0.2, 1e-9, 1e3)


def response_at(value, half, level, concentration):
    signal = pstat_at(value, level, concentration)
    return (1 + half) * signal / (signal + half)


def pstat_at(value, level, concentration):
    """Return pSTAT over untreated where the signal stands at ``level`` and free drug at ``concentration``.

    Part of the ligand comes from dendritic cells, part of whose activity follows inflammation, which hears pSTAT itself.
    """
    lost = value["k_bound_receptor_internalization"] / value["k_receptor_turnover"]
    free = 1 / (1 + lost * concentration / value["molar_mass"] / value["kss"])
    antibody = value["dendritic_cell_complex_share"] * value["autoantibody_inflammation_share"]
    cxcl4 = (1 - value["dendritic_cell_complex_share"]) * value["cxcl4_inflammation_share"]
    own = value["dendritic_cell_ifn_share"]
    made = 1 + value["ifn_autoamplified_share"] * (level - 1)
    damped = [(1 + value[name]) / (1 + value[name] * level) for name in ("usp18_feedback", "socs1_feedback")]
    active = {x: value[f"ifn_{x}_potency"] * value[f"ifn_{x}_baseline"] for x in ("alpha", "beta", "omega")}
    others = sum(active[x] * value[f"ifn_{x}_other_source_share"] for x in active) / sum(active.values())

    def excess(signal):
        heard = (1 + value["effect_half_signal"]) * signal / (signal + value["effect_half_signal"])
        calmed = value["phi_inflammation"] * (heard - 1)
        cells = 1 + own * (level - 1) + (1 - own) * (antibody + cxcl4) * calmed
        source = others + (1 - others) * cells
        return free * source * made * damped[0] * damped[1] - signal

    return brentq(excess, 0.0, 2.0)


@pytest.mark.parametrize("concentration", [0.1, 0.5, 2.0, IC80, 20.0])
def test_without_feedback_the_signature_is_a_closed_form_of_free_receptor(model, typical, concentration):
    """S = (1 + k) f / (f + k), k from Kss and the IC80: 0.12."""
    for name in FEEDBACK:
        typical[name][:] = 0.0
    kss = float(typical["kss"][0] * typical["molar_mass"][0])

    def free(level):
        return kss / (kss + level)

    # a fifth is left at the IC80: 0.2 = (1 + k) f / (f + k)
    k = 0.8 * free(IC80) / (0.2 - free(IC80))
    assert k == pytest.approx(0.12, abs=0.01)
    f = free(concentration)
    found = hold_concentration(model, typical, concentration, BLOOD)[BLOOD[0]]
    assert 1 - found == pytest.approx((1 + k) * f / (f + k), abs=0.002)


def test_pstat_is_linear_in_free_receptor(model, typical, evidence):
    """Levin 2011: pSTAT1 falls in step with surface IFNAR1; the signature does not."""
    for name in FEEDBACK:
        typical[name][:] = 0.0
    rows = [
        row
        for row in evidence.observations
        if row.id.startswith("receptor_knock_down.ifn_alpha2_ifnar1_at_") and row.use == "fit"
    ]
    assert len(rows) == 6
    errors = []
    kss = float(typical["kss"][0] * typical["molar_mass"][0])
    for row in rows:
        receptor = float(row.id.split("_at_")[1].removesuffix(".pstat1")) / 100
        if receptor == 1:
            continue
        found = hold_concentration(
            model, typical, kss * (1 / receptor - 1), ("pstat_blood", "receptor_free_blood")
        )
        assert found["pstat_blood"] == pytest.approx(receptor, rel=0.01)
        errors.append(found["pstat_blood"] - row.value / 100)
    assert (
        np.sqrt(np.mean(np.square(errors))) < 0.09
    )  # points of the published curve scatter by about this much


# --- how fast ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dose", [1, 3, 10])
def test_onset_in_blood_and_skin_after_one_intravenous_dose(lupus, evidence, dose, record_property):
    days = np.arange(0.0, 29.0, 0.25)
    names = ("signature_suppression_blood", "signature_suppression_skin")
    chosen = lupus.is_high & lupus.population.covariates["is_ifn_high_skin"].astype(bool)
    found = medians(lupus, chosen, f"{dose} mg/kg IV once", days, names)
    blood, skin = (found[name] for name in names)
    peak = {name: float(days[found[name].argmax()]) for name in names}
    record_property(
        f"{dose} mg/kg", f"largest suppression: blood day {peak[names[0]]}, skin day {peak[names[1]]}"
    )
    at_one_day = blood[days == 1.0][0]
    assert at_one_day >= 0.8 * blood.max(), f"blood {at_one_day:.2f} at one day, {blood.max():.2f} at most"
    row = evidence.observation("medi_546_phase_1.all.time_to_maximal_suppression_skin")
    assert 1.0 < peak[names[1]] <= row.value
    assert skin[days == 1.0][0] < 0.9 * skin.max(), "skin lags behind blood"


def test_named_miss_time_of_the_lowest_signature_in_blood(lupus, evidence):
    """Published within one day; ours is nearly there by then, and lowest on days 2 to 4."""
    row = evidence.observation("medi_546_phase_1.all.time_to_maximal_suppression_blood")
    days = np.arange(0.0, 15.0, 0.25)
    found = [
        medians(lupus, lupus.is_high, f"{dose} mg/kg IV once", days, BLOOD)[BLOOD[1]] for dose in (1, 10)
    ]
    peaks = [float(days[course.argmax()]) for course in found]
    assert 2.0 <= peaks[0] < peaks[1] <= 4.0
    assert peaks[0] > row.high
    assert f"`{row.id}`" in MISSES.read_text(encoding="utf-8")


def test_named_miss_suppression_at_week_4(lupus, evidence):
    """Published at least 80 % "as early as" week 4; ours is that in between doses, and less just before the second."""
    row = evidence.observation(
        "anifrolumab_label.300_mg_iv_every_4_weeks_or_more.signature_suppression_blood.w4"
    )
    days = np.array([0.0, 4.0, 14.0, 28.0])
    found = medians(lupus, lupus.is_high, "300 mg IV every 4 weeks", days, BLOOD)[BLOOD[1]]
    assert (100 * found[1:3] >= row.low).all()
    assert 0.73 < found[3] < 0.80
    assert f"`{row.id}`" in MISSES.read_text(encoding="utf-8")


# --- which interferon, and whose ----------------------------------------------------------------------------------


def test_blockade_changes_little_where_there_is_no_interferon_tone(model, typical):
    days = [0.0, 84.0]
    names = ("signature_blood", *BLOOD)
    regimen = parse_regimen("300 mg IV every 4 weeks")
    healthy = {name: values.copy() for name, values in typical.items()}
    healthy["ifn_tone_blood"][:] = 1e-4
    change = {}
    for who, values in (("high", typical), ("none", healthy)):
        found = simulate_subjects(model, values, regimen, days, names, tolerance=Tolerance.TRIAL)
        change[who] = found.of("signature_blood")[0, 0] - found.of("signature_blood")[0, 1]
    assert change["high"] > 8
    assert change["none"] < 0.02


def interferon_given(model, typical, regimen, isoform, amount):
    """Return the fold-change score in blood before, and six and twelve hours after, an injection of interferon."""
    system = build_system(model)
    names = {name: typical[name] for name in system.parameters}
    interferon = DoseTable.from_columns(1, subject=[0], time=70.0, state=f"ifn_{isoform}", amount=amount)
    drug = DoseTable.none(1)
    if regimen:
        nanomoles = 300_000 / (float(typical["molar_mass"][0]) * 1000)
        drug = DoseTable.from_columns(
            1, subject=[0], time=0.0, state="drug_central", amount=nanomoles, additional=4, interval=14.0
        )
    doses = interferon if not regimen else DoseTable.join(drug, interferon)
    found = solve(system, names, doses, [0.0, 70.0, 70.25, 70.5], outputs=("signature_blood",))
    return found.of("signature_blood")[0, 1:]


@pytest.mark.parametrize("isoform", ["alpha", "beta", "omega"])
def test_an_injection_of_interferon_raises_a_low_signature_and_blockade_prevents_it(model, typical, isoform):
    typical["is_ifn_low"][:], typical["ifn_tone_blood"][:] = 1.0, 0.004
    amount = 0.2 / float(typical[f"ifn_{isoform}_potency"][0])
    open_receptor = interferon_given(model, typical, False, isoform, amount)
    blocked = interferon_given(model, typical, True, isoform, amount)
    assert open_receptor[0] < 2.0, "the score is in the healthy range before"
    assert open_receptor[1:].max() > 4.0
    assert blocked[1:].max() - blocked[0] < 0.2 * (open_receptor[1:].max() - open_receptor[0])


def test_removing_alpha_alone_suppresses_less_than_blocking_the_receptor(model, typical, evidence):
    """Sifalimumab, anti-interferon alpha, in blood: median 53 to 66 % (Higgs 2014), against 80 % and more."""
    row = evidence.observation("sifalimumab_in_myositis.sifalimumab.signature_suppression_blood")
    whole = build_system(model)
    alpha = whole.states.index("ifn_alpha")
    gone = tuple(-1000 * symbol("ifn_alpha") if i == alpha else rate for i, rate in enumerate(whole.rates))
    system = replace(whole, name="no interferon alpha", rates=gone)
    found = solve(system, typical_of(model, typical), None, [0.0, 98.0], outputs=BLOOD)
    without_alpha = 100 * float(found.of(BLOOD[1])[0, 1])
    blockade = 100 * hold_concentration(model, typical, 40.0, BLOOD)[BLOOD[1]]
    assert row.low - 15 < without_alpha < blockade - 10, f"published {row.low} to {row.high} %"


def test_complete_blockade_of_skin_cannot_exceed_half_of_its_score(model, typical, evidence):
    """Skin signature genes stand about one log2 above healthy: a fold change of two cannot fall by more than half."""
    found = hold_concentration(model, typical, 500.0, ("signature_suppression_skin",))
    amplitude = evidence.value("signature_amplitude_skin")
    assert found["signature_suppression_skin"] < amplitude / (1 + amplitude) <= 0.55
    assert found["signature_suppression_skin"] > 0.4

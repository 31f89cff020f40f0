"""Implausible candidates are named, weights are frozen and belong to the patient, and bring published moments closer."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ifntrial.errors import EvidenceError, FileError, RunError
from ifntrial.model.drugs import DRUGS
from ifntrial.patients.balance import balance, effective_size
from ifntrial.patients.features import Patients, misfit, published_targets
from ifntrial.patients.plausible import RULES, plausibility
from ifntrial.patients.sample import sample_population
from ifntrial.patients.targets import SOURCES
from ifntrial.patients.thinning import Admission
from ifntrial.patients.weights import calibrate_patients
from ifntrial.patients.weights_file import load_patients, patients_stale, save_patients
from ifntrial.report.forecast.words import screening
from ifntrial.report.terminal.patients import patient_lines
from ifntrial.studies.forecast.result import Screening
from shipped import CATALOG, admit, build_model, draw_patients

OK, THINNED = "ok", "thinned"
FEW = settings(max_examples=settings.default.max_examples // 5)

IMPLAUSIBLE = {
    "onset in childhood": {"age_years": 18.0, "disease_duration_years": 5.0},
    "limited disease with the skin score of diffuse disease": {"subset": "limited", "mrss": 40.0},
    "lung volume too low without lung disease": {"has_ild": False, "fvc_percent": 46.0},
    "lung volume too high with lung disease": {"has_ild": True, "fvc_percent": 128.0},
    "severe disability, and the patient feels well": {"haq_di": 2.5, "patient_global": 0.5},
    "no disability, and the patient feels worst": {"haq_di": 0.0, "patient_global": 9.0},
    "thick skin, and the physician sees hardly any disease": {"mrss": 35.0, "physician_global": 0.5},
    "cardiac peptide of overt heart failure": {"nt_probnp": 9000.0},
    "clearance out of range": {"eta_clearance": 2.5},
    "central volume out of range": {"eta_central_volume": -2.0},
    "skin course that no cohort saw": {"mrss": 10.0, "history mrss": 6.0},
    "lung course that no cohort saw": {"history fvc_percent": -7.0},
    "skin and physician disagree about the year": {"history mrss": 3.0, "history physician_global": -3.0},
}


@pytest.fixture(scope="module")
def ordinary(model, evidence):
    """One plausible patient with middling values."""
    candidates = sample_population(model, evidence, 400, 5)
    ok = np.flatnonzero(plausibility(candidates, model, evidence) == OK)
    seen = candidates.covariates
    middling = [i for i in ok if seen["physician_global"][i] == 5 and seen["subset"][i] == "diffuse"]
    return candidates.take(np.array(middling[:1]))


def changed(person, values):
    covariates, parameters, history = (
        {name: column.copy() for name, column in part.items()}
        for part in (person.covariates, person.parameters, person.history)
    )
    for name, value in values.items():
        if name.startswith("history "):
            history[name.removeprefix("history ")][:] = value
        elif name.startswith("eta_"):
            parameters[name][:] = value
        else:
            covariates[name] = np.full(person.size, value)
            if f"{name}_baseline" in parameters:
                parameters[f"{name}_baseline"][:] = value
    return replace(person, covariates=covariates, parameters=parameters, history=history)


def test_every_rule_has_a_case():
    assert set(IMPLAUSIBLE) == {rule.reason for rule in RULES}


@pytest.mark.parametrize("reason", IMPLAUSIBLE)
def test_the_implausible_are_named(ordinary, model, evidence, reason):
    assert plausibility(ordinary, model, evidence).tolist() == [OK]
    assert plausibility(changed(ordinary, IMPLAUSIBLE[reason]), model, evidence).tolist() == [reason]


def with_fold(person, parameter, fold, is_ifn_low):
    """Someone of 100 kg whose clearance, or central volume per kg, is so many times the typical one."""
    heavier = 100.0 / 69.1
    usual = {
        "eta_clearance": heavier**0.601 * (0.793 if is_ifn_low else 1.0),
        "eta_central_volume": heavier ** (0.764 - 1.0),
    }
    own = {name: column.copy() for name, column in person.parameters.items()}
    own["body_weight"][:], own["is_ifn_low"][:] = 100.0, float(is_ifn_low)
    own["eta_clearance"][:], own["eta_central_volume"][:] = -np.log(list(usual.values()))
    own[parameter][:] = np.log(fold / usual[parameter])
    return replace(person, parameters=own)


@pytest.mark.parametrize("is_ifn_low", [True, False])
@pytest.mark.parametrize(
    ("parameter", "limit", "reason"),
    [
        ("eta_clearance", 4.0, "clearance out of range"),
        ("eta_central_volume", 3.0, "central volume out of range"),
    ],
)
def test_body_weight_and_signature_belong_to_what_is_typical(
    ordinary, model, evidence, parameter, limit, reason, is_ifn_low
):
    for fold, told in ((0.999, OK), (1.001, reason)):
        for fold_or_inverse in (limit * fold, 1.0 / (limit * fold)):
            person = with_fold(ordinary, parameter, fold_or_inverse, is_ifn_low)
            assert plausibility(person, model, evidence).tolist() == [told]


@pytest.mark.parametrize("is_ifn_low", [1.0, 0.0])
def test_a_signature_does_nothing_to_a_drug_without_such_a_row(ordinary, evidence, is_ifn_low):
    model = build_model(DRUGS["sifalimumab"])
    own = {name: column.copy() for name, column in ordinary.parameters.items()}
    own["body_weight"][:], own["is_ifn_low"][:] = 75.0, is_ifn_low
    for fold, told in ((3.99, OK), (4.01, "clearance out of range")):
        own["eta_clearance"][:] = np.log(fold)
        assert plausibility(replace(ordinary, parameters=own), model, evidence).tolist() == [told]


def test_every_candidate_has_a_status(model, evidence):
    admission = admit(model, evidence, 3000, 3)
    known = {OK, THINNED} | {rule.reason for rule in RULES}
    assert admission.status.shape == (3000,)
    assert set(admission.status) <= known
    implausible, thinned = admission.count(3000)
    assert len(admission.admitted) + thinned + sum(implausible.values()) == 3000
    assert 0.18 < len(admission.admitted) / (3000 - sum(implausible.values())) < 0.3


@FEW
@given(seed=st.integers(0, 2**31), first=st.integers(0, 200), count=st.integers(1, 40))
def test_a_candidates_fate_is_the_candidates_own(model, evidence, seed, first, count):
    whole = admit(model, evidence, first + count, seed)
    block = admit(model, evidence, count, seed, first=first)
    assert np.array_equal(block.status, whole.status[first:])


def test_a_patient_of_twice_the_weight_is_kept_twice_as_often(model, evidence):
    admission, frozen = admit(model, evidence, 30_000, 3), CATALOG.patients
    plausible = np.isin(admission.status, (OK, THINNED))
    chance = frozen.weight(admission.candidates, evidence)[plausible] / frozen.cap
    kept = admission.status[plausible] == OK
    assert chance.max() == 1.0
    assert kept[chance == 1.0].all()
    for part in np.array_split(np.argsort(chance), 10):
        expected = chance[part].mean()
        error = np.sqrt((chance[part] * (1 - chance[part])).sum()) / len(part)
        assert kept[part].mean() == pytest.approx(expected, abs=4 * error)


def test_the_luck_of_a_candidate_belongs_to_the_seed(model, evidence):
    thinned = np.array([admit(model, evidence, 200, seed).status == THINNED for seed in range(40)])
    share = thinned.mean()
    # were luck the same in every seed, a candidate would be thinned nearly always or nearly never
    assert thinned.mean(axis=0).std() < 1.5 * np.sqrt(share * (1 - share) / 40)


def test_candidates_are_counted_by_what_became_of_them():
    status = np.array([OK, THINNED, "onset in childhood", THINNED, "onset in childhood", "other", OK])
    admission = Admission(None, status)
    assert admission.admitted.tolist() == [0, 6]
    assert admission.count(4) == ({"onset in childhood": 1}, 2)
    assert admission.count(7) == ({"onset in childhood": 2, "other": 1}, 2)


@pytest.mark.parametrize("few", [1, 37])
def test_more_patients_start_with_the_same_ones(model, evidence, few):
    one, other = (draw_patients(model, evidence, count, 9) for count in (few, 400))
    for name, values in one.parameters.items():
        assert np.array_equal(values, other.parameters[name][:few]), name


def test_a_weight_does_not_depend_on_company(model, evidence):
    frozen, people = CATALOG.patients, sample_population(model, evidence, 300, 4)
    chosen = np.array([250, 3, 77])
    assert np.array_equal(
        frozen.weight(people.take(chosen), evidence), frozen.weight(people, evidence)[chosen]
    )


# --- balancing ----------------------------------------------------------------------------------------------------


@FEW
@given(seed=st.integers(0, 2**31), wanted=st.floats(0.2, 0.8))
def test_a_share_is_reached_by_odds(seed, wanted):
    is_member = np.random.default_rng(seed).uniform(size=400) < 0.5
    found = balance(((is_member - wanted) / 1e-2)[:, None])
    weight = found.weight(((is_member - wanted) / 1e-2)[:, None])
    assert weight.mean() == pytest.approx(1.0, abs=1e-6)
    assert np.average(is_member, weights=weight) == pytest.approx(wanted, abs=1e-3)
    for group in (is_member, ~is_member):
        assert np.ptp(weight[group]) < 1e-8, "no one of a group counts more than another"


def test_a_hard_conflict_meets_in_the_middle_by_tolerance():
    x = np.linspace(-3, 3, 2001)
    feature = np.stack([(x - 1.0) / 0.1, (x - 0.0) / 0.2], axis=1)
    weight = balance(feature).weight(feature)
    assert np.average(x, weights=weight) == pytest.approx(0.8, abs=0.01)  # precision 100 against 25


def test_weights_keep_below_a_cap_and_still_balance():
    x = np.random.default_rng(1).normal(size=3000)
    feature = ((x - 0.8) / 1e-2)[:, None]
    free, bounded = balance(feature), balance(feature, 3.0)
    assert free.weight(feature).max() > 5
    weight = bounded.weight(feature)
    assert weight.max() == 3.0
    assert weight.mean() == pytest.approx(1.0, abs=1e-6)
    assert np.average(x, weights=weight) == pytest.approx(0.8, abs=1e-3)


def test_missing_features_are_an_error():
    with pytest.raises(RunError, match="missing or infinite"):
        balance(np.array([[0.0], [np.nan]]))


def test_the_effective_size_counts_equal_weights_in_full():
    assert effective_size(np.ones(50)) == pytest.approx(50)
    assert effective_size(np.array([1.0, 0.0, 0.0])) == pytest.approx(1)


# --- the artifact -------------------------------------------------------------------------------------------------


def test_the_frozen_weights_are_up_to_date(evidence):
    frozen = CATALOG.patients
    assert not patients_stale(frozen, evidence), "run 'ifntrial calibrate --patients'"
    assert frozen.reasons[OK] >= 100_000
    assert sum(frozen.reasons.values()) == frozen.candidates
    assert frozen.effective_size_capped > 0.2 * frozen.reasons[OK]


def test_no_part_of_the_patients_is_left_out(model, evidence):
    """A target within a part could be met by emptying the part; the shares of the parts are held."""
    anchored = [row for row in CATALOG.patients.targets if row.target.kind == "anchor"]
    assert {"ASSET", "faSScinate", "PRESS", "ESOS"} <= {row.target.source for row in anchored}
    for row in anchored:
        assert row.capped == pytest.approx(row.target.value, abs=0.01), row.target.name
    people = draw_patients(model, evidence, 4000, 8).covariates
    mmf = people["uses_mmf"][people["subset"] == "diffuse"]
    assert mmf.mean() == pytest.approx(evidence.value("population.mmf_share"), abs=0.06)


def test_a_changed_number_makes_them_stale(evidence):
    rows = tuple(
        replace(row, value=row.value + 1) if row.name == "population.mrss_mean" else row
        for row in evidence.parameters
    )
    seen = tuple(
        replace(row, value=23.0) if row.id == "asset.placebo.mrss.w0" else row
        for row in evidence.observations
    )
    assert patients_stale(CATALOG.patients, replace(evidence, parameters=rows))
    assert patients_stale(CATALOG.patients, replace(evidence, observations=seen))


def test_patients_are_nearer_to_published_moments_than_candidates(model, evidence):
    """New people, weighted by thinning alone, against the targets; the frozen misfit is that of other people."""
    rows = [row for row in CATALOG.patients.targets if row.target.kind != "anchor"]
    people = draw_patients(model, evidence, 80_000, 77)
    seen = Patients(people, evidence)
    z = np.array([misfit(row.target, seen, np.ones(people.size)) for row in rows])
    assert np.sum(z**2) < 0.5 * np.sum([row.z_before**2 for row in rows])
    # a small cohort is one in forty of those whom weights were made from, a few hundred by effective size
    assert z == pytest.approx([row.z_capped for row in rows], abs=1.5)


OTHER_NAMES = {
    "duration_within_18_months": "within_18_months",
    "rcriss20_response": "rcriss_20",
    "correlation_mrss_haq_di": "mrss haq_di",
    "correlation_mrss_change_haq_di_change": "mrss_change haq_di_change",
    "correlation_physician_global_mrss": "physician_global mrss",
}
"""What observations call otherwise than the quantity they are targets of."""


def test_each_row_is_a_target_of_what_it_was_observed_of(evidence):
    rows = [(source, row, quantity) for source in SOURCES for row, quantity in source.rows.items()]
    assert len(rows) > 50
    for source, row, quantity in rows:
        seen = evidence.observation(row)
        assert quantity == OTHER_NAMES.get(seen.endpoint, seen.endpoint), row
        assert seen.visit_week in (0.0, source.week), row
        if quantity.endswith("_change"):
            assert seen.visit_week == source.week, row


def test_only_rows_kept_for_fits_are_balanced(evidence):
    tested = tuple(
        replace(row, use="test") if row.id == "asset.placebo.mrss.w0" else row
        for row in evidence.observations
    )
    with pytest.raises(EvidenceError) as caught:
        published_targets(replace(evidence, observations=tested))
    assert "asset.placebo.mrss.w0" in str(caught.value)


def targets_with(evidence, id, **cells):
    rows = tuple(replace(row, **cells) if row.id == id else row for row in evidence.observations)
    return {target.name: target for target in published_targets(replace(evidence, observations=rows))}


def test_the_error_of_a_target_is_that_of_its_statistic(evidence):
    bare = {"low": None, "high": None, "interval_kind": "none"}
    median = targets_with(evidence, "asset.placebo.age.w0", **bare)["asset.placebo.age.w0"]
    assert (median.kind, median.value, median.error) == ("median", 51.0, pytest.approx(0.5 / np.sqrt(44)))
    share = targets_with(evidence, "fasscinate.placebo.female.w0")["fasscinate.placebo.female.w0"]
    assert (share.kind, share.value) == ("share", pytest.approx(0.8))
    assert share.error == pytest.approx(np.sqrt(0.8 * 0.2 / 44))
    mean = targets_with(evidence, "fasscinate.placebo.disease_duration.w0")
    assert mean["fasscinate.placebo.disease_duration.w0"].value == pytest.approx(19.5 / 12)
    assert mean["fasscinate.placebo.disease_duration.w0"].error == pytest.approx(17 / 12 / np.sqrt(44))
    assert mean["fasscinate.placebo.disease_duration.w0 (SD)"].error == pytest.approx(17 / 12 / np.sqrt(86))
    interval = targets_with(evidence, "fasscinate.placebo.haq_di_change.w48")
    assert interval["fasscinate.placebo.haq_di_change.w48"].error == pytest.approx(0.25 / 3.919928)
    spread = interval["fasscinate.placebo.haq_di_change.w48 (SD)"].value
    assert spread == pytest.approx(np.sqrt(34) * 0.25 / 3.919928)


@pytest.mark.parametrize(
    ("id", "cells", "said"),
    [
        ("fasscinate.placebo.age.w0", {"sd": None}, "does not say how exact its mean is"),
        ("fasscinate.placebo.female.w0", {"n": None}, "has no number of subjects"),
    ],
)
def test_a_target_that_says_too_little_is_named(evidence, id, cells, said):
    with pytest.raises(EvidenceError, match=f"'{id}' {said}"):
        targets_with(evidence, id, **cells)


def test_a_calibration_is_kept_whole(model, evidence, tmp_path):
    made = calibrate_patients(model, evidence, 1500)
    save_patients(made, tmp_path / "patients.json")
    assert load_patients(tmp_path / "patients.json") == made
    assert made.acceptance == pytest.approx(1 / made.cap, rel=1e-3)


def test_the_misfit_of_every_target_is_shown():
    frozen = CATALOG.patients
    text = "\n".join(patient_lines(frozen))
    assert all(row.target.name in text for row in frozen.targets)
    assert f"{frozen.reasons[OK]} plausible" in text
    assert all(f"{count:>7} {reason}" in text for reason, count in frozen.reasons.items() if reason != OK)


def test_words_about_screening_add_up():
    words = screening(
        Screening(screened=1000, implausible={"onset in childhood": 7}, thinned=793, refused={"a": 20})
    )
    assert "1000 candidates were drawn" in words
    assert "7 onset in childhood" in words
    assert "200 virtual patients were screened" in words


def test_absent_and_damaged_weights_say_what_to_do(tmp_path):
    with pytest.raises(FileError, match="absent"):
        load_patients(tmp_path / "none.json")
    for text in ("{", json.dumps({"targets": []}), json.dumps({"targets": [{"target": {}}]})):
        path = tmp_path / f"damaged{len(text)}.json"
        path.write_text(text)
        with pytest.raises(RunError, match="cannot be read"):
            load_patients(path)

"""Key secondary endpoints and other estimands of a forecast: made-up worlds in, answers out."""

from types import SimpleNamespace

import numpy as np
import pytest

from ifntrial.clinic.primary_measure import primary_measure
from ifntrial.patients.records import LatentCourse
from ifntrial.report.forecast import aims as rows
from ifntrial.statistics.cmh_power import StratumRates
from ifntrial.studies.columns import columns_of, from_columns, to_columns
from ifntrial.studies.forecast.aims import followed_secondaries, order_name, orders_of_testing, read_here
from ifntrial.studies.forecast.aims_in_worlds import AimsTally
from ifntrial.studies.forecast.beyond_primary import chances_in_order, estimand_variants, key_secondaries
from ifntrial.studies.forecast.records import AimNumbers, RuleNumbers, SecondaryNumbers
from shipped import CATALOG, load_design

FVC = "Change of FVC at week 52 among those with interstitial lung disease"
MRSS = "Change of mRSS at week 52"
BELIEFS = ("one", "mixture")
HEADLINE = {"one": 0.52, "mixture": 0.32}
COUNTS = {"one": np.array([1.0, 0.0]), "mixture": np.array([0.25, 0.75])}
POWER = np.array([0.4, 0.2])


def rule(power, active, control):
    return RuleNumbers(power, 0.01, active, control, 0.1, StratumRates(np.ones(1), np.ones(1), np.ones(1)))


def world(scale):
    """Return what one world says: all its chances are in proportion to ``scale``."""
    return AimNumbers(
        strategies={
            "composite": rule(0.4 * scale, 0.40, 0.30),
            "treatment_policy": rule(0.5 * scale, 0.45, 0.36),
            "hypothetical": rule(0.6 * scale, 0.50, 0.38),
        },
        secondaries=(
            SecondaryNumbers(0.30 * scale, 0.01, 40.0 * scale, 75.0, 76.0, 30.0),
            SecondaryNumbers(0.50 * scale, 0.02, -2.0 * scale, 140.0, 142.0, 1.0),
        ),
        sequences={"0 1": (0.20 * scale, 0.10 * scale), "1 0": (0.30 * scale, 0.10 * scale)},
    )


def forecast(design=None):
    """Return what a forecast of two worlds has, and its headline by belief."""
    tally = AimsTally()
    for scale in (1.0, 0.5):
        tally.add(world(scale))
    common = SimpleNamespace(endpoint=CATALOG.endpoints["rcriss"], is_response=True)
    trial = SimpleNamespace(design=design or load_design("daisy"), endpoints=CATALOG.endpoints, common=common)
    prepared = SimpleNamespace(trial=trial, choice=SimpleNamespace(counts=COUNTS))
    worlds = SimpleNamespace(aims=tally.total(), rules={"": SimpleNamespace(power=POWER)})
    headline = {name: SimpleNamespace(assurance=SimpleNamespace(estimate=HEADLINE[name])) for name in BELIEFS}
    return prepared, worlds, headline


def test_each_key_secondary_endpoint_stands_alone():
    prepared, worlds, _ = forecast()
    fvc, mrss = key_secondaries(prepared, worlds)
    assert (fvc.endpoint, fvc.label, fvc.status) == ("fvc_ml_change", FVC, "tested")
    assert (mrss.label, mrss.higher_is_better) == (MRSS, False)
    assert (fvc.per_arm, mrss.per_arm) == ((75, 76), (140, 142))
    assert fvc.by_prior["one"].power_alone == pytest.approx(0.30)
    assert mrss.by_prior["mixture"].power_alone == pytest.approx(0.25 * 0.50 + 0.75 * 0.25)
    # worlds: root of 1.6 / 0.6 * (0.25² * 0.1875² + 0.75² * 0.0625²) = 0.10825; subjects: 0.02
    assert mrss.by_prior["mixture"].low == pytest.approx(0.3125 - 1.959964 * 0.110085, abs=1e-5)
    assert mrss.by_prior["mixture"].high == pytest.approx(0.3125 + 1.959964 * 0.110085, abs=1e-5)
    # one world says nothing about others
    assert (fvc.by_prior["one"].low, fvc.by_prior["one"].high) == (0.0, 1.0)
    assert mrss.by_prior["one"].difference.q50 == -2.0
    assert mrss.by_prior["mixture"].difference.q05 == -2.0


def test_chances_with_the_primary_endpoint_are_shares_of_the_headline():
    own, other = chances_in_order(*forecast())
    assert (own.endpoints, own.is_default) == ((FVC, MRSS), True)
    assert (other.endpoints, other.is_default) == ((MRSS, FVC), False)
    # in every world half of the trials that meet the primary endpoint meet FVC too, three quarters mRSS, a quarter all
    assert own.with_primary["one"] == pytest.approx((0.26, 0.13))
    assert own.with_primary["mixture"] == pytest.approx((0.16, 0.08))
    assert other.with_primary["mixture"] == pytest.approx((0.24, 0.08))


def test_the_strategy_of_the_design_is_marked_and_gives_the_headline():
    composite, policy, ideal = estimand_variants(*forecast())
    assert [each.is_default for each in (composite, policy, ideal)] == [True, False, False]
    assert composite.assurance_estimate_by_prior == pytest.approx(HEADLINE)
    assert policy.assurance_estimate_by_prior == pytest.approx({"one": 0.65, "mixture": 0.40})
    assert ideal.assurance_estimate_by_prior == pytest.approx({"one": 0.78, "mixture": 0.48})
    assert (policy.response_active.q50, policy.response_placebo.q50) == (0.45, 0.36)


def test_a_chance_is_no_more_than_one():
    prepared, worlds, headline = forecast()
    headline["one"].assurance.estimate = 0.9
    assert estimand_variants(prepared, worlds, headline)[2].assurance_estimate_by_prior["one"] == 1.0


def test_no_strategy_is_marked_where_the_design_has_another():
    design = load_design("daisy")
    own = design.assumed.estimand.model_copy(update={"rescue": "treatment_policy"})
    mixed = design.model_copy(update={"assumed": design.assumed.model_copy(update={"estimand": own})})
    assert not any(each.is_default for each in estimand_variants(*forecast(mixed)))


def planned(*names):
    design = load_design("daisy")
    first = design.key_secondary[1]
    chosen = tuple(first.model_copy(update={"endpoint": name}) for name in names)
    return design.model_copy(update={"key_secondary": chosen})


def test_a_sequence_ends_before_an_endpoint_without_a_test_here():
    design = planned("mrss_change", "new_ulcers", "haq_di_change")
    assert [each.endpoint for each in followed_secondaries(design, CATALOG.endpoints)] == ["mrss_change"]
    prepared, worlds, _ = forecast(design)
    worlds = SimpleNamespace(
        aims=SimpleNamespace(secondaries=worlds.aims.secondaries[:1], sequences=worlds.aims.sequences)
    )
    first, second, third = key_secondaries(prepared, worlds)
    assert first.status == "tested"
    assert second.status == "not tested: its kind has no test here"
    assert third.status == "not tested: that of one before it has no test here"
    assert (second.per_arm, second.by_prior) == (None, {})


def test_orders_of_testing():
    assert orders_of_testing(0) == ()
    assert orders_of_testing(1) == ((0,),)
    assert orders_of_testing(3) == ((0, 1, 2), (1, 0, 2), (2, 0, 1))
    assert order_name((2, 0, 1)) == "2 0 1"


def test_biomarkers_are_read_only_where_one_is_an_endpoint():
    values = {"mrss": np.ones((2, 2)), "nt_probnp": np.ones((2, 2)), "ulcer_hazard": np.ones((2, 2))}
    courses = {"placebo": LatentCourse("placebo", 0, np.array([0.0, 52.0]), values, np.array(["ok", "ok"]))}
    changes, with_value = planned("mrss_change"), planned("mrss_change", "nt_probnp_ratio")
    assert list(read_here(changes, CATALOG.endpoints, courses)["placebo"].values) == ["mrss", "ulcer_hazard"]
    assert list(read_here(with_value, CATALOG.endpoints, courses)["placebo"].values) == list(values)


def test_what_a_world_says_comes_back_from_its_file():
    import pyarrow as pa

    table = pa.Table.from_arrays(
        to_columns(AimNumbers, [world(1.0), world(0.5)]), schema=pa.schema(columns_of(AimNumbers))
    )
    first, second = from_columns(AimNumbers, table)
    assert first.secondaries == world(1.0).secondaries
    assert second.sequences == world(0.5).sequences
    assert first.strategies["hypothetical"].power == 0.6


# --- in words -----------------------------------------------------------------------------------------------------


def plain(texts):
    """Return texts with plain spaces."""
    return tuple(text.replace("\u202f", " ") for text in texts)


def result():
    prepared, worlds, headline = forecast()
    priors = {
        name: SimpleNamespace(label=label, weight=1.0, assurance=headline[name].assurance)
        for name, label in zip(BELIEFS, ("One belief", "Mixture"), strict=True)
    }
    return SimpleNamespace(
        by_prior=priors,
        key_secondaries=key_secondaries(prepared, worlds),
        testing_orders=chances_in_order(prepared, worlds, headline),
        estimands=estimand_variants(prepared, worlds, headline),
        primary_measure=primary_measure(CATALOG.endpoints["rcriss"]),
    )


def test_the_page_tells_each_set_of_endpoints_once():
    told = [(row.label, row.is_default, plain(row.chances)) for row in rows.order_rows(result())]
    assert told == [
        ("The primary endpoint", True, ("52 %", "32 %")),
        (f"… and {FVC}", True, ("26 %", "16 %")),
        (f"… and {FVC} and {MRSS}", True, ("13 %", "8.0 %")),
        (f"… and {MRSS}", False, ("39 %", "24 %")),
    ]


def test_the_page_tells_whom_a_test_counts_and_what_it_is_after():
    fvc, mrss = rows.secondary_rows(result())
    assert (fvc.per_arm, fvc.better, plain(fvc.chances)) == (
        "75 and 76",
        "higher is better",
        # one world says nothing about others; for the mixture see the interval above, here 0.1875 ± 0.1288
        ("30 % (0 to 100 %)", "19 % (6 to 32 %)"),
    )
    assert fvc.difference.endswith(" mL")
    assert mrss.difference == "−1.2 (−2.0 to −1.0) points"
    assert rows.belief_labels(result()) == ["One belief", "Mixture"]


def test_the_page_marks_the_strategy_that_is_used():
    composite, policy, _ = rows.estimand_rows(result())
    assert composite.is_default
    assert policy.label.startswith("Treatment policy: everyone is followed")
    assert plain(policy.chances) == ("65 %", "40 %")
    assert [each.partition(" (")[0] for each in plain(policy.responders)] == ["45 %", "36 %"]

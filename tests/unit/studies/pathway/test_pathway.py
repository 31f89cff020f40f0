"""The map of the pathway: every quantity in one box, arrows and their signs from the equations, changes as simulated."""

from itertools import pairwise

import numpy as np
import pytest

from ifntrial.course.system import build_system
from ifntrial.dosing.regimen import parse_regimen
from ifntrial.studies.pathway.graph import acts_on, box_of, changing, links_of
from ifntrial.studies.pathway.nodes import BOXES, STEPS
from ifntrial.studies.pathway.study import map_pathway
from ifntrial.studies.simulate.plans import plans_of_regimens
from ifntrial.studies.simulate.study import simulate_regimen
from ifntrial.studies.simulate.subjects import Setting
from shipped import CATALOG

SETTING = Setting(
    weeks=8.0, subjects=9, selection="ifn-high", seed=5, asked_days=np.array([56.0]), level=None
)


def mapped(drug, regimen="", without=()):
    model = CATALOG.model(drug, without)
    plan = plans_of_regimens([parse_regimen(regimen or model.drug.usual)], model, 56.0)[0]
    return map_pathway(CATALOG.pool(model), plan, SETTING, CATALOG.drugs.values())


@pytest.fixture(scope="module")
def anifrolumab():
    return mapped("anifrolumab", "300 mg IV every 4 weeks")


def boxes(result):
    return {box.name: box for box in result.boxes}


@pytest.mark.parametrize("drug", CATALOG.drugs)
def test_every_quantity_that_changes_has_one_box(drug):
    held = [quantity for box in BOXES for quantity in box.quantities]
    assert len(held) == len(set(held))
    assert [name for name in changing(build_system(CATALOG.model(drug))) if name not in box_of()] == []


def test_no_box_stands_for_what_no_drug_has():
    known = {name for drug in CATALOG.drugs for name in changing(build_system(CATALOG.model(drug)))}
    assert [name for name in box_of() if name not in known] == []
    assert {box.step for box in BOXES} == set(STEPS)


def test_the_chain_runs_from_interferons_to_scores():
    links = {(each.source, each.target) for each in links_of(CATALOG.model("anifrolumab"))}
    chain = "ifn_kappa ifn_activity_skin pstat_skin isgf3_skin drive_skin myofibroblast_skin collagen_synthesis_skin mrss"
    names = chain.split()
    assert all(pair in links for pair in pairwise(names))
    assert ("receptor_free_skin", "pstat_skin") in links
    assert ("ifn_kappa", "ifn_activity_blood") not in links  # keratinocytes make it, in skin


@pytest.mark.parametrize(
    ("drug", "expected"),
    [
        ("anifrolumab", "receptor_free"),
        ("sifalimumab", "ifn_activity"),
        ("baricitinib", "pstat"),
        ("interferon_alpha", "ifn_activity"),
    ],
)
def test_drugs_act_where_they_act(drug, expected):
    assert acts_on(CATALOG.drugs[drug]) == tuple(
        f"{expected}_{x}" for x in ("blood", "skin", "lung", "heart")
    )


def test_a_drug_of_which_only_trials_are_known_acts_on_scores():
    assert acts_on(CATALOG.drugs["tocilizumab"]) == ("mrss", "fvc_percent")


@pytest.mark.parametrize(
    ("source", "target", "raises", "is_attack", "is_unknown"),
    [
        ("drug_skin", "receptor_free_skin", False, True, False),
        ("concentration", "drug_skin", True, False, False),
        ("usp18_lung", "pstat_lung", False, False, False),
        ("isgf3_skin", "drive_skin", True, False, True),
        ("isgf3_lung", "collagen_synthesis_lung", False, False, True),
        ("cxcl4", "plasmacytoid_dendritic_cell", True, False, False),
        ("collagen_synthesis_lung", "fvc_percent", False, False, False),
        ("endothelial_injury", "capillary_density", False, False, False),
        ("isg_mrna_blood", "zoster_hazard", False, False, False),
    ],
)
def test_arrows_say_what_raises_what(anifrolumab, source, target, raises, is_attack, is_unknown):
    found = {(each.from_box, each.to_box): each for each in anifrolumab.links}[source, target]
    assert (found.raises, found.is_attack, found.is_unknown) == (raises, is_attack, is_unknown)


def test_changes_are_those_that_simulate_tells(anifrolumab):
    """Suppression (a) of another study is one less the treated over the untreated of the same subjects."""
    model = CATALOG.model("anifrolumab")
    plan = plans_of_regimens([parse_regimen("300 mg IV every 4 weeks")], model, 56.0)
    followed = simulate_regimen(CATALOG.pool(model), plan, SETTING).followed[0]
    for tissue in ("blood", "skin"):
        told = getattr(followed, f"ifn_driven_suppression_{tissue}")
        change = boxes(anifrolumab)[f"isg_mrna_{tissue}"].relative_change
        for mine, theirs in ((change.q05, told.q95), (change.q50, told.q50), (change.q95, told.q05)):
            assert mine == pytest.approx(-theirs[-1], abs=2e-6)
    serum = boxes(anifrolumab)["concentration"]
    assert serum.with_drug.q50 == pytest.approx(followed.concentration.q50[-1], rel=1e-5)
    assert serum.without_drug.q95 == 0.0
    assert serum.relative_change is None


def test_without_the_effect_the_disease_stays_as_it_is():
    found = boxes(mapped("anifrolumab", without=("drug_effect",)))
    for name in ("drive_skin", "collagen_synthesis_lung", "mrss", "fvc_percent", "haq_di", "inflammation"):
        assert found[name].ratio_of_means == pytest.approx(1.0, abs=1e-6), name
    assert found["isg_mrna_skin"].ratio_of_means < 0.3


def test_a_kinase_inhibitor_leaves_receptors_free():
    result = mapped("tofacitinib")
    found = boxes(result)
    assert found["receptor_free_skin"].ratio_of_means == pytest.approx(1.0, abs=1e-9)
    assert found["pstat_blood"].ratio_of_means < 0.95
    assert {each.to_box for each in result.links if each.is_attack} == {
        f"pstat_{x}" for x in ("blood", "skin", "lung", "heart")
    }


def test_each_box_has_its_equation_and_the_rows_in_it(anifrolumab):
    found = boxes(anifrolumab)
    first = found["usp18_skin"].equations[0]
    assert first.law == "d/dt usp18_skin = k_usp18_decay · (ifn_relative_response_skin - usp18_skin)"
    assert (first.mechanism, found["usp18_skin"].row_names[0]) == ("jak_stat", "k_usp18_decay")
    row = anifrolumab.evidence_rows["anifrolumab.kss"]
    assert (row.value_in_words, row.status, row.sources) == ("0.712 nmol/L", "fitted", ("almquist2022",))
    assert "anifrolumab.kss" in found["receptor_free_blood"].row_names
    assert all(box.equations and box.equations[0].name == box.name for box in anifrolumab.boxes)
    assert {name for box in anifrolumab.boxes for name in box.row_names} == set(anifrolumab.evidence_rows)

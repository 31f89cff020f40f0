"""Mechanisms become one model: names, units and values are checked, and every mechanism can be switched off."""

import pickle
from dataclasses import replace

import numpy as np
import pytest
import sympy

from ifntrial.course.simulate import simulate_subjects
from ifntrial.course.system import build_system
from ifntrial.dosing.regimen import parse_regimen
from ifntrial.errors import EvidenceError, ModelError, UnknownNameError
from ifntrial.model import DRUGS, Model, build, check_units, used_parameters
from ifntrial.model.drugs import Drug, receptor_antibody
from ifntrial.model.mechanisms import MECHANISMS
from ifntrial.model.parts import Assignment, Mechanism, Parameter, Reaction, Species, Values, zero
from ifntrial.model.values import typical_values
from ifntrial.units import parse_unit
from shipped import build_model

NAMES = [receptor_antibody.MECHANISM.name, *(mechanism.name for mechanism in MECHANISMS)]


def small_model(**changed: object) -> Model:
    """Return a model of one species that decays, with parts replaced."""
    parts = {
        "species": (Species("drug", "nmol", "drug", zero),),
        "parameters": (Parameter("k_loss", "1/day", "loss"), Parameter("volume", "L", "volume")),
        "assignments": (
            Assignment("concentration", "nmol/L", "drug per volume", lambda s, p: s.drug / p.volume),
        ),
        "reactions": (Reaction("loss", {"drug": -1}, lambda s, p: p.k_loss * s.drug),),
        "observables": (),
    }
    parts |= changed
    mechanism = Mechanism(name="small", meaning="one species that decays", **parts)
    return Model(DRUGS["anifrolumab"], (mechanism,), (), **parts)


# --- the real model ---------------------------------------------------------------------------------------------


def test_the_model_has_consistent_units(model):
    assert check_units(model) == []


def test_every_parameter_has_a_row_in_its_own_kind_of_unit(model, evidence):
    values = typical_values(model, evidence)
    assert set(values) == {parameter.name for parameter in model.parameters}
    assert np.isfinite(list(values.values())).all()


def test_a_parameter_without_a_row_is_an_error_that_names_it(model, evidence):
    kept = tuple(
        row for row in evidence.parameters if row.name not in ("anifrolumab.clearance", "k_isgf3_decay")
    )
    with pytest.raises(EvidenceError) as caught:
        typical_values(model, replace(evidence, parameters=kept))
    assert len(caught.value.problems) == 2
    assert "'clearance' [L/day]" in str(caught.value)
    assert "'k_isgf3_decay'" in str(caught.value)


def test_names_are_unique_and_parts_known(model):
    names = [x.name for x in (*model.species, *model.parameters, *model.assignments, *model.observables)]
    assert len(set(names)) == len(names)
    species = {x.name for x in model.species}
    changed = {name for reaction in model.reactions for name in reaction.change}
    assert changed == species, "every species has a reaction, and no reaction changes what is not one"
    for reaction in model.reactions:
        assert set(reaction.change.values()) <= {1, -1}


@pytest.mark.parametrize("name", [parameter.name for parameter in build_model().parameters])
def test_every_parameter_is_used_by_some_law(model, name):
    system = build_system(model)
    expressions = [*system.rates, *system.initial, *system.scales]
    expressions += [expression for _, expression in (*system.assignments, *system.outputs)]
    assert any(sympy.Symbol(name, real=True) in expression.free_symbols for expression in expressions)


def test_used_parameters_names_users_with_and_without_the_drug():
    used = used_parameters(DRUGS.values(), MECHANISMS)
    assert used["anifrolumab.kss"] == ("pharmacokinetics", "tissue_distribution", "jak_stat")
    assert used["kss"] == ("pharmacokinetics",)
    assert used["anifrolumab.k_off_spr"] == ("receptor",)
    assert "sifalimumab.signature_ic80" not in used
    assert used["phi_skin"] == ("drug_effect",)


@pytest.mark.parametrize("name", NAMES)
def test_every_mechanism_can_be_switched_off_and_the_rest_simulates(name, typical):
    without = build_model(without=(name,))
    mine = {x.name for mechanism in without.mechanisms if mechanism.name == name for x in mechanism.reactions}
    assert not mine & {reaction.name for reaction in without.reactions}
    assert check_units(without) == []
    outputs = tuple(x.name for x in (*without.species, *without.observables))
    found = simulate_subjects(
        without, typical, parse_regimen("300 mg IV every 4 weeks"), [0.0, 29.0, 84.0], outputs
    )
    assert found.words.tolist() == ["ok"]
    assert np.isfinite(found.values).all()
    owned = [x.name for mechanism in without.mechanisms if mechanism.name == name for x in mechanism.species]
    for species in set(owned) - {"drug_central"}:
        course = found.of(species)[0]
        assert course == pytest.approx(course[0], rel=1e-12, abs=1e-12), f"{species} moves"


def test_switching_off_a_later_mechanism_does_not_change_an_earlier_one(model, typical):
    days, names = [0.0, 30.0, 90.0], ["concentration", "signature_suppression_blood"]
    regimen = parse_regimen("300 mg IV every 4 weeks")
    whole = simulate_subjects(model, typical, regimen, days, names)
    for name in ("clinic", "fibrosis", "vascular", "safety"):
        part = simulate_subjects(build_model(without=(name,)), typical, regimen, days, names)
        assert part.values == pytest.approx(whole.values, rel=2e-3)


def test_an_unknown_mechanism_is_named_with_the_closest():
    with pytest.raises(UnknownNameError) as caught:
        build_model(without=("fibrosi",))
    assert "mechanism 'fibrosi' is not known" in str(caught.value)
    assert "did you mean fibrosis" in str(caught.value)


# --- what the checks catch ----------------------------------------------------------------------------------------


def test_the_small_model_passes():
    assert check_units(small_model()) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"parameters": (Parameter("k_loss", "1/hour", "per hour"), Parameter("volume", "L", "volume"))},
            "reaction 'loss' on 'drug' is in [nmol / h]; expected [nmol / d]",
        ),
        (
            {"reactions": (Reaction("loss", {"drug": -1}, lambda s, p: p.k_loss * s.concentration),)},
            "reaction 'loss' on 'drug' is in [nmol / d / L]; expected [nmol / d]",
        ),
        (
            {"reactions": (Reaction("loss", {"drug": -1}, lambda s, p: p.k_los * s.drug),)},
            "reaction 'loss' on 'drug': parameter 'k_los' does not exist",
        ),
        (
            {"reactions": (Reaction("loss", {"drug": -1}, lambda s, p: p.k_loss * s.drugg),)},
            "reaction 'loss' on 'drug': species or assignment 'drugg' does not exist",
        ),
        (
            {"reactions": (Reaction("loss", {"drug": -1}, lambda s, p: p.k_loss * s.drug + p.volume),)},
            "reaction 'loss' on 'drug': Cannot convert",
        ),
        (
            {"reactions": (Reaction("loss", {"drug": -1}, lambda s, p: 2),)},
            "reaction 'loss' on 'drug' has no unit; expected [nmol / d]",
        ),
        (
            {"species": (Species("drug", "nmol", "drug", lambda s, p: p.volume),)},
            "initial value of 'drug' is in [l]; expected [nmol]",
        ),
        (
            {"assignments": (Assignment("concentration", "ug/mL", "drug", lambda s, p: s.drug / p.volume),)},
            "assignment 'concentration' is in [nmol / l]; expected [µg / ml]",
        ),
        (
            {"observables": (Assignment("seen", "1", "time", lambda s, p: s.time),)},
            "assignment 'seen' is in [d]; expected []",
        ),
    ],
)
def test_the_unit_check_catches(changed, said):
    problems = check_units(small_model(**changed))
    assert len(problems) == 1
    assert said.lower().replace(" ", "") in problems[0].lower().replace(" ", "")


def test_the_unit_check_lists_every_problem():
    wrong = small_model(
        reactions=(
            Reaction("one", {"drug": -1}, lambda s, p: s.drug),
            Reaction("two", {"drug": 1}, lambda s, p: p.volume),
        )
    )
    assert len(check_units(wrong)) == 2


def built(*extra: Mechanism) -> Model:
    """Return the model with further mechanisms."""
    return build.build_model(DRUGS["anifrolumab"], (*MECHANISMS, *extra))


def test_a_further_mechanism_joins_the_model():
    mechanism = small_model().mechanisms[0]
    renamed = replace(
        mechanism,
        species=(Species("tracer", "nmol", "tracer", zero),),
        assignments=(),
        reactions=(Reaction("tracer_loss", {"tracer": -1}, lambda s, p: p.k_loss * s.tracer),),
    )
    joined = built(renamed)
    assert joined.species[-1].name == "tracer"
    assert check_units(joined) == []


def test_a_name_defined_twice_is_an_error():
    twice = Mechanism("other", "defines a name again", species=(Species("mrss", "mrss_point", "x", zero),))
    with pytest.raises(ModelError, match="'mrss' is defined by 'fibrosis' and by 'other'"):
        built(twice)


def test_a_parameter_with_two_units_is_an_error():
    other = Mechanism("other", "another unit", parameters=(Parameter("kss", "ug/mL", "x"),))
    with pytest.raises(ModelError, match=r"parameter 'kss' has unit \[nmol/L\] and, in 'other', \[ug/mL\]"):
        built(other)


def test_assignments_in_a_circle_are_an_error():
    circle = Mechanism(
        "circle",
        "each needs the other",
        assignments=(
            Assignment("hen", "1", "hen", lambda s, p: s.egg),
            Assignment("egg", "1", "egg", lambda s, p: s.hen),
        ),
    )
    with pytest.raises(ModelError) as caught:
        built(circle)
    assert len(caught.value.problems) == 2


def test_a_drug_that_brings_no_rows_is_an_error(evidence):
    unknown = build_model(Drug("nosuchmab", "Nosuchmab", receptor_antibody.MECHANISM))
    with pytest.raises(EvidenceError, match="'clearance'"):
        typical_values(unknown, evidence)


def test_values_by_name_say_what_does_not_exist():
    values = Values({"a": 1.0}, "parameter")
    assert values.a == values["a"] == 1.0
    with pytest.raises(AttributeError, match="parameter 'b' does not exist"):
        _ = values.b


def test_every_unit_of_the_model_is_known(model):
    for item in (*model.species, *model.parameters, *model.assignments, *model.observables):
        parse_unit(item.unit)
        assert item.meaning


def test_a_model_is_made_again_in_another_process():
    model = build_model(DRUGS["tofacitinib"], ("safety",))
    again = pickle.loads(pickle.dumps(model))
    assert again.drug == model.drug
    assert again.mechanisms == model.mechanisms
    assert again.without == ("safety",)


def test_a_mechanism_without_a_place_cannot_be_sent():
    with pytest.raises(ModelError, match="mechanism 'fleeting' cannot be sent to another process"):
        pickle.dumps(Mechanism("fleeting", "declared nowhere"))

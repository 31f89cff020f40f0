"""SBML export: valid, with units, annotations and doses; errors that say what to do."""

import libsbml
import pytest
import sympy
from click.testing import CliRunner

from ifntrial.app.cli import cli
from ifntrial.dosing.regimen import parse_regimen
from ifntrial.errors import ModelError
from ifntrial.formats.formula import formula
from ifntrial.formats.sbml.annotations import DRUG, MODEL, VARIABLES, address_of, addresses
from ifntrial.formats.sbml.units import unit_id
from ifntrial.formats.sbml.write import sbml_text
from ifntrial.model import DRUGS
from ifntrial.model.values import typical_values
from shipped import build_model


@pytest.fixture(scope="module")
def document(evidence):
    text = sbml_text(build_model(), evidence, parse_regimen("300 mg IV every 4 weeks"), 52.0)
    return libsbml.readSBMLFromString(text)


def test_the_document_is_consistent_units_included(document):
    assert document.getLevel() == 3
    assert document.getVersion() == 2
    document.setConsistencyChecks(libsbml.LIBSBML_CAT_MODELING_PRACTICE, False)
    assert document.checkConsistency() == 0, document.getErrorLog().toString()


def test_every_symbol_has_a_unit_a_meaning_and_its_typical_value(document, model, evidence):
    sbml = document.getModel()
    for name, value in typical_values(model, evidence).items():
        parameter = sbml.getParameter(name)
        assert parameter.getValue() == pytest.approx(value, rel=1e-14)  # SBML text holds 15 digits
        assert parameter.getConstant()
        assert parameter.isSetUnits()
        assert parameter.getName()
    for item in (*model.species, *model.assignments, *model.observables):
        assert sbml.getElementBySId(item.name) is not None, item.name


def test_what_is_counted_in_moles_is_a_species_with_reactions(document):
    sbml = document.getModel()
    names = {sbml.getSpecies(i).getId() for i in range(sbml.getNumSpecies())}
    assert names == {"drug_depot", "drug_central", "drug_peripheral", "receptor_serum"}
    assert sbml.getReaction("absorption").getReactant(0).getSpecies() == "drug_depot"


def test_time_is_the_symbol_of_sbml(document):
    rule = document.getModel().getAssignmentRuleByVariable("clearance_subject")
    text = libsbml.writeMathMLToString(rule.getMath())
    assert "http://www.sbml.org/sbml/symbols/time" in text


def test_annotations_are_addresses_of_entities(document, evidence):
    text = libsbml.writeSBMLToString(document)
    assert "https://identifiers.org/ncbigene:3454" in text
    assert "https://identifiers.org/taxonomy:9606" in text
    ids = {entity.id for entity in evidence.entities}
    assert {entity for _, _, entity in VARIABLES} | {entity for _, entity in MODEL} <= ids | {DRUG}
    assert all(address_of(x).startswith("https://") for x in evidence.entities if x.exact_match)


def test_a_drug_is_never_annotated_as_another(evidence):
    of_drug = {name: dict(addresses(MODEL, name, evidence)).get("has_property") for name in DRUGS}
    assert of_drug["anifrolumab"]
    assert all(
        address != of_drug["anifrolumab"] for name, address in of_drug.items() if name != "anifrolumab"
    )


@pytest.mark.parametrize(
    ("words", "events"), [("300 mg IV every 4 weeks", 26), ("120 mg SC every week", 52), ("placebo", 0)]
)
def test_doses_are_events(evidence, words, events):
    """An infusion is two events: it begins and it ends."""
    sbml = libsbml.readSBMLFromString(
        sbml_text(build_model(), evidence, parse_regimen(words), 52.0)
    ).getModel()
    assert sbml.getNumEvents() == events


def test_a_function_that_formats_do_not_share_is_refused():
    with pytest.raises(ModelError, match="sin"):
        formula(sympy.sin(sympy.Symbol("x")))


@pytest.mark.parametrize(
    ("unit", "id"), [("1/day", "per_day"), ("mL/percent_predicted/day", "mL_per_percent_predicted_per_day")]
)
def test_units_have_readable_ids(unit, id):
    assert unit_id(unit) == id


def test_the_command_writes_a_file_and_refuses_nonsense(tmp_path):
    file = tmp_path / "deep" / "model.xml"
    ended = CliRunner().invoke(cli, ["export", "sbml", "--regimen", "1 mg/kg IV once", "--out", str(file)])
    assert ended.exit_code == 0, ended.output
    assert libsbml.readSBMLFromFile(str(file)).getModel().getNumEvents() == 2
    ended = CliRunner().invoke(cli, ["export", "sbml", "--weeks", "-1", "--out", str(file)])
    assert "--weeks is out of range" in str(ended.exception)
    ended = CliRunner().invoke(cli, ["export", "sbml", "--drug", "anifrolumob", "--out", str(file)])
    assert "did you mean anifrolumab" in str(ended.exception)

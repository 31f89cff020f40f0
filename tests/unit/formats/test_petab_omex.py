"""The estimation problem and the archive: complete tables, nothing dropped, files that other programs open."""

import zipfile
from xml.etree import ElementTree

import libsbml
import pandas as pd
import pytest
import yaml
from click.testing import CliRunner

from ifntrial.app.cli import cli
from ifntrial.dosing.regimen import parse_regimen
from ifntrial.formats.omex import omex_files, write_omex
from ifntrial.formats.petab import FILES, LEFT_OUT, petab_files, write_petab
from shipped import build_model


@pytest.fixture(scope="module")
def folder(evidence, tmp_path_factory):
    place = tmp_path_factory.mktemp("petab")
    write_petab(petab_files(build_model(), evidence), place)
    return place


def table(folder, name):
    return pd.read_csv(folder / name, sep="\t")


def test_the_problem_names_its_files(folder):
    problem = yaml.safe_load((folder / "problem.yaml").read_text(encoding="utf-8"))
    named = {problem["parameter_file"]}
    for files in problem["problems"][0].values():
        named |= set(files)
    assert named | {"problem.yaml"} == set(FILES)
    assert all((folder / name).exists() for name in FILES)


def test_every_fit_observation_is_measured_or_left_out_with_a_reason(folder, evidence):
    measured = table(folder, "measurements.tsv").datasetId
    absent = table(folder, LEFT_OUT)
    assert measured.is_unique
    assert set(measured) | set(absent.observation) == {x.id for x in evidence.observations_where(use="fit")}
    assert not set(measured) & set(absent.observation)
    assert absent.reason.notna().all()


def test_nothing_kept_for_tests_is_measured(folder, evidence):
    for id in table(folder, "measurements.tsv").datasetId:
        assert evidence.observation(id).use == "fit"


def test_tables_speak_of_one_another_and_of_the_model(folder):
    sbml = libsbml.readSBMLFromFile(str(folder / "model.xml")).getModel()
    conditions, measured = table(folder, "conditions.tsv"), table(folder, "measurements.tsv")
    observables, parameters = table(folder, "observables.tsv"), table(folder, "parameters.tsv")
    assert set(measured.simulationConditionId) <= set(conditions.conditionId)
    assert set(measured.observableId) == set(observables.observableId)
    assert all(sbml.getElementBySId(name) is not None for name in conditions.columns[1:])
    assert (parameters.lowerBound < parameters.nominalValue).all()
    assert (parameters.nominalValue < parameters.upperBound).all()
    in_tables = {"pstat_noise"}
    assert all(sbml.getParameter(name) is not None for name in set(parameters.parameterId) - in_tables)


def test_the_archive_opens_with_the_standard_library(evidence, tmp_path):
    files = omex_files(build_model(), evidence, parse_regimen("120 mg SC every week"), 12.0)
    paths = [tmp_path / "a.omex", tmp_path / "b.omex"]
    for path in paths:
        write_omex(files, path)
    assert paths[0].read_bytes() == paths[1].read_bytes(), "the same content is the same file"
    with zipfile.ZipFile(paths[0]) as archive:
        assert archive.testzip() is None
        names = set(archive.namelist())
        manifest = ElementTree.fromstring(archive.read("manifest.xml"))
        ElementTree.fromstring(archive.read("metadata.rdf"))
        sbml = libsbml.readSBMLFromString(archive.read("model.xml").decode()).getModel()
    assert sbml.getNumEvents() == 12
    listed = {content.attrib["location"].removeprefix("./") for content in manifest} - {"."}
    assert listed == names
    assert [c.attrib["location"] for c in manifest if c.attrib.get("master")] == ["./model.xml"]


def test_the_commands_say_where_the_files_are(tmp_path):
    ended = CliRunner().invoke(cli, ["export", "petab", "--out", str(tmp_path / "p")])
    assert ended.exit_code == 0, ended.output
    assert LEFT_OUT in ended.output
    ended = CliRunner().invoke(cli, ["export", "omex", "--out", str(tmp_path / "x.omex")])
    assert ended.exit_code == 0, ended.output
    assert zipfile.is_zipfile(tmp_path / "x.omex")

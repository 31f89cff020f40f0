"""The catalogue is all that a room knows: nothing below the verbs names what comes with the package."""

import ast
import pickle
from dataclasses import FrozenInstanceError, fields, replace
from pathlib import Path

import pytest

import ifntrial
from ifntrial.design.design import design_from_mapping, load_design
from ifntrial.errors import FileError, InputError, UnknownNameError
from ifntrial.model.drugs import Drug
from ifntrial.model.parts import Assignment, Mechanism
from shipped import CATALOG

PACKAGE = Path(ifntrial.__file__).parent

# Name of what is shipped to the files that hold it, or hand on a name of their own room.
SHIPPED = {
    "DRUGS": {"model/drugs/__init__.py", "model/__init__.py"},
    "MECHANISMS": {"model/mechanisms/__init__.py"},
    "ENDPOINTS": {"clinic/endpoints/__init__.py"},
    "ANALYSES": {"catalog/responses.py"},
    "SIGNATURES": {"signature/catalog.py", "signature/__init__.py"},
    "METHODS": {"signature/methods/__init__.py", "signature/__init__.py", "studies/sensitivity/indices.py"},
    "load_signatures": {"signature/catalog.py", "signature/__init__.py"},
    "load_genes": {"signature/genes.py", "signature/__init__.py"},
    "load_citations": {"signature/catalog.py", "signature/__init__.py"},
    "load_designs": {"design/design.py", "catalog/record.py"},
    "load_evidence": {"evidence/load.py"},
    "load_calibration": {"worlds/calibration.py", "catalog/record.py"},
    "load_patients": {"patients/weights_file.py", "catalog/record.py"},
    "ARTIFACT": {"worlds/calibration.py"},
    "PATIENT_ARTIFACT": {"patients/weights_file.py"},
    "shipped": {"catalog/__init__.py"},
}


def _names(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.ImportFrom | ast.Import):
            yield from (each.name.rpartition(".")[2] for each in node.names)


@pytest.mark.parametrize(
    "file",
    [
        str(path.relative_to(PACKAGE))
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.relative_to(PACKAGE).parts[0] not in ("api", "app", "console")
        and path != PACKAGE / "catalog" / "package.py"
    ],
)
def test_no_room_looks_up_what_is_shipped(file):
    known = set(_names(PACKAGE / file))
    assert {name for name, homes in SHIPPED.items() if name in known and file not in homes} == set()


def test_the_catalogue_holds_all_of_it():
    assert list(CATALOG.drugs)[:2] == ["anifrolumab", "sifalimumab"]
    assert [mechanism.name for mechanism in CATALOG.mechanisms][-1] == "safety"
    assert {"rcriss", "mrss_change", "zoster"} < set(CATALOG.endpoints)
    assert list(CATALOG.analyses) == [
        "cmh",
        "miettinen_nurminen",
        "logistic",
        "ancova",
        "mmrm",
        "mmrm_satterthwaite",
        "negative_binomial",
        "log_rank",
        "cox",
    ]
    assert {"az_4_gene", "sweeney_viral"} < set(CATALOG.signatures)
    assert {"mean_z", "singscore"} < set(CATALOG.methods)
    assert CATALOG.genes.symbol_of("DDX58") == "RIGI"
    assert CATALOG.citations["almquist_2022"].doi == "10.1002/jcph.2055"
    assert {"daisy", "asset_like"} < set(CATALOG.designs)
    assert CATALOG.calibration.worlds >= 1000
    assert CATALOG.patients.cap > 1
    assert not CATALOG.is_stale


def test_nothing_in_it_can_be_changed():
    with pytest.raises(FrozenInstanceError):
        CATALOG.evidence = None
    for name in ("drugs", "endpoints", "analyses", "signatures", "methods", "citations", "designs"):
        with pytest.raises(TypeError, match="does not support item assignment"):
            getattr(CATALOG, name)["mine"] = None


def test_it_can_be_sent_to_another_process():
    again = pickle.loads(pickle.dumps(CATALOG))
    assert again.fingerprint == CATALOG.fingerprint
    assert again.mechanisms == CATALOG.mechanisms
    assert again.model("tofacitinib").drug == CATALOG.drugs["tofacitinib"]


def _without(things, name):
    return {each: thing for each, thing in things.items() if each != name}


FASTER = tuple(
    replace(each, reactions=(replace(each.reactions[0], rate=lambda s, p: 2 * s.time), *each.reactions[1:]))
    if each.name == "fibrosis"
    else each
    for each in CATALOG.mechanisms
)
CHANGED = {
    "evidence": replace(CATALOG.evidence, claims=()),
    "drugs": _without(CATALOG.drugs, "tofacitinib"),
    "mechanisms": FASTER,
    "endpoints": CATALOG.endpoints | {"zoster": replace(CATALOG.endpoints["zoster"], definition="once")},
    "analyses": _without(CATALOG.analyses, "logistic"),
    "signatures": CATALOG.signatures | {"ags_6": CATALOG.signatures["az_4_gene"]},
    "methods": _without(CATALOG.methods, "mean_ln"),
    "genes": replace(CATALOG.genes, by_name=_without(CATALOG.genes.by_name, "DDX58")),
    "citations": _without(CATALOG.citations, "hgnc"),
    "designs": CATALOG.designs | {"daisy": CATALOG.designs["daisy_iv"]},
    "addresses": _without(CATALOG.addresses, "mrss_year"),
    "extensions": ("another package 1.0",),
}


@pytest.mark.parametrize("part", CHANGED)
def test_the_fingerprint_is_that_of_the_content(part):
    same = replace(CATALOG, **{part: getattr(CATALOG, part)})
    assert same.fingerprint == CATALOG.fingerprint
    assert replace(CATALOG, **{part: CHANGED[part]}).fingerprint != CATALOG.fingerprint


def test_every_part_changes_the_fingerprint():
    files = {"calibration_file", "patients_file"}
    assert {each.name for each in fields(CATALOG)} - files == set(CHANGED)


def test_a_drug_of_ones_own_is_known_where_its_catalogue_is_passed(tmp_path):
    mine = Drug("mymab", "Mymab", CATALOG.drugs["anifrolumab"].structure, usual="10 mg SC every week")
    with_mine = replace(CATALOG, drugs=CATALOG.drugs | {"mymab": mine})
    text = (
        "extends: daisy\nschema_version: 1\nname: mine\narms:\n"
        "  - {name: mymab, drug: mymab, regimen: 10 mg SC every week}\n"
        "  - {name: placebo, regimen: placebo, is_control: true}\n"
    )
    (tmp_path / "mine.yaml").write_text(text)
    design = with_mine.design(tmp_path / "mine.yaml")
    assert design.active.drug_name == "mymab"
    assert with_mine.model("mymab").drug is mine
    with pytest.raises(InputError, match="drug 'mymab' is not known"):
        CATALOG.design(tmp_path / "mine.yaml")
    with pytest.raises(UnknownNameError, match="drug 'mymab' is not known"):
        CATALOG.model("mymab")


def test_a_mechanism_of_ones_own_joins_the_model():
    mine = Mechanism(
        "mine", "twice the skin score", observables=(Assignment("double", "1", "twice", _twice),)
    )
    model = replace(CATALOG, mechanisms=(*CATALOG.mechanisms, mine)).model()
    assert model.observables[-1].name == "double"
    assert "double" not in {each.name for each in CATALOG.model().observables}


def _twice(s, p):
    return 2 * s.time


def test_a_design_may_name_what_its_catalogue_holds_and_nothing_else():
    without = replace(CATALOG, endpoints=_without(CATALOG.endpoints, "rcriss"))
    plan = CATALOG.designs["daisy"].model_dump(mode="json")
    assert design_from_mapping(plan, CATALOG.known) == CATALOG.designs["daisy"]
    with pytest.raises(InputError, match="endpoint 'rcriss' is not known"):
        design_from_mapping(plan, without.known)
    plan["assumed"]["analysis"]["method"] = "cmhh"
    with pytest.raises(InputError, match=r"analysis 'cmhh' is not known.*did you mean cmh"):
        design_from_mapping(plan, CATALOG.known)
    with pytest.raises(FileError, match=r"daisy_iv.*did you mean daisy"):
        load_design("daissy", CATALOG.known)

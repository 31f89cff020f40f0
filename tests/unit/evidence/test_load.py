"""Tables become records, and what is malformed is reported all at once."""

import pickle
import shutil
from dataclasses import FrozenInstanceError, replace

import pytest

from ifntrial.errors import EvidenceError, FileError, UnknownNameError
from ifntrial.evidence.load import TABLES_FOLDER, evidence_hash, load_evidence
from shipped import parameters_of


@pytest.fixture
def folder(tmp_path):
    copy = tmp_path / "tables"
    shutil.copytree(TABLES_FOLDER, copy)
    return copy


def _append(folder, table, line):
    path = folder / table
    path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")


def test_shipped_tables_give_typed_records():
    evidence = load_evidence()
    kss = evidence.parameter("anifrolumab.kss")
    assert (kss.value, kss.unit, kss.status, kss.sources) == (0.712, "nmol/L", "fitted", ("almquist2022",))
    assert evidence.value("anifrolumab.kss") == 0.712
    placebo = evidence.observation("asset.placebo.mrss_change.w52")
    assert (placebo.value, placebo.sd, placebo.n, placebo.visit_week) == (-3.7, 7.6, 38, 52.0)
    assert evidence.source("goldberg2014").n == 34
    assert evidence.claims[0].sources_for[0] == "radic2026"


def test_a_table_may_lie_in_several_files(folder):
    header = (folder / "parameters.csv").read_text(encoding="utf-8").splitlines()[0]
    (folder / "parameters_mine.csv").write_text(
        header + "\nmy_number,1,kg,,none,none,,,unverified,assumed,mine\n", encoding="utf-8"
    )
    assert load_evidence(folder).value("my_number") == 1
    assert len(load_evidence(folder).parameters) == len(load_evidence().parameters) + 1


def test_unknown_names_are_answered_with_the_closest():
    evidence = load_evidence()
    with pytest.raises(UnknownNameError, match=r"anifrolumab\.clearance"):
        evidence.parameter("anifrolumab.clearence")
    with pytest.raises(UnknownNameError, match=r"asset\.placebo\.mrss_change\.w52"):
        evidence.observation("asset.placebo.mrss_chnge.w52")
    with pytest.raises(UnknownNameError, match="goldberg2014"):
        evidence.source("goldberg2015")


def test_rows_are_found_by_prefix_trial_endpoint_and_use():
    evidence = load_evidence()
    assert parameters_of(evidence, "anifrolumab")["kss"].value == 0.712
    assert "clearance" in parameters_of(evidence, "sifalimumab")
    rows = evidence.observations_where(trial="ASSET", endpoint="mrss_change", use="fit")
    assert {row.arm for row in rows} == {"placebo"}
    both = evidence.observations_where(trial="ASSET", use=("fit", "prior"))
    assert {row.use for row in both} == {"fit", "prior"}
    assert evidence.observations_where() == evidence.observations


def test_look_ups_follow_the_tables_and_survive_a_pickle():
    evidence = load_evidence()
    kss = evidence.parameter("anifrolumab.kss")
    doubled = replace(evidence, parameters=(replace(kss, value=1.424),))
    assert (doubled.value("anifrolumab.kss"), evidence.value("anifrolumab.kss")) == (1.424, 0.712)
    assert doubled.first_parameter(("k", "anifrolumab.kss")) == doubled.parameters[0]
    assert doubled.first_parameter(("k", "l")) is None
    again = pickle.loads(pickle.dumps(evidence))
    assert again == evidence
    assert again.parameter("anifrolumab.kss") == kss


def test_tables_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        load_evidence().parameters = ()


def test_hash_depends_on_content_and_not_on_order(folder):
    original = evidence_hash(load_evidence())
    path = folder / "observations.csv"
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([head, *reversed(lines)]) + "\n", encoding="utf-8")
    assert evidence_hash(load_evidence(folder)) == original
    path.write_text("\n".join([head, *lines[1:]]) + "\n", encoding="utf-8")
    assert evidence_hash(load_evidence(folder)) != original


def test_an_absent_table_is_one_message(tmp_path):
    with pytest.raises(FileError, match="'sources' is absent"):
        load_evidence(tmp_path)


def test_a_table_that_is_no_text_is_one_message(folder):
    (folder / "claims.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(FileError, match="UTF-8"):
        load_evidence(folder)


def test_every_malformed_cell_of_every_table_is_reported_at_once(folder):
    _append(folder, "parameters.csv", "x,twelve,kg,,none,none,,,unverified,assumed,n")
    _append(folder, "parameters.csv", "y,inf,kg,,none,none,,,unverified,assumed,n")
    _append(folder, "sources.csv", "s,c,,p,d,3.5,rct")
    _append(folder, "observations.csv", "too,short")
    _append(folder, "claims.csv", "id,statement,level,direction,a,b,c,one too many")
    with pytest.raises(EvidenceError) as caught:
        load_evidence(folder)
    problems = "\n".join(caught.value.problems)
    assert len(caught.value.problems) == 5
    assert "value is 'twelve'; it has to be a finite number" in problems
    assert "value is 'inf'" in problems
    assert "n is '3.5'; it has to be a whole number" in problems
    assert "observations.csv line" in problems
    assert "claims.csv line" in problems


def test_absent_and_unknown_columns_are_named(folder):
    path = folder / "entities.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("exact_match", "exact_mach", 1), encoding="utf-8")
    with pytest.raises(EvidenceError) as caught:
        load_evidence(folder)
    problems = "\n".join(caught.value.problems)
    assert "column 'exact_match' is absent; did you mean exact_mach" in problems
    assert "column 'exact_mach' is not known" in problems


def test_cells_may_hold_commas_and_line_breaks(folder):
    _append(folder, "sources.csv", '"quoted","A, B\nC",,p,d,,rct')
    assert load_evidence(folder).source("quoted").citation == "A, B\nC"

"""Who uses a parameter is read from the source files."""

import pytest

from ifntrial.evidence.usage import find_users

NAMES = ["brake", "group.alpha_mean", "group.beta", "other.beta", "drug.f", "comparator.f", "unused"]


@pytest.fixture
def package(tmp_path):
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "own.py").write_text('NAMES = ["unused"]\n')
    (tmp_path / "a").mkdir()
    return tmp_path


def _users(package, code, **given):
    (package / "a" / "code.py").write_text(code)
    return find_users(NAMES, package, **given)


def test_a_name_that_appears_as_text_is_used(package):
    assert _users(package, 'x = value("brake")') == {"brake": ("a/code.py",)}


def test_a_group_that_is_read_gives_names_without_their_prefix(package):
    code = 'rows = e.parameters_of("group")\nx = rows["beta"]'
    assert _users(package, code) == {"group.beta": ("a/code.py",)}


def test_a_short_name_alone_is_not_a_use(package):
    assert _users(package, 'x = y["beta"]') == {}


def test_a_text_with_holes_counts_for_every_name_that_fits(package):
    assert _users(package, 'x = e.value(f"group.{item}_mean")') == {"group.alpha_mean": ("a/code.py",)}
    code = 'rows = e.parameters_of("group")\nx = rows[f"{item}_mean"]'
    assert _users(package, code) == {"group.alpha_mean": ("a/code.py",)}


def test_a_text_that_is_all_holes_is_no_use(package):
    assert _users(package, 'x = e.value(f"{a}.{b}")') == {}


def test_rows_of_the_models_drug_are_used_through_their_look_up(package):
    code = 'row = evidence_row(model, e, "f")'
    assert _users(package, code, drugs=["drug"]) == {"drug.f": ("a/code.py",)}
    assert _users(package, code) == {}


def test_the_evidence_folder_is_not_read(package):
    assert "unused" not in _users(package, "")

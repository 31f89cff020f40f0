"""Every error of the package says what failed, what was given, what is allowed and what to do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ifntrial import errors
from ifntrial.errors import (
    EvidenceError,
    ExtraError,
    FileError,
    IfntrialError,
    InputError,
    ModelError,
    RunError,
    SolverError,
    TableError,
    UnitError,
    UnknownNameError,
    closest,
    find_name,
    known_name,
    listed,
    require_columns,
    resolve_name,
)

DRUGS = {"anifrolumab": 1, "sifalimumab": 2}


def test_a_message_has_its_four_parts_in_order():
    text = str(InputError("it failed", given="this", allowed="that", fix="do so"))
    assert text == "it failed. Given: this. Allowed: that. To do: do so."


def test_absent_parts_leave_no_trace():
    assert str(InputError("it failed")) == "it failed."
    assert "Given" not in str(InputError("it failed", fix="do so"))


def test_a_value_that_is_not_text_is_shown_as_python_shows_it():
    assert "Given: -3.5." in str(InputError("it failed", given=-3.5))
    assert "Given: None" not in str(InputError("it failed", given=None))


def test_every_problem_is_kept_and_shown():
    caught = TableError("the table is wrong", problems=["one", "two"], fix="correct it")
    assert caught.problems == ("one", "two")
    assert "\n  - one\n  - two\n" in str(caught)


@pytest.mark.parametrize(
    "kind",
    [
        InputError,
        UnknownNameError,
        UnitError,
        FileError,
        TableError,
        EvidenceError,
        ExtraError,
        ModelError,
        RunError,
        SolverError,
    ],
)
def test_the_command_line_can_catch_all_of_them(kind):
    assert issubclass(kind, IfntrialError)
    assert kind.__name__ in errors.__doc__


def test_user_input_errors_are_input_errors():
    for kind in (UnknownNameError, UnitError, FileError, TableError):
        assert issubclass(kind, InputError)


def test_resolve_name():
    assert resolve_name("sifalimumab", DRUGS, "drug") == 2
    with pytest.raises(UnknownNameError) as caught:
        resolve_name("anifrolumap", DRUGS, "drug")
    text = str(caught.value)
    assert "drug 'anifrolumap' is not known" in text
    assert "Allowed: anifrolumab, sifalimumab" in text
    assert "did you mean anifrolumab" in text


@pytest.mark.parametrize("name", ["", " ", "Ω" * 50, "x" * 10_000, "'; drop table", "\x00"])
def test_resolve_name_stands_any_text(name):
    with pytest.raises(UnknownNameError):
        resolve_name(name, DRUGS, "drug")


def test_closest_does_not_care_about_case():
    assert closest("ANIFROLUMAB", DRUGS).startswith("did you mean anifrolumab")
    assert closest("qqqq", DRUGS) == ""


@given(st.lists(st.text(min_size=1, max_size=8), max_size=40))
def test_a_short_list_is_shown_whole(names):
    assert listed(names) == ", ".join(names)


def test_a_long_list_is_cut_after_a_dozen_and_the_rest_counted():
    names = [f"n{place}" for place in range(41)]
    assert listed(names[:40]).endswith(", n38, n39")
    assert listed(names) == "n0, n1, n2, n3, n4, n5, n6, n7, n8, n9, n10, n11 and 29 more"


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("alpha", "alpha"),
        ("ALPHA", "alpha"),
        (" Alpha ", "alpha"),
        ("STRASSE", "straße"),
        ("beta", "beta"),
        ("Beta", "Beta"),
        ("BETA", None),  # two differ in nothing else
        ("alph", None),
        ("", None),
    ],
)
def test_capitals_and_blanks_around_a_name_do_not_matter(name, found):
    names = ["alpha", "beta", "Beta", "straße"]
    assert find_name(name, names) == found
    if found is None:
        with pytest.raises(UnknownNameError, match="letter"):
            known_name(name, names, "letter")
    else:
        assert known_name(name, names, "letter") == found


def test_a_program_names_exactly():
    with pytest.raises(UnknownNameError):
        resolve_name("Sifalimumab", DRUGS, "drug")


def test_require_columns_names_every_absent_column_and_the_closest():
    with pytest.raises(TableError) as caught:
        require_columns(["subjct", "arm"], ["subject", "arm", "visit"], "outcomes.csv")
    assert len(caught.value.problems) == 2
    assert "did you mean subjct?" in caught.value.problems[0]
    assert "outcomes.csv lacks columns" in str(caught.value)
    require_columns(["a", "b"], ["b"], "outcomes.csv")

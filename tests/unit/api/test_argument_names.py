"""What is wrong with an argument of a verb is told by its name in Python, not by that of the command's option."""

import pytest

import ifntrial as ift
from ifntrial.api.argument_names import in_python, names_arguments
from ifntrial.errors import InputError


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: ift.forecast("daisy", seed=-1), "'seed' is out of range. Given: -1."),
        (lambda: ift.forecast("daisy", worlds=2.5), "'worlds' is not a whole number. Given: 2.5."),
        (lambda: ift.forecast("daisy", dates="dmy"), "add 'cohort', or leave them away"),
        (lambda: ift.compare("daisy", workers=0), "'workers' is out of range. Given: 0. Allowed: 1 to 256."),
        (lambda: ift.simulate("300 mg IV", weeks=600.0), "'weeks' is out of range. Given: 600."),
        (
            lambda: ift.simulate("300 mg IV", "150 mg SC", events="a.csv"),
            "regimens and 'events' are both given",
        ),
        (lambda: ift.sensitivity("daisy", subjects=1), "'subjects' is out of range. Given: 1."),
        (lambda: ift.validate(worlds=1), "'worlds' is out of range. Given: 1."),
        (
            lambda: ift.simulate_trial("daisy", world="first"),
            "'world' is not a whole number. Given: 'first'.",
        ),
        (lambda: ift.solve(None, {}, None, [1.0], workers=0), "'workers' is out of range"),
    ],
)
def test_an_error_names_the_argument(ask, said):
    with pytest.raises(InputError) as raised:
        ask()
    assert said in str(raised.value)
    assert "--" not in str(raised.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ask for more --subjects", "ask for more 'subjects'"),
        ("choose another --out", "choose another 'folder'"),
        ("leave --probes out, or say --tissue", "leave 'reading.probes' out, or say --tissue"),
        (
            "run 'ifntrial calibrate --subjects 9' and --subjects",
            "run 'ifntrial calibrate --subjects 9' and 'subjects'",
        ),
        ("say --subjects, subjects= in Python", "say --subjects, subjects= in Python"),
        ("two--subjects", "two--subjects"),
    ],
)
def test_options_become_arguments(text, expected):
    assert in_python(text, ["subjects", "folder", "reading"]) == expected


def test_problems_are_told_so_too_and_the_error_stays_what_it_was():
    @names_arguments
    def verb(worlds: int) -> None:
        raise InputError("two problems", problems=["--worlds is odd", "--seed is even"])

    with pytest.raises(InputError) as raised:
        verb(3)
    assert raised.value.problems == ("'worlds' is odd", "--seed is even")
    assert "  - 'worlds' is odd" in str(raised.value)

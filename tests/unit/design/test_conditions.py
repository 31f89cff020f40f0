"""Conditions over covariates: what holds for whom, and that nothing is ever run as code."""

import numpy as np
import pytest

from ifntrial.design.conditions import parse_condition
from ifntrial.errors import InputError, UnknownNameError

COVARIATES = {
    "mrss": np.array([9.0, 12.0, 20.0]),
    "antibody": np.array(["ATA", "aca", "ARA"]),
    "uses_mmf": np.array([0.0, 1.0, 1.0]),
    "duration": np.array([1.0, 2.0, np.nan]),
}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("mrss > 10 and antibody != 'ACA'", [False, False, True]),
        ("10 < mrss <= 12", [False, True, False]),
        ("antibody in ['ata', 'ARA']", [True, False, True]),
        ("antibody not in ('ATA',)", [False, True, True]),
        ("not uses_mmf or duration > 1", [True, True, False]),
        ("duration != 5", [True, True, False]),
        ("mrss / 2 - 1 >= -uses_mmf + 9", [False, False, True]),
        ("True", [True, True, True]),
    ],
)
def test_a_condition_holds_for_the_right_subjects(text: str, holds: list[bool]) -> None:
    assert parse_condition(text).holds(COVARIATES).tolist() == holds


@pytest.mark.parametrize(
    "text",
    ["__import__('os')", "mrss.real > 1", "lambda: 1", "[x for x in mrss]", "mrss == None", "2 ** 9 > mrss", "mrss[0]",
     "(mrss := 3) > 1", "f'{mrss}'", "~mrss", "b'x' == mrss"],
)  # fmt: skip
def test_code_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="not allowed"):
        parse_condition(text)


@pytest.mark.parametrize(
    "text", ["mrss >", "", "mrss > 10 and", "import os", "(" * 400 + "1" + ")" * 400, "1 +" * 400]
)
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="condition"):
        parse_condition(text)


def test_an_absent_covariate_names_the_closest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean mrss"):
        parse_condition("mrs > 10").holds(COVARIATES)


@pytest.mark.parametrize(
    "text", ["antibody > 1", "antibody and mrss", "mrss == 'high'", "antibody + 1 > 2", "-antibody > 1"]
)
def test_text_and_numbers_do_not_mix(text: str) -> None:
    with pytest.raises(InputError, match="mixes text and numbers"):
        parse_condition(text).holds(COVARIATES)

"""Interim looks, recruitment and go/no-go rules in a design file: what is read, and what is told of wrong ones."""

import pytest

from ifntrial.design.looks import Recruitment
from ifntrial.errors import InputError
from shipped import design_from_mapping

WHY = "what is checked here"
OWN = {
    "extends": "daisy",
    "schema_version": 1,
    "name": "with_looks",
    "looks": {"information": [0.5], "reason": WHY},
}
ZONE = {"most_patients": 400}


def design(**changed):
    return design_from_mapping({**OWN, **changed})


def looks(**changed):
    return {**OWN["looks"], **changed}


def test_a_look_is_read_with_what_is_usual():
    found = design().looks
    assert found.information == (0.5,)
    assert found.efficacy.spending == "obrien_fleming"
    assert (found.futility, found.re_estimation) == (None, None)


def test_a_design_without_looks_has_none():
    assert design_from_mapping({**OWN, "looks": None}).looks is None


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"looks": looks(information=[0.5, 0.4])}, "must increase between 0 and 1"),
        ({"looks": looks(information=[0.5, 1.0])}, "the end is not listed"),
        ({"looks": looks(information=[0.0])}, "must increase between 0 and 1"),
        ({"looks": looks(information=[0.01])}, "leaves less than two for an arm"),
        ({"looks": looks(information=[])}, "information"),
        ({"looks": looks(information=0.5)}, "information"),
        ({"looks": looks(efficacy={"spending": "hwang_shih_decani"})}, "needs it"),
        ({"looks": looks(efficacy={"spending": "pocock", "gamma": 1})}, "gamma belongs to hwang_shih_decani"),
        ({"looks": looks(efficacy={"spending": "obrien"})}, "obrien_fleming"),
        ({"looks": looks(efficacy={"spending": "hwang_shih_decani", "gamma": 99})}, "gamma"),
        ({"looks": looks(efficacy=None)}, "nothing is decided"),
        ({"looks": looks(futility={})}, "exactly one of z, beta"),
        ({"looks": looks(futility={"z": [0.0], "beta": 0.1})}, "given: z, beta"),
        ({"looks": looks(futility={"z": [0.0, 0.5]})}, "2 bounds for 1 interim looks"),
        ({"looks": looks(futility={"beta": 0.1, "binding": True})}, "is not binding"),
        ({"looks": looks(futility={"conditional_power": 1.5})}, "conditional_power"),
        ({"looks": looks(re_estimation={"most_patients": 100})}, "is not more than the 314 of size"),
        ({"looks": looks(re_estimation={**ZONE, "conditional_power_from": 0.9})}, "must be below target"),
        ({"looks": {"information": [0.5]}}, "reason"),
        ({"looks": looks(inforation=[0.5])}, "inforation"),
        ({"recruitment": {"sites": 0, "patients_per_site_and_month": 1, "reason": WHY}}, "sites"),
        ({"recruitment": {"sites": 10, "reason": WHY}}, "patients_per_site_and_month"),
        ({"decision": {"go": {"gain": 0.1, "probability": 2}, "reason": WHY}}, "probability"),
        (
            {
                "decision": {
                    "go": {"gain": 0.1, "probability": 0.8},
                    "no_go": {"gain": 0.2, "probability": 0.2},
                    "reason": WHY,
                }
            },
            "must not be above that of go",
        ),
    ],
)
def test_a_wrong_one_is_told_with_its_place(changed, words):
    with pytest.raises(InputError) as error:
        design(**changed)
    assert words in str(error.value)
    assert next(iter(changed)) in str(error.value)


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(InputError) as error:
        design(
            looks=looks(information=[0.6, 0.4], futility={}, re_estimation={"most_patients": 2}),
            decision={
                "go": {"gain": 0.1, "probability": 0.8},
                "no_go": {"gain": 0.2, "probability": 0.2},
                "reason": WHY,
            },
        )
    for words in ("must increase", "exactly one of", "most_patients 2", "no_go"):
        assert words in str(error.value)


def test_patients_come_as_sites_open():
    # 12 sites of one patient a month from the start: 12 a month, 365.25 / 12 days each
    even = Recruitment(sites=12, patients_per_site_and_month=1, reason=WHY)
    month = 365.25 / 12 / 7
    assert even.week_of(24) == pytest.approx(2 * month)
    # opening over 4 months costs half of these months' patients
    opening = Recruitment(sites=12, patients_per_site_and_month=1, months_until_all_sites=4, reason=WHY)
    assert opening.enrolled_at(4 * month) == pytest.approx(24)
    assert opening.enrolled_at(2 * month) == pytest.approx(6)
    assert opening.week_of(6) == pytest.approx(2 * month)
    assert opening.week_of(36) == pytest.approx(5 * month)

"""A design that is changed in Python is checked as a file is."""

import pickle

import pytest

import ifntrial as ift
from ifntrial.api.designs import given_design, plain_design, settled
from ifntrial.design.design import design_from_mapping
from shipped import CATALOG

DAISY = ift.load_design("daisy")


def test_a_change_is_what_a_file_that_extends_it_says():
    fields = {"name": "other", "size": {"planned": 400}, "assumed": {"analysis": {"method": "logistic"}}}
    in_a_file = design_from_mapping({"extends": "daisy", **fields}, CATALOG.known)
    assert plain_design(DAISY.changed(**fields)) == in_a_file
    assert plain_design(DAISY.changed(**(fields | {"size": 400}))) == in_a_file


def test_changes_add_up_and_the_first_design_stays():
    twice = DAISY.changed(size=400).changed(
        add_eligibility=[{"condition": "age_years <= 60", "text": "up to 60"}]
    )
    assert twice.size.analyzed == 400
    assert len(twice.eligibility) == len(DAISY.eligibility) + 1
    assert plain_design(DAISY) == CATALOG.designs["daisy"]


def test_a_part_of_another_design_may_be_given():
    iv = ift.load_design("daisy_iv")
    assert DAISY.changed(name="with arms of iv", arms=iv.arms).arms == iv.arms


def test_every_problem_is_told_at_once():
    with pytest.raises(ift.InputError) as told:
        DAISY.changed(treatment_weeks=-1, primary={"endpoint": "rcris"}, arm=[])
    text = str(told.value)
    assert "design 'daisy, changed' is not usable" in text
    assert "did you mean rcriss" in text
    assert "treatment_weeks" in text
    assert "did you mean arms" in text


def test_only_a_design_that_a_command_can_name_has_words():
    assert given_design("design", DAISY, CATALOG).is_sayable
    assert not given_design("design", DAISY.changed(size=400), CATALOG).is_sayable
    assert settled(DAISY, CATALOG) == CATALOG.designs["daisy"]
    assert pickle.loads(pickle.dumps(plain_design(DAISY.changed(size=400)))).size.analyzed == 400


def test_a_design_that_is_not_there():
    with pytest.raises(ift.InputError, match="did you mean daisy"):
        ift.load_design("daissy")

"""Designs that say what hangs on what is assumed of DAISY: each differs from it in that alone."""

import pytest

from shipped import load_design

DAISY = load_design("daisy")


def told(design):
    """Return a design without its name, title and reasons, and without who it is."""
    content = design.model_dump()
    for key in ("name", "title", "registration", "sources"):
        del content[key]
    for block in content["assumed"].values():
        del block["reason"]
    return content


@pytest.mark.parametrize(
    ("name", "changed"),
    [("daisy_rescue_none", {"share": 0.0}), ("daisy_rescue_week12", {"from_week": 12.0})],
)
def test_rescue_alone_is_another(name, changed):
    expected = told(DAISY)
    expected["assumed"]["rescue"] |= changed
    assert told(load_design(name)) == expected
    assert not load_design(name).assumed.rescue.reason.startswith("as assumed")


def test_the_assumed_entry_criteria_alone_are_gone():
    expected = told(DAISY)
    known = [each for each in expected["eligibility"] if not each["is_assumed"]]
    assert len(known) == len(expected["eligibility"]) - 2
    # of the skin, what the registry says and no more
    known.append({"text": "mRSS above 10", "condition": "mrss > 10", "is_assumed": False})
    expected["eligibility"] = known
    found = told(load_design("daisy_any_skin"))
    assert [dict(each) for each in found["eligibility"]] == known
    assert list(found["eligibility"]) == list(expected["eligibility"])
    expected["eligibility"] = found["eligibility"]
    assert found == expected

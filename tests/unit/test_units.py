"""Units: what is understood, what is converted, what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ifntrial.errors import UnitError
from ifntrial.units import convert, parse_unit, units

KNOWN = ("ug/mL", "nmol/L", "mg", "L/day", "1/day", "mrss_point", "percent_predicted/year", "event/day", "1")


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        (1.0, "mg", "ug", 1000.0),
        (0.193, "L/day", "mL/min", 0.193 * 1000 / 1440),
        (1.0, "1/s", "1/day", 86400.0),
        (4.0, "week", "day", 28.0),
        (2.0, "event/hundred_patient_years", "event/patient_year", 0.02),
        (1.0, "percent", "1", 0.01),
        (1.0, "ug/mL/(nmol/L)", "kg/mol", 1000.0),
        (5.0, "", "1", 5.0),
    ],
)
def test_conversion(value, unit, to, expected):
    assert convert(value, unit, to) == pytest.approx(expected, rel=1e-12)


@given(value=st.floats(-1e9, 1e9), pair=st.sampled_from([("mg", "g"), ("1/day", "1/s"), ("ug/mL", "mg/L")]))
def test_there_and_back(value, pair):
    one, other = pair
    assert convert(convert(value, one, other), other, one) == pytest.approx(value, rel=1e-12, abs=1e-300)


@pytest.mark.parametrize("unit", ["furlonggg", "mg per", "ug/mL)", "3 apples", "mg/", "5 mg"])
def test_an_unknown_unit_says_so(unit):
    with pytest.raises(UnitError, match="is not known") as caught:
        parse_unit(unit)
    assert unit in str(caught.value)
    assert "Allowed:" in str(caught.value)
    assert "To do:" in str(caught.value)


@pytest.mark.parametrize(
    ("unit", "to"),
    [
        ("mg", "L"),
        ("1/day", "day"),
        ("mrss_point", "haq_point"),  # two scores without a physical unit are still two kinds
        ("mrss_point", "1"),
        ("global_point", "percent_predicted"),
        ("event", "ulcer"),
        ("cell", "1"),
        ("nmol/L", "ug/mL"),
    ],
)
def test_another_kind_is_refused(unit, to):
    with pytest.raises(UnitError, match="cannot be converted"):
        convert(1.0, unit, to)


@pytest.mark.parametrize("unit", KNOWN)
def test_units_of_the_tables_are_known(unit):
    assert units.Quantity(1.0, parse_unit(unit)).magnitude == 1.0

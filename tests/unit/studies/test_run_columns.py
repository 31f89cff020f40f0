"""Records become typed columns and come back as they were, to the last bit."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ifntrial.arrays import BoolArray, FloatArray, IntArray, SingleArray
from ifntrial.studies.columns import columns_of, from_columns, to_columns

NAN = float("nan")


@dataclass(frozen=True)
class Inner:
    number: float
    words: tuple[str, ...]


@dataclass(frozen=True)
class Plain:
    number: float
    count: int
    truth: bool
    text: str
    perhaps: float | None
    several: tuple[float, ...]
    within: Inner
    perhaps_within: Inner | None
    named: Mapping[str, Inner]
    deep: Mapping[str, Mapping[str, tuple[float, ...]]]


@dataclass(frozen=True)
class Arrays:
    double: FloatArray
    single: SingleArray
    truths: BoolArray
    counts: IntArray
    named: Mapping[str, FloatArray]


INNER = Inner(0.1, ("a", "", "größer"))
PLAIN = (
    Plain(0.1, -(2**62), True, "ö", None, (), INNER, None, {}, {"a": {}}),
    Plain(-0.0, 0, False, "", 1e-320, (1.0, float("inf")), INNER, INNER, {"b": INNER, "a": INNER}, {"x": {"y": (1.0,)}}),
)  # fmt: skip


def again(record: type, records: list) -> list:
    return list(
        from_columns(record, pa.table(to_columns(record, records), schema=pa.schema(columns_of(record))))
    )


def test_records_come_back_as_they_were():
    found = again(Plain, list(PLAIN))
    assert found == list(PLAIN)
    assert repr(found) == repr(list(PLAIN)), "types, order and signs of zeros as well"


@given(
    st.lists(
        st.builds(
            Inner, st.floats(allow_nan=False), st.lists(st.text(st.characters(codec="utf-8"))).map(tuple)
        )
    )
)
def test_any_numbers_and_texts_come_back_to_the_bit(records):
    assert repr(again(Inner, records)) == repr(records)


def test_arrays_come_back_to_the_bit_and_on_their_own():
    record = Arrays(
        np.array([0.1, NAN, -0.0, 5e-324]),
        np.array([1 / 3, 0.0625], np.float32),
        np.array([True, False]),
        np.array([], np.int64),
        {"x": np.array([0.3])},
    )
    (found,) = again(Arrays, [record])
    for name in ("double", "single", "truths", "counts"):
        before, after = getattr(record, name), getattr(found, name)
        assert (after.dtype, after.tobytes()) == (before.dtype, before.tobytes())
        assert after.base is None, "a few numbers do not keep the memory of a block"
    assert found.named["x"].tolist() == [0.3]


def test_not_a_number_is_not_nothing():
    record = Plain(NAN, 1, True, "", NAN, (NAN,), INNER, None, {}, {})
    (found,) = again(Plain, [record])
    assert np.isnan([found.number, found.perhaps, *found.several]).all()


def test_columns_are_typed():
    kinds = {column.name: column.type for column in columns_of(Arrays)} | {
        column.name: column.type for column in columns_of(Inner)
    }
    assert kinds == {
        "double": pa.list_(pa.float64()),
        "single": pa.list_(pa.float32()),
        "truths": pa.list_(pa.bool_()),
        "counts": pa.list_(pa.int64()),
        "named": pa.map_(pa.string(), pa.list_(pa.float64())),
        "number": pa.float64(),
        "words": pa.list_(pa.string()),
    }


def test_a_record_that_is_absent_has_no_value_in_any_column():
    columns = to_columns(Inner, [None, INNER])
    assert [column.null_count for column in columns] == [1, 1]


def test_a_field_of_another_kind_is_refused():
    @dataclass(frozen=True)
    class Odd:
        any_set: set[int]

    with pytest.raises(TypeError, match="has no column"):
        columns_of(Odd)

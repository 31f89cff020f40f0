"""Two result files are compared number by number and text by text, whatever their format."""

import json
import math

import numpy as np
import pandas as pd
import pytest

from ifntrial.studies.result_files import Difference, can_compare, compare_files


@pytest.fixture
def pair(tmp_path):
    """Return a function that writes two files of one name and compares them."""

    def compare(write, name, old, new, **kept):
        paths = [tmp_path / place / name for place in ("old", "new")]
        for path, content in zip(paths, (old, new), strict=True):
            path.parent.mkdir(exist_ok=True)
            write(path, content)
        return compare_files(*paths, **kept)

    return compare


def write_json(path, content):
    path.write_text(json.dumps(content), encoding="utf-8")


def write_text(path, content):
    path.write_text(content, encoding="utf-8")


def test_equal_numbers_in_another_layout_are_no_difference(pair):
    content = {"a": [1, 2.5, None, True, "x"], "b": {}, "c": []}
    assert (
        pair(lambda p, x: p.write_text(x), "r.json", json.dumps(content), json.dumps(content, indent=3)) == []
    )


@pytest.mark.parametrize(
    ("old", "new", "place", "share"),
    [
        ({"a": {"b": [0, {"c": 2.0}]}}, {"a": {"b": [0, {"c": 3.0}]}}, "a.b[1].c", 1 / 3),
        ({"a": 1.0}, {"a": 1.0 + 2**-52}, "a", 2**-52),
        ({"a": 0.0}, {"a": -0.0}, "a", 0.0),
        ({"a": 0.0}, {"a": 1e-13}, "a", 0.0),
        ({"a": 1e-9}, {"a": 2e-9}, "a", 0.5),
        ({"a": 5}, {"a": 6}, "a", math.inf),
        ({"a": 10**12}, {"a": 10**12 + 1}, "a", math.inf),
        ({"a": True}, {"a": 1}, "a", math.inf),
        ({"a": None}, {"a": 0.0}, "a", math.inf),
        ({"a": "ok"}, {"a": "failed"}, "a", math.inf),
        ({"a": "1.0"}, {"a": "1"}, "a", math.inf),
        ({"a": []}, {"a": {}}, "a", math.inf),
    ],
)
def test_one_difference_in_json(pair, old, new, place, share):
    (found,) = pair(write_json, "r.json", old, new)
    assert found.place == place
    assert found.share == pytest.approx(share, rel=1e-12)
    assert found.is_close == (share <= 1e-9)


def test_what_only_one_file_has_is_a_difference(pair):
    found = pair(write_json, "r.json", {"a": 1, "b": [1, 2]}, {"b": [1], "c": "x"})
    assert [(each.place, each.old, each.new) for each in found] == [
        ("a", 1, "absent"),
        ("b[1]", 2, "absent"),
        ("c", "absent", "x"),
    ]
    assert not any(each.is_close for each in found)


def test_facts_that_may_vary_do_not_count_and_only_at_the_top(pair):
    old = {"date": "2026-01-01", "chosen": {"Cohort": "/a"}, "trial": {"date": "x"}}
    new = {"date": "2026-02-02", "chosen": {"Cohort": "/b"}, "trial": {"date": "y"}}
    (found,) = pair(write_json, "r.json", old, new, varying=("date", "chosen"))
    assert found.place == "trial.date"


@pytest.mark.parametrize("damaged", ["", "{", '{"a": 1', "\x00"])
def test_a_damaged_file_is_a_difference_and_no_crash(pair, damaged):
    (found,) = pair(write_text, "r.json", damaged, '{"a": 1}')
    assert "cannot be read" in str(found.old)
    assert not found.is_close


def test_a_table_of_text(pair):
    old = "sample,score,class\na,1.5,high\nb,2.50,low\nc,,low\n"
    assert pair(write_text, "t.csv", old, old.replace("2.50", "2.5")) == []
    (found,) = pair(write_text, "t.csv", old, old.replace("2.50", "2.75"))
    assert (found.place, found.old, found.new, found.count) == ("score[1]", 2.5, 2.75, 1)
    (found,) = pair(write_text, "t.csv", old, old.replace("low", "high"))
    assert (found.place, found.count) == ("class[1]", 2)
    (found,) = pair(write_text, "t.csv", old, old.replace("c,,", "c,nan,"))
    assert not found.is_close
    (found,) = pair(write_text, "t.csv", old, old.replace("1.5", "1.5000000000000002"))
    assert found.is_close


def test_a_table_with_other_rows_or_columns(pair):
    rows = pair(write_text, "t.csv", "a,b\n1,2\n", "a,b\n1,2\n3,4\n")
    assert [(each.place, each.old, each.new) for each in rows] == [
        ("a", "1 values", "2 values"),
        ("b", "1 values", "2 values"),
    ]
    columns = pair(write_text, "t.csv", "a,b\n1,2\n", "a,c\n1,2\n")
    assert [each.place for each in columns] == ["b", "c"]


def test_a_parquet_table(pair):
    table = pd.DataFrame({
        "n": [1, 2, 3],
        "x": [0.5, math.nan, 1.0],
        "arm": pd.Categorical(["a", "b", "a"]),
        "ok": [True, False, True],
    })  # fmt: skip

    def write(path, content):
        content.to_parquet(path)

    assert pair(write, "t.parquet", table, table.assign(n=table["n"])) == []
    (found,) = pair(write, "t.parquet", table, table.assign(x=[0.5, math.nan, 1.5]))
    assert (found.place, found.old, found.new) == ("x[2]", 1.0, 1.5)
    (found,) = pair(write, "t.parquet", table, table.assign(x=[0.5, 0.0, 1.0]))
    assert found.place == "x[1]"
    (found,) = pair(write, "t.parquet", table, table.assign(arm=["a", "a", "a"]))
    assert (found.place, found.old, found.new) == ("arm[1]", "b", "a")
    (found,) = pair(write, "t.parquet", table, table.assign(ok=[True, True, True]))
    assert found.place == "ok[1]"
    (found,) = pair(write, "t.parquet", table, table.assign(n=[1, 2, 4]))
    assert not found.is_close


def test_what_lies_within_the_columns_of_a_parquet_table(pair):
    from pyarrow import Table, float64, list_, map_, parquet, schema, string, struct

    kinds = schema({"by": map_(string(), struct({"x": list_(float64())})), "r": struct({"n": float64()})})

    def write(path, rows):
        parquet.write_table(Table.from_pylist(rows, schema=kinds), path)

    def rows(x: float, n: float | None, name: str = "b"):
        by = {"a": {"x": [0.5, 1.0]}, name: {"x": [x]}}
        return [{"by": by, "r": {"n": 1.0}}, {"by": {}, "r": None if n is None else {"n": n}}]

    assert pair(write, "t.parquet", rows(2.0, None), rows(2.0, None)) == []
    (found,) = pair(write, "t.parquet", rows(2.0, 1.0), rows(2.0 + 1e-12, 1.0))
    assert (found.place, found.is_close) == ("by.value.x[2]", True)
    (found,) = pair(write, "t.parquet", rows(2.0, 1.0), rows(3.0, 1.0))
    assert (found.place, found.old, found.new) == ("by.value.x[2]", 2.0, 3.0)
    (found,) = pair(write, "t.parquet", rows(2.0, 1.0), rows(2.0, 1.0, "c"))
    assert (found.place, found.old, found.new) == ("by.key[1]", "b", "c")
    (found,) = pair(write, "t.parquet", rows(2.0, 1.0), rows(2.0, None))
    assert (found.place, found.new) == ("r.n[1]", None)


def test_arrays(pair):
    def write(path, content):
        np.savez_compressed(path, **content)

    old = {"p": np.array([[0.1, 0.2], [0.3, 0.4]]), "words": np.array(["ok", "bad"])}
    new = {"p": np.array([[0.1, 0.2], [0.3 + 1e-12, 0.5]]), "words": np.array(["ok", "bad"])}
    (found,) = pair(write, "a.npz", old, new)
    assert found == Difference("p[1,1]", 0.4, 0.5, pytest.approx(0.2), 2)
    (found,) = pair(write, "a.npz", old, old | {"words": np.array(["ok", "so"])})
    assert (found.place, found.old, found.new) == ("words[1]", "bad", "so")
    (found,) = pair(write, "a.npz", old, old | {"p": np.zeros((2, 3))})
    assert not found.is_close


def test_a_transport_file(pair):
    pyreadstat = pytest.importorskip("pyreadstat", reason="SAS transport files need the extra xpt")

    def write(path, content):
        pyreadstat.write_xport(pd.DataFrame(content), path, table_name="T", file_format_version=5)

    (found,) = pair(write, "t.xpt", {"X": [1.0, 2.0]}, {"X": [1.0, 3.0]})
    assert (found.place, found.old, found.new) == ("X[1]", 2.0, 3.0)


def test_lines_of_a_design(pair):
    (found,) = pair(write_text, "d.yaml", "a: 1\nb: 2\n", "a: 1\nb: 3\n")
    assert (found.place, found.old, found.new) == ("line 2", "b: 2", "b: 3")


def test_a_page_is_not_compared(tmp_path):
    assert not can_compare(tmp_path / "report.html")
    for ending in ("json", "csv", "npz", "parquet", "xpt", "yaml"):
        assert can_compare(tmp_path / f"x.{ending}"), ending

"""Frozen numbers are found again or missed: comparing, renaming, freezing, and flattening of files."""

import sys
from math import nextafter

import pandas as pd
import pytest

from baseline.compare import (
    differences,
    idle_rules,
    in_one_line,
    read_rules,
    read_table,
    rename,
    same,
    write_rules,
    write_table,
)
from baseline.flatten import as_text, flatten, read_file
from baseline.freeze import freeze
from baseline.inside import first_numbers, recorded_purposes
from baseline.run import call

CHANGELOG = """# Changelog

## [Unreleased]

### Numbers changed

- An older change.

## [0.1.0]

### Numbers changed

- The first release.
"""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("1", "1.0", True),
        ("123456", "123456.0001", True),
        ("123456", "123456.0002", False),
        ("-2", "2", False),
        ("0", "9e-13", True),
        ("0", "2e-12", False),
        ("1e-11", "1.2e-11", False),
        ("high", "high", True),
        ("high", "High", False),
        ("true", "1", False),
        ("nan", "0", False),
    ],
)
def test_numbers_agree_to_nine_digits_or_a_tiny_floor_and_texts_exactly(old, new, expected):
    assert same(old, new) is expected
    assert same(new, old) is expected


def test_a_difference_is_one_line_with_old_new_and_the_count_of_others():
    frozen = {"a.x": "2", "a.y": "3", "a.z": "word", "old": "1"}
    current = {"a.x": "2", "a.y": "3.3", "a.z": "other", "new": "1"}
    line = in_one_line("forecast", differences(frozen, current))
    assert (
        line
        == 'forecast: a.y was 3 and is 3.3 (+10 %), and 3 more. If that is meant: make baseline REASON="why"'
    )


@pytest.mark.parametrize(
    ("frozen", "current", "words"),
    [
        ({"a": "1"}, {}, "a is gone (it was 1)"),
        ({}, {"a": "1"}, "a is new (1)"),
        ({"a": "x"}, {"a": "1"}, "a was x and is 1"),
    ],
)
def test_a_name_on_one_side_or_another_kind_of_value_differs(frozen, current, words):
    assert [str(found) for found in differences(frozen, current)] == [words]


def test_renaming_is_exact_or_by_pattern_and_one_rule_follows_another():
    rules = [
        ("a.success", "a.chance"),
        ("*/forecast.json.*", "*/result.json.*"),
        ("*.by_prior.*.high", "*.by_belief.*.upper"),
    ]
    old = {"a.success": "1", "d/forecast.json.by_prior.x.y.high": "2", "other": "3"}
    assert rename(old, rules) == {"a.chance": "1", "d/result.json.by_belief.x.y.upper": "2", "other": "3"}
    assert idle_rules(list(old), rules) == []
    assert idle_rules(list(old), [*rules, ("a.success", "b")]) == ["a.success"]


def test_a_renamed_number_must_stay_the_same():
    frozen = rename({"a.success": "0.5"}, [("a.success", "a.chance")])
    assert not differences(frozen, {"a.chance": "0.5"})
    assert differences(frozen, {"a.chance": "0.6"})
    assert differences(frozen, {"a.success": "0.5"})


def test_two_rows_must_not_get_one_name():
    with pytest.raises(AssertionError, match="two rows the name 'c'"):
        rename({"a": "1", "b": "2"}, [("a", "c"), ("b", "c")])


@pytest.fixture
def folder(tmp_path):
    """Return a folder with two frozen tables, a rule of renaming and a changelog."""
    write_table("forecast", {"a": "0.5", "b": "2", "success": "3"}, tmp_path)
    write_table("doses", {"success": "7"}, tmp_path)
    write_rules([("success", "chance")], tmp_path / "renamed.csv")
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG, encoding="utf-8")
    return tmp_path


def frozen_again(folder, current, reason="Doses are halved."):
    return freeze(reason, ["forecast"], lambda _: current, folder / "CHANGELOG.md", folder)


@pytest.mark.parametrize("reason", ["", "  "])
def test_nothing_is_frozen_without_a_reason(folder, reason):
    with pytest.raises(SystemExit, match="no reason is given"):
        frozen_again(folder, {"a": "9"}, reason)
    assert read_table("forecast", folder)["a"] == "0.5"


def test_freezing_says_how_many_numbers_changed_and_which_most(folder):
    printed = frozen_again(folder, {"a": "0.6", "b": "2.02", "chance": "3", "fresh": "1"})
    assert printed[0] == "forecast: 4 rows, 2 changed, 0 gone, 1 new"
    changelog = (folder / "CHANGELOG.md").read_text(encoding="utf-8")
    line = "- Doses are halved (2 frozen numbers of forecast; most: a was 0.5 and is 0.6 (+20 %))."
    assert changelog == CHANGELOG.replace("- An older change.\n", f"- An older change.\n{line}\n")


def test_freezing_applies_the_renaming_to_every_table_and_ends_it(folder):
    frozen_again(folder, {"a": "0.5", "b": "2", "chance": "3"})
    assert read_table("forecast", folder) == {"a": "0.5", "b": "2", "chance": "3"}
    assert read_table("doses", folder) == {"chance": "7"}
    assert read_rules(folder / "renamed.csv") == []
    assert (folder / "CHANGELOG.md").read_text(encoding="utf-8") == CHANGELOG


def test_a_number_that_is_the_same_keeps_its_digits(folder):
    frozen_again(folder, {"a": as_text(nextafter(0.5, 1.0)), "b": "2.00000000001", "chance": "3"})
    assert read_table("forecast", folder)["b"] == "2"


def test_a_changelog_without_the_heading_gets_it(folder):
    path = folder / "CHANGELOG.md"
    path.write_text(
        "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A thing.\n\n## [0.1.0]\n", encoding="utf-8"
    )
    frozen_again(folder, {"a": "0.5", "b": "2"})
    added = "- A thing.\n\n### Numbers changed\n\n- Doses are halved (1 frozen numbers of forecast).\n\n## [0.1.0]\n"
    assert path.read_text(encoding="utf-8").endswith(added)


def test_plain_values_become_rows_by_path_without_what_belongs_to_the_run():
    value = {"date": "2026-01-01", "seconds": 3.2, "evidence_hash": "ab", "seed": 5, "is_met": False, "none": None,
             "note": "a sentence has more words than a name", "by_prior": {"x": {"low": 0.1}},
             "arms": [{"name": "placebo", "n": 4}, {"name": "active", "n": 6}], "pairs": [[1, 2], [3, 4]],
             "regimens": ["one", "two"]}  # fmt: skip
    assert dict(flatten(value, "r")) == {
        "r.seed": 5, "r.is_met": False, "r.by_prior.x.low": 0.1, "r.arms[placebo].n": 4, "r.arms[active].n": 6,
        "r.pairs[0][0]": 1, "r.pairs[0][1]": 2, "r.pairs[1][0]": 3, "r.pairs[1][1]": 4, "r.regimens": "one; two",
    }  # fmt: skip


def test_a_long_series_is_a_mean_and_a_mean_by_place():
    assert dict(flatten([1.0, 2.0, 3.0, 4.0, None], "r")) == {
        "r.known": 4,
        "r.mean": 2.5,
        "r.mean by place": 3.0,
    }
    assert dict(flatten([4.0, 2.0, 3.0, 1.0, None], "r"))["r.mean by place"] != 3.0
    assert dict(flatten([2] * 9, "r")) == {"r.mean": 2}


def test_many_records_are_summed_up_by_column_and_numbers_kept_under_their_key():
    records = [{"name": f"n{i}", "x": i, "kind": "even" if i % 2 == 0 else "odd"} for i in range(20)]
    rows = dict(flatten(records, "r"))
    assert rows["r[n7].x"] == 7
    assert rows["r.kind.texts"] == "even: 10, odd: 10"
    assert dict(flatten([{"x": i} for i in range(20)], "r")) == {
        "r.x.mean": 9.5,
        "r.x.mean by place": 2660 / 210 - 0.0,
    }


def test_tables_and_markup_become_rows(tmp_path):
    pd.DataFrame({"id": ["a", "b"], "x": [1.5, None]}).to_csv(tmp_path / "t.csv", index=False)
    assert dict(read_file(tmp_path / "t.csv", "t", {})) == {"t[a].id": "a", "t[a].x": 1.5, "t[b].id": "b"}
    (tmp_path / "m.xml").write_text(
        '<m><s id="A" size="2" constant="true"/><r id="go"><math><apply><times/><ci> k </ci>'
        '<cn type="e-notation">1<sep/>-3</cn></apply></math></r></m>',
        encoding="utf-8",
    )
    assert dict(read_file(tmp_path / "m.xml", "m", {})) == {
        "m/s[A]@size": 2.0, "m/s[A]": "constant=true", "m/r[go]/math": "(times k 1e-3)",
    }  # fmt: skip


def test_a_command_that_fails_says_what_it_printed(tmp_path):
    before = sys.argv
    with pytest.raises(AssertionError, match="'ifntrial simulate 3 apples' failed"):
        call(["simulate", "3 apples"], tmp_path)
    assert sys.argv is before


def test_the_purposes_of_random_numbers_are_collected_and_then_left_alone():
    with recorded_purposes() as purposes:
        inside = first_numbers("a purpose of this test", 3)
    first_numbers("another", 1)
    assert purposes == {"a purpose of this test"}
    assert first_numbers("a purpose of this test", 5)[:3] == inside

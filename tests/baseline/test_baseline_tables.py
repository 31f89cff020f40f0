"""No frozen number changed. They are no oracle: a change that is meant is frozen with ``make baseline``."""

import pytest

from baseline.compare import FROZEN, differences, idle_rules, in_one_line, read_rules, read_table, rename
from baseline.tables import TABLES, make_table


@pytest.mark.parametrize("table", TABLES)
def test_no_frozen_number_changed(table):
    found = differences(rename(read_table(table), read_rules()), make_table(table))
    if found:
        pytest.fail(in_one_line(table, found), pytrace=False)


def test_every_frozen_table_is_compared():
    assert {path.stem for path in FROZEN.glob("*.csv")} == {*TABLES, "renamed"}


def test_every_rule_of_renaming_fits_a_frozen_name():
    names = [name for table in TABLES for name in read_table(table)]
    assert not idle_rules(names, read_rules())

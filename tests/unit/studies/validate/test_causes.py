"""Misses by their cause: each cause once, each row under one, and the page that lists them."""

import re
from pathlib import Path

from ifntrial.evidence.rows import Selected
from ifntrial.report.validate.documents import BEGINNING
from ifntrial.studies.validate.causes import CAUSES, UNKNOWN, cause_of, clusters
from shipped import CATALOG

PAGE = Path(__file__).parents[4] / "docs" / "known_misses.md"
ROWS = {row.id: row for row in Selected(uses=("fit", "test")).read(CATALOG.evidence)}


def test_rows_of_one_cause_stand_together_the_largest_first():
    found = clusters(
        ROWS[id]
        for id in (
            "desires.placebo.mrss_change.w24",
            "press.all.ara_positive.w0",
            "eustar_919.all.ata_positive.w0",
            "press.ild.ata_positive.w0",
        )
    )
    assert [(each.cause, len(each.observations), each.of_trials) for each in found] == [
        ("antibodies_by_country", 3, ("PRESS", "EUSTAR 919")),
        ("luck_of_a_trial", 1, ("DESIRES",)),
    ]


def test_every_cause_has_a_name_of_its_own_and_explains_some_row():
    assert len({cause.name for cause in CAUSES}) == len(CAUSES)
    found = {cause_of(row).name for row in ROWS.values()}
    assert {cause.name for cause in CAUSES} - {UNKNOWN.name} <= found


def test_every_pattern_fits_some_row():
    for cause in CAUSES:
        for pattern in cause.patterns:
            assert any(re.fullmatch(pattern, id) for id in ROWS), pattern


def test_the_page_lists_every_miss_under_its_shared_cause():
    """Whichever run wrote it: every row exists, stands once, and under the words of its own cause."""
    written = PAGE.read_text(encoding="utf-8").partition(BEGINNING)[2]
    parts = re.split(r"^### ", written, flags=re.MULTILINE)[1:]
    assert parts, "make misses writes them"
    seen: list[str] = []
    for part in parts:
        title, _, body = part.partition("\n")
        name, _, number = title.rpartition(": ")
        ids = re.findall(r"^([\w.]+) \((?:fit|test);", body, flags=re.MULTILINE)
        cause = next(each for each in CAUSES if each.name.replace("_", " ").capitalize() == name)
        assert cause is not UNKNOWN
        assert cause.words in body
        assert len(ids) == int(number)
        assert {cause_of(ROWS[id]).name for id in ids} == {cause.name}
        seen += ids
    assert len(seen) == len(set(seen))
    assert f"All {len(seen)} misses" in written

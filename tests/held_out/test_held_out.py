"""Results kept for tests and the discrepancies that are allowed stay as they were locked; looks at them are counted."""

from dataclasses import replace

import pytest

from held_out import record
from ifntrial.evidence.load import load_evidence

EVIDENCE = load_evidence()
TESTED = "anifrolumab_population_pharmacokinetics.single_300_mg_iv.time_to_lloq"


def changed(table, name, **values):
    rows = getattr(EVIDENCE, table)
    key = "id" if table == "observations" else "name"
    return replace(
        EVIDENCE,
        **{table: tuple(replace(row, **values) if getattr(row, key) == name else row for row in rows)},
    )


def test_what_is_held_out_is_as_it_was_locked():
    problems = record.broken(record.read_lock(), record.held_out(EVIDENCE))
    assert not problems, f'{problems[:5]} ... If that is meant: make held-out REASON="why"'


def test_there_is_much_to_hold_out():
    locked = record.read_lock()
    assert sum(name.startswith("discrepancy.") for name in locked) >= 5
    assert sum(not name.startswith("discrepancy.") for name in locked) >= 100


@pytest.mark.parametrize(
    ("table", "name", "values", "said"),
    [
        (
            "observations",
            TESTED,
            {"value": 50.0},
            f"'{TESTED}' was changed",
        ),
        (
            "observations",
            TESTED,
            {"sd": 1.0},
            f"'{TESTED}' was changed",
        ),
        (
            "observations",
            TESTED,
            {"use": "fit"},
            f"'{TESTED}' was held out and is no longer",
        ),
        ("parameters", "discrepancy.suppression", {"value": 4.0}, "'discrepancy.suppression' was changed"),
    ],
)
def test_a_change_is_named(table, name, values, said):
    assert record.broken(record.held_out(EVIDENCE), record.held_out(changed(table, name, **values))) == [said]


def test_the_words_of_a_note_are_free():
    other = changed("parameters", "discrepancy.suppression", note="other words")
    assert record.held_out(other) == record.held_out(EVIDENCE)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name in ("LOCK", "CHANGES", "LOOKS"):
        monkeypatch.setattr(record, name, tmp_path / f"{name.lower()}.csv")
    return tmp_path


def test_a_new_lock_needs_a_reason_and_keeps_it(folder):
    with pytest.raises(SystemExit, match="no reason"):
        record.write_lock(EVIDENCE, " ", "2026-01-02")
    assert len(record.write_lock(EVIDENCE, "the first", "2026-01-02")) == len(record.held_out(EVIDENCE))
    assert record.write_lock(EVIDENCE, "", "2026-01-03") == []
    record.write_lock(
        changed(
            "observations",
            TESTED,
            value=50.0,
        ),
        "a typo",
        "2026-01-04",
    )
    assert (folder / "changes.csv").read_text().splitlines()[2] == "2026-01-04,1,a typo"


def test_a_look_is_counted_when_a_simulated_result_kept_for_tests_changed(folder):
    of_test = f"validate/validation.json.comparisons[{TESTED}].simulated"
    of_fit = "validate/validation.json.comparisons[medi_546_phase_1.all.diffuse_cutaneous.w0].simulated"
    published = f"validate/validation.json.comparisons[{TESTED}].published"
    assert record.count_look([of_fit, published], EVIDENCE, "2026-01-02", "nothing seen") == 0
    assert not (folder / "looks.csv").exists()
    assert record.count_look([of_test, of_fit], EVIDENCE, "2026-01-03", "another course") == 1
    assert (folder / "looks.csv").read_text().splitlines() == [
        "day,results,reason",
        "2026-01-03,1,another course",
    ]

"""Progress: the time left is a judgement from what was done, or is not given."""

import numpy as np
import pytest

from ifntrial.api import progress
from ifntrial.course.exposure import follow_regimen
from ifntrial.dosing.regimen import parse_regimen
from shipped import pool_of


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 100.0

    monkeypatch.setattr(progress.time, "monotonic", lambda: Clock.now)
    return Clock


def pretend_terminal(monkeypatch):
    monkeypatch.setattr(progress.sys.stderr, "isatty", lambda: True)


def lines(capsys):
    return [line.rstrip() for line in capsys.readouterr().err.replace("\r", "\n").split("\n") if line.strip()]


def test_the_first_world_does_not_count_for_the_rate():
    pace = progress.Pace()
    # ten seconds of start and compiling, then half a second for each world
    assert pace.seconds_left(0, 20, 0.0) is None
    assert pace.seconds_left(1, 20, 10.0) is None
    assert pace.seconds_left(2, 20, 10.5) == pytest.approx(9.0)
    assert pace.seconds_left(11, 20, 15.0) == pytest.approx(4.5)


def test_no_time_left_before_a_twentieth_is_done():
    pace = progress.Pace()
    found = [pace.seconds_left(done, 100, float(done)) for done in range(7)]
    assert found == [None] * 5 + [95.0, 94.0]


def test_worlds_of_an_earlier_run_do_not_count():
    pace = progress.Pace()
    assert pace.seconds_left(60, 100, 0.0) is None
    assert pace.seconds_left(61, 100, 30.0) is None
    assert pace.seconds_left(62, 100, 32.0) == pytest.approx(76.0)


def test_a_look_without_anything_new_is_no_division_by_zero():
    pace = progress.Pace()
    assert [pace.seconds_left(done, 4, 1.0) for done in (0, 1, 1)] == [None] * 3


def test_a_terminal_is_told_of_each_world_and_of_the_time_left(clock, monkeypatch, capsys):
    pretend_terminal(monkeypatch)
    report = progress.progress_reporter("worlds")
    for done, now in enumerate((100.0, 130.0, 131.0, 132.0, 133.0)):
        clock.now = now
        report(done, 4)
    report(4, 4)  # the end is told once
    assert lines(capsys) == [
        "worlds: 0 of 4 (0 %)",
        "worlds: 1 of 4 (25 %)",
        "worlds: 2 of 4 (50 %), about 2 s left",
        "worlds: 3 of 4 (75 %), about 1 s left",
        "worlds: 4 of 4 (100 %), done in 33 s",
    ]


def test_a_log_is_told_now_and_then(clock, capsys):
    report = progress.progress_reporter("worlds")
    for done in range(101):
        clock.now = 100.0 + 0.25 * done
        report(done, 100)
    assert lines(capsys) == [
        "worlds: 40 of 100 (40 %), about 15 s left",
        "worlds: 80 of 100 (80 %), about 5 s left",
        "worlds: 100 of 100 (100 %), done in 25 s",
    ]


def test_short_work_is_told_to_a_terminal_only_when_it_is_long(clock, monkeypatch, capsys):
    pretend_terminal(monkeypatch)
    quick = progress.terminal_reporter("subjects")
    for done in range(5):
        clock.now += 0.4
        quick(done, 4)
    assert not lines(capsys)
    slow = progress.terminal_reporter("subjects")
    for done in range(5):
        clock.now += 1.5
        slow(done, 4)
    assert lines(capsys) == [
        "subjects: 1 of 4 (25 %)",
        "subjects: 2 of 4 (50 %)",
        "subjects: 3 of 4 (75 %), about 2 s left",
        "subjects: 4 of 4 (100 %), done in 8 s",
    ]


def test_short_work_is_never_told_to_a_log(clock, capsys):
    report = progress.terminal_reporter("subjects")
    for done in range(5):
        clock.now += 60.0
        report(done, 4)
    assert not lines(capsys)


def test_a_simulation_reports_its_subjects(model, evidence):
    reported = []
    follow_regimen(
        pool_of(model, evidence),
        parse_regimen("300 mg IV every 4 weeks"),
        np.array([0.0, 7.0]),
        subjects=6,
        seed=1,
        progress=lambda done, total: reported.append((done, total)),
    )
    assert reported[-1] == (6, 6)
    assert {total for _, total in reported} == {6}

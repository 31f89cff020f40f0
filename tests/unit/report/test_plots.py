"""Figures: what is drawn where, on which scale, and that labels do not sit on each other."""

import re
from types import SimpleNamespace

import pytest

from ifntrial.report.page import interval_svg
from ifntrial.report.plots.believe import plot_believe
from ifntrial.report.plots.courses import course, course_table, plot_courses
from ifntrial.report.plots.frame import Panel, padded, week_axis
from ifntrial.report.plots.intervals import Row, band_row, plot_rows
from ifntrial.report.plots.shares import plot_shares
from ifntrial.studies.forecast.answers import Believe
from ifntrial.worlds.quantiles import Band, BandOverTime

WEEKS = [0.0, 4.0, 12.0, 52.0]
HIGH = BandOverTime((0.0, 0.4, 0.5, 0.6), (0.0, 0.6, 0.7, 0.8), (0.0, 0.8, 0.9, 1.0))
LOW = BandOverTime((0.0, 0.0, 0.0, 0.0), (0.0, 0.1, 0.1, 0.2), (0.0, 0.2, 0.3, 0.4))


def named(figure):
    return {trace.name: trace for trace in figure.data if trace.name}


def test_courses_are_scaled_and_carry_their_band():
    figure = plot_courses(WEEKS, [course("Active", "#005f9e", HIGH, 100)], "Suppression [%]")
    line = named(figure)["Active"]
    assert list(line.y) == pytest.approx([0, 60, 70, 80])
    assert [list(pair) for pair in line.customdata][-1] == pytest.approx([60, 100])
    upper, lower = figure.data[0], figure.data[1]
    assert (upper.y[-1], lower.y[-1]) == pytest.approx((100, 60))
    assert lower.fill == "tonexty"


@pytest.mark.parametrize("swapped", [False, True])
def test_the_upper_lines_label_stands_above_and_the_lower_ones_below(swapped):
    lines = [course("Upper", "#005f9e", HIGH), course("Lower", "#6b6b6b", LOW)]
    figure = plot_courses(WEEKS, lines[::-1] if swapped else lines, "share")
    placed = {note.text: (note.y, note.yanchor) for note in figure.layout.annotations}
    assert placed == {"<b>Upper</b>": (0.8, "bottom"), "<b>Lower</b>": (0.2, "top")}


def test_missing_values_leave_gaps_and_never_zeros():
    gap = BandOverTime(*((None, float("nan"), *values[2:]) for values in (HIGH.q05, HIGH.q50, HIGH.q95)))
    figure = plot_courses(WEEKS, [course("Active", "#005f9e", gap)], "share")
    assert list(named(figure)["Active"].y[:2]) == [None, None]


def test_a_table_behind_a_course_ends_with_the_last_time():
    weeks = [float(week) for week in range(53)]
    values = BandOverTime(*(tuple(float(place) for place in range(53)) for _ in range(3)))
    table = course_table(weeks, [course("Active", "#005f9e", values)], "%")
    assert table.rows[-1] == ("52", "52.0 (52.0 to 52.0)")
    assert 5 <= len(table.rows) <= 9


@pytest.mark.parametrize("last", [1, 4, 12, 26, 52, 104, 260])
def test_week_axes_have_a_readable_number_of_ticks(last):
    settings = week_axis(last)
    assert 1 <= last / settings["dtick"] <= 7


def test_rows_stand_from_top_to_bottom_and_the_range_holds_everything():
    rows = [
        band_row("first", "#005f9e", Band(-0.2, -0.1, 0.0, 0.1, 0.2), mean=0.05),
        band_row("second", "#6b6b6b", Band(-0.2, -0.1, 0.0, 0.1, 0.9)),
    ]
    figure = plot_rows(rows, "difference", scale=100, line_at=0)
    places = {note.text: note.y for note in figure.layout.annotations}
    assert places["<b>first</b>"] > places["<b>second</b>"]
    low, high = figure.layout.xaxis.range
    assert low < -20 < 90 < high
    assert [5.0] in [list(trace.x) for trace in figure.data if trace.marker.symbol == "diamond"]


def test_rows_without_numbers_draw_nothing_but_their_name():
    figure = plot_rows([band_row("unknown", "#005f9e", None)], "share")
    assert len(figure.data) == 0
    assert figure.layout.annotations[0].text == "<b>unknown</b>"


def test_shares_keep_their_order_and_say_their_value():
    figure = plot_shares(["much", "little"], [0.8, 0.02], "share [%]")
    assert list(figure.data[0].text) == ["80\u202f%", "2.0\u202f%"]
    assert figure.data[0].y[0] > figure.data[0].y[1]


def test_power_and_priors_share_the_axis_of_the_effect():
    believe = Believe((0.0, 0.5, 1.0), (0.3, 0.4), ((0.02, 0.03), (0.5, 0.6), (0.9, 0.95)), (157, 157))
    here = SimpleNamespace(quantiles=Band(-0.1, 0.1, 0.2, 0.4, 0.7))
    priors = {"mixture": SimpleNamespace(label="Mixture", effect_in_this_trial=here)}
    figure = plot_believe(believe, priors)
    heat = figure.data[0]
    assert [list(row) for row in heat.z] == [[2, 3], [50, 60], [90, 95]]
    assert list(figure.layout.yaxis.range) == [-0.25, 1.25]
    strip = [trace for trace in figure.data if trace.xaxis == "x2"]
    assert {trace.yaxis for trace in strip} <= {None, "y"}
    assert [0.2] in [list(trace.y) for trace in strip]


def test_small_drawings_place_values_on_their_scale():
    svg = interval_svg([(Band(0.0, 2.5, 5.0, 7.5, 10.0), "#005f9e")], 0.0, 10.0, 5.0, 'from "0" to 10')
    ends = re.search(r'<line x1="([\d.]+)" x2="([\d.]+)"[^>]*stroke=', svg)
    middle = re.search(r'<circle cx="([\d.]+)"', svg)
    assert float(middle.group(1)) == pytest.approx((float(ends.group(1)) + float(ends.group(2))) / 2)
    assert 'class="zero"' in svg
    assert "from &#34;0&#34; to 10" in svg


def test_figures_cannot_end_their_script_element():
    figure = plot_rows([Row("</script><b>", "#005f9e", middle=1.0)], "x")
    assert "<" not in Panel("name", "title", "caption", figure).to_json()


def test_padding_never_collapses():
    assert padded([0.0]) == [-1.0, 1.0]
    low, high = padded([5.0, 5.0])
    assert low < 5.0 < high

"""Figures: what is drawn where, on which scale, and that labels do not sit on each other."""

import math
import re
import subprocess
import sys
from types import SimpleNamespace
from xml.etree import ElementTree as Xml

import numpy as np
import pytest

from drawn import SVG, seen_in, words_in
from ifntrial.report.page import Page, alone, files_of, interval_svg
from ifntrial.report.plots.believe import plot_believe
from ifntrial.report.plots.courses import course, course_table, plot_courses
from ifntrial.report.plots.frame import Table, padded, week_ticks
from ifntrial.report.plots.intervals import Row, band_row, label_lines, plot_rows
from ifntrial.report.plots.marks import Area, Cells, Dots, Note, Stroke
from ifntrial.report.plots.panel import Panel
from ifntrial.report.plots.shapes import thinned
from ifntrial.report.plots.shares import plot_shares
from ifntrial.studies.forecast.answers import Believe
from ifntrial.worlds.quantiles import Band, BandOverTime

WEEKS = [0.0, 4.0, 12.0, 52.0]
HIGH = BandOverTime((0.0, 0.4, 0.5, 0.6), (0.0, 0.6, 0.7, 0.8), (0.0, 0.8, 0.9, 1.0))
LOW = BandOverTime((0.0, 0.0, 0.0, 0.0), (0.0, 0.1, 0.1, 0.2), (0.0, 0.2, 0.3, 0.4))


def marks(drawing, kind, **wanted):
    """Return the marks of one kind whose fields are as wanted."""
    found = [mark for mark in drawing.marks if isinstance(mark, kind)]
    return [mark for mark in found if all(getattr(mark, key) == value for key, value in wanted.items())]


def drawn(drawing, title="title", caption="caption", columns=1):
    return Panel("name", title, caption, drawing, columns).svg


def points_of(path: str) -> list[tuple[float, float]]:
    """Return the places of a path of straight lines, each step followed by itself."""
    found, x, y = [], 0.0, 0.0
    for code, numbers in re.findall(r"([Mlhv])([^Mlhvz]*)", path):
        values = [float(text) for text in numbers.split()]
        if code in "hv":
            x, y = (x + values[0], y) if code == "h" else (x, y + values[0])
            found.append((x, y))
            continue
        for across, up in zip(values[::2], values[1::2], strict=True):
            x, y = (across, up) if code == "M" else (x + across, y + up)
            found.append((x, y))
    return found


def test_courses_are_scaled_and_carry_their_band():
    figure = plot_courses(WEEKS, [course("Active", "#005f9e", HIGH, 100)], "Suppression [%]")
    (line,) = marks(figure, Stroke, label="Active")
    assert list(line.y) == pytest.approx([0, 60, 70, 80])
    (band,) = marks(figure, Area, label="Active")
    assert (band.high[-1], band.low[-1]) == pytest.approx((100, 60))
    line, band = (
        next(each for each in seen_in(drawn(figure)) if each.role == role) for role in ("median", "5 to 95 %")
    )
    assert line.numbers == {"x": WEEKS, "y": pytest.approx([0, 60, 70, 80])}
    assert band.numbers["low"] == pytest.approx([0, 40, 50, 60])


def test_a_course_is_drawn_where_its_axes_say():
    """Ticks and line are compared as drawn: visits from week 0 to 52, and 0 to 80 on an axis from 0 to 100."""
    lines = [course("Active", "#005f9e", HIGH, 100)]
    svg = drawn(plot_courses(WEEKS, lines, "Suppression [%]", y_range=(0, 100), markers=True))
    texts = [each for each in Xml.fromstring(svg).iter(f"{SVG}text") if each.text]
    weeks = {each.text: float(each.get("x")) for each in texts if each.get("text-anchor") == "middle"}
    shares = {float(each.text): float(each.get("y")) for each in texts if each.get("text-anchor") == "end"}
    path = points_of(next(each for each in seen_in(svg) if each.role == "median").attributes["d"])
    assert [x for x, _ in path] == pytest.approx([weeks[week] for week in ("0", "4", "12", "52")], abs=0.2)
    per_unit = (shares[100] - shares[0]) / 100
    assert [y - path[0][1] for _, y in path] == pytest.approx(
        [share * per_unit for share in (0, 60, 70, 80)], abs=0.3
    )


def test_every_course_is_named_above_the_data_and_not_over_it():
    lines = [course("Upper", "#005f9e", HIGH), course("Lower", "#6b6b6b", LOW)]
    svg = drawn(plot_courses(WEEKS, lines, "share"))
    texts = {
        "".join(each.itertext()): float(each.get("y")) for each in Xml.fromstring(svg).iter(f"{SVG}text")
    }
    top = min(y for each in seen_in(svg) for _, y in points_of(each.attributes["d"]))
    assert texts["share"] < texts["Upper"] == texts["Lower"] < top


def test_missing_values_leave_gaps_and_never_zeros():
    gap = BandOverTime(*((values[0], None, *values[2:]) for values in (HIGH.q05, HIGH.q50, HIGH.q95)))
    figure = plot_courses(WEEKS, [course("Active", "#005f9e", gap)], "share")
    (line,) = marks(figure, Stroke, label="Active")
    assert list(line.y[:2]) == [0.0, None]
    shown = next(each for each in seen_in(drawn(figure)) if each.role == "median")
    assert math.isnan(shown.numbers["y"][1])
    assert shown.attributes["d"].count("M") == 2


def test_a_table_behind_a_course_ends_with_the_last_time():
    weeks = [float(week) for week in range(53)]
    values = BandOverTime(*(tuple(float(place) for place in range(53)) for _ in range(3)))
    table = course_table(weeks, [course("Active", "#005f9e", values)], "%")
    assert table.rows[-1] == ("52", "52.0 (52.0 to 52.0)")
    assert 5 <= len(table.rows) <= 9


@pytest.mark.parametrize("last", [1, 4, 12, 24, 26, 52, 104, 260, 1000])
def test_week_axes_have_a_readable_number_of_ticks(last):
    ticks = week_ticks(last)
    assert 2 <= len(ticks) <= 9
    assert ticks[0] == 0
    assert ticks[-1] <= last


def test_a_year_ends_with_its_last_week_and_visits_are_ticks():
    assert week_ticks(52) == (0, 13, 26, 39, 52)
    assert week_ticks(52, [0, 4, 12, 24, 36, 52]) == (0, 4, 12, 24, 36, 52)
    assert week_ticks(52, [0, 1, 2, 4, 52]) == (0, 4, 52)


def test_rows_stand_from_top_to_bottom_and_the_range_holds_everything():
    rows = [
        band_row("first", "#005f9e", Band(-0.2, -0.1, 0.0, 0.1, 0.2), mean=0.05),
        band_row("second", "#6b6b6b", Band(-0.2, -0.1, 0.0, 0.1, 0.9)),
    ]
    figure = plot_rows(rows, "difference", scale=100, line_at=0)
    places = {note.lead: note.y for note in marks(figure, Note)}
    top, bottom = figure.y.limits[::-1]
    assert top < places["first"] < places["second"] < bottom
    low, high = figure.x.limits
    assert low < -20 < 90 < high
    assert [list(dot.x) for dot in marks(figure, Dots, symbol="diamond")] == [[5.0]]
    shown = {(each.label, each.role): each.numbers for each in seen_in(drawn(figure))}
    assert shown["second", "5 to 95 %"]["x"] + shown["second", "5 to 95 %"]["x-end"] == [-20, 90]
    assert shown["first", "25 to 75 %"]["x"] + shown["first", "25 to 75 %"]["x-end"] == [-10, 10]
    assert shown["first", "median"]["x"] == [0]


def test_rows_without_numbers_draw_nothing_but_their_name():
    figure = plot_rows([band_row("unknown", "#005f9e", None)], "share")
    assert [note.lead for note in figure.marks] == ["unknown"]
    assert seen_in(drawn(figure)) == []
    assert "unknown" in words_in(drawn(figure))


def test_a_long_name_and_its_note_are_broken_into_lines_that_fit():
    label, note = (
        "a name that is as long as names of published results can be: four",
        "5.0 (from 1.0 to 9.0) points",
    )
    lines = label_lines(label, note)
    assert " ".join(part for part, _ in lines if part) == label
    assert " ".join(part for _, part in lines if part) == note
    assert max(len(part) for line in lines for part in line) <= 52


def test_shares_keep_their_order_and_say_their_value():
    figure = plot_shares(["much", "little"], [0.8, 0.02], "share [%]")
    svg = drawn(figure)
    assert [words for words in words_in(svg) if "%" in words and "share" not in words] == [
        "80\u202f%",
        "2.0\u202f%",
    ]
    much, little = (points_of(each.attributes["d"]) for each in seen_in(svg))
    assert much[0][1] < little[0][1]
    assert (much[1][0] - much[0][0]) / (little[1][0] - little[0][0]) == pytest.approx(40, rel=0.02)


def test_power_and_priors_share_the_axis_of_the_effect():
    believe = Believe((0.0, 0.5, 1.0), (0.3, 0.4), ((0.02, 0.03), (0.5, 0.6), (0.9, 0.95)), (157, 157))
    here = SimpleNamespace(quantiles=Band(-0.1, 0.1, 0.2, 0.4, 0.7))
    priors = {"mixture": SimpleNamespace(label="Mixture", effect_in_this_trial=here)}
    figure = plot_believe(believe, priors)
    (power,) = marks(figure, Cells)
    assert [list(row) for row in power.values] == [[2, 3], [50, 60], [90, 95]]
    assert figure.y.limits == (-0.25, 1.25)
    svg = drawn(figure)
    shown = {(each.label, each.role): each for each in seen_in(svg)}
    assert shown["Mixture", "25 to 75 %"].numbers["y"] + shown["Mixture", "25 to 75 %"].numbers["y-end"] == [
        0.1,
        0.4,
    ]
    assert shown["Mixture", "median"].numbers["y"] == [0.2]
    # 80 % between 0.5 (50 and 60 %) and 1.0 (90 and 95 %), by hand
    assert shown["80 % power", "line"].numbers["y"] == pytest.approx([0.875, 0.785714], abs=1e-5)
    for number in ("2", "3", "50", "60", "90", "95"):
        assert number in words_in(svg)


def test_a_drawing_is_whole_static_and_the_same_every_time():
    figure = plot_rows([band_row("one", "#005f9e", Band(0, 1, 2, 3, 4), 2.0, "note")], "x", line_at=1)
    svg = drawn(figure)
    assert svg == drawn(figure)
    root = Xml.fromstring(svg)
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "name-title name-desc")
    assert [root.find(f"{SVG}{tag}").text for tag in ("title", "desc")] == ["title", "caption"]
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in {
            "svg",
            "title",
            "desc",
            "path",
            "text",
            "tspan",
            "clipPath",
            "rect",
        }
        assert not {"style", "href", "onclick"} & set(element.attrib)
        assert element.get("id", "name").startswith("name")
        assert all(
            link == "name-clip0" for link in re.findall(r"url\(#(.*?)\)", element.get("clip-path", ""))
        )


def test_a_dense_course_is_thinned_and_keeps_its_peaks():
    weeks = [place / 70 for place in range(3641)]
    level = [100 * math.exp(-(week % 4) / 2) for week in weeks]
    lines = [
        course(
            f"line {place}",
            "#005f9e",
            BandOverTime(*(tuple(share * each for each in level) for share in (0.5, 1, 1.5))),
        )
        for place in range(4)
    ]
    svg = drawn(plot_courses(weeks, lines, "serum"))
    assert len(svg.encode()) < 25_000
    path = points_of(next(each for each in seen_in(svg) if each.role == "median").attributes["d"])
    # each of 13 doses rises to the same height
    top = min(y for _, y in path)
    assert sum(y < top + 1 for _, y in path) >= 13


def test_thinning_leaves_no_point_farther_from_the_line_than_it_says():
    points = [(float(place), 30 * math.sin(place / 25)) for place in range(400)]
    kept = thinned(points)
    assert kept[0] == points[0]
    assert kept[-1] == points[-1]
    assert len(kept) < 100
    heights = np.interp([x for x, _ in points], [x for x, _ in kept], [y for _, y in kept])
    assert np.abs(heights - [y for _, y in points]).max() <= 0.4
    assert len(thinned([(float(n), float(n % 2)) for n in range(5000)], 50)) <= 50


def test_text_from_a_reader_stays_text():
    figure = plot_rows([Row("</svg><script>", "#005f9e", middle=1.0, note="a < b & c")], "$x$ <b>")
    svg = drawn(figure, title="<script>")
    assert "<script" not in svg
    assert "</svg><script>  a < b & c" in words_in(svg)
    assert "$x$ <b>" in words_in(svg)


def test_letters_that_cannot_be_measured_are_still_written():
    svg = drawn(plot_rows([Row("\u60a3\u8005 \u0001", "#005f9e", middle=1.0)], "x"))
    assert any(words.startswith("\u60a3\u8005") for words in words_in(svg))


def test_numbers_of_a_figure_are_those_of_its_table_or_of_what_is_drawn():
    figure = plot_rows([band_row("one", "#005f9e", Band(0, 1, 2, 3, 4))], "x")
    table = Table(("Name", "Median"), (("one, two", "2"),))
    assert Panel("name", "title", "", figure, table=table).csv == 'Name,Median\n"one, two",2\n'
    lines = Panel("name", "title", "", figure).csv.splitlines()
    assert lines[0] == "what,part,x,y,x_end,y_end"
    assert lines[1].startswith("one,5 to 95 %,0.0,")


def test_the_name_of_a_figure_can_be_a_link():
    assert Panel("own belief/1", "", "", plot_rows([], "x")).anchor == "own-belief-1"


def test_small_drawings_place_values_on_their_scale():
    svg = interval_svg([(Band(0.0, 2.5, 5.0, 7.5, 10.0), "#005f9e")], 0.0, 10.0, 5.0, 'from "0" to 10')
    ends = re.search(r'<line x1="([\d.]+)" x2="([\d.]+)"[^>]*stroke=', svg)
    middle = re.search(r'<circle cx="([\d.]+)"', svg)
    assert float(middle.group(1)) == pytest.approx((float(ends.group(1)) + float(ends.group(2))) / 2)
    assert 'class="zero"' in svg
    assert "from &#34;0&#34; to 10" in svg


def test_padding_never_collapses():
    assert padded([0.0]) == [-1.0, 1.0]
    low, high = padded([5.0, 5.0])
    assert low < 5.0 < high


def test_the_drawing_library_is_loaded_when_a_figure_is_drawn():
    code = "import sys, ifntrial.app.cli, ifntrial.report.page; print('matplotlib' in sys.modules)"
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert ended.stdout.split() == ["False"]


def test_a_page_alone_speaks_of_no_files_beside_it():
    text = '<p>a<span class="files"> · <a href="figures/a.svg">SVG</a></span></p>\n<p class="quiet files">b</p><p>c</p>'
    assert alone(Page(text, {"figures/a.svg": "x"})) == "<p>a</p><p>c</p>"
    assert files_of(Page(text, {"figures/a.svg": "x"})) == {"figures/a.svg": "x"}

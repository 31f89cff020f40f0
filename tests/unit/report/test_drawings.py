"""Small drawings in the tables of a forecast: which arm is which, in words, in colour and in place."""

import re

from ifntrial.report.forecast.page import _learnt_row, _variant_rows
from ifntrial.report.page import interval_svg
from ifntrial.studies.forecast.answers import RuleVariant
from ifntrial.worlds.posterior import GlobalPosterior
from ifntrial.worlds.quantiles import Band

BLUE, GREY = "#005f9e", "#6b6b6b"


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def medians(drawing: object) -> list[tuple[str, float, float]]:
    """Return colour, horizontal and vertical place of each median, from top to bottom."""
    circles = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"[^>]* stroke="(#\w+)"', str(drawing))
    return [(color, float(x), float(y)) for x, y, color in circles]


def words(drawing: object) -> str:
    return plain(re.search(r'aria-label="([^"]*)"', str(drawing))[1])


def test_versions_of_the_endpoint_name_the_arm_of_each_share():
    variants = [
        RuleVariant(
            name="a",
            label="rCRISS-20",
            is_default=True,
            response_active=Band(0.8, 0.85, 0.9, 0.95, 1.0),
            response_placebo=Band(0.0, 0.05, 0.1, 0.15, 0.2),
            assurance_estimate=0.5,
        ),
        RuleVariant(
            name="b",
            label="rCRISS-50",
            is_default=False,
            response_active=Band(0.1, 0.15, 0.2, 0.25, 0.3),
            response_placebo=Band(0.3, 0.35, 0.4, 0.45, 0.5),
            assurance_estimate=0.1,
        ),
    ]
    (one, first), (other, second) = _variant_rows(variants, "sham")
    assert (one.label, other.label) == ("rCRISS-20", "rCRISS-50")
    assert words(first) == "active 90 % (80 to 100 %); sham 10 % (0 to 20 %)"
    assert words(second) == "active 20 % (10 to 30 %); sham 40 % (30 to 50 %)"
    # both rows on the scale from 0 to 1, which is 3 to 147 wide; active above placebo
    assert medians(first) == [(BLUE, 132.6, 8.0), (GREY, 17.4, 20.0)]
    assert medians(second) == [(BLUE, 31.8, 8.0), (GREY, 60.6, 20.0)]


def test_what_was_learnt_shows_the_prior_above_the_posterior():
    prior, posterior = Band(0.0, 0.2, 0.4, 0.6, 1.0), Band(0.5, 0.6, 0.75, 0.8, 0.9)
    _, unit, drawing = _learnt_row(
        GlobalPosterior("phi", "phi", "fraction", prior, posterior, 0.5, "informed")
    )
    assert unit == ""
    assert words(drawing) == "prior 40 % (0 to 100 %); posterior 75 % (50 to 90 %)"
    (first, x1, y1), (second, x2, y2) = medians(drawing)
    assert (x1, x2) == (60.6, 111.0)
    assert y1 < y2
    assert (first != second, second) == (True, BLUE)


def test_a_drawing_has_its_bars_where_its_numbers_are():
    drawing = str(interval_svg([(Band(0.0, 25.0, 50.0, 75.0, 100.0), BLUE)], 0.0, 100.0, 20.0, "said"))
    lines = re.findall(r'<line x1="([\d.]+)" x2="([\d.]+)"[^>]* stroke-width="(\d)"', drawing)
    assert lines == [("3.0", "147.0", "2"), ("39.0", "111.0", "6")]
    assert '<line x1="31.8" x2="31.8"' in drawing

"""Pages as a browser shows them, at two widths, in both schemes, without scripts and on paper.

Needs Chromium and the packages ``playwright`` and ``axe-playwright-python``; skipped where one is absent.
"""

import re
import shutil
from pathlib import Path

import pytest

from ifntrial.report.forecast.page import render_forecast
from ifntrial.studies.forecast.result import Forecast
from ifntrial.studies.json_records import validated
from made_up import FACTS
from made_up_forecast import made_up_forecast

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WIDTHS = (1280, 390)

OVERLAPS = """() => [...document.querySelectorAll('svg.plot')].flatMap(svg => {
  const boxes = [...svg.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()]);
  return boxes.flatMap(([words, a], i) => boxes.slice(i + 1)
    .filter(([, b]) => a.left + 1 < b.right && b.left + 1 < a.right && a.top + 3 < b.bottom && b.top + 3 < a.bottom)
    .map(([other]) => svg.id + ': ' + words + ' | ' + other));
})"""
OUTSIDE = """() => [...document.querySelectorAll('svg.plot')].flatMap(svg => {
  const whole = svg.getBoundingClientRect();
  return [...svg.querySelectorAll('text')].filter(t => t.getBoundingClientRect().right > whole.right + 1)
    .map(t => svg.id + ': ' + t.textContent);
})"""
EMPTY = """() => [...document.querySelectorAll('svg.plot, svg.interval')]
  .filter(svg => svg.getBoundingClientRect().width < 20 || !svg.querySelector('path, line, rect, circle'))
  .map(svg => svg.id)"""
UNFOLD = "() => document.querySelectorAll('details').forEach(part => { part.open = true })"


@pytest.fixture(scope="module")
def browser():
    driver = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("no Chromium on PATH")
    with driver.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def forecast(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("page") / "report.html"
    result = validated(Forecast, made_up_forecast(), "a made-up forecast", "correct it")
    path.write_text(render_forecast(result, FACTS), encoding="utf-8")
    return path


def shown(browser, path: Path, width: int, **more):
    context = browser.new_context(viewport={"width": width, "height": 900}, **more)
    page = context.new_page()
    page.goto(path.as_uri())
    return page


@pytest.mark.parametrize("width", WIDTHS)
def test_a_page_without_scripts_is_whole_and_no_wider_than_its_window(browser, forecast, width):
    page = shown(browser, forecast, width, java_script_enabled=False)
    page.evaluate(UNFOLD)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(EMPTY) == []
    assert page.evaluate(OVERLAPS) == []
    assert page.evaluate(OUTSIDE) == []
    assert len(page.screenshot()) > 20_000


def test_size_rule_beliefs_and_intervals_are_on_the_first_screen(browser, forecast):
    page = shown(browser, forecast, 1280)
    for words in ("Size", "Endpoint", "Success"):
        assert page.locator("dt", has_text=words).first.bounding_box()["y"] < 900
    for interval in page.locator(".card .within").all():
        box = interval.bounding_box()
        assert box["y"] + box["height"] < 900


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing(browser, forecast, width, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    page = shown(browser, forecast, width, bypass_csp=True, color_scheme=scheme)
    page.evaluate(UNFOLD)
    found = axe.Axe().run(page).response["violations"]
    assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found] == []


def test_every_box_that_scrolls_is_reached_by_the_keyboard(browser, forecast):
    page = shown(browser, forecast, 390)
    page.evaluate(UNFOLD)
    boxes = "[...document.querySelectorAll('.scroll')]"
    assert page.evaluate(f"{boxes}.length") > 10
    assert page.evaluate(f"{boxes}.filter(box => box.tabIndex !== 0).length") == 0


def test_the_page_prints_as_a_summary_of_two_pages(browser, forecast):
    page = shown(browser, forecast, 1280)
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 2

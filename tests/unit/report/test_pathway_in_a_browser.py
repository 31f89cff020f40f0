"""The map as a browser shows it: one of its two arrangements at each width, words within their boxes, nothing wider.

Needs Chromium and the package ``playwright``; skipped where one is absent.
"""

import shutil

import pytest

import ifntrial
from ifntrial.report.map.page import render_pathway
from made_up import FACTS

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

OVERLAPS = """() => [...document.querySelectorAll('svg.plot')].flatMap(svg => {
  const boxes = [...svg.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()]);
  return boxes.flatMap(([words, a], i) => boxes.slice(i + 1)
    .filter(([, b]) => a.left + 1 < b.right && b.left + 1 < a.right && a.top + 3 < b.bottom && b.top + 3 < a.bottom)
    .map(([other]) => svg.id + ': ' + words + ' | ' + other));
})"""
LETTERS = """() => [...document.querySelectorAll('svg.plot')].filter(svg => svg.getBoundingClientRect().width > 0)
  .map(svg => svg.querySelector('text').getBoundingClientRect().height)"""


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    answer = ifntrial.pathway("300 mg IV every 4 weeks", week=4, subjects=6, workers=1)
    path = tmp_path_factory.mktemp("map") / "report.html"
    path.write_text(render_pathway(answer.kept.result, FACTS), encoding="utf-8")
    return path


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "shown", "hidden"), [(1280, "wide", "narrow"), (390, "narrow", "wide")])
def test_one_arrangement_is_shown_and_whole(page_file, width, shown, hidden, scheme):
    driver = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("no Chromium on PATH")
    with driver.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=False, color_scheme=scheme
        )
        page = context.new_page()
        page.goto(page_file.as_uri())
        assert page.locator(f".map-{shown}").is_visible()
        assert not page.locator(f".map-{hidden}").is_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(OVERLAPS) == []
        assert min(page.evaluate(LETTERS)) >= 10.0
        browser.close()

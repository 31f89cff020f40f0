"""Pages of every kind as a browser shows them, at two widths, in both schemes, without scripts and on paper.

Needs Chromium and the packages ``playwright`` and ``axe-playwright-python``; skipped where one is absent.
"""

import base64
import csv
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from shipped_pages import KINDS, page_of

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
  .filter(svg => svg.checkVisibility())
  .filter(svg => svg.getBoundingClientRect().width < 20 || !svg.querySelector('path, line, rect, circle'))
  .map(svg => svg.id)"""
DARKEST = """async png => {
  const image = new Image();
  image.src = 'data:image/png;base64,' + png;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.width;
  canvas.height = image.height;
  const pen = canvas.getContext('2d');
  pen.drawImage(image, 0, 0);
  const seen = pen.getImageData(0, 0, image.width, image.height).data.filter((_, place) => place % 4 === 0);
  return [seen.reduce((a, b) => Math.min(a, b)), seen.reduce((a, b) => Math.max(a, b))];
}"""
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


@pytest.fixture(scope="session")
def page_path(tmp_path_factory) -> Callable[[str], Path]:
    """Return a function that makes a page of a kind once and tells where it is."""
    known: dict[str, Path] = {}

    def path(kind: str) -> Path:
        if kind not in known:
            known[kind] = page_of(kind, tmp_path_factory.mktemp(kind), path)
        return known[kind]

    return path


def shown(browser, path: Path, width: int, told: list[str] | None = None, **more):
    """Open a page; ``told`` collects what its console complains of."""
    context = browser.new_context(viewport={"width": width, "height": 900}, **more)
    page = context.new_page()
    if told is not None:
        page.on("console", lambda message: told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))
    page.goto(path.as_uri())
    return page


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", WIDTHS)
def test_a_page_without_scripts_is_whole_and_no_wider_than_its_window(browser, page_path, kind, width):
    page = shown(browser, page_path(kind), width, java_script_enabled=False)
    assert page.locator(".downloads button").count() == 0
    page.evaluate(UNFOLD)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(EMPTY) == []
    assert page.evaluate(OVERLAPS) == []
    assert page.evaluate(OUTSIDE) == []
    assert len(page.screenshot()) > 20_000
    boxes = "[...document.querySelectorAll('.scroll')]"
    assert page.evaluate(f"{boxes}.length") >= 1
    assert page.evaluate(f"{boxes}.filter(box => box.tabIndex !== 0).length") == 0
    page.context.close()


@pytest.mark.parametrize("kind", ["forecast", "compare", "size", "doses", "enrich"])
def test_size_endpoint_success_and_a_chance_with_its_interval_are_on_the_first_screen(
    browser, page_path, kind
):
    page = shown(browser, page_path(kind), 1280)
    for words in ("Size", "Endpoint", "Success"):
        assert page.locator("#answer dt", has_text=words).first.bounding_box()["y"] < 900
    first = page.locator("#answer .card .within, #answer td", has_text=" to ").first.bounding_box()
    assert first["y"] + first["height"] < 900
    page.context.close()


def test_every_belief_of_a_forecast_is_on_the_first_screen(browser, page_path):
    page = shown(browser, page_path("forecast"), 1280)
    for interval in page.locator(".card .within").all():
        box = interval.bounding_box()
        assert box["y"] + box["height"] < 900
    page.context.close()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing(browser, page_path, kind, width, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    page = shown(browser, page_path(kind), width, bypass_csp=True, color_scheme=scheme)
    page.evaluate(UNFOLD)
    found = axe.Axe().run(page).response["violations"]
    assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found] == []
    page.context.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_prints_as_a_summary_of_two_sheets_at_most(browser, page_path, kind):
    page = shown(browser, page_path(kind), 1280)
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) <= 2
    page.context.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_small_and_its_script_is_the_one_it_allows(browser, page_path, kind):
    assert page_path(kind).stat().st_size < 600_000
    said: list[str] = []
    page = shown(browser, page_path(kind), 1280, told=said)
    assert said == []
    figures = page.locator("figure:has(svg.plot)")
    assert page.locator(".downloads button", has_text="PNG").count() == figures.count() > 0
    page.context.close()


def test_a_figure_is_saved_as_svg_and_png_and_its_numbers_as_csv_from_a_page_alone(
    browser, page_path, tmp_path
):
    alone = tmp_path / "mailed.html"
    alone.write_bytes(page_path("forecast").read_bytes())
    page = shown(browser, alone, 1280, accept_downloads=True)
    figure = page.locator("figure:has(svg#chance)")
    saved = {}
    for words in ("CSV", "SVG", "PNG"):
        with page.expect_download() as waited:
            figure.locator(".downloads").get_by_text(words, exact=True).click()
        saved[words] = waited.value.path().read_bytes()
        assert waited.value.suggested_filename == f"chance.{words.lower()}"
    rows = list(csv.reader(saved["CSV"].decode("utf-8-sig").splitlines()))
    assert len(rows) > 4
    assert len({len(row) for row in rows}) == 1
    drawing = Xml.fromstring(saved["SVG"])
    width, height = (float(drawing.get(side)) for side in ("width", "height"))
    assert width == 400
    assert saved["PNG"][:8] == b"\x89PNG\r\n\x1a\n"
    size = [int.from_bytes(saved["PNG"][place : place + 4], "big") for place in (16, 20)]
    assert size == [int(3 * width), int(3 * height)]
    ink = page.evaluate(DARKEST, base64.b64encode(saved["PNG"]).decode())
    assert ink[0] < 80  # letters are there
    assert ink[1] == 255  # on white
    page.context.close()

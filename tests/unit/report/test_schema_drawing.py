"""The drawing of a design: real text and plain attributes, and every arm, visit and dose of the design where it is."""

import itertools
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from ifntrial.app.cli import cli
from ifntrial.errors import InputError
from ifntrial.report.schema_drawing import draw_schema
from shipped import CATALOG, design_from_mapping, load_design, shipped_designs

SVG = "{http://www.w3.org/2000/svg}"
ALLOWED = {"svg", "title", "desc", "rect", "line", "text"}


def drawn(design) -> ElementTree.Element:
    return ElementTree.fromstring(draw_schema(design, CATALOG.endpoints, CATALOG.drugs))


def texts(root: ElementTree.Element) -> list[str]:
    return [each.text or "" for each in root.iter(f"{SVG}text")]


@pytest.mark.parametrize("name", shipped_designs())
def test_every_design_is_drawn_with_plain_attributes(name: str) -> None:
    design, root = load_design(name), drawn(load_design(name))
    for each in root.iter():
        assert each.tag.removeprefix(SVG) in ALLOWED
        assert not {"style", "class", "href", "onload"} & set(each.attrib)
    said = texts(root)
    for arm in design.arms:
        assert any(text == arm.name or text.rstrip(".") in arm.name for text in said)
    assert root.get("role") == "img"
    assert "Primary endpoint" in " ".join(said)


WEEKLY = {
    "extends": "daisy",
    "schema_version": 1,
    "name": "a name of sixty letters that is as long as any name may ever b",
    "title": "A title that is far too long for one line of any drawing, " * 6,
    "assumed": {"schedule": {"visit_weeks": list(range(53)), "reason": "a visit every week"}},
}


@pytest.mark.parametrize(
    "design", [*map(load_design, shipped_designs()), WEEKLY], ids=range(len(shipped_designs()) + 1)
)
def test_no_text_runs_out_of_the_drawing_and_no_labels_of_weeks_meet(design) -> None:
    root = drawn(design_from_mapping({**design, "name": design["name"][:60]}) if design is WEEKLY else design)
    width, height = (float(root.get(side)) for side in ("width", "height"))
    weeks = []
    for each in root.iter(f"{SVG}text"):
        long = 0.55 * float(each.get("font-size")) * len(each.text)
        x = float(each.get("x"))
        left = x - long / 2 if each.get("text-anchor") == "middle" else x
        assert left >= 0
        assert left + long <= width
        assert 0 < float(each.get("y")) < height
        if each.text.replace(".", "").isdigit():
            weeks.append((left, left + long))
    weeks.sort()
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(weeks))


def test_weeks_and_doses_are_where_they_belong() -> None:
    design = design_from_mapping(
        {
            "extends": "daisy",
            "schema_version": 1,
            "name": "short",
            "arms": [
                {"name": "drug", "regimen": "300 mg IV every 4 weeks", "allocation": 2},
                {"name": "placebo", "regimen": "placebo IV every 4 weeks", "is_control": True},
            ],
            "size": {"planned": 90},
            "treatment_weeks": 24,
            "open_label_weeks": 0,
            "follow_up_weeks": 0,
            "primary": {"endpoint": "mrss_responder", "visit_week": 24},
            "key_secondary": [],
            "assumed": {
                "randomization": {"block_size": 6, "reason": "two blocks in one"},
                "schedule": {"visit_weeks": [0, 12, 24], "open_label_visit_weeks": [], "reason": "as in the test"},
                "rescue": {"from_week": 12, "reason": "as in the test"},
            },
        }
    )  # fmt: skip
    root = drawn(design)
    # 700 px for 24 weeks from 220 on, so that a dose every 4 weeks is every 116.7 px
    ticks = [each for each in root.iter(f"{SVG}line") if each.get("stroke-width") == "1.2"]
    expected = ["220.0", "336.7", "453.3", "570.0", "686.7", "803.3"]
    assert [each.get("x1") for each in ticks] == expected * 2
    placed = {each.text: each.get("x") for each in root.iter(f"{SVG}text")}
    assert (placed["0"], placed["12"], placed["24"]) == ("220.0", "570.0", "920.0")
    (rescue,) = [each for each in root.iter(f"{SVG}line") if each.get("stroke-width") == "4.0"]
    assert (rescue.get("x1"), rescue.get("x2")) == ("570.0", "920.0")
    assert {"60 patients", "30 patients", "Randomized 2:1: 90 patients, stratified by ILD, MMF, duration below 18 "
            "months"} <= set(placed)  # fmt: skip
    assert "open label" not in placed


def test_what_is_not_there_is_not_drawn() -> None:
    assert "open label" in texts(drawn(load_design("daisy")))
    assert "Escape therapy may start" in texts(drawn(load_design("daisy")))
    assert "Escape therapy may start" not in texts(drawn(load_design("daisy_rescue_none")))


def test_signs_that_xml_cannot_hold_are_shown_as_such() -> None:
    design = load_design("daisy").model_copy(update={"title": "a\x00<b> & \x1b[31m"})
    assert "a\ufffd<b> & \ufffd[31m" in texts(drawn(design))


def test_the_command_writes_the_drawing(tmp_path: Path) -> None:
    path = tmp_path / "new" / "schema.svg"
    ended = CliRunner().invoke(cli, ["design", "show", "daisy", "--out", str(path)])
    assert ended.exit_code == 0
    assert ended.output.startswith("daisy: ")
    assert ElementTree.parse(path).getroot().tag == f"{SVG}svg"
    refused = CliRunner().invoke(cli, ["design", "show", "daisy", "--out", str(tmp_path / "schema.png")])
    assert isinstance(refused.exception, InputError)
    assert "ends in .svg" in str(refused.exception)


def test_interim_looks_are_told():
    planned = design_from_mapping(
        {
            "extends": "daisy",
            "schema_version": 1,
            "name": "with_looks",
            "looks": {"information": [0.25, 0.5], "reason": "what is checked here"},
        }
    )
    assert any(
        "Interim looks: when the primary endpoint of 78, 157 patients" in each
        for each in texts(drawn(planned))
    )

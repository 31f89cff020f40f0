"""Reads what is drawn out of the static figures of a page, by an XML parser and by nothing of the program."""

import re
from dataclasses import dataclass
from xml.etree import ElementTree as Xml

SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Seen:
    """An element of a drawing: its name, what it stands for, the numbers it carries, and its attributes."""

    tag: str
    label: str
    role: str
    numbers: dict[str, list[float]]
    attributes: dict[str, str]


def figures_in(page: str) -> dict[str, str]:
    """Return the id of each figure of a page and its SVG."""
    return dict(re.findall(r'(?s)(?=<svg [^>]*class="plot" id="([^"]+)")(<svg .*?</svg>)', page))


def seen_in(svg: str) -> list[Seen]:
    """Return the elements that say what they stand for."""
    return [_seen(each) for each in Xml.fromstring(svg).iter() if "data-label" in each.attrib]


def _seen(element: Xml.Element) -> Seen:
    given = dict(element.attrib)
    numbers = {
        key.removeprefix("data-"): [float("nan") if text == "-" else float(text) for text in value.split()]
        for key, value in given.items()
        if key in ("data-x", "data-y", "data-x-end", "data-y-end", "data-low", "data-high")
    }
    return Seen(
        element.tag.removeprefix(SVG), given["data-label"], given.get("data-role", ""), numbers, given
    )


def words_in(svg: str) -> list[str]:
    """Return the texts of a drawing."""
    return ["".join(each.itertext()) for each in Xml.fromstring(svg).iter(f"{SVG}text")]

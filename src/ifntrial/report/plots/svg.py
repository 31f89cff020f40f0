"""What matplotlib writes, made small and safe for a page: no style, no script, ids of its own, real text."""

import re
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree as Xml

from ifntrial.report.palette import FONT, INK
from ifntrial.report.plots.canvas import LEAD, LEAD_COLOR, Told
from ifntrial.report.plots.layout import TEXT

NAMESPACE = "http://www.w3.org/2000/svg"
_NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
_KEPT = {
    "fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-opacity", "fill-opacity", "opacity",
    "stroke-linecap", "text-anchor", "font-weight", "clip-path",
}  # fmt: skip
_USUAL = {
    ("stroke-opacity", "1"), ("fill-opacity", "1"), ("opacity", "1"), ("stroke-linecap", "butt"),
    ("stroke-linecap", "square"), ("text-anchor", "start"), ("font-weight", "400"), ("stroke", "none"),
}  # fmt: skip
_PLACED = {"text": ("x", "y"), "rect": ("x", "y", "width", "height"), "path": ("d",)}
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def tidy(written: bytes, told: Told, name: str, title: str, description: str) -> str:
    """Return one ``svg`` element for a page, which is a whole file too.

    Parameters
    ----------
    written
        What matplotlib wrote.
    told
        Id of an element to its data attributes.
    name
        Id of the figure, with which every id in it begins.
    title, description
        Read out where the figure cannot be seen.
    """
    old = Xml.fromstring(_UNPRINTABLE.sub("", written.decode("utf-8")))
    _, _, width, height = (_short(part) for part in (old.get("viewBox") or "0 0 0 0").split())
    new = Xml.Element("svg", {
        "xmlns": NAMESPACE, "class": "plot", "id": name, "viewBox": f"0 0 {width} {height}", "width": width,
        "height": height, "role": "img", "aria-labelledby": f"{name}-title {name}-desc", "font-family": FONT,
        "font-size": f"{TEXT:g}", "fill": INK,
    })  # fmt: skip
    for tag, words in (("title", title), ("desc", description or title)):
        Xml.SubElement(new, tag, {"id": f"{name}-{tag}"}).text = _UNPRINTABLE.sub("", words)
    clips = {
        each.get("id", ""): f"{name}-clip{place}"
        for place, each in enumerate(old.iter(f"{{{NAMESPACE}}}clipPath"))
    }
    for child in old:
        new.extend(_tidied(child, told, clips))
    return Xml.tostring(new, encoding="unicode", short_empty_elements=True)


def _tidied(old: Xml.Element, told: Told, clips: Mapping[str, str]) -> Iterator[Xml.Element]:
    """Yield what is left of an element: groups are opened, metadata and style sheets go."""
    tag = old.tag.rpartition("}")[2]
    if tag == "clipPath":
        new = Xml.Element(tag, {"id": clips[old.get("id", "")]})
        new.extend(part for child in old for part in _tidied(child, told, clips))
        yield new
    elif tag in _PLACED:
        yield from _drawn(tag, old, clips)
    elif tag in ("g", "defs", "svg"):
        parts = [part for child in old for part in _tidied(child, told, clips)]
        data = told.get(old.get("id", ""))
        if data and parts:
            _add_data(parts[0], data)
        yield from parts


def _add_data(new: Xml.Element, data: Mapping[str, str]) -> None:
    for key, value in data.items():
        if key not in (LEAD, LEAD_COLOR):
            new.set(key, _UNPRINTABLE.sub("", value))
    lead = _UNPRINTABLE.sub("", data.get(LEAD, ""))
    if lead:
        bold = Xml.SubElement(new, "tspan", {"font-weight": "700", "fill": data[LEAD_COLOR]})
        whole = new.text or ""
        bold.text, bold.tail, new.text = lead, whole.removeprefix(lead), None


def _drawn(tag: str, old: Xml.Element, clips: Mapping[str, str]) -> Iterator[Xml.Element]:
    given = dict(re.findall(r"([a-z-]+):\s*([^;]+)", old.get("style", ""))) | dict(old.items())
    look = {key: _look(key, value, clips) for key, value in given.items() if key in _KEPT}
    look = {key: value for key, value in look.items() if (key, value) not in _USUAL and value}
    if tag == "path" and look.get("fill") == "none" and "stroke" not in look:
        return
    if look.get("fill") == INK:
        del look["fill"]
    where = {
        key: compact(old.get(key, "")) if key == "d" else _short(old.get(key, "0")) for key in _PLACED[tag]
    }
    if where.get("d") != "":
        new = Xml.Element(tag, where | look)
        new.text = (old.text or "").strip("\n") or None
        yield new


def _look(key: str, value: str, clips: Mapping[str, str]) -> str:
    if key == "clip-path":
        return re.sub(r"url\(#(.*?)\)", lambda found: f"url(#{clips[found[1]]})", value)
    if key in ("stroke-width", "stroke-dasharray") or key.endswith("opacity"):
        return _NUMBER.sub(lambda found: f"{round(float(found[0]), 2):g}", value.strip())
    return value.strip()


def _short(number: str) -> str:
    return f"{round(float(number), 1):g}"


def compact(path: str) -> str:
    """Return a path of straight lines with steps in tenths of a unit, in as few letters as they take.

    Examples
    --------
    >>> compact("M 10 20.04 L 30.06 20 L 30.06 25.5 L 31 26 z M 5 5 L 5 5")
    'M10 20h20.1v5.5l0.9 0.5zM5 5h0'
    """
    found, here, last = "", (0, 0), ""
    for code, x, y in re.findall(r"([MLz])\s*(?:(-?[\d.e-]+)[ ,]+(-?[\d.e-]+))?", path):
        if code == "z":
            found, last = f"{found}z", "z"
            continue
        there = (round(10 * float(x)), round(10 * float(y)))
        across, up = there[0] - here[0], there[1] - here[1]
        if code == "M":
            found, last = f"{found}M{_tenths(there[0])} {_tenths(there[1])}", "M"
        elif not up:
            found, last = f"{found}h{_tenths(across)}", "h"
        elif not across:
            found, last = f"{found}v{_tenths(up)}", "v"
        else:
            found, last = f"{found}{' ' if last == 'l' else 'l'}{_tenths(across)} {_tenths(up)}", "l"
        here = there
    return found


def _tenths(value: int) -> str:
    return f"{value / 10:g}"

"""What a treatment does along the pathway, as lines of a terminal."""

from collections.abc import Iterator
from itertools import groupby

from ifntrial.report.pathway.figure import value_in_box
from ifntrial.report.pathway.words import box_text, head
from ifntrial.studies.pathway.result import PathwayMap


def pathway_lines(result: PathwayMap) -> Iterator[str]:
    """Yield who was followed, and the change at each box by step of the chain."""
    yield head(result)
    yield "Change of the mean against untreated; median untreated and treated:"
    for step, boxes in groupby(result.boxes, key=lambda box: box.step):
        yield step
        for box in boxes:
            before, after = box_text(box)
            yield f"  {box.title:<52}{value_in_box(box):>14}   {before} -> {after}"
    acted = ", ".join(box.title for box in result.boxes if box.name in _attacked(result))
    yield f"{result.drug} acts on: {acted or 'nothing here'}"


def _attacked(result: PathwayMap) -> set[str]:
    return {link.to_box for link in result.links if link.is_attack}

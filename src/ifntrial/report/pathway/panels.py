"""The picture of the map in its two arrangements, for a page, a report or a file."""

from ifntrial.report.pathway.arrange import arrangement
from ifntrial.report.pathway.figure import draw_pathway
from ifntrial.report.pathway.words import caption, head, whole_table
from ifntrial.report.plots.panel import Panel
from ifntrial.studies.pathway.result import PathwayMap

_AROUND = 16.0
"""What a drawing has at its left and right beside its axes."""


def pathway_panels(result: PathwayMap) -> tuple[Panel, Panel]:
    """Return the picture for a wide screen and for paper, and the one for a phone."""
    wide, narrow = (
        Panel(
            name,
            "The pathway under treatment",
            caption(result),
            draw_pathway(result, kind),
            table=whole_table(result),
            width=arrangement(kind).size[0] + _AROUND,
        )
        for name, kind in (("pathway", "wide"), ("pathway-narrow", "narrow"))
    )
    return wide, narrow


def pathway_svg(result: PathwayMap) -> str:
    """Return the picture for a wide screen as a file of its own, which says what is simulated."""
    wide, _ = pathway_panels(result)
    title = f"The interferon pathway in systemic sclerosis. {head(result)}"
    return Panel(wide.name, title, wide.caption, wide.figure, width=wide.width).svg + "\n"

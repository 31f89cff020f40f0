"""The page of the map: the picture, what the treatment does at each box, and the equation and evidence behind it."""

from ifntrial.report.page import Frame, Page, render_page
from ifntrial.report.pathway.panels import pathway_panels
from ifntrial.report.pathway.words import (
    HEADINGS,
    UNKNOWN,
    attack_table,
    head,
    status_note,
    table_of_step,
)
from ifntrial.studies.pathway.result import PathwayMap
from ifntrial.studies.run_facts import RunFacts

SECTIONS = {"map": "The pathway", "boxes": "Box by box", "drugs": "Where each drug acts"}


def render_pathway(result: PathwayMap, run: RunFacts) -> Page:
    """Return the page of a map.

    Returns
    -------
    A self-contained HTML page that requests nothing from anywhere.
    """
    wide, narrow = pathway_panels(result)
    return render_page(
        "map/page.html.j2",
        Frame(
            "From interferon to clinical scores",
            f"What {result.drug[:1].lower()}{result.drug[1:]} does along the pathway",
            head(result),
            SECTIONS,
            notes=[status_note(result)],
            facts={"Regimen": result.regimen},
        ),
        [wide, narrow],
        run,
        wide=wide,
        narrow=narrow,
        unknown=UNKNOWN,
        steps=[
            (
                HEADINGS[step],
                table_of_step(result, step),
                [box for box in result.boxes if box.step == step],
            )
            for step in HEADINGS
        ],
        rows=result.evidence_rows,
        attacks=attack_table(result),
    )

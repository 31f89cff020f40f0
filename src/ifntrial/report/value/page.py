"""The page of which study to do next."""

from ifntrial.report.page import Frame, Page, render_page
from ifntrial.report.palette import ACTIVE
from ifntrial.report.plots.intervals import band_row, plot_rows
from ifntrial.report.plots.panel import Panel
from ifntrial.report.terminal.value import best_sentence, decision_sentence
from ifntrial.report.wording import number
from ifntrial.studies.run_facts import RunFacts
from ifntrial.studies.value.result import ValueOfStudies


def render_value(result: ValueOfStudies, run: RunFacts) -> Page:
    """Return the page of a value of studies.

    Returns
    -------
    A self-contained HTML page that requests nothing from anywhere.
    """
    answers = answer_panel(result)
    return render_page(
        "value/page.html.j2",
        Frame(
            "Which study next?",
            result.title,
            decision_sentence(result),
            {"answer": "The answer", "after": "What each study would tell", "limits": "What this cannot say"},
            facts={
                "Gain if the trial succeeds": number(result.stakes["gain"]),
                "Cost of the trial": number(result.stakes["cost"]),
                "Worlds, effectively": f"{result.worlds_effective_here:.0f}",
            },
        ),
        [answers],
        run,
        result=result,
        answers=answers,
        best=best_sentence(result),
    )


def answer_panel(result: ValueOfStudies) -> Panel:
    """Return where the chance of success would lie after each study."""
    rows = [
        band_row(each.study, ACTIVE, each.answer_after, mean=result.success_now) for each in result.studies
    ]
    threshold = result.stakes["cost"] / result.stakes["gain"]
    figure = plot_rows(
        rows,
        "Chance of success after the study [%]",
        scale=100.0,
        x_range=(0.0, 100.0),
        line_at=100.0 * threshold if threshold < 1.0 else None,
    )
    caption = (
        "Thin: 5 to 95 % of what the study may print, thick: the middle half, tick: median, diamond: now. Line: above it "
        "the trial pays. A study whose bar stays on one side of the line cannot turn the decision."
    )
    return Panel("answers", "Where the answer may go", caption, figure)

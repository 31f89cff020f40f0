"""The page of a sensitivity analysis: which unknowns each output hangs on, with intervals and convergence."""

from collections.abc import Mapping, Sequence
from typing import Any

from ifntrial.report.page import Frame, render_page
from ifntrial.report.palette import ACTIVE, PAPER, QUIET
from ifntrial.report.plots.frame import Panel, Table, axis, new_figure, padded
from ifntrial.report.sensitivity.words import amount, how_steady, short_labels, span, what_matters
from ifntrial.report.wording import number, percent
from ifntrial.studies.run_facts import RunFacts
from ifntrial.studies.sensitivity.indices import Index, Interval
from ifntrial.studies.sensitivity.result import OutputIndices, Sensitivity

ROW_HEIGHT, MARGINS = 26, 80
MOST_ROWS = 25
METHOD_WORDS = {
    "morris": "Morris screening: mean absolute change when a group steps across half of its priors",
    "sobol": "Sobol indices: total (filled) and first order (open) of each group",
}


def render_sensitivity(result: Sensitivity, run: RunFacts) -> str:
    """Return the page of a sensitivity analysis.

    Returns
    -------
    A self-contained HTML page that requests nothing from anywhere.
    """
    panels = {output.name: index_panel(result, output) for output in result.outputs}
    sections = {"summary": "In short"} | {
        output.name: output.label[0].upper() + output.label[1:] for output in result.outputs
    }
    first, *others = (what_matters(result, output) for output in result.outputs)
    return render_page(
        "sensitivity/page.html.j2",
        Frame(
            "Sensitivity",
            f"What the forecast of {result.design} hangs on",
            first,
            sections | {"groups": "What is in each group", "limits": "What this cannot say"},
            facts={
                "Design": result.design,
                "Method": result.method,
                "Groups by": result.grouping,
                "Samples": f"{result.samples}",
                "Worlds simulated": f"{result.worlds}",
                "Common subjects": f"{result.subjects}",
                "Repeats of measurement": f"{result.replicates}",
                "Week of the suppression": f"{result.suppression_week}",
            },
        ),
        list(panels.values()),
        run,
        result=result,
        figures=panels,
        method=METHOD_WORDS[result.method],
        others=others,
        steadiness={o.name: how_steady(result, o) for o in result.outputs},
        spread={o.name: _spread(o) for o in result.outputs},
        groups=_groups_table(result),
    )


def index_panel(result: Sensitivity, output: OutputIndices) -> Panel:
    """Return the indices of all groups for one output, largest on top, with their intervals."""
    shown = output.indices[:MOST_ROWS]
    labels = short_labels(result)
    height = ROW_HEIGHT * len(shown) + MARGINS
    figure = new_figure(
        height,
        axis(_axis_title(result, output), range=_x_range(result, output, shown)),
        axis(
            tickmode="array", tickvals=list(range(len(shown))), ticktext=[labels[i.group] for i in shown],
            range=[len(shown) - 0.4, -0.6], showgrid=False, ticks="", fixedrange=True,
        ),
    )  # fmt: skip
    scale = _scale(result, output)
    figure.add_vline(x=0, line={"color": QUIET, "width": 1}, layer="below")
    of_all = [(index.group, index.whole) for index in shown]
    alone = [(index.group, index.alone) for index in shown if index.alone is not None]
    _add_marks(figure, result, output, of_all, scale, filled=True)
    if alone:
        _add_marks(figure, result, output, alone, scale, filled=False)
    rest = len(output.indices) - len(shown)
    caption = "Bars: 95 % bootstrap intervals." + (f" {rest} smaller ones are in the table." if rest else "")
    if result.method == "sobol":
        caption += " Total less first order: interactions with other groups."
    return Panel(f"indices-{output.name}", METHOD_WORDS[result.method], caption, figure, height, 1,
                 _index_table(result, output, labels))  # fmt: skip


def _add_marks(
    figure: Any,  # noqa: ANN401 plotly ships no types
    result: Sensitivity,
    output: OutputIndices,
    shown: Sequence[tuple[str, Interval]],
    scale: float,
    *,
    filled: bool,
) -> None:
    figure.add_scatter(
        x=[scale * index.value for _, index in shown],
        y=[place + (0.0 if filled else 0.22) for place in range(len(shown))],
        mode="markers",
        marker={"color": ACTIVE if filled else PAPER, "size": 9, "line": {"color": ACTIVE, "width": 1.6}},
        error_x={
            "type": "data", "symmetric": False, "color": ACTIVE, "width": 0, "thickness": 1.4,
            "array": [scale * (index.high - index.value) for _, index in shown],
            "arrayminus": [scale * (index.value - index.low) for _, index in shown],
        },
        hoverinfo="text",
        hovertext=[f"{group}: {amount(result, output, index.value)}" for group, index in shown],
    )  # fmt: skip


def _x_range(result: Sensitivity, output: OutputIndices, shown: Sequence[Index]) -> list[float]:
    """Return a range that holds every interval, and marks at zero whole."""
    drawn = [each for index in shown for each in (index.whole, index.alone) if each is not None]
    scale = _scale(result, output)
    low = min(0.0, *(scale * each.low for each in drawn))
    high = max(scale * each.high for each in drawn)
    return padded([low, high], 0.03)


def _scale(result: Sensitivity, output: OutputIndices) -> float:
    return 100.0 if result.method == "sobol" or not output.unit else 1.0


def _axis_title(result: Sensitivity, output: OutputIndices) -> str:
    if result.method == "sobol":
        return "Share of the variance [%]"
    return f"Mean absolute change for a step across half of the priors [{output.unit or 'percentage points'}]"


def _index_table(result: Sensitivity, output: OutputIndices, labels: Mapping[str, str]) -> Table:
    half = output.convergence.half
    has_first = result.method == "sobol"
    rows = tuple(
        (labels[index.group], amount(result, output, index.main), span(result, output, index.whole),
         *((amount(result, output, index.alone.value), span(result, output, index.alone)) if index.alone else ()),
         amount(result, output, half[index.group]))
        for index in output.indices
    )  # fmt: skip
    first = ("First order", "95 %") if has_first else ()
    return Table(("Group", "Total" if has_first else "Effect", "95 %", *first, "With half the samples"), rows)


def _spread(output: OutputIndices) -> str:
    """Return mean and spread of an output over the worlds."""
    write = number if output.unit else percent
    unit = f" {output.unit}" if output.unit else ""
    band = output.band
    return f"{write(output.mean)}{unit}; 5 to 95 % of worlds {write(band.q05)} to {write(band.q95)}{unit}"


def _groups_table(result: Sensitivity) -> Table:
    rows = tuple(
        (group.label, str(len(group.inputs)), ", ".join(group.inputs),
         ", ".join(group.shared_with).replace("_", " ") or "–")
        for group in result.groups
    )  # fmt: skip
    return Table(("Group", "Inputs", "Which", "Some also used by"), rows)

"""The page of a sensitivity analysis: which unknowns each output hangs on, with intervals and convergence."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from ifntrial.report.page import Frame, Page, render_page
from ifntrial.report.palette import ACTIVE
from ifntrial.report.plots.frame import Axis, Drawing, Table, padded
from ifntrial.report.plots.marks import Bars, Dots, Level, Mark, Note
from ifntrial.report.plots.panel import Panel
from ifntrial.report.sensitivity.words import amount, how_steady, short_labels, span, what_matters
from ifntrial.report.wording import number, percent
from ifntrial.studies.run_facts import RunFacts
from ifntrial.studies.sensitivity.indices import Index, Interval
from ifntrial.studies.sensitivity.result import OutputIndices, Sensitivity

ROW_HEIGHT = 40.0
MOST_ROWS = 7
SECTIONS = {"summary": "The answer", "outputs": "What matters most", "limits": "What this cannot say"}
APPENDIX = {"all": "Every group", "steady": "How steady the numbers are", "groups": "What is in each group"}
"""Parts that are folded."""

METHOD_WORDS = {
    "morris": "Morris screening: mean absolute change when a group steps across half of its priors",
    "sobol": "Sobol indices: total (filled) and first order (open) of each group",
}


def render_sensitivity(result: Sensitivity, run: RunFacts) -> Page:
    """Return the page of a sensitivity analysis.

    Returns
    -------
    A self-contained HTML page that requests nothing from anywhere.
    """
    panels = {output.name: index_panel(result, output) for output in result.outputs}
    first, *others = (what_matters(result, output) for output in result.outputs)
    return render_page(
        "sensitivity/page.html.j2",
        Frame(
            "Sensitivity",
            f"What the forecast of {result.design} hangs on",
            first,
            SECTIONS,
            appendix=APPENDIX,
            facts={
                "Design": result.design,
                "Method": result.method,
                "Groups by": result.grouping,
                "Samples": f"{result.samples}",
                "Worlds simulated": f"{result.worlds}",
                "Common subjects": f"{result.subjects}",
                "Repeats of measurement": f"{result.replicates}",
                "Week of the suppression": number(result.suppression_week),
            },
        ),
        list(panels.values()),
        run,
        result=result,
        figures=list(panels.values()),
        every=[(output, _index_table(result, output, short_labels(result))) for output in result.outputs],
        at_a_glance=_glance(result),
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
    ends = _x_range(result, output, shown)
    scale = _scale(result, output)
    marks: list[Mark] = [Level(0.0, "x", dash="solid")]
    for place, index in enumerate(shown):
        y = ROW_HEIGHT * place
        marks.append(Note(ends[0], y + 15, "", lead=labels[index.group]))
        if index.alone is not None:
            marks += _mark(labels[index.group], index.alone, scale, y + 34, filled=False)
        marks += _mark(labels[index.group], index.whole, scale, y + 25, filled=True)
    height = ROW_HEIGHT * len(shown) + 4
    figure = Drawing(
        height,
        Axis(_axis_title(result, output), ends),
        Axis(limits=(height, 0.0), ticks=(), has_grid=False),
        marks,
    )
    rest = len(output.indices) - len(shown)
    caption = "Bars: 95 % bootstrap intervals." + (
        f" {rest} smaller ones are in the numbers." if rest else ""
    )
    if result.method == "sobol":
        caption += " Total less first order: interactions with other groups."
    return Panel(f"indices-{output.name}", output.label[0].upper() + output.label[1:], caption, figure, 2,
                 _index_table(result, output, labels))  # fmt: skip


def _mark(label: str, index: Interval, scale: float, y: float, *, filled: bool) -> Iterator[Mark]:
    role = "total" if filled else "first order"
    ends = [scale * index.low], [scale * index.high]
    yield Bars(ends[0], [y], ends[1], [y], ACTIVE, label, f"{role}, 95 %", 1.6)
    yield Dots([scale * index.value], [y], ACTIVE, label, role, filled=filled, size=8.5)


def _x_range(result: Sensitivity, output: OutputIndices, shown: Sequence[Index]) -> tuple[float, float]:
    """Return a range that holds every interval, and marks at zero whole."""
    drawn = [each for index in shown for each in (index.whole, index.alone) if each is not None]
    scale = _scale(result, output)
    low = min(0.0, *(scale * each.low for each in drawn))
    high = max(scale * each.high for each in drawn)
    low, high = padded([low, high], 0.03)
    return low, high


def _scale(result: Sensitivity, output: OutputIndices) -> float:
    return 100.0 if result.method == "sobol" or not output.unit else 1.0


def _axis_title(result: Sensitivity, output: OutputIndices) -> str:
    if result.method == "sobol":
        return "Share of the variance [%]"
    return f"Mean absolute change for a step across half of the priors [{output.unit or 'percentage points'}]"


def _glance(result: Sensitivity) -> Table:
    """Return for each output its spread over worlds and the three groups that move it most."""
    labels = short_labels(result)
    rows = tuple(
        (
            output.label[0].upper() + output.label[1:],
            _spread(output),
            *(
                f"{labels[each.group]}: {amount(result, output, each.main)}" if each.main > 0 else "–"
                for each in output.indices[:3]
            ),
            *["–"] * (3 - len(output.indices[:3])),
        )
        for output in result.outputs
    )
    return Table(("What is asked", "Mean over worlds", "Matters most", "Then", "Then"), rows)


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
    write = partial(number, digits=2) if output.unit else percent
    unit = f" {output.unit}" if output.unit else ""
    band = output.band
    return f"{write(output.mean)}{unit} (5 to 95 % of worlds {write(band.q05)} to {write(band.q95)}{unit})"


def _groups_table(result: Sensitivity) -> Table:
    rows = tuple(
        (group.label, str(len(group.inputs)), ", ".join(group.inputs),
         ", ".join(group.shared_with).replace("_", " ") or "–")
        for group in result.groups
    )  # fmt: skip
    return Table(("Group", "Inputs", "Which", "Some also used by"), rows)

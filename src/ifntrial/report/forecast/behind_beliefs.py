"""The published trials behind the beliefs: one figure for each class, and what other readings of them change."""

from collections.abc import Iterator
from dataclasses import dataclass

from ifntrial.report.beliefs import spread_words
from ifntrial.report.palette import INK, QUIET
from ifntrial.report.plots.frame import Table
from ifntrial.report.plots.intervals import Row, plot_rows
from ifntrial.report.plots.panel import Panel
from ifntrial.report.wording import percent, unit_label
from ifntrial.studies.forecast.result import Forecast
from ifntrial.studies.reference_class.result import ClassOfTrials, Predicted
from ifntrial.worlds.quantiles import Spread

AS_DECLARED, UNTOUCHED = "as declared", "–"


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """One reading of the trials, and the chance of success under each belief that it changes, in words."""

    reading: str
    chances: tuple[str, ...]


def class_panels(result: Forecast) -> list[Panel]:
    """Return a forest plot of each class of trials."""
    return [_class_panel(name, found) for name, found in result.classes.items()]


def read_otherwise(result: Forecast) -> dict[str, str]:
    """Return the beliefs that other readings change: name to label, in the order of the page."""
    changed = {each.belief for each in result.belief_readings}
    return {name: prior.label for name, prior in result.by_prior.items() if name in changed}


def reading_rows(result: Forecast) -> list[ReadingRow]:
    """Return a row for each reading, the declared one first; empty if no belief of the forecast rests on trials."""
    beliefs = read_otherwise(result)
    if not beliefs:
        return []
    found = {(each.reading, each.belief): percent(each.assurance_estimate) for each in result.belief_readings}
    readings = dict.fromkeys(each.reading for each in result.belief_readings)
    declared = tuple(percent(result.by_prior[name].assurance.estimate) for name in beliefs)
    return [
        ReadingRow(AS_DECLARED, declared),
        *(
            ReadingRow(each, tuple(found.get((each, name), UNTOUCHED) for name in beliefs))
            for each in readings
        ),
    ]


def _class_panel(name: str, found: ClassOfTrials) -> Panel:
    rows = list(_rows(found))
    measure = "Log odds ratio" if found.unit == "1" else f"Difference [{unit_label(found.unit)}]"
    return Panel(
        f"class-{name.replace('_', '-')}",
        found.title,
        _caption(found),
        plot_rows(rows, f"{measure}, active against control", line_at=0.0),
        table=Table(("Trial", "Effect"), tuple((row.label, row.note) for row in rows)),
    )


def _caption(found: ClassOfTrials) -> str:
    one = _one(found)
    parts = [
        f"Diamonds: published contrasts with their 95 % interval; {found.benefit_direction} is better. "
        f"Ticks: what they say of the next {one}, median and 5 to 95 %."
    ]
    if found.prior_decides:
        parts.append(f"With so few trials, how far one {one} lies from another is decided by the prior.")
    if len(found.trials) == 1:
        parts.append(
            "A belief that rests on it takes the spread between drugs from the trials of another endpoint."
        )
    if found.absent:
        parts.append(f"Known, but without a usable number: {', '.join(each.trial for each in found.absent)}.")
    return " ".join(parts)


def _one(found: ClassOfTrials) -> str:
    return "drug" if found.grouped_by == "drug" else "trial"


def _rows(found: ClassOfTrials) -> Iterator[Row]:
    for trial in found.trials:
        interval = Spread(trial.low, trial.estimate, trial.high)
        yield Row(
            trial.trial,
            QUIET,
            (trial.low, trial.high),
            mean=trial.estimate,
            note=f"{trial.drug}: {spread_words(interval, found.unit)}",
            outer_level="95 % interval",
        )
    if len(found.trials) > 1:
        yield _predicted_row("Mean of the class", found.mean_effect, found.unit)
    yield _predicted_row(f"Next {_one(found)}", found.next, found.unit)


def _predicted_row(label: str, effect: Predicted, unit: str) -> Row:
    note = f"{spread_words(effect, unit)}; no benefit {percent(effect.no_benefit)}"
    return Row(label, INK, (effect.q05, effect.q95), middle=effect.q50, note=note)

"""Differences between the arms in words: how large, which way, and how likely one that matters."""

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from ifntrial.report.forecast.courses import GROUPS
from ifntrial.report.page import interval_svg
from ifntrial.report.palette import INK
from ifntrial.report.wording import difference_text, difference_unit, number, percent
from ifntrial.studies.difference_chances import DifferenceChances
from ifntrial.studies.forecast.course_records import EndpointCourses
from ifntrial.worlds.quantiles import Band

NOT_KNOWN = "–"
"""Stands where no smallest relevant change is published."""


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """A difference in one group of patients, in words and as a drawing.

    Parameters
    ----------
    chances
        Of a benefit, of a loss, of a benefit and of a loss that matter.
    """

    group: str
    text: str
    drawing: Markup
    chances: tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class EndpointDifferences:
    """The differences of one endpoint.

    Parameters
    ----------
    better, matters
        Which way is good, and from where on a difference matters; empty where that is not published.
    is_key
        Whether it is in the printed summary.
    """

    label: str
    unit: str
    better: str
    matters: str
    is_key: bool
    rows: tuple[DifferenceRow, ...]


def difference_rows(endpoint: EndpointCourses, *, is_key: bool) -> EndpointDifferences:
    """Return one endpoint's difference for each group."""
    low, high = ends_of(endpoint.difference_by_group.values(), 0.0)
    rows = []
    for group, band in endpoint.difference_by_group.items():
        text = difference_text(band, endpoint.unit)
        rows.append(
            DifferenceRow(
                GROUPS.get(group, group),
                text,
                interval_svg([(band, INK)], low, high, 0.0, text),
                _in_words(endpoint.chances_by_group[group]),
            )
        )
    relevant, unit = endpoint.smallest_relevant, difference_unit(endpoint.unit)
    return EndpointDifferences(
        endpoint.label,
        unit,
        "higher is better" if endpoint.higher_is_better else "lower is better",
        "" if relevant is None else f"more than {number(relevant)} {unit} matters",
        is_key,
        tuple(rows),
    )


def _in_words(found: DifferenceChances) -> tuple[str, str, str, str]:
    gain, loss = (
        NOT_KNOWN if share is None else percent(share) for share in (found.relevant_gain, found.relevant_loss)
    )
    return percent(found.better), percent(found.worse), gain, loss


def ends_of(bands: Iterable[Band], *others: float) -> tuple[float, float]:
    """Return the ends of a scale that holds bands and other values."""
    values = [end for band in bands for end in (band.q05, band.q95)]
    low, high = min([*values, *others], default=0.0), max([*values, *others], default=1.0)
    return (low, high) if high > low else (low - 1.0, high + 1.0)

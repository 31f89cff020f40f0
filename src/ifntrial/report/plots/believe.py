"""What one would have to believe: power by true effect and rate on control, beside what each prior believes."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from math import exp

from ifntrial.report.palette import INK, PAPER, POWER_COLORS, prior_colors
from ifntrial.report.plots.frame import Axis, Drawing
from ifntrial.report.plots.marks import Bars, Cells, Dots, Mark, Note, Stroke
from ifntrial.report.wording import MINUS
from ifntrial.studies.forecast.answers import Believe
from ifntrial.studies.forecast.prior_answer import PriorAnswer

_ROW = 30.0
_APART = 0.62
"""Width of a prior's place beside the map, in columns of the map."""

_WANTED = 80.0
_DARK = 60.0
"""Power from which on paper is read better than ink."""


def plot_believe(
    believe: Believe,
    by_prior: Mapping[str, PriorAnswer],
    control: str = "placebo",
) -> Drawing:
    """Return a map of power with a strip of the priors' log odds ratios on the same axis.

    Parameters
    ----------
    believe
        Power by true effect (rows) and response on control (columns).
    by_prior
        What each belief becomes in this trial.
    control
        What the control arm is called.
    """
    effects = [float(value) for value in believe.log_odds_ratios]
    power = [[100 * float(value) for value in row] for row in believe.power_grid]
    count = len(believe.placebo_rates)
    edges = edges_of(effects)
    columns = [column - 0.5 for column in range(count + 1)]
    marks: list[Mark] = [Cells(columns, edges, power, 0.0, 100.0, POWER_COLORS, "power", gap=1.0)]
    letters_down = 4.4 / _ROW * (edges[-1] - edges[0]) / len(effects)
    marks += [
        _number(column, effect - letters_down, value)
        for effect, line in zip(effects, power, strict=True)
        for column, value in enumerate(line)
    ]
    marks += _contour(power, effects)
    places = [count - 0.5 + _APART * (place + 0.9) for place in range(len(by_prior))]
    colors = prior_colors(by_prior)
    for at, (name, prior) in zip(places, by_prior.items(), strict=True):
        marks += _prior(at, prior, colors[name])
    ticks = (*(float(column) for column in range(count)), *places)
    words = (
        *(f"{100 * float(rate):g}" for rate in believe.placebo_rates),
        *(str(n + 1) for n in range(len(places))),
    )
    return Drawing(
        _ROW * len(effects),
        Axis(
            f"Responders on {control} [%], and belief", (-0.5, count - 0.5 + _APART * (len(places) + 0.8)),
            ticks, words, has_grid=False,
        ),
        Axis(
            "True log odds ratio (odds ratio)", (edges[0], edges[-1]), tuple(effects),
            tuple(effect_label(value) for value in effects), has_grid=True,
        ),
        marks,
    )  # fmt: skip


def effect_label(log_odds_ratio: float) -> str:
    """Return a log odds ratio with its odds ratio.

    Examples
    --------
    >>> effect_label(0.64), effect_label(-0.2)
    ('0.64 (1.9)', '−0.20 (0.8)')
    """
    return f"{log_odds_ratio:.2f} ({exp(log_odds_ratio):.1f})".replace("-", MINUS)


def edges_of(values: Sequence[float]) -> list[float]:
    """Return the middles between rising values, and one beyond each end as far from it as the nearest.

    Examples
    --------
    >>> edges_of([0.0, 1.0, 3.0])
    [-0.5, 0.5, 2.0, 4.0]
    """
    between = [(low + high) / 2 for low, high in pairwise(values)]
    if not between:
        return [values[0] - 0.1, values[0] + 0.1]
    return [2 * values[0] - between[0], *between, 2 * values[-1] - between[-1]]


def _number(column: int, y: float, value: float) -> Note:
    return Note(float(column), y, f"{value:.0f}", PAPER if value >= _DARK else INK, "middle", has_halo=False)


def _contour(power: Sequence[Sequence[float]], effects: Sequence[float]) -> Iterator[Stroke]:
    """Yield where power passes what is wanted in each column, by a straight line between rows; on paper, to be seen."""
    x = [float(column) for column in range(len(power[0]))]
    y = [next(_crossings([row[column] for row in power], effects), None) for column in range(len(x))]
    yield Stroke(x, y, PAPER, width=5.0, opacity=0.8)
    yield Stroke(x, y, INK, "80 % power", "line", 2.0, "dash")


def _crossings(line: Sequence[float], effects: Sequence[float]) -> Iterator[float]:
    steps = zip(line, line[1:], effects, effects[1:], strict=False)
    for low, high, effect, next_effect in steps:
        if low < _WANTED <= high:
            yield effect + (next_effect - effect) * (_WANTED - low) / (high - low)


def _prior(at: float, prior: PriorAnswer, color: str) -> Iterator[Mark]:
    band = prior.effect_in_this_trial.quantiles
    for role, low, high, width in (
        ("5 to 95 %", band.q05, band.q95, 3.0),
        ("25 to 75 %", band.q25, band.q75, 10.0),
    ):
        yield Bars([at], [low], [at], [high], color, prior.label, role, width)
    yield Dots([at], [band.q50], PAPER, prior.label, "median", "level", size=12.0)

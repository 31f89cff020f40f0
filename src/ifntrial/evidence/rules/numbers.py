"""Rules about numbers: intervals, spreads, priors."""

from collections.abc import Iterator

from ifntrial.evidence.records import Observation, ParameterValue
from ifntrial.evidence.rules.checked import Checked, label

_PERCENT = ("percent", "%")


def intervals_ordered(checked: Checked) -> Iterator[str]:
    """Require ``low`` ≤ ``value`` ≤ ``high``, both ends or none, and a word for what they are."""
    for row in checked.evidence.observations:
        if (row.low is None) != (row.high is None):
            yield f"{label(row)} has one end of an interval; give both or none"
        if (row.low is None) != (row.interval_kind == "none"):
            yield f"{label(row)}: interval_kind '{row.interval_kind}' does not fit low and high"
        in_order = [number for number in (row.low, row.value, row.high) if number is not None]
        if in_order != sorted(in_order):
            yield f"{label(row)}: {' ≤ '.join(f'{number:g}' for number in in_order)} does not hold"


def sizes_possible(checked: Checked) -> Iterator[str]:
    """Require possible standard deviations and counts, proportions and correlations in their range."""
    for row in checked.evidence.observations:
        if row.sd is not None and row.sd < 0:
            yield f"{label(row)}: sd {row.sd:g} is negative"
        if row.n is not None and row.n < 1:
            yield f"{label(row)}: n {row.n} is not a number of subjects"
        yield from _within_range(row)
    for source in checked.evidence.sources:
        if source.n is not None and source.n < 1:
            yield f"{label(source)}: n {source.n} is not a number of subjects"


def _within_range(row: Observation) -> Iterator[str]:
    lowest, highest = float("-inf"), float("inf")
    if row.statistic == "proportion":
        lowest, highest = 0.0, 100.0 if row.unit in _PERCENT else 1.0
    elif row.statistic in ("correlation", "intraclass_correlation"):
        lowest, highest = -1.0, 1.0
    elif row.statistic == "count":
        lowest, highest = 0.0, float(row.n or "inf") if row.endpoint != "adverse_event" else float("inf")
    elif row.statistic.endswith("ratio"):
        lowest = 0.0
    for number in (row.value, row.low, row.high):
        if number is not None and not lowest <= number <= highest:
            yield f"{label(row)}: {number:g} is not a {row.statistic} in '{row.unit}'"


def numbers_published(checked: Checked) -> Iterator[str]:
    """Require a number, or both bounds, and a unit of what is fitted or tested."""
    for row in checked.evidence.observations:
        if row.use in ("fit", "test"):
            if row.value is None and (row.low is None or row.high is None):
                yield f"{label(row)} is for '{row.use}' and has no number"
            if not row.unit:
                yield f"{label(row)} is for '{row.use}' and has no unit"


def spreads_possible(checked: Checked) -> Iterator[str]:
    """Require that a spread has a kind and is not negative, and that a kind has a spread."""
    for row in checked.evidence.parameters:
        if (row.spread is None) != (row.spread_kind == "none"):
            yield f"{label(row)}: spread_kind '{row.spread_kind}' does not fit spread {row.spread}"
        if row.spread is not None and row.spread < 0:
            yield f"{label(row)}: spread {row.spread:g} is negative"
        if row.spread_kind == "sd_logit" and not 0 < row.value < 1:
            yield f"{label(row)}: a spread of the logit needs a share between 0 and 1, not {row.value:g}"


def priors_possible(checked: Checked) -> Iterator[str]:
    """Require that a prior has the two numbers of its kind and some width, and holds the value."""
    for row in checked.evidence.parameters:
        a, b = row.prior_a, row.prior_b
        if row.prior == "none":
            if a is not None or b is not None:
                yield f"{label(row)} has prior numbers and prior 'none'"
        elif a is None or b is None:
            yield f"{label(row)}: prior '{row.prior}' needs prior_a and prior_b"
        else:
            yield from _prior_fits(row, a, b)


def _prior_fits(row: ParameterValue, a: float, b: float) -> Iterator[str]:
    if row.prior in ("uniform", "loguniform"):
        wide, inside = a < b, a <= row.value <= b
    elif row.prior == "beta":
        wide, inside = a > 0 and b > 0, 0 <= row.value <= 1
    elif row.prior == "gamma":
        wide, inside = a > 0 and b > 0, row.value > 0
    else:
        wide, inside = b > 0, True
    if not wide:
        yield f"{label(row)}: prior {row.prior}({a:g}, {b:g}) has no width"
    elif not inside:
        yield f"{label(row)}: value {row.value:g} lies outside its prior {row.prior}({a:g}, {b:g})"
    if row.prior in ("lognormal", "loguniform") and (a <= 0 or row.value <= 0):
        yield f"{label(row)}: a {row.prior} prior needs a positive value"

"""What a sensitivity analysis says, in sentences."""

from ifntrial.report.wording import in_a_row, number, percent, percent_range
from ifntrial.studies.sensitivity.indices import Index, Interval
from ifntrial.studies.sensitivity.result import OutputIndices, Sensitivity

SMALL_SHARE = 0.01
"""Groups below this share of the variance, or of the largest effect, move an output hardly at all."""

ROUNDING = 9
"""Decimals beyond which a number is the arithmetic's and not the model's."""


def what_matters(result: Sensitivity, output: OutputIndices) -> str:
    """Return one sentence: which group an output hangs on most, what comes next, and how much does not matter."""
    labels = short_labels(result)
    indices = output.indices
    top = indices[0]
    if top.main <= 0:
        return f"Nothing moves the {output.label}."
    rivals = [labels[i.group] for i in indices[1:] if i.main_high > top.main_low]
    text = f"The {output.label} hangs most on “{labels[top.group]}”: {_size(result, output, top)}"
    if rivals:
        named = in_a_row([f"“{name}”" for name in rivals[:3]])
        more = f" and {len(rivals) - 3} more" if len(rivals) > 3 else ""
        text += f"; the intervals do not tell it apart from {named}{more}"
    elif len(indices) > 1:
        text += f", ahead of “{labels[indices[1].group]}”"
    small = sum(i.main < SMALL_SHARE * (top.main if result.method == "morris" else 1.0) for i in indices)
    limit = "of the largest effect" if result.method == "morris" else "of the variance"
    return f"{text}. {small} of {len(indices)} groups carry less than {number(100 * SMALL_SHARE)} % {limit}."


def how_steady(result: Sensitivity, output: OutputIndices) -> str:
    """Return one sentence on how the indices moved from half the samples to all of them."""
    found = output.convergence
    labels = short_labels(result)
    half_top = max(found.half, key=lambda name: found.half[name])
    same = half_top == output.indices[0].group
    lead = "the first group stays the same" if same else f"the first group was “{labels[half_top]}”"
    changed = percent(found.rank_changed_share)
    return (
        f"From {found.half_samples} to {result.samples} samples {changed} of the groups change rank, {lead}, and "
        f"the largest change is {amount(result, output, found.largest_change)} "
        f"(“{labels[found.largest_change_group]}”).{_noise_words(result, output)}"
    )


def _noise_words(result: Sensitivity, output: OutputIndices) -> str:
    """Return a warning where shares of the variance are impossible, as too few samples make them."""
    if result.method != "sobol":
        return ""
    if not any(i.main > 1.0 or (i.first or 0.0) > max(i.main, SMALL_SHARE) for i in output.indices):
        return ""
    return (
        " A total above 100 % or below the first order is the noise of few samples, which the intervals do not all "
        "cover: take more."
    )


def short_labels(result: Sensitivity) -> dict[str, str]:
    """Return each group in a few words, without what stands in brackets or after a colon."""
    return {group.group: group.label.split(" (")[0].split(":")[0] for group in result.groups}


def amount(result: Sensitivity, output: OutputIndices, value: float) -> str:
    """Return an index with its unit: a share of the variance (Sobol), or a change of the output (Morris)."""
    value = round(value, ROUNDING)
    if result.method == "sobol":
        return percent(value)
    if output.unit:
        return f"{number(value, 2)} {output.unit}"
    return f"{number(100 * value, 2)} points"


def span(result: Sensitivity, output: OutputIndices, index: Interval) -> str:
    """Return the interval of an index, its unit said once."""
    low, high = (round(end, ROUNDING) for end in (index.low, index.high))
    if result.method == "sobol":
        return percent_range(low, high)
    scale, unit = (1.0, output.unit) if output.unit else (100.0, "points")
    return f"{number(scale * low, 2)} to {number(scale * high, 2)} {unit}"


def _size(result: Sensitivity, output: OutputIndices, index: Index) -> str:
    size = f"{amount(result, output, index.main)} ({span(result, output, index.whole)})"
    if result.method == "sobol":
        return f"{size} of its variance, interactions included"
    return f"{size} on average for a step across half of its priors"

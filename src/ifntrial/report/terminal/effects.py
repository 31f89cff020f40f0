"""What ``ifntrial evidence effects`` prints: trials of a class, how far drugs lie apart, and the next one."""

from collections.abc import Iterator

from ifntrial.evidence.effects import Effect
from ifntrial.studies.reference_class.result import ClassOfTrials, Contrast, Predicted
from ifntrial.studies.reference_class.study import ENOUGH_TRIALS

_NAME = 44


def result_words(row: Effect) -> str:
    """Return the number of a contrast in words."""
    if row.value is None:
        return "no usable number"
    return f"{row.value:g} (SE {row.standard_error:g}){'' if row.unit == '1' else f' {row.unit}'}"


def class_lines(name: str, found: ClassOfTrials) -> Iterator[str]:
    """Yield what the trials of a class say of the next drug."""
    yield f"{name}: {found.title}"
    yield f"{_MEASURES[found.measure]}, active against control; {found.benefit_direction} is better"
    yield ""
    yield f"{'trial':<{_NAME}}{'estimate':>9}{'SE':>7}{'95 % interval':>18}  {'week':>4}  {'control':>7}  drug"
    for trial in found.trials:
        yield _trial_line(trial)
    yield ""
    yield from _hierarchy_lines(found)
    yield ""
    yield from _answer_lines(found)
    if found.absent:
        yield ""
        yield "absent, without a usable number:"
        for each in found.absent:
            yield f"  {each.trial} ({each.drug}): {each.reason}"
    yield ""
    yield "where from:"
    for row in (*found.trials, *(one.contrast for one in found.variants)):
        yield f"  {row.id} ({row.estimand}): {'; '.join(filter(None, (row.derivation, row.note)))}"


_MEASURES = {"log_odds_ratio": "Log odds ratio", "mean_difference": "Difference in points"}


def _trial_line(trial: Contrast) -> str:
    interval = f"{trial.low:.2f} to {trial.high:.2f}"
    control = "" if trial.control_rate is None else f"{trial.control_rate:.1f} %"
    numbers = f"{trial.estimate:>9.2f}{trial.standard_error:>7.2f}{interval:>18}"
    return f"{trial.trial:<{_NAME}}{numbers}  {trial.visit_week or 0:>4.0f}  {control:>7}  {trial.drug}"


def _hierarchy_lines(found: ClassOfTrials) -> Iterator[str]:
    between, group = found.between, found.grouped_by
    yield (
        f"SD between {group}s: half-normal prior of scale {between.prior_scale:g} "
        f"(median {between.prior_q50:.2f}, 95 % below {between.prior_q95:.2f});"
    )
    yield (
        f"  with the trials median {between.q50:.2f}, 95 % below {between.q95:.2f}; "
        f"posterior over prior SD {between.sd_ratio:.2f}"
    )
    if found.prior_decides:
        count = f"{len(found.trials)} trial{'s' if len(found.trials) > 1 else ''}"
        yield (
            f"  {count}, fewer than {ENOUGH_TRIALS}: the prior, not the trials, decides how far {group}s lie apart"
        )
    if found.within_drug_ratio:
        yield f"trials of one drug differ by {found.within_drug_ratio:g} of that SD (assumed)"
    elif group == "trial":
        yield "all trials are of one drug: the SD is between its trials, and the prediction is for its next one"


def _answer_lines(found: ClassOfTrials) -> Iterator[str]:
    group = found.grouped_by
    yield f"{'':<{_NAME}}{'mean':>7}{'SD':>7}{'5 %':>8}{'95 %':>8}{'no benefit':>12}"
    yield _answer("mean of the class", found.mean_effect)
    yield _answer(f"next {group}", found.next)
    yield f"each {group}"
    for name, effect in found.true_effects.items():
        yield _answer(f"  {name}", effect)
    yield f"next {group} at other scales of the prior"
    for each in found.at_scales:
        yield _answer(f"  {each.multiple:g} times, {each.between.prior_scale:g}", each.next)
    if found.next_without:
        yield f"next {group} without"
        for name, effect in found.next_without.items():
            yield _answer(f"  {name}", effect)
    else:
        yield f"only one {group}: nothing can be left out"
    if found.variants:
        yield f"next {group} with"
        for one in found.variants:
            word = "in place of its own row" if one.replaces else "added"
            yield _answer(f"  {one.contrast.trial}, {word}", one.next)


def _answer(name: str, effect: Predicted) -> str:
    numbers = f"{effect.mean:>7.2f}{effect.sd:>7.2f}{effect.q05:>8.2f}{effect.q95:>8.2f}"
    return f"{name:<{_NAME}}{numbers}{100 * effect.no_benefit:>10.0f} %"

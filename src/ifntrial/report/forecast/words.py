"""The sentences of the forecast's page that depend on its numbers."""

from collections.abc import Iterable, Sequence

from ifntrial.report.wording import (
    band_text,
    finer_percent,
    fixed,
    in_a_row,
    level,
    number,
    one_in,
    percent,
    percent_range,
)
from ifntrial.studies.forecast.answers import PriorAnswer
from ifntrial.studies.forecast.result import Forecast, Screening

MIXTURE = "mixture"


# Worlds further apart than this are called far apart in words.
WIDE_SPREAD = 0.3


def in_each_arm(per_arm: Sequence[int], names: Sequence[str] = ("active", "control")) -> str:
    """Return how many patients each of the two arms has.

    Examples
    --------
    >>> in_each_arm([210, 105])
    '210 patients on active and 105 on control'
    """
    active, control = per_arm
    return f"{number(active)} patients on {names[0]} and {number(control)} on {names[1]}"


def named_priors(result: Forecast) -> dict[str, PriorAnswer]:
    """Return the priors without their mixture."""
    return {name: prior for name, prior in result.by_prior.items() if name != MIXTURE}


def headline(result: Forecast) -> str:
    """Return the answer in one sentence, under each prior and then the mixture."""
    priors = named_priors(result)
    parts = [f"{_chance(prior)} under the prior “{prior.label}”" for prior in priors.values()]
    text = f"The chance that the trial succeeds is {in_a_row(parts)}."
    mixture = result.by_prior.get(MIXTURE)
    if mixture is not None:
        weights = in_a_row([f"{fixed(prior.weight, 2)} for “{prior.label}”" for prior in priors.values()])
        text += f" Weighted {weights}, a declared judgement and not a measurement, it is {_chance(mixture)}."
    return text


def _chance(prior: PriorAnswer) -> str:
    estimate = prior.assurance.estimate
    return f"{percent(estimate)} ({one_in(estimate)})"


def spread(result: Forecast) -> str:
    """Return how far single worlds lie apart under the mixture."""
    worlds = result.power_by_world
    within = percent_range(worlds.q05, worlds.q95)
    text = f"In nine of ten worlds drawn from the mixture the chance lies within {within}"
    if worlds.q95 - worlds.q05 > WIDE_SPREAD:
        return f"{text}: what nobody knows matters far more than chance in the trial."
    return f"{text}."


def drive(result: Forecast) -> str:
    """Return what is known about phi, the share of each domain's drive that passes through IFNAR."""
    shares = [row for row in result.globals if row.name.startswith("phi")]
    domains = [(_domain(row.label), row.verdict == "prior only") for row in shares]
    unmoved = [label for label, is_prior in domains if is_prior]
    moved = [label for label, is_prior in domains if not is_prior]
    text = (
        "The share of each part of the disease that is driven through the interferon receptor (phi) decides the answer, "
        "and it has not been measured."
    )
    if unmoved:
        text += f" It is prior only for each of {in_a_row(unmoved)}: no observation in the evidence tables narrows it."
    if moved:
        text += f" It is informed, indirectly, for {in_a_row(moved)}."
    return text


def _domain(label: str) -> str:
    return label.removeprefix("phi").lstrip(", ")


def other_worlds(result: Forecast) -> str:
    """Return where each prior's chance of success would be expected if other worlds were drawn."""
    within = _intervals((each.label, each.assurance.low, each.assurance.high) for each in _priors(result))
    return f"With other worlds drawn, the chances would be expected within: {within}."


def monte_carlo(result: Forecast) -> str:
    """Return the Monte Carlo error of each prior's chance of success, the worlds kept."""
    within = _intervals(
        (each.label, each.assurance.mc_low, each.assurance.mc_high) for each in _priors(result)
    )
    return (
        f"With the same worlds and other random numbers in them (Monte Carlo error alone), within: {within}."
    )


def _priors(result: Forecast) -> Iterable[PriorAnswer]:
    return result.by_prior.values()


def _intervals(rows: Iterable[tuple[str, float, float]]) -> str:
    return "; ".join(f"{label} {percent_range(low, high)}" for label, low, high in rows)


def type_one(result: Forecast) -> str:
    """Return how the analysis behaves when the drug does nothing."""
    error, nominal = result.type_i_error, result.alpha_one_sided
    if error.mc_low > nominal:
        verdict = f"which does not hold the nominal {level(nominal)}"
    elif error.mc_high < nominal:
        verdict = f"which lies below the nominal {level(nominal)}: the test errs on the safe side"
    else:
        verdict = f"which holds the nominal {level(nominal)} within its Monte Carlo error"
    return (
        f"With the drug's effect set to zero and everything else unchanged, {finer_percent(error.estimate)} of trials "
        f"({finer_percent(error.mc_low)} to {finer_percent(error.mc_high)}, Monte Carlo) favour the drug, "
        f"{verdict} (one-sided)."
    )


def screening(screened: Screening) -> str:
    """Return how many virtual patients were screened and which entry criteria they failed."""
    failed = [f"{number(count)} for “{rule}”" for rule, count in screened.refused.items() if count]
    implausible, thinned = sum(screened.implausible.values()), screened.thinned
    drawn = ""
    if implausible or thinned:
        reasons = [f"{number(n)} {reason}" for reason, n in screened.implausible.items()]
        why = f" ({in_a_row(reasons)})" if reasons else ""
        drawn = (
            f"{number(screened.screened)} candidates were drawn; {number(implausible)} were implausible{why}, and "
            f"{number(thinned)} were left out so that the rest look like published patients. "
        )
    text = (
        f"{drawn}{number(screened.screened - implausible - thinned)} virtual patients were screened by the entry "
        "criteria"
    )
    return f"{text}; refused were {in_a_row(failed)}." if failed else f"{text}; all met them."


def own_control_rate(result: Forecast) -> str:
    """Return the rate of responders on control that the forecast itself predicts, under the mixture."""
    mixture = result.by_prior.get(MIXTURE)
    if mixture is None:
        return ""
    rate = band_text(mixture.response_placebo, "fraction")
    return f"The forecast itself has {rate} responders on {result.control_word}."


def audit(result: Forecast) -> str:
    """Return how the solver was checked at a tighter tolerance on part of the subjects, if it was."""
    checked = result.audit
    if checked is None:
        return "No solve of this run was repeated at a tighter tolerance."
    return (
        f"{number(checked.subjects)} solves were repeated at a far tighter tolerance; "
        f"the largest relative difference was {number(checked.largest_error, 2)}."
    )

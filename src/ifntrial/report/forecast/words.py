"""The sentences of the forecast's page that depend on its numbers."""

from ifntrial.items import ITEMS
from ifntrial.report.beliefs import spread_words, stated_words
from ifntrial.report.primary import better_words, facts_of_trial, in_each_arm
from ifntrial.report.wording import (
    ABSENT,
    band_text,
    finer_percent,
    fixed,
    in_a_row,
    level,
    number,
    one_in,
    percent,
    percent_range,
    worlds_in_words,
)
from ifntrial.studies.forecast.prior_answer import PriorAnswer
from ifntrial.studies.forecast.result import Forecast
from ifntrial.studies.screening import Screening

MIXTURE = "mixture"


# Worlds further apart than this are called far apart in words.
WIDE_SPREAD = 0.3


def named_priors(result: Forecast) -> dict[str, PriorAnswer]:
    """Return the beliefs that the mixture is made of."""
    return {name: prior for name, prior in result.by_prior.items() if name != MIXTURE and prior.weight > 0}


def in_the_mixture(result: Forecast) -> dict[str, PriorAnswer]:
    """Return the beliefs that the mixture is made of and, last, the mixture."""
    return {**named_priors(result), MIXTURE: result.by_prior[MIXTURE]}


def beside(result: Forecast) -> dict[str, PriorAnswer]:
    """Return the beliefs that are shown beside the mixture."""
    return {
        name: prior for name, prior in result.by_prior.items() if name != MIXTURE and not prior.weight > 0
    }


def headline(result: Forecast) -> str:
    """Return the answer in two sentences: from the least to the greatest chance, then under the mixture."""
    chances = [prior.assurance.estimate for prior in named_priors(result).values()]
    mixture = _chance(result.by_prior[MIXTURE])
    low, high = min(chances), max(chances)
    if percent(low) == percent(high):
        return f"The chance that the trial succeeds is {percent(low)} under each belief, and under their mixture."
    return (
        f"The chance that the trial succeeds is {percent(low)} to {percent(high)}, by what one believes of interferon in "
        f"this disease. Under the declared mixture of these beliefs it is {mixture}."
    )


def trial_facts(result: Forecast) -> dict[str, str]:
    """Return what has to be known of the trial and of a chance beside the answer, label to text."""
    planned = "" if result.planned == sum(result.per_arm) else f" ({number(result.planned)} planned)"
    counted = next((f"; {each.label}" for each in result.estimands if each.is_default), "")
    size, definition = in_each_arm(result.per_arm, result.arms), f"{result.primary_definition}{counted}"
    return facts_of_trial(f"{size}{planned}", result.primary, definition, result.alpha_one_sided)


def chance_means(result: Forecast) -> str:
    """Return what a chance is, and what the interval below it on a card says."""
    asked = worlds_in_words(result.worlds_asked, result.worlds, result.worlds_effective)
    return (
        f"A world is one draw of everything nobody knows; a chance is the mean over worlds ({asked}). The interval below "
        "it is numerical error, 95 %: where it would lie with other worlds, patients and calibrations of the same "
        "size. It is no measure of how far beliefs disagree."
    )


def stated(prior: PriorAnswer) -> str:
    """Return what a belief says at its address, in numbers."""
    found = prior.effect_as_stated
    if found is None:
        return "no effect, exactly"
    return stated_words(found.quantiles, found.unit, no_benefit=found.no_benefit, unreached=found.unreached)


def effect_name(result: Forecast) -> str:
    """Return what an effect in this trial is: the log odds ratio of a response, or the difference that is tested."""
    measure = result.primary_measure
    return "log odds ratio" if measure.is_response else f"{measure.of_difference} ({better_words(measure)})"


def here(prior: PriorAnswer, result: Forecast) -> str:
    """Return what becomes of a belief in this trial, see ``effect_name``."""
    return spread_words(prior.effect_in_this_trial.quantiles, _unit_of_effect(result))


def _unit_of_effect(result: Forecast) -> str:
    measure = result.primary_measure
    return "1" if measure.is_response else measure.difference_unit


def met(prior: PriorAnswer) -> str:
    """Return how far the run's worlds meet a belief where it is stated."""
    found = prior.prior_check
    if found is None:
        return "nothing to check"
    verdict = "met" if found.is_met else "not met"
    return (
        f"{verdict}: mean {fixed(found.met_mean, 2)} for {fixed(found.stated_mean, 2)}, "
        f"SD {fixed(found.met_sd, 2)} for {fixed(found.stated_sd, 2)}"
    )


def check_subjects(result: Forecast) -> str:
    """Return how many patients stand behind the checks of beliefs."""
    found = [each.prior_check.subjects for each in result.by_prior.values() if each.prior_check]
    return number(max(found)) if found else ABSENT


def below(prior: PriorAnswer) -> str:
    """Return the mass of worlds in which blockade does nothing, or harm."""
    found = prior.effect_in_this_trial
    lung = ITEMS["fvc_ml"].label
    return (
        f"{percent(found.no_effect)} no effect, {percent(found.harm)} harm; {lung} lost by more than 1 point "
        f"{percent(found.fvc_loss_above_1)}, by more than 3 points {percent(found.fvc_loss_above_3)}"
    )


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


def numerical(result: Forecast) -> str:
    """Return the numerical error of each chance: what a simulation without end would not have."""
    rows = [
        f"{each.label} {percent_range(each.assurance.low, each.assurance.high)}"
        for each in in_the_mixture(result).values()
    ]
    return (
        "With other worlds, patients and calibrations of the same size the chances would lie within: "
        f"{'; '.join(rows)}. This is numerical error alone, and no measure of how far beliefs disagree."
    )


def error_parts(prior: PriorAnswer) -> str:
    """Return the standard errors that the numerical error is made of, in percentage points."""
    parts = prior.assurance.parts
    return (
        f"{fixed(100 * parts.worlds_error, 1)} worlds, {fixed(100 * parts.subjects_error, 1)} patients, "
        f"{fixed(100 * parts.calibration_error, 1)} calibration"
    )


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

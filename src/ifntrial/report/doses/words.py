"""The sentences of the page on doses that depend on its numbers."""

from ifntrial.report.differences import change_in_words, gap_text, named, verdict
from ifntrial.report.primary import facts_of_trial, in_each_arm
from ifntrial.report.wording import fixed, in_a_row, number, percent
from ifntrial.studies.doses.result import Doses, MedianPatient, RegimenResult

SATURATED = 0.05
"""The signature is called saturated if more exposure adds less than this share of suppression, in blood and in skin."""
SAME_CHANCE = 0.01


def highest_of(result: Doses) -> RegimenResult:
    """Return the regimen with the largest area under the curve."""
    return max(result.regimen_results, key=_auc)


def _auc(regimen: RegimenResult) -> float:
    return regimen.exposure.auc.median


def _suppression(regimen: RegimenResult, tissue: str = "blood") -> float:
    found = regimen.exposure
    return (found.suppression_blood if tissue == "blood" else found.suppression_skin).median


def saturation_sentence(result: Doses) -> str:
    """Return whether more drug than the design's own regimen gives would lower the signature further, and gain."""
    own, top = result.own, highest_of(result)
    if top.words == own.words:
        return f"No regimen computed exposes patients to more drug than {own.words}; give a higher dose to see more."
    times = _auc(top) / _auc(own)
    return (
        f"At {own.words} the signature is {'saturated' if is_saturated(own, top) else 'not saturated'}: {top.words} "
        f"exposes patients to {number(times, 2)} times as much drug and lowers the signature of patients with a high one "
        f"from {percent(_suppression(own))} to {percent(_suppression(top))} suppression in blood and from "
        f"{percent(_suppression(own, 'skin'))} to {percent(_suppression(top, 'skin'))} in skin; the chance of success "
        f"changes, in percentage points, by {in_a_row(_gaps(top, result))}."
    )


def lowest_sentence(result: Doses) -> str:
    """Return the regimen with the least exposure that loses less than a point of the chance of success anywhere."""
    own = result.own
    kept = [
        each
        for each in result.regimen_results
        if all(each.versus_own[prior].estimate > -SAME_CHANCE for prior in named(result))
    ]
    least = min(kept, key=_auc)
    if least.words == own.words:
        return (
            f"Every regimen computed with less exposure than {own.words} loses a point or more of the chance of "
            "success under some belief."
        )
    return (
        f"The least exposure computed that loses less than one point of the chance of success under every belief is "
        f"that of {least.words}: trough {number(least.exposure.trough.median, 2)} µg/mL instead of "
        f"{number(own.exposure.trough.median, 2)}, {percent(_suppression(least))} suppression in blood."
    )


def route_sentence(result: Doses) -> str:
    """Return how the regimen of the other route with the nearest area under the curve does beside the design's own."""
    own = result.own
    near = nearest_of_other_route(result)
    if near is None:
        return f"No regimen of another route than {own.route} was computed."
    troughs = [number(each.exposure.trough.median, 2) for each in (near, own)]
    return (
        f"{near.words}, the {near.route} regimen nearest in exposure, gives {number(_auc(near) / _auc(own), 2)} "
        f"times the area under the curve and a trough of {troughs[0]} instead of {troughs[1]} µg/mL; the chance of "
        f"success changes, in percentage points, by {in_a_row(_gaps(near, result))}."
    )


def _gaps(regimen: RegimenResult, result: Doses) -> list[str]:
    gaps = {prior: regimen.versus_own[prior] for prior in named(result)}
    return [
        f"{gap_text(gap)}, {verdict(gap)}, if “{result.priors[prior].label}”" for prior, gap in gaps.items()
    ]


def short_lines(result: Doses) -> list[str]:
    """Return whether more drug would do more, how little would do as well, and what the other route does, for a page."""
    own, top = result.own, highest_of(result)
    lines = [lowest_sentence(result)]
    if top.words != own.words:
        blood, skin = (
            f"{percent(_suppression(own, tissue))} to {percent(_suppression(top, tissue))} in {tissue}"
            for tissue in ("blood", "skin")
        )
        lines.insert(0, (
            f"At {own.words} the signature is {'saturated' if is_saturated(own, top) else 'not saturated'}: {top.words}, "
            f"{number(_auc(top) / _auc(own), 2)} times as much drug, lowers it from {blood} and from {skin} in patients "
            f"in whom it is high. The chance of success changes by {change_in_words(top.versus_own, result)}."
        ))  # fmt: skip
    near = nearest_of_other_route(result)
    if near is not None:
        lines.append(
            f"{near.words}, the {near.route} regimen nearest in exposure "
            f"({number(_auc(near) / _auc(own), 2)} times the area under the curve), changes the chance of success by "
            f"{change_in_words(near.versus_own, result)}."
        )
    return lines


def is_saturated(own: RegimenResult, top: RegimenResult) -> bool:
    """Return whether the most drug computed lowers the signature hardly more than the design's own regimen does."""
    return all(_suppression(top, each) - _suppression(own, each) < SATURATED for each in ("blood", "skin"))


def nearest_of_other_route(result: Doses) -> RegimenResult | None:
    """Return the regimen of another route with the nearest area under the curve; None if there is none."""
    own = result.own
    others = [each for each in result.regimen_results if each.route != own.route]
    return min(others, key=lambda each: abs(_auc(each) / _auc(own) - 1.0), default=None)


def trial_facts(result: Doses) -> dict[str, str]:
    """Return size, endpoint and success of the trial, label to text."""
    return facts_of_trial(
        in_each_arm(result.per_arm), result.primary, result.primary_definition, result.alpha_one_sided
    )


def band(values: MedianPatient, kind: str = "number") -> str:
    """Return a median with the 5 to 95 % range of patients and worlds.

    Examples
    --------
    >>> band(MedianPatient(median=0.5, mc_low=0.4, mc_high=0.6, q05=0.25, q95=0.75), "fraction")
    '50 (25 to 75)'
    """
    if kind == "fraction":
        low, middle, high = (fixed(100 * each, 0) for each in (values.q05, values.median, values.q95))
    else:
        low, middle, high = (number(each, 2) for each in (values.q05, values.median, values.q95))
    return f"{middle} ({low} to {high})"

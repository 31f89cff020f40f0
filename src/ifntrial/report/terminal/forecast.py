"""A forecast on the terminal."""

from collections.abc import Iterator

from ifntrial.report.forecast.looks import forecast_look_lines
from ifntrial.report.forecast.safety import safety_lines
from ifntrial.studies.forecast.result import Forecast


def success_lines(result: Forecast) -> Iterator[str]:
    """Yield the chance of success under each belief."""
    yield f"Probability that the primary endpoint, {result.primary}, is met (5 to 95 % of worlds):"
    for block in result.by_prior.values():
        band = block.power_by_world
        yield (
            f"  {block.label:<32}{_percent(block.assurance.estimate):>6}"
            f"   ({_percent(band.q05)} to {_percent(band.q95)})"
        )


def given_lines(result: Forecast) -> Iterator[str]:
    """Yield what given results did; nothing without any."""
    if result.given is None:
        return
    for each in result.given.as_given:
        yield (
            f"Given: {each.name} ({each.source}): {each.seen_effect:g} ± {each.standard_error:g} {each.unit} at "
            f"{each.address}, SD between trials {each.trial_sd:g}"
        )
    yield "  before -> after, share in the mixture as declared -> if results update it, worlds left:"
    for name, learnt in result.given.learnt_by_belief.items():
        conflict = ", in conflict" if any(each.is_conflict for each in learnt.of_results) else ""
        yield (
            f"  {result.by_prior[name].label:<32}{_percent(learnt.success_before):>6} -> "
            f"{_percent(learnt.success_after):>5}   {_percent(learnt.share_before):>6} -> "
            f"{_percent(learnt.share_after):>5}   {learnt.worlds_before:.0f} -> {learnt.worlds_after:.0f}{conflict}"
        )
    yield f"  The mixture if shares follow: {_percent(result.given.success_if_shares_follow)}"


def closing_lines(result: Forecast) -> Iterator[str]:
    """Yield the endpoints in their order, safety, and the type I error."""
    for order in result.testing_orders[:1]:
        yield (
            f"In the mixture, the primary endpoint and {order.endpoints[0]} in the same trial: "
            f"{_percent(order.with_primary['mixture'][0])}"
        )
    yield from forecast_look_lines(result)
    yield from safety_lines(result)
    yield (
        f"Type I error with no drug effect: {100 * result.type_i_error.estimate:.2f} % one-sided, nominal "
        f"{100 * result.alpha_one_sided:g} %."
    )


def _percent(value: float) -> str:
    return f"{100 * value:.0f} %"

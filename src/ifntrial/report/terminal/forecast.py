"""A forecast on the terminal."""

from collections.abc import Iterator

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


def closing_lines(result: Forecast) -> Iterator[str]:
    """Yield the endpoints in their order, safety, and the type I error."""
    for order in result.testing_orders[:1]:
        yield (
            f"In the mixture, the primary endpoint and {order.endpoints[0]} in the same trial: "
            f"{_percent(order.with_primary['mixture'][0])}"
        )
    yield from safety_lines(result)
    yield (
        f"Type I error with no drug effect: {100 * result.type_i_error.estimate:.2f} % one-sided, nominal "
        f"{100 * result.alpha_one_sided:g} %."
    )


def _percent(value: float) -> str:
    return f"{100 * value:.0f} %"

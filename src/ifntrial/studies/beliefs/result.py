"""What can be stated, and what is stated."""

from dataclasses import dataclass

from ifntrial.worlds.quantiles import Spread


@dataclass(frozen=True, slots=True)
class AddressFacts:
    """An address: where an effect of blockade can be stated.

    Parameters
    ----------
    name, title
        As a belief names it, and what is stated there.
    endpoint
        The endpoint with its week, in words.
    population
        Who is treated, in words.
    measure, unit
        ``log_odds_ratio`` or ``mean_difference`` of active against control, and its unit.
    is_lower_better
        Whether an effect below zero is a benefit.
    week
        Of the endpoint.
    control_over_worlds
        The endpoint on control, over worlds as published results weigh them: share of responders, or mean change.
    reach
        Lowest and highest effect of any world; beliefs beyond them cannot be met.
    """

    name: str
    title: str
    endpoint: str
    population: str
    measure: str
    unit: str
    is_lower_better: bool
    week: float
    control_over_worlds: Spread
    reach: tuple[float, float]


@dataclass(frozen=True, slots=True)
class ImpliedRates:
    """What a belief says, and what that means for the endpoint of its address.

    Parameters
    ----------
    name, label, weight
        Of the belief; its share in the mixture, of one.
    address_facts
        Where it is stated; None if it is that there is no effect.
    stated_effect
        As stated, in the unit of the address; None without an address.
    no_benefit
        Its mass on the side of no benefit or harm.
    below_zero
        What that mass stands for.
    unreached
        Share that lies beyond all worlds, and is left out.
    control
        The endpoint on control there, mean over its worlds: share of responders, or change; None without an address.
    active
        The endpoint on active there if the effect is as stated, at its 5, 50 and 95 %.
    """

    name: str
    label: str
    weight: float
    address_facts: AddressFacts | None = None
    stated_effect: Spread | None = None
    no_benefit: float = 1.0
    below_zero: str = "no effect"
    unreached: float = 0.0
    control: float | None = None
    active: Spread | None = None

"""What commands print of beliefs and of the addresses at which they are stated."""

from collections.abc import Iterator

from ifntrial.report.beliefs import spread_words, stated_words
from ifntrial.report.wording import band_text, fixed, percent, unit_label
from ifntrial.studies.beliefs.result import AddressFacts, ImpliedRates


def address_lines(found: AddressFacts) -> Iterator[str]:
    """Yield what can be stated at an address, for whom, and how far worlds go there."""
    is_response = found.measure == "log_odds_ratio"
    unit = "" if is_response else f" {unit_label(found.unit)}"
    better = "below" if found.is_lower_better else "above"
    on_control = found.control_over_worlds
    measure = "log odds ratio" if is_response else f"difference [{unit.strip()}]"
    middle, low, high = (
        percent(each) if is_response else f"{fixed(each, 1)}{unit}"
        for each in (on_control.q50, on_control.q05, on_control.q95)
    )
    lowest, highest = (fixed(each, 2 if is_response else 1) for each in found.reach)
    yield f"{found.name}: {found.title}"
    yield f"  states      {measure}, active against control: {found.endpoint}; {better} zero is benefit"
    yield f"  population  {found.population}"
    yield f"  on control  {middle} ({low} to {high} in nine of ten worlds)"
    yield f"  worlds go   from {lowest} to {highest}{unit}"


def belief_lines(found: ImpliedRates) -> Iterator[str]:
    """Yield what a belief says, and what it means for the endpoint where it says it."""
    part = f"weight {fixed(found.weight, 2)}" if found.weight > 0 else "beside the mixture"
    yield f"{found.name}: {found.label} ({part})"
    address, effect, control, active = found.address_facts, found.stated_effect, found.control, found.active
    if address is None or effect is None or control is None or active is None:
        yield "  no effect, exactly: active as control in every trial"
        return
    is_response = address.measure == "log_odds_ratio"
    measure = "log odds ratio" if is_response else "difference"
    stated = stated_words(effect, address.unit, no_benefit=found.no_benefit, unreached=found.unreached)
    yield f"  as stated, median (5 to 95 %): {measure} {stated}; no benefit stands for {found.below_zero}"
    if is_response:
        rates = f"{percent(control)} on control, {band_text(active, 'fraction')} on active"
    else:
        unit = unit_label(address.unit)
        rates = f"{fixed(control, 1)} {unit} on control, {spread_words(active, address.unit)} on active"
    yield f"  at {address.name} ({address.endpoint}): {rates}"

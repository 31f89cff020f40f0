"""A design, and designs compared, as lines on the terminal."""

from collections.abc import Iterator, Mapping

from ifntrial.clinic.design_words import endpoint_words
from ifntrial.clinic.endpoints.record import Endpoints
from ifntrial.design.parts import TrialDesign
from ifntrial.model.drugs import Drug
from ifntrial.report.compare.words import size_in_words
from ifntrial.report.forecast.looks import look_lines
from ifntrial.report.primary import arm_number
from ifntrial.report.wording import unit_label
from ifntrial.studies.compare.result import ComparedDesign, Comparison
from ifntrial.studies.forecast.told.looks import planned_looks


def design_lines(design: TrialDesign, endpoints: Endpoints, drugs: Mapping[str, Drug]) -> Iterator[str]:
    """Yield a design in lines: who it is, arms, whom it enrolls, what it asks, and why its rules are what they are."""
    yield f"{design.name}: {design.title}"
    if design.registration:
        yield f"Registered: {design.registration}"
    yield f"Patients: {design.size.analyzed} (planned {design.size.planned})"
    for arm in design.arms:
        size = f", {design.n_of(arm)} patients" if design.is_randomized else ""
        drug = "" if arm.drug is None else f"{drugs[arm.drug_name].label} "
        yield f"Arm: {arm.name}, {drug}{arm.regimen}{size}"
    for criterion in design.eligibility:
        yield f"Enters: {criterion.text}{' (assumed)' if criterion.is_assumed else ''}"
    yield f"Strata: {', '.join(factor.name for factor in design.strata) or 'none'}"
    yield f"Primary: {design.primary.endpoint}, {endpoint_words(design.primary, design, endpoints)}"
    if design.looks is not None:
        yield "Interim looks:"
        yield from look_lines(planned_looks(design))
    yield "Assumed, as the protocol is not public:" if design.registration else "Assumed:"
    for name, block in design.assumed.model_dump(mode="json").items():
        yield f"  {name.replace('_', ' ')}: {block.get('reason', '')}"


def comparison_lines(result: Comparison) -> Iterator[str]:
    """Yield the chance of success of each design under each prior."""
    for prior in result.priors:
        yield from comparison_under(result, prior)


def comparison_under(result: Comparison, prior: str) -> Iterator[str]:
    """Yield the chance of success of each design under one prior, by name."""
    yield f"{result.priors[prior].label}: probability that the primary endpoint is met"
    for design in result.designs:
        yield f"  {design.name:<24}{_row(result, design, prior)}".replace("\u202f", " ")


def _of_arms(design: ComparedDesign, active: float, control: float) -> str:
    measure = design.primary_measure
    if measure.is_response:
        return f"response {100 * active:.0f} against {100 * control:.0f} %"
    unit = f" {unit_label(measure.unit)}" if measure.unit not in ("1", "1/year") else ""
    told = " against ".join(arm_number(each, measure) for each in (active, control))
    return f"{measure.of_arm} {told}{unit}"


def _row(result: Comparison, design: ComparedDesign, prior: str) -> str:
    block = design.by_prior[prior]
    active, control = block.expected_response
    text = (
        f"{100 * block.assurance.estimate:>5.1f} %  n {design.total:<5} {_of_arms(design, active, control)}"
    )
    gap = (design.versus_reference or {}).get(prior)
    if gap:
        text += (
            f"; {100 * gap.estimate:+.1f} points ({100 * gap.low:+.1f} to {100 * gap.high:+.1f}) "
            f"beside {result.reference}"
        )
    answer = design.more_patients.by_prior[prior]
    return f"{text}; 80 %: {size_in_words(answer.targets[0], answer)}"

"""Whether the conditions of a design ask only for what is known of a subject."""

from collections.abc import Iterator, Mapping
from functools import partial

from ifntrial.arrays import AnyArray
from ifntrial.design.clash import Clash, Rule
from ifntrial.design.conditions import parse_condition
from ifntrial.design.parts import TrialDesign, planned_endpoints
from ifntrial.errors import InputError, closest
from ifntrial.yaml_files import Place


def rules_of_conditions(design: TrialDesign, covariates: Mapping[str, AnyArray]) -> Iterator[Rule]:
    """Yield a rule for each condition of a design that can be read: it asks for what is known of a subject.

    Parameters
    ----------
    covariates
        What is known, each (subjects,).
    """
    for place, text in _conditions(design):
        yield partial(_can_be_asked, text, covariates, place)


def _conditions(design: TrialDesign) -> Iterator[tuple[Place, str]]:
    for kind in ("eligibility", "strata"):
        for number, each in enumerate(getattr(design, kind, ())):
            if hasattr(each, "condition"):
                yield (kind, number, "condition"), each.condition
    for place, planned in planned_endpoints(design):
        if getattr(planned, "among", None) is not None:
            yield (*place, "among"), str(planned.among)


def _can_be_asked(text: str, covariates: Mapping[str, AnyArray], place: Place) -> Iterator[Clash]:
    condition = parse_condition(text)
    unknown = [name for name in condition.names if name not in covariates]
    for name in unknown:
        hint = closest(name, covariates) or f"known of a subject are {', '.join(sorted(covariates))}"
        yield Clash(place, f"'{condition.text}': no covariate '{name}'; {hint}")
    if unknown:
        return
    try:
        condition.holds(covariates)
    except InputError as error:
        yield Clash(place, str(error))

"""A design in words. Pages and lines on the terminal take the words of a trial from here, never from one trial."""

from collections.abc import Mapping
from dataclasses import dataclass

from ifntrial.clinic.endpoints.record import RULES_OF_ENDPOINTS, Endpoints
from ifntrial.design.assumed import AnalysisPlan
from ifntrial.design.parts import Arm, PlannedEndpoint, TrialDesign
from ifntrial.model.drugs import Drug

POPULATION = "patients with systemic sclerosis who meet the entry criteria"


def trial_name(design: TrialDesign) -> str:
    """Return what a trial is called: a registered one by its acronym and number, any other by the name of its file."""
    return f"{design.name.upper()} ({design.registration})" if design.registration else f"“{design.name}”"


def question(design: TrialDesign) -> str:
    """Return what a forecast asks."""
    return f"What will {trial_name(design)} show, in whom, and how sure are we?"


def control_word(design: TrialDesign) -> str:
    """Return what the control arm is called where arms are told apart by one word."""
    return "placebo" if design.control.planned_dosing().is_placebo else "control"


_AMONG = {
    "has_ild": "interstitial lung disease",
    "is_ifn_high": "a high interferon signature",
    "is_ifn_high_skin": "a high interferon signature in skin",
    "uses_mmf": "mycophenolate",
    "is_diffuse": "diffuse disease",
}
"""Conditions in words; any other is told as the design writes it."""


def endpoint_words(planned: PlannedEndpoint, design: TrialDesign, endpoints: Endpoints) -> str:
    """Return an endpoint of the protocol, such as ``revised CRISS-25 response at week 52``."""
    among = f" among those with {_AMONG.get(planned.among, planned.among)}" if planned.among else ""
    label = endpoints[planned.endpoint].label_under(design.assumed)
    return f"{label} at week {planned.visit_week:g}{among}"


def arm_words(arm: Arm, drugs: Mapping[str, Drug]) -> str:
    """Return what an arm gets."""
    return arm.regimen if arm.planned_dosing().is_placebo else f"{drugs[arm.drug_name].label} {arm.regimen}"


def treatment_words(design: TrialDesign, drugs: Mapping[str, Drug]) -> str:
    """Return what the arms get, one after the other."""
    given = " or ".join(arm_words(arm, drugs) for arm in design.arms)
    return f"{given}, added to background therapy" if design.background else given


@dataclass(frozen=True, slots=True)
class RuleInWords:
    """A rule that the protocol decides.

    Parameters
    ----------
    rule, assumed, reason
        Which, what the design assumes for it, and why.
    """

    rule: str
    assumed: str
    reason: str


def rule_rows(
    design: TrialDesign, endpoints: Endpoints, drugs: Mapping[str, Drug], tests: Mapping[str, str]
) -> tuple[RuleInWords, ...]:
    """Return the rules that the protocol decides, what the design assumes for each, and why.

    Rules that no endpoint of the design reads are left out; ``tests`` is what each analysis is called.
    """
    planned = [endpoints[each.endpoint] for each in (design.primary, *design.key_secondary)]
    rules = design.assumed.model_dump()
    rules["analysis"] = _analysis_words(design.assumed.analysis, tests)
    rules["estimand"] |= {
        "population": design.assumed.estimand.population or POPULATION,
        "treatment": design.assumed.estimand.treatment or treatment_words(design, drugs),
        "endpoint": design.assumed.estimand.endpoint or endpoint_words(design.primary, design, endpoints),
    }
    return tuple(
        RuleInWords(
            name.replace("_", " "),
            _in_words({key: value for key, value in block.items() if key != "reason"}),
            str(block["reason"]),
        )
        for name, block in rules.items()
        if name not in RULES_OF_ENDPOINTS or any(name in endpoint.reads for endpoint in planned)
    )


_SPARSE = {"keep": "strata of few patients stay apart", "pool": "strata of few patients are put together"}


def _analysis_words(plan: AnalysisPlan, tests: Mapping[str, str]) -> dict[str, str]:
    return {
        "test": tests[plan.method],
        "level": f"{100 * plan.alpha_one_sided:g} % one-sided",
        "strata": _SPARSE[plan.sparse_strata],
        "reason": plan.reason,
    }


def _in_words(value: object) -> str:
    if isinstance(value, Mapping):
        told = {str(key).replace("_", " "): each for key, each in value.items() if each not in (None, (), [])}
        return "; ".join(f"{key} {_in_words(each)}" for key, each in told.items())
    if isinstance(value, list | tuple):
        return ", ".join(_in_words(each) for each in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, int | float) else str(value).replace("_", " ")

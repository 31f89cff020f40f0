"""Whether the conditions of a design ask only for what is known of a subject."""

from collections.abc import Mapping

from ifntrial.arrays import AnyArray
from ifntrial.design.parts import TrialDesign
from ifntrial.errors import InputError, closest


def check_covariates(design: TrialDesign, covariates: Mapping[str, AnyArray]) -> list[str]:
    """Return what is wrong with the design's conditions: unknown covariates, text compared with numbers."""
    problems = []
    for condition in design.conditions():
        unknown = [name for name in condition.names if name not in covariates]
        for name in unknown:
            problems.append(f"'{condition.text}': no covariate '{name}'. {closest(name, covariates)}".strip())
        if unknown:
            continue
        try:
            condition.holds(covariates)
        except InputError as error:
            problems.append(str(error))
    return problems


def require_known_covariates(design: TrialDesign, covariates: Mapping[str, AnyArray]) -> None:
    """Raise if a condition of the design cannot be asked of subjects with these covariates.

    Raises
    ------
    InputError
        Naming every condition and covariate.
    """
    problems = check_covariates(design, covariates)
    if problems:
        raise InputError(
            f"design '{design.name}' asks for what is not known of a subject",
            problems=problems,
            allowed=f"the covariates {', '.join(sorted(covariates))}",
            fix="correct each condition",
        )

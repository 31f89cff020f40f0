"""Rows of the forecast's page on key secondary endpoints and on other estimands, in words."""

from collections.abc import Collection
from dataclasses import dataclass

from ifntrial.report.forecast.words import in_the_mixture
from ifntrial.report.primary import arm_text
from ifntrial.report.wording import (
    ABSENT,
    difference_text,
    difference_unit,
    in_a_row,
    number,
    percent,
    percent_range,
)
from ifntrial.studies.forecast.aim_records import KeySecondary, OrderOfTesting, SecondaryAnswer
from ifntrial.studies.forecast.result import Forecast


@dataclass(frozen=True, slots=True)
class SecondaryRow:
    """A key secondary endpoint tested alone: in words, whom it counts, its difference, its power under each belief."""

    label: str
    better: str
    per_arm: str
    difference: str
    chances: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChanceRow:
    """A chance under each belief of the mixture and, last, the mixture; the one that the design uses is marked."""

    label: str
    is_default: bool
    chances: tuple[str, ...]
    responders: tuple[str, str] = ("", "")


def belief_labels(result: Forecast) -> list[str]:
    """Return the columns of all tables here."""
    return [prior.label for prior in in_the_mixture(result).values()]


def secondary_rows(result: Forecast) -> list[SecondaryRow]:
    """Return one row for each key secondary endpoint."""
    return [_secondary_row(each, result) for each in result.key_secondaries]


def _secondary_row(found: KeySecondary, result: Forecast) -> SecondaryRow:
    better = "higher is better" if found.higher_is_better else "lower is better"
    names = in_the_mixture(result)
    if found.per_arm is None:
        return SecondaryRow(found.label, better, found.status, ABSENT, (ABSENT,) * len(names))
    unit = difference_unit(found.unit)
    mixture = found.by_prior[list(names)[-1]].difference
    return SecondaryRow(
        found.label,
        better,
        " and ".join(number(each) for each in found.per_arm),
        f"{difference_text(mixture, found.unit)}{f' {unit}' if unit else ''}",
        tuple(_with_interval(found.by_prior[name]) for name in names),
    )


def _with_interval(answer: SecondaryAnswer) -> str:
    return f"{percent(answer.power_alone)} ({percent_range(answer.low, answer.high)})"


def order_rows(result: Forecast) -> list[ChanceRow]:
    """Return the chances of the primary endpoint alone, then with one key secondary endpoint more at a time."""
    names = in_the_mixture(result)
    alone = tuple(percent(prior.assurance.estimate) for prior in names.values())
    rows = [ChanceRow("The primary endpoint", True, alone)] if result.testing_orders else []
    told: set[frozenset[str]] = set()
    for order in result.testing_orders:
        rows += _steps(order, names, told)
    return rows


def _steps(order: OrderOfTesting, names: Collection[str], told: set[frozenset[str]]) -> list[ChanceRow]:
    """Return the steps of an order that no order before it had: the same endpoints have the same chance in any order."""
    rows = []
    for step in range(len(order.endpoints)):
        met = order.endpoints[: step + 1]
        if frozenset(met) in told:
            continue
        told.add(frozenset(met))
        chances = tuple(percent(order.with_primary[name][step]) for name in names)
        rows.append(ChanceRow(f"… and {in_a_row(met)}", order.is_default, chances))
    return rows


def estimand_rows(result: Forecast) -> list[ChanceRow]:
    """Return the chance of success under each strategy for stopping and escape therapy."""
    names, measure = in_the_mixture(result), result.primary_measure
    return [
        ChanceRow(
            f"{each.name.replace('_', ' ').capitalize()}: {each.label}",
            each.is_default,
            tuple(percent(each.assurance_estimate_by_prior[name]) for name in names),
            (arm_text(each.response_active, measure), arm_text(each.response_placebo, measure)),
        )
        for each in result.estimands
    ]

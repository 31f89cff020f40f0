"""Bounds of a regimen, and what makes one impossible."""

from collections.abc import Sequence
from typing import Protocol

from ifntrial.calendar import HOURS_PER_DAY


class Planned(Protocol):
    """A plan of doses, see ``Regimen``."""

    @property
    def route(self) -> str: ...  # noqa: D102 - as in Regimen, and so below
    @property
    def dose_mg(self) -> float | None: ...  # noqa: D102
    @property
    def dose_mg_per_kg(self) -> float | None: ...  # noqa: D102
    @property
    def dose_miu(self) -> float | None: ...  # noqa: D102
    @property
    def interval_days(self) -> float | None: ...  # noqa: D102
    @property
    def n_doses(self) -> int | None: ...  # noqa: D102
    @property
    def infusion_hours(self) -> float: ...  # noqa: D102
    @property
    def first_dose_day(self) -> float: ...  # noqa: D102
    @property
    def then(self) -> "Planned | None": ...  # noqa: D102
    @property
    def parts(self) -> "Sequence[Planned]": ...  # noqa: D102


# Bounds that no regimen of a drug comes near; beyond them a slip of the unit is likelier than an intention.
MOST_MG = 20_000.0
MOST_MG_PER_KG = 200.0
MOST_MIU = 1_000.0
MOST_DOSES = 5_000
MOST_PARTS = 20
MOST_INFUSION_HOURS = HOURS_PER_DAY
SHORTEST_INTERVAL_DAYS = 0.01
LONGEST_INTERVAL_DAYS = 366.0

NOT_INFUSED = {"SC": "a subcutaneous", "oral": "an oral"}
ALLOWED_ROUTES = ("SC", "IV", "oral")


def regimen_problems(regimen: Planned) -> list[str]:
    """Return what makes a regimen impossible, in words."""
    problems = []
    if regimen.route not in ALLOWED_ROUTES:
        problems.append(f"route '{regimen.route}' is neither SC, IV nor oral")
    problems += _check_dose(regimen)
    interval = regimen.interval_days
    if interval is not None and not SHORTEST_INTERVAL_DAYS <= interval <= LONGEST_INTERVAL_DAYS:
        problems.append(
            f"interval {interval:g} days is not between {SHORTEST_INTERVAL_DAYS:g} and {LONGEST_INTERVAL_DAYS:g} days"
        )
    if regimen.n_doses is not None and not 1 <= regimen.n_doses <= MOST_DOSES:
        problems.append(f"number of doses {regimen.n_doses} is not between 1 and {MOST_DOSES}")
    if not 0 <= regimen.infusion_hours <= MOST_INFUSION_HOURS:
        problems.append(
            f"infusion of {regimen.infusion_hours:g} h is not between 0 and {MOST_INFUSION_HOURS:g} h"
        )
    if regimen.route in NOT_INFUSED and regimen.infusion_hours:
        problems.append(f"{NOT_INFUSED[regimen.route]} dose has no length of infusion")
    if not 0 <= regimen.first_dose_day < float("inf"):
        problems.append(f"first dose on day {regimen.first_dose_day:g} is before day 0")
    return problems or _check_sequence(regimen)


def _check_dose(regimen: Planned) -> list[str]:
    doses = {
        "mg": (regimen.dose_mg, MOST_MG),
        "mg/kg": (regimen.dose_mg_per_kg, MOST_MG_PER_KG),
        "MU": (regimen.dose_miu, MOST_MIU),
    }
    given = [(unit, dose, most) for unit, (dose, most) in doses.items() if dose is not None]
    problems = [
        f"dose {dose:g} {unit} is not between 0 and {most:g} {unit}"
        for unit, dose, most in given
        if not 0 <= dose <= most
    ]
    return (
        problems
        if len(given) == 1
        else ["exactly one of dose_mg, dose_mg_per_kg and dose_miu must be given", *problems]
    )


def _check_sequence(regimen: Planned) -> list[str]:
    if regimen.then is None:
        return []
    if len(regimen.then.parts) >= MOST_PARTS:
        return [f"it has more than {MOST_PARTS} parts"]
    if regimen.interval_days is not None and regimen.n_doses is None:
        return ["a part without an end is followed by another"]
    last = regimen.first_dose_day + (regimen.interval_days or 0.0) * ((regimen.n_doses or 1) - 1)
    if regimen.then.first_dose_day <= last:
        return [
            f"a part begins on day {regimen.then.first_dose_day:g}, before the last dose of the one before it on day "
            f"{last:g}"
        ]
    return []

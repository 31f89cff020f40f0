"""Interim looks, recruitment and go/no-go rules of a design, frozen and checked."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from ifntrial.calendar import WEEKS_PER_YEAR
from ifntrial.design.assumed import FROZEN, Reason, Share
from ifntrial.design.clash import Clash

MONTHS_PER_YEAR = 12
SpendingName = Literal["obrien_fleming", "pocock", "linear", "quadratic", "hwang_shih_decani"]
_LOOKS = ("looks",)
_PLACE = ("looks", "information")


class Spending(BaseModel):
    """How a chance of error is spent over the looks.

    ``obrien_fleming`` and ``pocock`` are Lan and DeMets' functions that resemble these boundaries, ``linear`` and
    ``quadratic`` are powers of the information, ``hwang_shih_decani`` has the parameter ``gamma`` (-4 is like O'Brien and
    Fleming, 1 like Pocock).
    """

    model_config = FROZEN
    spending: SpendingName = "obrien_fleming"
    gamma: Annotated[float, Field(ge=-40, le=40)] | None = None


class Futility(BaseModel):
    """When a trial stops at a look because success has become unlikely: by exactly one of these.

    ``z`` are bounds on the test statistic, one for each interim look, better side up. ``beta`` spends that chance to miss
    the effect which the design is then powered for, by ``spending``. ``conditional_power`` stops below such a chance of a
    significant end if the trend goes on, ``predictive_probability`` below such a chance over what the look leaves open.
    A ``binding`` rule lets the efficacy bounds count on it being obeyed.
    """

    model_config = FROZEN
    z: Annotated[tuple[float, ...], Field(min_length=1, max_length=19)] | None = None
    beta: Annotated[float, Field(gt=0, lt=0.9)] | None = None
    spending: Spending = Spending()
    conditional_power: Annotated[float, Field(gt=0, lt=1)] | None = None
    predictive_probability: Annotated[float, Field(gt=0, lt=1)] | None = None
    binding: bool = False


class PromisingZoneRule(BaseModel):
    """Unblinded re-estimation at the last interim look, by promising zone.

    Where conditional power by the trend of the look lies from ``conditional_power_from`` up to ``target``, the trial
    grows until that power is ``target``, at most to ``most_patients``.
    """

    model_config = FROZEN
    most_patients: Annotated[int, Field(ge=2, le=1_000_000)]
    conditional_power_from: Annotated[float, Field(gt=0, lt=1)] = 0.36
    target: Annotated[float, Field(gt=0, lt=1)] = 0.8


class Looks(BaseModel):
    """Interim looks at the primary endpoint.

    ``information`` is the share of the patients, or of the events of a time to an event, whose primary endpoint is known
    at each interim look. Without ``efficacy`` no look stops for success.
    """

    model_config = FROZEN
    information: Annotated[tuple[float, ...], Field(min_length=1, max_length=19)]
    efficacy: Spending | None = Spending()
    futility: Futility | None = None
    re_estimation: PromisingZoneRule | None = None
    reason: Reason


class Recruitment(BaseModel):
    """How patients come: sites open evenly until ``months_until_all_sites``, each then enrolls at one rate.

    An analysis is known ``weeks_to_analysis`` after the last visit that it reads.
    """

    model_config = FROZEN
    sites: Annotated[int, Field(ge=1, le=10_000)]
    patients_per_site_and_month: Annotated[float, Field(gt=0, le=1000)]
    months_until_all_sites: Annotated[float, Field(ge=0, le=120)] = 0.0
    weeks_to_analysis: Annotated[float, Field(ge=0, le=104)] = 0.0
    reason: Reason

    def _weekly_and_opening(self) -> tuple[float, float]:
        """Return how many patients come in a week once all sites are open, and how long these take to open [week]."""
        weekly = self.sites * self.patients_per_site_and_month * MONTHS_PER_YEAR / WEEKS_PER_YEAR
        return weekly, self.months_until_all_sites * WEEKS_PER_YEAR / MONTHS_PER_YEAR

    def week_of(self, patients: float) -> float:
        """Return when so many patients are enrolled [week]."""
        weekly, opening = self._weekly_and_opening()
        while_opening = weekly * opening / 2.0
        if patients <= while_opening:
            return float((2.0 * patients * opening / weekly) ** 0.5)
        return float(opening + (patients - while_opening) / weekly)

    def enrolled_at(self, week: float) -> float:
        """Return how many patients are enrolled by a week, if nobody stops it."""
        weekly, opening = self._weekly_and_opening()
        if week < opening:
            return float(weekly * week**2 / (2.0 * opening))
        return float(weekly * (week - opening / 2.0))


class Threshold(BaseModel):
    """A gain, in the unit of the primary difference and the better way up, and the chance that the true one is larger."""

    model_config = FROZEN
    gain: float
    probability: Share


class GoRule(BaseModel):
    """What the final analysis decides, from the posterior of the true difference under a flat prior.

    ``go`` where the gain is at least that of ``go`` with at least its probability (and, with ``needs_significance``, the
    primary test is significant); ``no_go`` where the gain is at least that of ``no_go`` with less than its probability;
    otherwise neither. ``go`` goes before ``no_go``. A difference of shares of responders is between 0 and 1.
    """

    model_config = FROZEN
    go: Threshold
    no_go: Threshold
    needs_significance: bool = False
    reason: Reason


def check_looks(
    looks: Looks, *, patients: int, level: float, is_randomized: bool, arms: int
) -> Iterator[Clash]:
    """Yield what is wrong with the looks of a design."""
    if not is_randomized:
        yield Clash(_LOOKS, "interim looks compare arms, and need a randomized design", ("is_randomized",))
    rates = looks.information
    if not all(0 < rate < 1 for rate in rates) or any(
        later - earlier < 1e-3 for earlier, later in pairwise(rates)
    ):
        yield Clash(_PLACE, "information must increase between 0 and 1; the end is not listed")
    elif min(rates) * patients < 2 * arms:
        yield Clash(
            _PLACE,
            f"at the first look {min(rates) * patients:.0f} patients are known, which leaves less than two for an arm",
            ("size",),
        )
    if looks.efficacy is not None:
        yield from _check_spending(looks.efficacy, ("looks", "efficacy"))
    if looks.futility is not None:
        yield from _check_futility(looks.futility, len(rates), level)
    if looks.efficacy is None and looks.futility is None and looks.re_estimation is None:
        yield Clash(_LOOKS, "nothing is decided at these looks: give efficacy, futility or re_estimation")
    if looks.re_estimation is not None:
        yield from _check_zone(looks.re_estimation, patients)


def _check_spending(spending: Spending, place: tuple[str, ...]) -> Iterator[Clash]:
    if (spending.spending == "hwang_shih_decani") != (spending.gamma is not None):
        yield Clash(place, "gamma belongs to hwang_shih_decani, which needs it")


def _check_futility(futility: Futility, looks: int, level: float) -> Iterator[Clash]:
    place = ("looks", "futility")
    given = [
        name
        for name in ("z", "beta", "conditional_power", "predictive_probability")
        if getattr(futility, name) is not None
    ]
    if len(given) != 1:
        yield Clash(
            place,
            "give exactly one of z, beta, conditional_power and predictive_probability; "
            f"given: {', '.join(given) or 'none'}",
        )
    if futility.z is not None and len(futility.z) != looks:
        yield Clash((*place, "z"), f"{len(futility.z)} bounds for {looks} interim looks", _PLACE)
    if futility.beta is not None:
        yield from _check_spending(futility.spending, (*place, "spending"))
        if futility.binding:
            yield Clash(
                (*place, "binding"), "futility by beta is not binding: the efficacy bounds do not count on it"
            )
        if futility.beta >= 1.0 - level:
            yield Clash((*place, "beta"), f"beta must be below {1.0 - level:g}, one minus the level")


def _check_zone(zone: PromisingZoneRule, patients: int) -> Iterator[Clash]:
    place = ("looks", "re_estimation")
    if zone.most_patients <= patients:
        yield Clash(
            (*place, "most_patients"),
            f"most_patients {zone.most_patients} is not more than the {patients} of size",
            ("size",),
        )
    if zone.conditional_power_from >= zone.target:
        yield Clash(place, "conditional_power_from must be below target")


def check_decision(decision: GoRule) -> Iterator[Clash]:
    """Yield what is wrong with go/no-go rules."""
    if decision.no_go.gain > decision.go.gain:
        yield Clash(("decision", "no_go", "gain"), "the gain of no_go must not be above that of go")

"""Interim looks and go/no-go rules in words: tables of the page, and lines on the terminal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ifntrial.report.wording import number, percent
from ifntrial.studies.forecast.result import Forecast
from ifntrial.studies.forecast.told.look_records import LooksUnderPrior, PlannedLook

NOTHING = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class LooksInWords:
    """Tables of a page: heads, and rows of cells of which the first is a head.

    Parameters
    ----------
    plan
        The looks.
    chances
        What they do under each belief.
    growth
        A sentence on re-estimation; empty without.
    """

    plan: tuple[tuple[str, ...], ...]
    chances: tuple[tuple[str, ...], ...]
    growth: str


def looks_in_words(result: Forecast) -> LooksInWords | None:
    """Return the looks of a forecast in words; None without looks."""
    found = result.looks
    if found is None:
        return None
    names = [look_name(place, found.each_look) for place in range(len(found.each_look))]
    head = ("Belief", *(f"Success at {each}" for each in names), *(f"Stop at {each}" for each in names[:-1]))
    rows = [
        (
            result.by_prior[name].label,
            *map(percent, under.success_at),
            *map(percent, under.futility_at[:-1]),
            percent(under.power_at_once),
            *_expected(under),
        )
        for name, under in found.under.items()
    ]
    timed = found.each_look[0].week is not None
    sizes = ("Expected patients", *(("Expected weeks",) if timed else ()))
    grown = found.under["mixture"].grown
    growth = (
        ""
        if found.most_patients is None or grown is None
        else f"At the last interim look the trial may grow to at most {number(found.most_patients)} patients; under the "
        f"mixture it does with a chance of {percent(grown)}."
    )
    return LooksInWords(
        (PLAN_HEAD, *plan_rows(found.each_look)), ((*head, "Success without looks", *sizes), *rows), growth
    )


PLAN_HEAD = (
    "Look",
    "Patients known",
    "Week",
    "Enrolled by then",
    "Success: z at least",
    "Level",
    "Futility: z below",
)


def plan_rows(looks: Sequence[PlannedLook]) -> Iterator[tuple[str, ...]]:
    """Yield the cells of each look."""
    for place, look in enumerate(looks):
        yield (
            look_name(place, looks).capitalize(),
            f"{number(look.patients_known)} ({percent(look.information)})",
            _rounded(look.week, ".0f"),
            _rounded(look.enrolled, ".0f"),
            _rounded(look.efficacy_z, ".3f"),
            _rounded(look.efficacy_p, ".4f"),
            _rounded(look.futility_z, ".3f"),
        )


def look_name(place: int, looks: Sequence[PlannedLook]) -> str:
    """Return what a look is called: ``look 1``, and the last ``the end``."""
    return "the end" if place == len(looks) - 1 else f"look {place + 1}"


def _expected(under: LooksUnderPrior) -> tuple[str, ...]:
    weeks = () if under.weeks is None else (f"{under.weeks:.0f}",)
    return (f"{under.expected_patients:.0f}", *weeks)


def _rounded(value: float | None, form: str) -> str:
    return NOTHING if value is None else format(value, form).replace("-", "\N{MINUS SIGN}")


def decision_rows(result: Forecast) -> tuple[tuple[str, ...], ...]:
    """Return the chances of go, neither and no go under each belief; empty without a rule."""
    if not result.decisions:
        return ()
    return (
        ("Belief", "Go", "Neither", "No go"),
        *(
            (result.by_prior[name].label, *map(percent, (each.go, each.neither, each.no_go)))
            for name, each in result.decisions.items()
        ),
    )


def look_lines(looks: Sequence[PlannedLook]) -> Iterator[str]:
    """Yield the looks of a design on the terminal."""
    for place, look in enumerate(looks):
        words = [f"{look.patients_known} patients known"]
        if look.week is not None:
            words.append(f"week {look.week:.0f}")
        if look.efficacy_z is not None and look.efficacy_p is not None:
            words.append(f"success at z {look.efficacy_z:.3f} (one-sided p {look.efficacy_p:.4f})")
        if look.futility_z is not None:
            words.append(f"futility below z {look.futility_z:.3f}")
        yield f"  {look_name(place, looks)}: {', '.join(words)}"


def forecast_look_lines(result: Forecast) -> Iterator[str]:
    """Yield what the looks do under each belief, and what the go/no-go rule says."""
    if result.looks is not None:
        yield "Interim looks (chances of success above are those over all looks):"
        yield from look_lines(result.looks.each_look)
        for name, under in result.looks.under.items():
            early = sum(under.success_at[:-1])
            weeks = "" if under.weeks is None else f", {under.weeks:.0f} weeks"
            yield (
                f"  {result.by_prior[name].label}: success before the end {percent(early)}, stop for futility "
                f"{percent(sum(under.futility_at))}, expected {under.expected_patients:.0f} patients{weeks}"
            ).replace("\u202f", " ")
    for name, each in result.decisions.items():
        yield (
            f"  {result.by_prior[name].label}: go {percent(each.go)}, neither {percent(each.neither)}, "
            f"no go {percent(each.no_go)}"
        ).replace("\u202f", " ")

"""All worlds of a forecast, gathered one after another: of each a few numbers stay in memory, of subjects only sums."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import numpy as np

from ifntrial.arrays import BoolArray, FloatArray
from ifntrial.errors import FileError
from ifntrial.statistics.assurance import add_influence, error_of_sum
from ifntrial.statistics.cmh_power import StratumRates
from ifntrial.studies.aside import Aside, put_aside
from ifntrial.studies.forecast.aims_in_worlds import AimsInWorlds, AimsTally
from ifntrial.studies.forecast.records import (
    Audit,
    ForecastWorld,
    Means,
    SubjectNumbers,
)
from ifntrial.studies.primary_power import RuleNumbers
from ifntrial.studies.repeated_trials import RepeatedTrials
from ifntrial.studies.safety.in_worlds import SafetyInWorlds, SafetyTally
from ifntrial.worlds.choose import WorldChoice

_RULE, _GROUP = 7, 9
"""Numbers of a rule, and of a group beside those of its arms."""


@dataclass(frozen=True, slots=True)
class RuleInWorlds:
    """``RuleNumbers`` of all worlds, each (worlds,), with the difference that the test should state; NaN for None."""

    power: FloatArray
    standard_error: FloatArray
    active: FloatArray
    control: FloatArray
    log_odds_ratio: FloatArray
    difference: FloatArray
    trial_sd: FloatArray


@dataclass(frozen=True, slots=True)
class GroupInWorlds:
    """``GroupNumbers`` of all worlds, each (worlds,)."""

    numbers: RuleInWorlds
    share: FloatArray
    suppression_blood: FloatArray
    returned: Mapping[str, FloatArray]


@dataclass(frozen=True, slots=True)
class ForecastWorlds:
    """All worlds of a forecast.

    Parameters
    ----------
    numbers
        Of the structural world of each.
    has_effect
        Whether each was simulated with its drug effect, shape (worlds,).
    status
        Status to how many courses of subjects ended so, over arms and worlds.
    failed
        Place of a world to its subjects that could not be simulated, where there are any.
    audit
        Over all worlds.
    rules
        Reading of the endpoint's rule to its numbers.
    by_ifn
        ``high`` and ``low`` signature, where every world has such patients.
    nulls
        Number of a world without any effect to its response rates.
    repeated
        Number of such a world to whole trials of it, where these are not counted from response rates.
    means
        Of true values over time, each (worlds, visits); in a file without a name, not in memory.
    monte_carlo_error
        Group to prior to the standard error of the mean power from the finite number of subjects.
    aims, safety
        Beyond the primary test.
    subjects
        Each (worlds, subjects), in a file without a name, as the spread over both is wanted; None without a cohort.
    drift
        Of ``WorldNumbers``, shape (worlds,), NaN for None.
    """

    numbers: tuple[int, ...]
    has_effect: BoolArray
    status: Mapping[str, int]
    failed: Mapping[int, Mapping[str, str]]
    audit: Audit
    rules: Mapping[str, RuleInWorlds]
    by_ifn: Mapping[str, GroupInWorlds]
    nulls: Mapping[int, StratumRates]
    repeated: Mapping[int, RepeatedTrials]
    means: Means
    monte_carlo_error: Mapping[str, Mapping[str, float]]
    aims: AimsInWorlds
    safety: SafetyInWorlds
    subjects: SubjectNumbers | None
    drift: FloatArray


def gather_worlds(
    records: Iterable[tuple[int, ForecastWorld]], choice: WorldChoice, panels: Sequence[int], folder: Path
) -> ForecastWorlds:
    """Return all worlds.

    Parameters
    ----------
    records
        Place and record of every world, in order.
    choice
        What each world counts, and which have no effect.
    panels
        Number of the panel of subjects that each world has, shape (worlds,).
    folder
        Where there is room for courses over time; nothing is left in it.

    Raises
    ------
    FileError
        If there is no room.
    """
    try:
        with TemporaryFile(dir=folder) as courses, put_aside(folder, np.float64) as subjects:
            tally = _Tally(choice, panels, courses, subjects)
            for place, world in records:
                tally.add(place, world)
            return tally.total()
    except OSError as error:
        raise FileError(
            f"courses over time cannot be put aside in {folder}: {error.strerror}",
            fix="make room, then give the same command again",
        ) from error


class _Tally:
    """Takes one world after another, in their order; courses over time go to a file."""

    def __init__(
        self, choice: WorldChoice, panels: Sequence[int], courses: IO[bytes], subjects: Aside[np.float64]
    ) -> None:
        self._shares, self._has_effect, self._panels = choice.counts, choice.has_effect, panels
        self._numbers: list[int] = []
        self._status: Counter[str] = Counter()
        self._failed: dict[int, Mapping[str, str]] = {}
        self._audit = Audit(0, None)
        self._rules: defaultdict[str, array[float]] = defaultdict(lambda: array("d"))
        self._groups: defaultdict[tuple[str, tuple[str, ...]], array[float]] = defaultdict(lambda: array("d"))
        self._nulls: dict[int, StratumRates] = {}
        self._repeated: dict[int, RepeatedTrials] = {}
        self._drift = array("d")
        self._influence: dict[tuple[str, int], dict[str, FloatArray]] = {}
        self._aims, self._safety = AimsTally(), SafetyTally()
        self._subjects, self._has_subjects = subjects, False
        self._means: Means = {}
        self._courses = courses

    def add(self, place: int, world: ForecastWorld) -> None:
        found = world.numbers
        self._numbers.append(found.world)
        self._status.update(found.status)
        self._audit = _together(self._audit, found.audit)
        if found.failed:
            self._failed[place] = found.failed
        if not self._has_effect[place]:
            self._nulls[found.world] = found.rules[""].strata
        if found.repeated is not None:
            self._repeated[found.world] = found.repeated
        self._drift.append(np.nan if found.drift is None else found.drift)
        for name, rule in found.rules.items():
            self._rules[name].extend(_values(rule))
        for name, group in found.by_ifn.items():
            own = (group.share, group.suppression_blood, *group.returned.values())
            self._groups[name, tuple(group.returned)].extend((*_values(group.numbers), *own))
        for name, values in world.influence.items():
            shares = {prior: share[place] for prior, share in self._shares.items()}
            key = name, self._panels[place]
            self._influence[key] = add_influence(self._influence.get(key, {}), shares, values)
        self._aims.add(found.aims)
        self._safety.add(found.safety)
        if world.subjects is not None:
            self._subjects.add(_of_subjects(world.subjects))
            self._has_subjects = True
        self._means = world.means
        for values in _each_course(world.means):
            self._courses.write(values.tobytes())

    def total(self) -> ForecastWorlds:
        worlds = len(self._numbers)
        return ForecastWorlds(
            numbers=tuple(self._numbers),
            has_effect=self._has_effect,
            status=dict(sorted(self._status.items())),
            failed=self._failed,
            audit=self._audit,
            rules={name: RuleInWorlds(*_columns(rows, _RULE)) for name, rows in self._rules.items()},
            by_ifn={
                name: _group(arms, _columns(rows, _GROUP + len(arms)))
                for (name, arms), rows in self._groups.items()
                if len(rows) == worlds * (_GROUP + len(arms))
            },
            nulls=self._nulls,
            repeated=self._repeated,
            means=self._means_in_file(),
            monte_carlo_error=self._errors(),
            aims=self._aims.total(),
            safety=self._safety.total(),
            subjects=SubjectNumbers(*self._subjects.total().swapaxes(0, 1)) if self._has_subjects else None,
            drift=np.array(self._drift),
        )

    def _errors(self) -> dict[str, dict[str, float]]:
        """Return group to prior to the standard error from all panels, whose subjects are different ones."""
        squares: dict[str, Counter[str]] = defaultdict(Counter)
        for (group, _), sums in self._influence.items():
            squares[group].update({name: error_of_sum(values) ** 2 for name, values in sums.items()})
        return {group: {name: sqrt(each) for name, each in found.items()} for group, found in squares.items()}

    def _means_in_file(self) -> Means:
        """Return the means as parts of the file, which stays until they are let go."""
        self._courses.flush()
        series = list(_each_course(self._means))
        shape = (len(self._numbers), len(series), len(series[0]))
        stored = np.asarray(np.memmap(self._courses, np.float64, "r", shape=shape))
        place = iter(range(len(series)))
        return {
            endpoint: {group: {arm: stored[:, next(place)] for arm in arms} for group, arms in groups.items()}
            for endpoint, groups in self._means.items()
        }


def _together(one: Audit, other: Audit) -> Audit:
    known = [each.largest_error for each in (one, other) if each.largest_error is not None]
    return Audit(one.subjects + other.subjects, max(known, default=None))


def _values(rule: RuleNumbers) -> tuple[float, ...]:
    ratio = np.nan if rule.log_odds_ratio is None else rule.log_odds_ratio
    difference = rule.active - rule.control if rule.adjusted is None else rule.adjusted
    spread = np.nan if rule.trial_sd is None else rule.trial_sd
    return rule.power, rule.standard_error, rule.active, rule.control, ratio, difference, spread


def _columns(rows: "array[float]", width: int) -> FloatArray:
    """Return the columns of rows that were written one after another, each (rows,)."""
    return np.ascontiguousarray(np.array(rows).reshape(-1, width).T)


def _group(arms: tuple[str, ...], columns: FloatArray) -> GroupInWorlds:
    share, suppression, *returned = columns[_RULE:]
    return GroupInWorlds(
        RuleInWorlds(*columns[:_RULE]), share, suppression, dict(zip(arms, returned, strict=True))
    )


def _each_course(means: Means) -> Iterator[FloatArray]:
    for groups in means.values():
        for arms in groups.values():
            yield from arms.values()


def _of_subjects(found: SubjectNumbers) -> FloatArray:
    """Return the numbers of subjects as one array, in the order of their fields, shape (3, subjects)."""
    return np.stack([found.active, found.control, found.suppression_blood])

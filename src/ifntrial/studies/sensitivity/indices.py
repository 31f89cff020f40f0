"""Morris screening and Sobol indices by SALib, joined by the name of the group and never by position.

Inputs are numbers in (0, 1). A group of inputs counts as one; Sobol indices of a group hold the interactions inside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.errors import InputError, listed
from ifntrial.extras import load_extra
from ifntrial.levels import BAND_ENDS
from ifntrial.seeds import seed_of_its_own
from ifntrial.ties import are_equal, first_largest, stable_order

METHODS = ("morris", "sobol")
USERS = "sensitivity analyses"
MORRIS_LEVELS = 8
MORRIS_BOUNDS = BAND_ENDS
"""Morris steps on a grid that holds its ends, where a prior without ends would be infinite."""

MORRIS_STEP = MORRIS_LEVELS / (2.0 * (MORRIS_LEVELS - 1))
"""Share of the bounds that one step takes, SALib's own: with these bounds half of the prior's probability."""

SOBOL_BOUNDS = (1e-9, 1.0 - 1e-9)
RESAMPLES = 1000
LEAST_SAMPLES = 4


@dataclass(frozen=True, slots=True)
class Design:
    """Points at which a model is evaluated.

    Parameters
    ----------
    method
        One of :data:`METHODS`.
    groups
        Input to group, in the order of the columns of ``points``.
    samples
        Trajectories (Morris) or base points (Sobol).
    points
        Values in (0, 1), shape (evaluations, inputs); the first half of the samples comes first.
    seed
        Of the points and of the bootstrap.
    """

    method: str
    groups: Mapping[str, str]
    samples: int
    points: FloatArray
    seed: int

    @property
    def group_names(self) -> tuple[str, ...]:
        """The groups, in the order in which they first appear."""
        return tuple(dict.fromkeys(self.groups.values()))

    @property
    def per_sample(self) -> int:
        """Evaluations for each sample."""
        return len(self.group_names) + (1 if self.method == "morris" else 2)

    def column(self, name: str) -> FloatArray:
        """Return the values of one input, shape (evaluations,)."""
        return self.points[:, list(self.groups).index(name)]


@dataclass(frozen=True, slots=True)
class Interval:
    """A number with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Index:
    """How much one group moves an output, each number with its 95 % bootstrap interval.

    Parameters
    ----------
    group
        Name of the group.
    main, main_low, main_high
        What groups are ranked by: the mean absolute change of the output, in its unit, when the group's inputs step
        across half of their priors (Morris), or the share of the variance that would be left if all other groups were
        known (Sobol total).
    first, first_low, first_high
        Share of the variance that the group carries alone (Sobol); ``None`` for Morris.
    """

    group: str
    main: float
    main_low: float
    main_high: float
    first: float | None = None
    first_low: float | None = None
    first_high: float | None = None

    @property
    def whole(self) -> Interval:
        """What groups are ranked by."""
        return Interval(self.main, self.main_low, self.main_high)

    @property
    def alone(self) -> Interval | None:
        """The share of the group alone; None for Morris."""
        if self.first is None or self.first_low is None or self.first_high is None:
            return None
        return Interval(self.first, self.first_low, self.first_high)


def sample_design(groups: Mapping[str, str], method: str, samples: int, seed: int) -> Design:
    """Return the points of a sensitivity analysis.

    Parameters
    ----------
    groups
        Input to group.

    Raises
    ------
    InputError
        If the method is not known or the number of samples cannot be used.
    ExtraError
        If SALib is not installed.
    """
    if method not in METHODS:
        raise InputError("the method is not known", given=method, allowed=listed(METHODS), fix="use one")
    if samples < LEAST_SAMPLES or samples & (samples - 1):
        raise InputError(
            "the number of samples cannot be used",
            given=str(samples),
            allowed=f"a power of two from {LEAST_SAMPLES} on: halves are compared, and Sobol points are balanced",
            fix="use 32, 64, 128 ...",
        )
    if len(set(groups.values())) < 2:
        raise InputError("there are fewer than two groups to compare", given=listed(set(groups.values())))
    problem = _problem(groups, method)
    return Design(
        method, dict(groups), samples, _points(problem, method, samples, _salib_seed(seed, "points")), seed
    )


def estimate_indices(design: Design, outputs: FloatArray) -> tuple[Index, ...]:
    """Return the index of every group, largest first.

    Parameters
    ----------
    outputs
        Output at each of the first points of the design, shape (evaluations,); half of them give the indices of half
        the samples.

    Raises
    ------
    InputError
        If an output is missing or their number fits no whole number of samples.
    """
    values = np.asarray(outputs, dtype=np.float64)
    if not np.isfinite(values).all():
        raise InputError(
            "an output is missing or infinite",
            given=f"{int((~np.isfinite(values)).sum())} of {len(values)}",
            fix="every point needs a value; leave nothing out, or the differences between points are lost",
        )
    if not len(values) or len(values) % design.per_sample or len(values) > len(design.points):
        raise InputError(
            "the outputs do not fit the design",
            given=str(len(values)),
            allowed=f"a multiple of {design.per_sample} up to {len(design.points)}",
        )
    if are_equal(values):
        # Nothing moves it: SALib would divide by its spread.
        first = 0.0 if design.method == "sobol" else None
        return tuple(Index(name, 0.0, 0.0, 0.0, first, first, first) for name in design.group_names)
    found = _morris(design, values) if design.method == "morris" else _sobol(design, values)
    if {index.group for index in found} != set(design.group_names):
        raise InputError(
            "the indices are of other groups than the design", given=listed(i.group for i in found)
        )
    by_name = sorted(found, key=lambda index: index.group)
    return tuple(by_name[i] for i in stable_order([-index.main for index in by_name]))


def _problem(groups: Mapping[str, str], method: str) -> dict[str, Any]:
    bounds = MORRIS_BOUNDS if method == "morris" else SOBOL_BOUNDS
    return {
        "num_vars": len(groups),
        "names": list(groups),
        "groups": list(groups.values()),
        "bounds": [list(bounds)] * len(groups),
    }


def _salib_seed(seed: int, purpose: str) -> int:
    """Return a seed for SALib, which takes zero for no seed at all."""
    return seed_of_its_own(seed, f"sensitivity: {purpose}", bits=32) | 1


def _points(problem: dict[str, Any], method: str, samples: int, seed: int) -> FloatArray:
    if method == "morris":
        morris = load_extra("SALib.sample.morris", USERS)
        return np.asarray(
            morris.sample(problem, samples, num_levels=MORRIS_LEVELS, seed=seed), dtype=np.float64
        )
    sobol = load_extra("SALib.sample.sobol", USERS)
    return np.asarray(sobol.sample(problem, samples, calc_second_order=False, seed=seed), dtype=np.float64)


def _morris(design: Design, values: FloatArray) -> list[Index]:
    morris = load_extra("SALib.analyze.morris", USERS)
    problem = _problem(design.groups, "morris")
    table = morris.analyze(
        problem, design.points[: len(values)], values, num_levels=MORRIS_LEVELS, num_resamples=RESAMPLES,
        seed=_salib_seed(design.seed, "bootstrap"),
    ).to_df()  # fmt: skip
    return [
        _index(str(name), MORRIS_STEP * float(row["mu_star"]), MORRIS_STEP * float(row["mu_star_conf"]))
        for name, row in table.iterrows()
    ]


def _sobol(design: Design, values: FloatArray) -> list[Index]:
    sobol = load_extra("SALib.analyze.sobol", USERS)
    total, first = sobol.analyze(
        _problem(design.groups, "sobol"), values, calc_second_order=False, num_resamples=RESAMPLES,
        seed=_salib_seed(design.seed, "bootstrap"),
    ).to_df()  # fmt: skip
    found = []
    for name, row in total.iterrows():
        own, error = (float(first.loc[name, column]) for column in ("S1", "S1_conf"))
        main = _index(str(name), float(row["ST"]), float(row["ST_conf"]))
        found.append(
            Index(main.group, main.main, main.main_low, main.main_high, own, own - error, own + error)
        )
    return found


def _index(group: str, value: float, half_width: float) -> Index:
    return Index(group, value, max(0.0, value - half_width), value + half_width)


@dataclass(frozen=True, slots=True)
class Convergence:
    """How far indices moved from half the samples to all of them.

    Parameters
    ----------
    half_samples
        Half the samples.
    rank_changed_share
        Share of the groups that have another rank.
    largest_change, largest_change_group
        Of an index, and whose.
    half
        Group to index with half the samples.
    """

    half_samples: int
    rank_changed_share: float
    largest_change: float
    largest_change_group: str
    half: Mapping[str, float]


def compare_halves(design: Design, outputs: FloatArray, full: tuple[Index, ...]) -> Convergence:
    """Return how far the indices moved from half the samples to all of them."""
    half = estimate_indices(design, outputs[: len(outputs) // 2])
    rank = {index.group: place for place, index in enumerate(half)}
    value = {index.group: index.main for index in half}
    moved = {index.group: abs(index.main - value[index.group]) for index in full}
    largest = list(moved)[first_largest(list(moved.values()))]
    changed = [index.group for place, index in enumerate(full) if rank[index.group] != place]
    return Convergence(
        half_samples=design.samples // 2,
        rank_changed_share=len(changed) / len(full),
        largest_change=moved[largest],
        largest_change_group=largest,
        half=value,
    )

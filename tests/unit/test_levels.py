"""Levels of intervals and bands: their values, and that no other file has them again."""

import ast
from collections.abc import Iterator
from statistics import NormalDist

import pytest

from ifntrial.levels import (
    ALPHA_ONE_SIDED,
    BAND,
    BAND_ENDS,
    CONFIDENCE,
    DETAILED_BAND,
    LOWER_TAIL,
    NORMAL_75,
    NORMAL_90,
    NORMAL_95,
    UPPER_TAIL,
)
from package_source import constants, modules_but

TAILS = {0.975, 97.5}
POINTS = (1.96, 1.6449, 3.2897, 0.67449, 1.34898, 1.25331)
"""Of the normal distribution: of 95 and 90 %, of quartiles, twice these, and the error of a median."""

LEVELS = {0.025, 0.05, 0.95, 0.975, 2.5, 5, 95, 97.5}
BANDS = (
    [5, 50, 95],
    [0.05, 0.5, 0.95],
    [5, 25, 50, 75, 95],
    [0.05, 0.25, 0.5, 0.75, 0.95],
    [0.05, 0.95],
    [5, 95],
)
QUANTILES = {"ppf", "isf", "quantile", "percentile", "nanquantile", "nanpercentile", "weighted_percentiles"}


def test_a_95_percent_interval_ends_where_the_normal_distribution_says() -> None:
    assert pytest.approx(NormalDist().inv_cdf(0.975), abs=1e-15) == NORMAL_95
    assert (LOWER_TAIL, UPPER_TAIL) == (0.025, 0.975)


def test_the_points_of_the_normal_distribution() -> None:
    assert pytest.approx(NormalDist().inv_cdf(0.95), abs=1e-15) == NORMAL_90
    assert pytest.approx(NormalDist().inv_cdf(0.75), abs=1e-15) == NORMAL_75


def test_the_percentiles_of_bands() -> None:
    assert BAND == (5, 50, 95)
    assert BAND_ENDS == (0.05, 0.95)
    assert DETAILED_BAND == (5, 25, 50, 75, 95)


def test_the_levels_of_tests_and_intervals() -> None:
    assert (ALPHA_ONE_SIDED, CONFIDENCE) == (0.025, 0.95)


def repeats(tree: ast.AST) -> list[str]:
    """Return what a module has of these levels."""
    numbers = {each for each in constants(tree) if isinstance(each, float | int)}
    found = [
        str(each) for each in numbers if each in TAILS or any(abs(each - point) < 1e-3 for point in POINTS)
    ]
    for node in ast.walk(tree):
        parts = getattr(node, "elts", ())
        if parts and [each.value for each in parts if isinstance(each, ast.Constant)] in BANDS:
            found.append(ast.unparse(node))
        if (
            isinstance(node, ast.Call)
            and getattr(node.func, "attr", getattr(node.func, "id", "")) in QUANTILES
        ):
            found.extend(
                ast.unparse(node) for each in node.args[:2] if getattr(each, "value", None) in LEVELS
            )
        found.extend(f"{name} = {value}" for name, value in _defaults(node) if value in LEVELS)
    return found


def _defaults(node: ast.AST) -> Iterator[tuple[str, object]]:
    """Yield the numbers that levels have by default: parameters of functions, and fields."""
    pairs: list[tuple[str, ast.expr | None]] = []
    if isinstance(node, ast.arguments):
        plain = [*node.posonlyargs, *node.args]
        pairs = [(each.arg, value) for each, value in zip(plain[::-1], node.defaults[::-1], strict=False)]
        pairs += [(each.arg, value) for each, value in zip(node.kwonlyargs, node.kw_defaults, strict=True)]
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        pairs = [(node.target.id, node.value)]
    for name, value in pairs:
        if name.startswith(("alpha", "confidence")) and isinstance(value, ast.Constant):
            yield name, value.value


def test_no_other_file_has_them_again() -> None:
    found = {str(path): again for path, tree in modules_but("levels.py") if (again := repeats(tree))}
    assert found == {}


@pytest.mark.parametrize(
    "text",
    [
        "half = 1.96 * error",
        "Z = 1.959963984540054",
        "t.ppf(0.975, 9)",
        "np.quantile(x, (0.05, 0.5, 0.95))",
        "B = [5, 50, 95]",
        "prior.ppf([0.05, 0.95])",
        "prior.ppf(0.95)",
        "np.percentile(weeks, 95)",
        "INSIDE = (0.05, 0.95)",
        'WIDTH = {"iqr": 1.349}',
        'WIDTH = {"central90": 3.290}',
        "MEDIAN_OVER_MEAN = 1.2533",
        "z = 1.645",
        "def f(x, alpha_one_sided: float = 0.025): ...",
        "def f(x, *, confidence=0.95): ...",
        "class A:\n    alpha_two_sided: float = 0.05",
    ],
)
def test_a_repeat_is_found(text: str) -> None:
    assert repeats(ast.parse(text)) != []

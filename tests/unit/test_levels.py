"""Levels of intervals and bands: their values, and that no other file has them again."""

import ast
from statistics import NormalDist

import pytest

from ifntrial.levels import BAND, DETAILED_BAND, LOWER_TAIL, NORMAL_95, UPPER_TAIL
from package_source import constants, modules_but

POINTS = {1.96, 0.975, 97.5}
BANDS = ([5, 50, 95], [0.05, 0.5, 0.95], [5, 25, 50, 75, 95], [0.05, 0.25, 0.5, 0.75, 0.95])


def test_a_95_percent_interval_ends_where_the_normal_distribution_says() -> None:
    assert pytest.approx(NormalDist().inv_cdf(0.975), abs=1e-15) == NORMAL_95
    assert (LOWER_TAIL, UPPER_TAIL) == (0.025, 0.975)


def test_the_percentiles_of_bands() -> None:
    assert BAND == (5, 50, 95)
    assert DETAILED_BAND == (5, 25, 50, 75, 95)


def repeats(tree: ast.AST) -> list[str]:
    """Return what a module has of these levels."""
    numbers = {each for each in constants(tree) if isinstance(each, float | int)}
    found = [str(each) for each in numbers if each in POINTS or abs(each - 1.96) < 1e-4]
    for node in ast.walk(tree):
        parts = getattr(node, "elts", ())
        if parts and [each.value for each in parts if isinstance(each, ast.Constant)] in BANDS:
            found.append(ast.unparse(node))
    return found


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
    ],
)
def test_a_repeat_is_found(text: str) -> None:
    assert repeats(ast.parse(text)) != []

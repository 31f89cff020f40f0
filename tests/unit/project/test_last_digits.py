"""No choice hangs on the last digit of a number: what the source must not do, and where it may."""

import ast
from functools import cache
from pathlib import Path

import pytest

import ifntrial

PACKAGE = Path(ifntrial.__file__).parent
SORTS = {"argsort", "argpartition"}
PRODUCTS = {"dot", "inner", "matmul", "vdot", "tensordot"}
# estimates, which nothing is chosen by, and the balance of patients, which is frozen
MAY_MULTIPLY = (
    "likelihood/counts.py",
    "likelihood/newton.py",
    "likelihood/repeated_measures.py",
    "patients/balance.py",
    # sums of sparse matrices by SciPy's own loops, always in the order of their columns
    "signature/formats/pseudobulk.py",
    "signature/random_intercept.py",
    "signature/read/anndata_file.py",
    "statistics/imputation.py",
    "statistics/logistic.py",
    "statistics/mmrm.py",
    "statistics/looks/recursion.py",
    "statistics/looks/sequential.py",
)


@cache
def nodes():
    """Return every node of the package's source that matters here, with its file and line."""
    return [
        (path.relative_to(PACKAGE).as_posix(), node)
        for path in sorted(PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.Call, ast.BinOp, ast.ImportFrom))
    ]


def calls(names):
    return [
        (f"{path}:{node.lineno}", node)
        for path, node in nodes()
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names
    ]


def test_every_sort_keeps_equal_values_in_order():
    """The sort that NumPy takes of itself orders equal values by the vectors of the processor."""
    found = calls(SORTS)
    assert len(found) > 5
    bad = [
        place
        for place, node in found
        if not any(each.arg == "kind" and each.value.value == "stable" for each in node.keywords)
    ]
    assert bad == []


def test_products_that_round_by_the_kernel_stay_with_the_estimates():
    """A matrix product is summed in another order by other kernels, and by another number of threads."""
    places = [place for place, _ in calls(PRODUCTS)] + [
        f"{path}:{node.lineno}"
        for path, node in nodes()
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult)
    ]
    assert len(places) > 20
    assert [place for place in places if not place.startswith(MAY_MULTIPLY)] == []


@pytest.mark.parametrize("name", ["minimize", "least_squares", "root", "fsolve", "fmin", "curve_fit"])
def test_no_optimiser_that_stops_by_a_fixed_gradient(name):
    """Maxima are climbed by steps measured in standard errors; roots lie between two bounds."""
    users = [
        path
        for path, node in nodes()
        if isinstance(node, ast.ImportFrom)
        and node.module == "scipy.optimize"
        and any(each.name == name for each in node.names)
    ]
    assert users == []

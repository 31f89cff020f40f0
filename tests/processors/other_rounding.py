"""A made-up processor: runs a command with every function that is not rounded exactly off by its last digit.

IEEE 754 rounds sums, products, quotients and square roots the same everywhere. Exponentials, logarithms, powers, sines,
distribution functions and products of matrices are not: their last digit changes with the processor, the kernel
and the library. Here it changes at random, by up to two units, so that every choice that hangs on it shows.

    python tests/processors/other_rounding.py SEED COMMAND ...        as ifntrial COMMAND ...
"""

import ast
import runpy
import sys
from collections.abc import Callable
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType
from typing import Any

import numpy as np

PACKAGE = "ifntrial"
# whatever these return is rounded exactly, or not used as a number
_NUMPY = (
    "exp exp2 expm1 log log2 log10 log1p sin cos tan arcsin arccos arctan arctan2 sinh cosh tanh arctanh power "
    "float_power cbrt dot inner matmul einsum tensordot vdot convolve cov corrcoef polyfit"
)
_LINEAR = "cholesky solve inv det eigvalsh eigh svd lstsq norm pinv slogdet"
_SPECIAL = (
    "ndtr ndtri log_ndtr expit logit gammaln gamma gdtr bdtr bdtrc bdtri pdtr pdtrc pdtrik stdtr stdtrit betaln "
    "betainc betaincinv gammainc gammaincinv erf erfc erfinv xlogy xlog1py log1p expm1 digamma psi polygamma"
)
_MULTIPLY, _RAISE = "_other_rounding_multiply", "_other_rounding_raise"
_UNITS = np.array([-2.0, -1.0, -1.0, 0.0, 1.0, 1.0, 2.0])


class _Shaker:
    """Moves numbers by units in the last place."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)

    def shake(self, found: Any) -> Any:
        if isinstance(found, tuple):
            return (
                type(found)(*map(self.shake, found))
                if hasattr(found, "_fields")
                else tuple(map(self.shake, found))
            )
        values = np.asarray(found)
        if values.dtype != np.float64:
            return found
        units = self.random.choice(_UNITS, size=values.shape)
        moved = values + units * np.spacing(np.abs(np.where(np.isfinite(values), values, 1.0)))
        # 0, 1, -1 and what else has few digits comes out exactly in every library
        few = np.asarray(values * 1024.0 == np.round(values * 1024.0))
        result = np.where(few | ~np.isfinite(values), values, moved)
        return type(found)(result) if isinstance(found, float) else result[()]

    def wrap(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def shaken(*args: Any, **kwargs: Any) -> Any:
            found = function(*args, **kwargs)
            out = kwargs.get("out")
            if out is None:
                return self.shake(found)
            target = out[0] if isinstance(out, tuple) else out
            target[...] = self.shake(np.array(target))
            return found

        for name in ("__name__", "nin", "nout", "reduce", "accumulate", "outer", "at", "types"):
            if hasattr(function, name):
                setattr(shaken, name, getattr(function, name))
        return shaken


class _Rewriter(ast.NodeTransformer):
    """Turns the operators ``@`` and ``**``, which cannot be replaced from outside, into calls."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        called = {ast.MatMult: _MULTIPLY, ast.Pow: _RAISE}.get(type(node.op))
        if called is None or (isinstance(node.op, ast.Pow) and _is_exact_power(node.right)):
            return node
        call = ast.Call(ast.Name(called, ast.Load()), [node.left, node.right], [])
        return ast.fix_missing_locations(ast.copy_location(call, node))


def _is_exact_power(exponent: ast.expr) -> bool:
    """Return whether a power is a product of two, or a constant of the source."""
    return isinstance(exponent, ast.Constant) and exponent.value in (1, 2, 1.0, 2.0)


class _Loader(SourceFileLoader):
    def source_to_code(self, data: Any, path: Any, **kwargs: Any) -> CodeType:
        tree = _Rewriter().visit(ast.parse(data, filename=str(path)))
        return compile(tree, str(path), "exec", dont_inherit=True)

    def get_code(self, fullname: str) -> CodeType:
        # past the cached byte code
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)


class _Finder(MetaPathFinder):
    def find_spec(self, name: str, path: Any, target: ModuleType | None = None) -> ModuleSpec | None:
        # the solver's arithmetic is exact everywhere, and its expressions are no numbers yet
        if name.split(".")[0] != PACKAGE or name.startswith((f"{PACKAGE}.solver", f"{PACKAGE}.model")):
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(spec.loader.name, spec.loader.path)
        return spec


def install(seed: int) -> None:
    """Put the made-up processor in place, before the package is imported."""
    import builtins

    import scipy.linalg
    import scipy.special

    shaker = _Shaker(seed)
    multiply, power = np.matmul, np.power

    def raise_(base: Any, exponent: Any) -> Any:
        numbers = isinstance(base, (np.ndarray, float)) or isinstance(exponent, (np.ndarray, float))
        return (
            shaker.shake(power(base, exponent) if isinstance(exponent, np.ndarray) else base**exponent)
            if numbers
            else base**exponent
        )

    setattr(builtins, _MULTIPLY, lambda a, b: shaker.shake(multiply(a, b)))
    setattr(builtins, _RAISE, raise_)
    for module, names in ((np, _NUMPY), (np.linalg, _LINEAR), (scipy.special, _SPECIAL)):
        for name in names.split():
            setattr(module, name, shaker.wrap(getattr(module, name)))
    sys.meta_path.insert(0, _Finder())


def main() -> None:
    """Run the package's command line, or a script given as ``-- FILE``."""
    install(int(sys.argv[1]))
    if sys.argv[2] == "--":
        sys.argv = sys.argv[3:]
        runpy.run_path(sys.argv[0], run_name="__main__")
        return
    from ifntrial.app.cli import main as run

    sys.argv = [PACKAGE, *sys.argv[2:]]
    run()


if __name__ == "__main__":
    main()

"""The part of a system that chosen outputs depend on: states that none of them needs are not solved."""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

import sympy

from ifntrial.solver.system import OdeSystem


@lru_cache(maxsize=32)
def needed_system(system: OdeSystem, wanted: tuple[str, ...]) -> OdeSystem:
    """Return the system without what ``wanted`` does not depend on.

    Parameters
    ----------
    wanted
        Names of states, assignments or outputs that are kept, with all that acts on them.

    Returns
    -------
    The same parameters, and in their order the states, assignments and outputs that are needed. Values are those of the
    whole system but for the error that is allowed: steps no longer heed the states that are left out.

    Examples
    --------
    >>> from ifntrial.solver import symbol
    >>> two = OdeSystem("two", ("a", "b"), (), (-symbol("a"), symbol("a")), (sympy.Integer(1), sympy.Integer(0)))
    >>> needed_system(two, ("a",)).states, needed_system(two, ("b",)).states
    (('a',), ('a', 'b'))
    """
    names = _names_needed(system, wanted)
    kept = [place for place, name in enumerate(system.states) if name in names]
    if not kept or len(kept) == len(system.states):
        # without any state there is nothing to solve, but what is wanted may change with time
        return system
    return replace(
        system,
        states=tuple(system.states[place] for place in kept),
        rates=tuple(system.rates[place] for place in kept),
        initial=tuple(system.initial[place] for place in kept),
        scales=tuple(system.scales[place] for place in kept) if system.scales else (),
        assignments=tuple(pair for pair in system.assignments if pair[0] in names),
        outputs=tuple(pair for pair in system.outputs if pair[0] in names),
    )


def _names_needed(system: OdeSystem, wanted: Iterable[str]) -> set[str]:
    laws: dict[str, tuple[sympy.Expr, ...]] = {name: (law,) for name, law in system.assignments}
    laws |= {name: (law,) for name, law in system.outputs}
    scales = system.scales or (sympy.Integer(1),) * len(system.states)
    for name, *of_state in zip(system.states, system.rates, system.initial, scales, strict=True):
        laws[name] = tuple(of_state)
    found: set[str] = set()
    waiting = list(wanted)
    while waiting:
        name = waiting.pop()
        if name in laws and name not in found:
            found.add(name)
            waiting += [each.name for law in laws[name] for each in sympy.sympify(law).free_symbols]
    return found

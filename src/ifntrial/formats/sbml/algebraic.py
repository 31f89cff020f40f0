"""Algebraic rules of an SBML model, solved for what they decide."""

from collections.abc import Iterable, Mapping
from typing import Any

import sympy

from ifntrial.formats.sbml.draft import Draft
from ifntrial.formats.sbml.quantities import find_reacting

# libsbml's and SymPy's classes say nothing of types
Expression = Any


def choose_unknowns(draft: Draft) -> list[Expression]:
    """Decide which quantity each algebraic rule determines, note them as solved, and return the rules.

    A quantity can be determined by one if it is not constant and nothing else gives it a rate or a formula.
    """
    rules = [
        draft.read("an algebraic rule", rule.getMath())
        for rule in draft.model.getListOfRules()
        if rule.isAlgebraic() and rule.isSetMath()
    ]
    if not rules:
        return []
    reacting = find_reacting(draft)
    free = {
        draft.symbols[name]: name
        for name, thing in draft.things.items()
        # level 1 calls nothing constant
        if (draft.model.getLevel() == 1 or not thing.getConstant())
        and name not in draft.rules
        and name not in reacting
    }
    candidates = [
        sorted(
            (x for x in _reach(draft, rule) if x in free),
            # what an event sets may be a mere constant to it
            key=lambda x: (free[x] in draft.touched, str(x)),
        )
        for rule in rules
    ]
    found = match(candidates)
    for rule, unknown in zip(rules, found, strict=True):
        if unknown is None:
            draft.problems.append(f"algebraic rule 0 = {str(rule)[:80]} decides nothing that is free")
        else:
            draft.solved.add(free[unknown])
    return rules


def _reach(draft: Draft, rule: Expression) -> set[Expression]:
    """Return the symbols of a rule, and of the assignments that it uses."""
    found, waiting = set(), [rule]
    by_symbol = {draft.symbols[name]: name for name in draft.rules if name not in draft.rated}
    while waiting:
        for x in waiting.pop().free_symbols:
            if x not in found:
                found.add(x)
                if x in by_symbol:
                    waiting.append(draft.read(f"rule of '{by_symbol[x]}'", draft.rules[by_symbol[x]]))
    return found


def match(candidates: Iterable[list[Expression]]) -> list[Expression | None]:
    """Return for each list one of its entries, none of them twice, so that as many as possible have one."""
    listed = list(candidates)
    owner: dict[Expression, int] = {}

    def place(index: int, tried: set[Expression]) -> bool:
        for x in listed[index]:
            if x not in tried:
                tried.add(x)
                if x not in owner or place(owner[x], tried):
                    owner[x] = index
                    return True
        return False

    for index in range(len(listed)):
        place(index, set())
    by_rule = {index: x for x, index in owner.items()}
    return [by_rule.get(index) for index in range(len(listed))]


def solve_rules(draft: Draft, rules: list[Expression]) -> None:
    """Give what algebraic rules determine its formula; rules in which it does not stand linearly are a problem."""
    unknowns = [draft.symbols[name] for name in sorted(draft.solved)]
    if not rules or draft.problems:
        return
    expanded = [_expand(rule, draft.formulas, unknowns) for rule in rules]
    try:
        matrix, right = sympy.linear_eq_to_matrix(expanded, unknowns)
        solution = matrix.LUsolve(right) if matrix.det() != 0 else None
    except (ValueError, TypeError, sympy.SympifyError):
        solution = None
    if solution is None:
        draft.problems.append(
            "algebraic rules that are not linear in "
            + ", ".join(f"'{name}'" for name in sorted(draft.solved))
            + ", or do not decide it"
        )
        return
    for x, value in zip(unknowns, solution, strict=True):
        draft.formulas[x.name] = sympy.sympify(value)


def _expand(rule: Expression, formulas: Mapping[str, Expression], unknowns: list[Expression]) -> Expression:
    """Substitute the formulas that hold an unknown, so that it stands in the rule itself."""
    for _ in range(len(formulas) + 1):
        swap = {
            x: formulas[x.name]
            for x in rule.free_symbols
            if x.name in formulas and x not in unknowns and _holds(formulas, x, unknowns)
        }
        if not swap:
            return rule
        rule = rule.xreplace(swap)
    return rule


def _holds(formulas: Mapping[str, Expression], x: Expression, unknowns: list[Expression]) -> bool:
    waiting, seen = [x], set()
    while waiting:
        one = waiting.pop()
        if one in unknowns:
            return True
        if one not in seen and one.name in formulas:
            seen.add(one)
            waiting += formulas[one.name].free_symbols
    return False

"""Other readings of the trials behind the declared beliefs: how far drugs may lie apart, which trials count, how chosen.

Each reading is the evidence with one thing changed; every belief that then states something else is a variant. What it
does to a forecast takes no simulation: the same worlds are weighed again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Annotated

from ifntrial.evidence.records import Evidence
from ifntrial.evidence.rows import Each, Pure, Rows
from ifntrial.statistics.meta_analysis import SCALES
from ifntrial.studies.beliefs.declared import declared_beliefs
from ifntrial.studies.reference_class.study import KINDS
from ifntrial.ties import are_equal
from ifntrial.worlds.beliefs import Belief

AS_DECLARED = 1.0
_GROUPS = {
    "ssc_response": "drugs on response",
    "ssc_skin": "drugs on skin",
    "lupus_response": "lupus trials",
}


@dataclass(frozen=True, slots=True)
class _Declared:
    """What readings change, and to what."""

    tau_scale: Annotated[
        Mapping[str, float], Each("tau_scale_{}", {name: kind.unit for name, kind in KINDS.items()})
    ]
    pool_drugs_low: Pure
    pool_drugs_high: Pure
    publication_ratio_selected: Pure


_DECLARED = Rows("prior", _Declared)


@dataclass(frozen=True, slots=True)
class OtherReading:
    """A declared belief as another reading of its trials states it.

    Parameters
    ----------
    reading
        In words.
    belief
        With the name and the share of the declared one.
    """

    reading: str
    belief: Belief


def other_readings(evidence: Evidence) -> Iterator[OtherReading]:
    """Yield every declared belief under every reading that changes what it states, in the order of readings."""
    declared = {belief.name: belief for belief in declared_beliefs(evidence)}
    for reading, changed in _readings(evidence):
        for belief in declared_beliefs(changed, is_whole=False):
            if not _state_the_same(belief, declared[belief.name]):
                yield OtherReading(reading, belief)


def _readings(evidence: Evidence) -> Iterator[tuple[str, Evidence]]:
    number = _DECLARED.read(evidence)
    for name, scale in number.tau_scale.items():
        for multiple in SCALES:
            if multiple != AS_DECLARED:
                text = f"SD between {_GROUPS[name]}: {multiple:g} times its prior's scale"
                yield text, evidence.with_values({f"prior.tau_scale_{name}": multiple * scale})
    for drugs in (number.pool_drugs_low, number.pool_drugs_high):
        text = f"{drugs:.0f} drug{'s' if drugs > 1 else ''} in the pool of responses"
        yield text, evidence.with_values({"prior.pool_drugs": drugs})
    yield (
        f"pools without a significant difference are published {number.publication_ratio_selected:.0%} as often",
        evidence.with_values({"prior.publication_ratio": number.publication_ratio_selected}),
    )
    for name in KINDS:
        yield from _other_trials(evidence, name)


def _other_trials(evidence: Evidence, name: str) -> Iterator[tuple[str, Evidence]]:
    """Yield a class without each drug, or each trial of its one drug, and with each contrast that is set aside."""
    rows = evidence.effects_of(name, "class")
    by_drug = len({row.drug for row in rows}) > 1
    groups = dict.fromkeys(row.drug if by_drug else row.trial for row in rows)
    for group in groups if len(groups) > 1 else ():
        out = {row.id for row in rows if group == (row.drug if by_drug else row.trial)}
        yield f"without {group}", _with_roles(evidence, dict.fromkeys(out, "absent"))
    for row in evidence.effects_of(name, "sensitivity"):
        replaced = [each.id for each in rows if set(each.patients_of) & set(row.patients_of)]
        changed = _with_roles(evidence, {row.id: "class", **dict.fromkeys(replaced, "absent")})
        yield f"{'another figure of' if replaced else 'with'} {row.trial}", changed


def _with_roles(evidence: Evidence, role: dict[str, str]) -> Evidence:
    effects = tuple(replace(row, role=role.get(row.id, row.role)) for row in evidence.effects)
    return replace(evidence, effects=effects)


def _state_the_same(one: Belief, other: Belief) -> bool:
    if one.statement is None or other.statement is None:
        return one.statement is other.statement
    a, b = one.statement.effect, other.statement.effect
    return are_equal([a.mean, b.mean]) and are_equal([a.sd, b.sd])

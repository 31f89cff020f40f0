"""Take a source away: what hangs on it, and the evidence that is left."""

from dataclasses import dataclass, replace

from ifntrial.evidence.effects import Effect
from ifntrial.evidence.records import Claim, Evidence, Observation, ParameterValue, Source


@dataclass(frozen=True, slots=True)
class Hanging:
    """What rests on one source.

    Parameters
    ----------
    removed_source
        The source.
    parameter_rows
        Those that name it, alone or with other sources.
    observation_rows
        Those that come from it.
    effect_rows
        Trial contrasts that name it.
    claims_for, claims_against
        Those it supports or speaks against.
    """

    removed_source: Source
    parameter_rows: tuple[ParameterValue, ...]
    observation_rows: tuple[Observation, ...]
    effect_rows: tuple[Effect, ...]
    claims_for: tuple[Claim, ...]
    claims_against: tuple[Claim, ...]


def hanging_on(evidence: Evidence, source: str) -> Hanging:
    """Return what rests on a source; an unknown one raises ``UnknownNameError``."""
    found = evidence.source(source)
    return Hanging(
        removed_source=found,
        parameter_rows=tuple(row for row in evidence.parameters if source in row.sources),
        observation_rows=tuple(row for row in evidence.observations if row.source == source),
        effect_rows=tuple(row for row in evidence.effects if source in row.sources),
        claims_for=tuple(row for row in evidence.claims if source in row.sources_for),
        claims_against=tuple(row for row in evidence.claims if source in row.sources_against),
    )


def without_source(evidence: Evidence, source: str) -> Evidence:
    """Return the evidence as if a source had never been read.

    Its observations and trial contrasts are gone and claims no longer name it. Its parameters keep their values,
    because a model needs them, but are ``assumed`` from now on: what to do about their width is up to who re-weights
    a forecast, and ``hanging_on`` says which they are. An unknown source raises ``UnknownNameError``.
    """
    hanging = hanging_on(evidence, source)
    return replace(
        evidence,
        parameters=tuple(
            replace(row, status="assumed") if row in hanging.parameter_rows else row
            for row in evidence.parameters
        ),
        observations=tuple(row for row in evidence.observations if row not in hanging.observation_rows),
        effects=tuple(row for row in evidence.effects if row not in hanging.effect_rows),
        claims=tuple(_forget(row, source) for row in evidence.claims),
    )


def _forget(claim: Claim, source: str) -> Claim:
    return replace(
        claim,
        sources_for=tuple(id for id in claim.sources_for if id != source),
        sources_against=tuple(id for id in claim.sources_against if id != source),
    )

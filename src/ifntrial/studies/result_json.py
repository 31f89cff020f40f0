"""Results as JSON: one adapter writes, reads and describes the record of every study."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from ifntrial.errors import FileError, listed, resolve_name
from ifntrial.files import write_whole
from ifntrial.studies.calibrate.result import CalibrationSummary
from ifntrial.studies.compare.result import Comparison
from ifntrial.studies.doses.result import Doses
from ifntrial.studies.enrich.result import Enrichment
from ifntrial.studies.evidence.result import EvidenceProblems, EvidenceRows, WithoutSource
from ifntrial.studies.forecast.result import Forecast
from ifntrial.studies.json_records import record_schema, validated
from ifntrial.studies.known.result import KnownAddresses, KnownBeliefs, KnownThings
from ifntrial.studies.ledger.result import PredictionScores
from ifntrial.studies.pathway.result import PathwayMap
from ifntrial.studies.reference_class.result import ReferenceClasses
from ifntrial.studies.run_facts import RunFacts
from ifntrial.studies.score.result import Scores
from ifntrial.studies.sensitivity.result import Sensitivity
from ifntrial.studies.simulate.result import Simulation
from ifntrial.studies.status.result import RunStatus
from ifntrial.studies.trial.result import TrialResult
from ifntrial.studies.validate.result import Validation
from ifntrial.studies.value.result import ValueOfStudies

RESULTS: Mapping[str, type] = {
    "simulate": Simulation,
    "map": PathwayMap,
    "calibrate": CalibrationSummary,
    "validate": Validation,
    "sensitivity": Sensitivity,
    "design compare": Comparison,
    "doses": Doses,
    "enrich": Enrichment,
    "forecast": Forecast,
    "design simulate": TrialResult,
    "score": Scores,
    "evidence check": EvidenceProblems,
    "evidence show": EvidenceRows,
    "evidence without": WithoutSource,
    "evidence effects": ReferenceClasses,
    "status": RunStatus,
    "prediction score": PredictionScores,
    "value": ValueOfStudies,
    "list drugs": KnownThings,
    "list mechanisms": KnownThings,
    "list endpoints": KnownThings,
    "list markers": KnownThings,
    "list covariates": KnownThings,
    "list designs": KnownThings,
    "list signatures": KnownThings,
    "list methods": KnownThings,
    "list analyses": KnownThings,
    "list addresses": KnownAddresses,
    "list beliefs": KnownBeliefs,
}
"""Kind of a run to the record of its result."""

_FIX = "give the command of the run again"


def result_text(facts: RunFacts, result: object) -> str:
    """Return a result under the facts of its run, as JSON.

    Raises
    ------
    ValueError
        If a number is not finite: what is not known has to be None.
    """
    return json.dumps(_plain(facts) | _plain(result), indent=1, allow_nan=False) + "\n"


def write_result(path: Path, facts: RunFacts, result: object) -> None:
    """Write a result under the facts of its run; errors as in ``result_text``.

    Raises
    ------
    FileError
        If the file cannot be written.
    """
    write_whole(path, result_text(facts, result))


def _plain(record: object) -> dict[str, Any]:
    adapter: TypeAdapter[object] = TypeAdapter(type(record))
    # a field of another type than its record says is a mistake of ours
    plain: dict[str, Any] = adapter.dump_python(record, by_alias=True, warnings="error")
    return plain


def read_result(path: Path) -> tuple[RunFacts, Any]:
    """Return the facts of a run and the record of its result.

    Raises
    ------
    FileError
        If the file cannot be read, or does not hold a result of this version.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FileError(f"{path} cannot be read: {error}", fix=_FIX) from error
    kind = str(content.get("kind")) if isinstance(content, dict) else "absent"
    if kind not in RESULTS:
        raise FileError(f"{path} does not hold a result", given=f"kind {kind}", allowed=listed(RESULTS))
    return validated(RunFacts, content, str(path), _FIX), validated(RESULTS[kind], content, str(path), _FIX)


def result_schema(kind: str) -> dict[str, Any]:
    """Return the JSON schema of a result with the facts that it begins with.

    Raises
    ------
    UnknownNameError
        If there is no result of this kind.
    """
    result = record_schema(resolve_name(kind, RESULTS, "result"))
    facts = record_schema(RunFacts)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **result,
        "properties": {**facts["properties"], **result["properties"]},
        "title": f"ifntrial {kind}",
        "required": [*facts["required"], *result["required"]],
    }

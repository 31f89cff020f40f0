"""What a trial printed, as a user's YAML file says it, held against what was foretold of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from types import MappingProxyType

from ifntrial.errors import FileError, closest
from ifntrial.studies.ledger.predictive import Foretold
from ifntrial.yaml_files import parse, read_text

KEYS = ("prediction", "source", "read_out", "observed")
_FORM = """prediction: the sha256 of the locked file
source: where the numbers were published
read_out: 2027-12-01
observed:
  primary_met: yes"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was observed.

    Parameters
    ----------
    prediction
        Hash of the locked prediction that it belongs to.
    source, read_out
        Where it was published, and when.
    observed
        Key of a number to its value; one or zero for what happened or did not.
    """

    prediction: str
    source: str
    read_out: str
    observed: Mapping[str, float]


def read_outcome(path: Path, prediction: str, foretold: Mapping[str, Foretold]) -> Outcome:
    """Return the outcome in a file.

    Parameters
    ----------
    prediction
        Hash of the locked prediction that is to be scored.
    foretold
        What it foretells.

    Raises
    ------
    FileError
        If the file is not of this form, belongs to another prediction, or holds a number that nothing was foretold of or
        that cannot be; names every one.
    """
    content = parse(read_text(path, "outcome"), str(path), "outcome")
    observed = content.get("observed") if isinstance(content, dict) else None
    if not isinstance(content, dict) or set(content) != set(KEYS) or not isinstance(observed, dict):
        raise FileError(
            f"{path} is no outcome",
            given=", ".join(map(str, content)) if isinstance(content, dict) else type(content).__name__,
            allowed=f"{', '.join(KEYS)}, with a number for each name under observed",
            fix=f"write it so:\n{_FORM}",
        )
    problems = [*_differing(content["prediction"], prediction), *_problems(observed, foretold)]
    if not str(content["source"] or "").strip():
        problems.append("source: say where the numbers were published")
    if problems:
        raise FileError(f"the outcome in {path} cannot be scored", problems=problems, fix="correct the file")
    numbers = {str(key): float(value) for key, value in observed.items()}
    return Outcome(prediction, str(content["source"]), str(content["read_out"]), MappingProxyType(numbers))


def _differing(given: object, prediction: str) -> Iterator[str]:
    if given != prediction:
        yield f"prediction: {given!r} is not the hash of the locked file, {prediction}"


def _problems(observed: Mapping[str, float], foretold: Mapping[str, Foretold]) -> Iterator[str]:
    if not observed:
        yield "observed: at least one number"
    for key, value in observed.items():
        if key not in foretold:
            hint = closest(str(key), foretold)
            yield f"observed.{key}: nothing was foretold of it" + (f"; did you mean {hint}?" if hint else "")
        elif trouble := _trouble(value, foretold[key]):
            yield f"observed.{key}: {value!r} {trouble}"


def _trouble(value: object, foretold: Foretold) -> str:
    if foretold.law == "yes or no":
        return "" if isinstance(value, bool) else "is neither yes nor no"
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return f"is no number [{foretold.unit}]"
    if foretold.law == "share" and not 0.0 <= value <= 1.0:
        return "is no share from 0 to 1"
    if foretold.law == "count" and (value < 0 or value != round(value)):
        return "is no count of events"
    return ""

"""Results as JSON: one adapter for the records of all studies."""

import json
from pathlib import Path

from pydantic_core import to_jsonable_python

from ifntrial.files import write_whole
from ifntrial.studies.run_facts import RunFacts


def write_result(path: Path, facts: RunFacts, result: object) -> None:
    """Write a result under the facts of its run.

    Raises
    ------
    FileError
        If the file cannot be written.
    ValueError
        If a number is not finite: what is not known has to be None.
    """
    content = to_jsonable_python(facts) | to_jsonable_python(result)
    write_whole(path, json.dumps(content, indent=1, allow_nan=False) + "\n")

"""Print ``docs/known_misses.md`` with the misses of a finished validation: ``misses_page.py validation.json``."""

import sys
from pathlib import Path

from ifntrial.report.validate.documents import with_misses
from ifntrial.studies.result_json import read_result

PAGE = Path(__file__).parents[1] / "docs" / "known_misses.md"

if __name__ == "__main__":
    facts, result = read_result(Path(sys.argv[1]))
    sys.stdout.write(with_misses(PAGE.read_text(encoding="utf-8"), result, facts.model_version))

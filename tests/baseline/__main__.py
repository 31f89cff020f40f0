"""``python -m baseline REASON [TABLE ...]``, which ``make baseline`` calls."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from baseline.freeze import freeze
from baseline.inside import ROOT
from baseline.tables import TABLES, make_table
from held_out.record import count_look
from ifntrial.evidence.load import load_evidence

if __name__ == "__main__":
    reason, *names = sys.argv[1:] or [""]
    unknown = [name for name in names if name not in TABLES]
    if unknown:
        raise SystemExit(f"baseline: there is no table {', '.join(unknown)}. Allowed: {', '.join(TABLES)}.")

    def looked(changed: Sequence[str]) -> None:
        count_look(changed, load_evidence(), datetime.now(UTC).date().isoformat(), reason)

    for line in freeze(reason, names or list(TABLES), make_table, ROOT / "CHANGELOG.md", looked=looked):
        sys.stdout.write(f"{line}\n")

"""``python -m baseline REASON [TABLE ...]``, which ``make baseline`` calls."""

import sys

from baseline.freeze import freeze
from baseline.inside import ROOT
from baseline.tables import TABLES, make_table

if __name__ == "__main__":
    reason, *names = sys.argv[1:] or [""]
    unknown = [name for name in names if name not in TABLES]
    if unknown:
        raise SystemExit(f"baseline: there is no table {', '.join(unknown)}. Allowed: {', '.join(TABLES)}.")
    for line in freeze(reason, names or list(TABLES), make_table, ROOT / "CHANGELOG.md"):
        sys.stdout.write(f"{line}\n")

"""``python -m held_out REASON``, which ``make held-out`` calls."""

import sys
from datetime import UTC, datetime

from held_out.record import write_lock
from ifntrial.evidence.load import load_evidence

if __name__ == "__main__":
    for line in write_lock(load_evidence(), " ".join(sys.argv[1:]), datetime.now(UTC).date().isoformat()):
        sys.stdout.write(f"{line}\n")

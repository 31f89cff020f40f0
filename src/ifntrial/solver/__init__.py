"""How equations of a population are solved. Knows no biology."""

from ifntrial.solver.doses import DoseKind, DoseTable
from ifntrial.solver.engine import Progress
from ifntrial.solver.needed import needed_system
from ifntrial.solver.solve import simulate
from ifntrial.solver.stream import StreamSummary, simulate_blocks, simulate_to_parquet
from ifntrial.solver.system import TIME, OdeSystem, symbol
from ifntrial.solver.tolerance import Tolerance
from ifntrial.solver.trajectories import AuditReport, Checkpoint, Status, Trajectories

__all__ = [
    "TIME",
    "AuditReport",
    "Checkpoint",
    "DoseKind",
    "DoseTable",
    "OdeSystem",
    "Progress",
    "Status",
    "StreamSummary",
    "Tolerance",
    "Trajectories",
    "needed_system",
    "simulate",
    "simulate_blocks",
    "simulate_to_parquet",
    "symbol",
]

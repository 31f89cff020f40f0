"""How equations of a population are solved. Knows no biology."""

from ifntrial.solver.doses import DoseKind, DoseTable
from ifntrial.solver.solve import simulate
from ifntrial.solver.system import TIME, OdeSystem, symbol
from ifntrial.solver.tolerance import Tolerance
from ifntrial.solver.trajectories import Checkpoint, Status, Trajectories

__all__ = [
    "TIME",
    "Checkpoint",
    "DoseKind",
    "DoseTable",
    "OdeSystem",
    "Status",
    "Tolerance",
    "Trajectories",
    "simulate",
    "symbol",
]

"""Equations of your own, solved for a population."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from numpy.typing import ArrayLike

from ifntrial.api.argument_names import names_arguments
from ifntrial.api.calls import processors, reporter
from ifntrial.api.courses.table import course_table
from ifntrial.arrays import FloatArray
from ifntrial.solver import DoseTable, OdeSystem, Tolerance, Trajectories, simulate


@dataclass(frozen=True, slots=True)
class Courses:
    """Solved courses.

    Parameters
    ----------
    system
        The equations.
    trajectories
        Values as arrays, and why each subject ended.
    """

    system: OdeSystem
    trajectories: Trajectories

    def of(self, name: str) -> FloatArray:
        """Return one output, shape (subjects, times); an unknown one raises ``UnknownNameError``."""
        return self.trajectories.of(name)

    def table(self) -> pd.DataFrame:
        """Return the courses, a row for each subject and time: ``subject``, ``time``, ``status``, and each output."""
        return course_table(self.trajectories, self.system.name, self.system.time_unit)


@names_arguments
def solve(
    system: OdeSystem,
    parameters: Mapping[str, ArrayLike] | FloatArray,
    doses: DoseTable | None,
    times: ArrayLike,
    *,
    outputs: Sequence[str] | None = None,
    tolerance: Tolerance = Tolerance.TRIAL,
    workers: int | None = None,
    progress: bool = False,
) -> Courses:
    """Return the courses of every subject; a subject that cannot be solved is no error but says so in ``status``.

    Parameters
    ----------
    system
        The equations, as names and SymPy expressions of ``symbol(name)``.
    parameters
        Name to one value, or one per subject, shape (subjects,); or an array (subjects, parameters).
    doses
        What each subject is given; None for nothing.
    times
        To record [time unit of the system], shape (times,); before a dose at the same time.
    outputs
        Names of states, assignments or outputs of the system; all states if None.
    tolerance
        ``SCREEN``, ``TRIAL``, ``REFERENCE``, or one of your own.
    workers, progress
        As in ``forecast``.

    Raises
    ------
    InputError
        If names do not match, shapes disagree, or times are not in order.

    Examples
    --------
    >>> import sympy
    >>> from ifntrial.solver import symbol
    >>> decay = OdeSystem("decay", ("amount",), ("rate",), (-symbol("rate") * symbol("amount"),), (sympy.Integer(1),))
    >>> solve(decay, {"rate": [0.0, 1.0]}, None, [1.0], workers=1).table()["amount"].round(3).tolist()
    [1.0, 0.368]
    """
    found = simulate(
        system,
        parameters,
        doses,
        times,
        outputs=outputs,
        tolerance=tolerance,
        workers=processors(workers),
        progress=reporter(progress, "subjects") if progress else None,
    )
    return Courses(system, found)

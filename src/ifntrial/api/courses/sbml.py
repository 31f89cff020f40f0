"""Models of others: SBML files read, and solved with this package's solver, events included."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from numpy.typing import ArrayLike

from ifntrial.api.argument_names import names_arguments
from ifntrial.api.calls import processors
from ifntrial.api.courses.table import course_table
from ifntrial.formats.sbml.events import simulate_sbml
from ifntrial.formats.sbml.model import SbmlModel
from ifntrial.formats.sbml.read import load_sbml
from ifntrial.solver import OdeSystem, Tolerance, Trajectories

__all__ = ["Model", "load"]


@dataclass(frozen=True, slots=True)
class Model:
    """An imported model.

    Parameters
    ----------
    imported
        Equations, values, events, and what identifiers of the file are called.
    """

    imported: SbmlModel

    @property
    def system(self) -> OdeSystem:
        """The equations."""
        return self.imported.system

    @property
    def parameters(self) -> Mapping[str, float]:
        """Values of all parameters, and initial values of states (``initial_`` and a name), as the file gives them."""
        return self.imported.parameters

    @names_arguments
    def simulate(
        self,
        times: ArrayLike,
        *,
        parameters: Mapping[str, ArrayLike] | None = None,
        outputs: Sequence[str] | None = None,
        tolerance: Tolerance = Tolerance.TRIAL,
        workers: int | None = None,
    ) -> pd.DataFrame:
        """Return the courses from time zero, a row for each subject and time.

        Parameters
        ----------
        times
            To record, rising from zero on, shape (times,); after an event at the same time.
        parameters
            Values in the place of the file's, one each or one per subject.
        outputs
            Identifiers of the file; all states if None.
        tolerance, workers
            As in ``solve``.

        Raises
        ------
        InputError
            If names or shapes do not match, or times are not usable.
        SolverError
            If events go on without end.
        """
        found = self.trajectories(
            times, parameters=parameters, outputs=outputs, tolerance=tolerance, workers=workers
        )
        return course_table(found, self.system.name, self.system.time_unit)

    @names_arguments
    def trajectories(
        self,
        times: ArrayLike,
        *,
        parameters: Mapping[str, ArrayLike] | None = None,
        outputs: Sequence[str] | None = None,
        tolerance: Tolerance = Tolerance.TRIAL,
        workers: int | None = None,
    ) -> Trajectories:
        """Return the same as ``simulate`` as arrays, with the status of every subject."""
        return simulate_sbml(
            self.imported,
            times,
            parameters,
            tolerance=tolerance,
            outputs=outputs,
            workers=processors(workers),
        )


def load(path: str | Path) -> Model:
    """Return the model in an SBML file.

    Raises
    ------
    FileError
        If the file cannot be read or is not valid SBML.
    ExtraError
        If the library that reads it is not installed.
    InputError
        If the model holds something that is not imported; lists every problem.
    """
    return Model(load_sbml(path))

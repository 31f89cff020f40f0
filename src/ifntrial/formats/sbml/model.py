"""What an imported SBML model is: equations, values, events, and what its identifiers are called."""

from collections.abc import Mapping
from dataclasses import dataclass

from ifntrial.solver.hybrid.system import Event, HybridSystem
from ifntrial.solver.system import OdeSystem


@dataclass(frozen=True, slots=True)
class SbmlModel:
    """An imported model; solve it with ``simulate_sbml``.

    Parameters
    ----------
    hybrid
        Equations and events. A species is its concentration, or its amount if the file says so, as in the file's
        formulas; where its compartment changes size the state of its name is the amount, and the concentration has a
        name of its own.
    parameters
        Values of all parameters, among them sizes of compartments, and the initial values of states as the file gives
        them (``initial_`` and a name, unless the file uses that name itself).
    names
        Identifier of the file to the name that the system has for it.
    """

    hybrid: HybridSystem
    parameters: dict[str, float]
    names: Mapping[str, str]

    @property
    def system(self) -> OdeSystem:
        """The equations."""
        return self.hybrid.system

    @property
    def events(self) -> tuple[Event, ...]:
        """What happens when."""
        return self.hybrid.events

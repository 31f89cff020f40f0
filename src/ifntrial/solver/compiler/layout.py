"""Where everything lies in the workspace of one group of lanes, counted in vectors."""

from dataclasses import asdict, dataclass

from ifntrial.solver.compiler.driver import VALUE
from ifntrial.solver.compiler.tableau import STAGES


@dataclass(frozen=True, slots=True)
class Layout:
    """Sizes of a compiled system, and from them the first vector of each array in its workspace.

    Parameters
    ----------
    width
        Numbers per vector, which is the number of subjects solved at once.
    states, parameters, constants, entries, observed
        Number of states, parameters, hoisted expressions, LU entries and observed expressions.
    """

    width: int
    states: int
    parameters: int
    constants: int
    entries: int
    observed: int

    @property
    def value(self) -> int:
        """States at the start of the step."""
        return VALUE

    @property
    def stage(self) -> int:
        """States at a stage."""
        return self.value + self.states

    @property
    def put_in(self) -> int:
        """Inputs of infusions."""
        return self.stage + self.states

    @property
    def allowed(self) -> int:
        """Absolute error allowed in each state."""
        return self.put_in + self.states

    @property
    def increments(self) -> int:
        """Increments k of all stages."""
        return self.allowed + self.states

    @property
    def factors(self) -> int:
        """Off-diagonal entries of L and U, then reciprocals of the pivots."""
        return self.increments + STAGES * self.states

    @property
    def by_time(self) -> int:
        """Derivatives of the rates with respect to time."""
        return self.factors + self.entries + self.states

    @property
    def constant(self) -> int:
        """Hoisted expressions: constants of one subject."""
        return self.by_time + self.states

    @property
    def parameter(self) -> int:
        """Parameters."""
        return self.constant + self.constants

    @property
    def initial(self) -> int:
        """Initial states."""
        return self.parameter + self.parameters

    @property
    def observation(self) -> int:
        """Observed expressions."""
        return self.initial + self.states

    @property
    def size(self) -> int:
        """Vectors in all."""
        return self.observation + self.observed

    def as_dict(self) -> dict[str, int]:
        """Return the fields by name."""
        return asdict(self)

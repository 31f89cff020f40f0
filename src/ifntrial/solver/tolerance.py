"""How accurately a population is solved."""

from dataclasses import dataclass
from typing import ClassVar

from ifntrial.errors import InputError

TIGHTEST, LOOSEST = 1e-13, 1e-2


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Local error allowed in one step: ``relative * |value| + relative * floor * scale`` of each state.

    Parameters
    ----------
    relative
        Relative tolerance, 1e-13 to 1e-2.
    floor
        Share of a state's ``scale`` (see ``OdeSystem``) below which digits no longer count.

    Raises
    ------
    InputError
        If a value is outside its range.
    """

    relative: float
    floor: float = 1e-3

    SCREEN: ClassVar["Tolerance"]
    TRIAL: ClassVar["Tolerance"]
    REFERENCE: ClassVar["Tolerance"]

    def __post_init__(self) -> None:
        if not TIGHTEST <= self.relative <= LOOSEST:
            raise InputError(
                "the relative tolerance is out of range",
                given=self.relative,
                allowed=f"{TIGHTEST:g} to {LOOSEST:g}",
                fix="use Tolerance.SCREEN, Tolerance.TRIAL or Tolerance.REFERENCE",
            )
        if not 0.0 < self.floor <= 1.0:
            raise InputError(
                "the floor of the tolerance is out of range", given=self.floor, allowed="above 0, at most 1"
            )

    def tightened(self, factor: float) -> "Tolerance":
        """Return a tolerance ``factor`` times tighter, but not below what double precision can hold."""
        return Tolerance(max(self.relative / factor, TIGHTEST), self.floor)


Tolerance.SCREEN = Tolerance(1e-4)
Tolerance.TRIAL = Tolerance(1e-5)
Tolerance.REFERENCE = Tolerance(1e-7)

"""What is known to who reads a design: names for its fields, and the designs that it may extend."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ifntrial.design.names import Names
from ifntrial.design.parts import TrialDesign


@dataclass(frozen=True, slots=True)
class Known:
    """What a design may name and extend.

    Parameters
    ----------
    names
        What its fields may name.
    designs
        Those that may be loaded by name, and extended.
    """

    names: Names
    designs: Mapping[str, TrialDesign] = field(default_factory=dict)

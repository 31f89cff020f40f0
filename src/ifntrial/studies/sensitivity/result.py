"""What a sensitivity analysis finds: an index of every group for every output."""

from dataclasses import dataclass

from ifntrial.studies.sensitivity.indices import Convergence, Index
from ifntrial.worlds.quantiles import Spread


@dataclass(frozen=True, slots=True)
class InputGroup:
    """Inputs that move together.

    Parameters
    ----------
    group, label
        Name, and in words.
    mechanism
        Which uses them first.
    inputs
        Names of the uncertain quantities.
    shared_with
        Mechanisms that use some of them too.
    """

    group: str
    label: str
    mechanism: str
    inputs: tuple[str, ...]
    shared_with: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OutputIndices:
    """What an output hangs on.

    Parameters
    ----------
    name, label, meaning
        Of the output: name, in a few words, in a sentence.
    unit
        Of its values; empty for shares.
    mean, band
        Over the worlds that were simulated, in ``unit``.
    indices
        One for each group, the largest first.
    convergence
        How steady they are.
    """

    name: str
    label: str
    unit: str
    meaning: str
    mean: float
    band: Spread
    indices: tuple[Index, ...]
    convergence: Convergence


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The result of ``ifntrial sensitivity``.

    Parameters
    ----------
    design
        Name of the design.
    method, grouping
        ``morris`` or ``sobol``; by ``mechanism`` or by ``parameter``.
    samples
        Trajectories or base points.
    subjects, replicates
        Common subjects, and repeats of measurement and conduct behind each probability of response.
    research_only
        That no number is for diagnosis or treatment.
    worlds
        How many were simulated.
    failed_courses, worlds_with_failures
        Courses of subjects that could not be solved, and in how many worlds; they have weight zero there.
    suppression_week
        Visit at which the suppression is read [week].
    groups, outputs
        What moves, and what is moved.
    limits
        What the analysis cannot say.
    """

    design: str
    method: str
    grouping: str
    samples: int
    subjects: int
    replicates: int
    research_only: str
    worlds: int
    failed_courses: int
    worlds_with_failures: int
    suppression_week: float
    groups: tuple[InputGroup, ...]
    outputs: tuple[OutputIndices, ...]
    limits: tuple[str, ...]

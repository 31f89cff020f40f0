"""Solve a population of virtual subjects."""

from collections.abc import Sequence

from numpy.typing import ArrayLike

from ifntrial.solver.audit import POPULATION, SHARE, solve_and_audit
from ifntrial.solver.doses import DoseTable
from ifntrial.solver.engine import Progress, solve_problem
from ifntrial.solver.problem import Parameters, build_problem
from ifntrial.solver.system import OdeSystem
from ifntrial.solver.tolerance import Tolerance
from ifntrial.solver.trajectories import Checkpoint, Trajectories

MAX_STEPS = 1_000_000


def simulate(
    system: OdeSystem,
    parameters: Parameters,
    doses: DoseTable | None,
    visits: ArrayLike,
    *,
    tolerance: Tolerance = Tolerance.TRIAL,
    outputs: Sequence[str] | None = None,
    workers: int = 1,
    subjects: int | None = None,
    start: float = 0.0,
    initial: ArrayLike | None = None,
    resume: Checkpoint | None = None,
    max_steps: int = MAX_STEPS,
    progress: Progress | None = None,
    audit_share: float | None = None,
) -> Trajectories:
    """Return the values of ``outputs`` of every subject at every visit, and why each subject ended.

    The result of a subject depends on nothing but its own parameters, doses and visits: not on the number of
    workers, nor on who else is in the population.

    Parameters
    ----------
    system
        The equations.
    parameters
        Parameter name to one value or one per subject, shape (subjects,); or an array (subjects, parameters) in
        the order of ``system.parameters``. A value that is not finite flags its subject.
    doses
        What each subject is given; None for nothing.
    visits
        Times at which values are recorded [time unit], shape (visits,), or (subjects, visits) with NaN after the
        last visit of a subject. A visit at the time of a dose comes before it.
    tolerance
        ``Tolerance.SCREEN``, ``TRIAL`` or ``REFERENCE``, or one of your own.
    outputs
        Names of states, assignments or outputs of the system; all states if None.
    workers
        Threads.
    subjects
        Number of subjects, where nothing else says it.
    start
        Time at which the initial values hold.
    initial
        Initial values instead of the system's, shape (states,) or (subjects, states).
    resume
        ``Trajectories.final`` of an earlier solve to go on from, instead of ``start`` and ``initial``. The dose
        table is the whole plan, earlier doses included: doses before the checkpoint are not given again.
    max_steps
        Steps allowed per subject.
    progress
        Called a few times per second with (subjects begun, subjects in all).
    audit_share
        Share of subjects solved again at a hundredfold tighter tolerance, 0 to 1; the largest error found is in
        ``Trajectories.audit``. None for 1 % of a population of a hundred or more.

    Raises
    ------
    InputError
        If names do not match, shapes disagree, or visits are not in order. A subject that cannot be solved is no
        error: see ``Trajectories.status``.

    Examples
    --------
    >>> import sympy
    >>> from ifntrial.solver import OdeSystem, symbol
    >>> decay = OdeSystem("decay", ("amount",), ("rate",), (-symbol("rate") * symbol("amount"),), (sympy.Integer(1),))
    >>> result = simulate(decay, {"rate": [0.0, 1.0]}, None, [1.0])
    >>> result.words.tolist(), result.of("amount").round(3).tolist()
    (['ok', 'ok'], [[1.0], [0.368]])
    """
    problem = build_problem(
        system,
        parameters,
        doses,
        visits,
        tolerance=tolerance,
        outputs=outputs,
        subjects=subjects,
        start=start,
        initial=initial,
        resume=resume,
        max_steps=max_steps,
    )
    if audit_share is None:
        audit_share = SHARE if problem.subjects >= POPULATION else 0.0
    if audit_share:
        return solve_and_audit(problem, audit_share, workers, progress)
    return solve_problem(problem, workers, progress=progress)

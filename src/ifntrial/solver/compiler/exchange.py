"""What the driver is given, and what it gives back, in types that numba understands."""

from typing import NamedTuple

from ifntrial.arrays import CodeArray, FloatArray, IntArray


class Code(NamedTuple):
    """Addresses of a kernel, and where its workspace holds what (in vectors)."""

    prepare: int
    run: int
    observe: int
    width: int
    states: int
    put_in: int
    allowed: int
    initial: int
    parameter: int


class Task(NamedTuple):
    """What to solve; see ``Problem``. Arrays that are not given have no rows.

    ``relative`` is one for each subject, and ``kept_row`` the row of ``Outcome.kept`` of those whose states are kept, or
    -1.
    """

    parameters: FloatArray
    first: IntArray
    time: FloatArray
    operation: IntArray
    state: IntArray
    value: FloatArray
    visits: FloatArray
    start: FloatArray
    initial: FloatArray
    resumed: FloatArray
    resumed_step: FloatArray
    resumed_restart: FloatArray
    relative: FloatArray
    kept_row: IntArray
    floor: float
    max_steps: int
    slots: IntArray
    observes: bool
    counter: int


class Outcome(NamedTuple):
    """What comes out; written in place by all threads, each subject by one."""

    values: FloatArray
    kept: FloatArray
    status: CodeArray
    ended: FloatArray
    accepted: IntArray
    rejected: IntArray
    states: FloatArray
    inputs: FloatArray
    initial: FloatArray
    step: FloatArray
    restart: FloatArray


class Lanes(NamedTuple):
    """The workspace, shape (vectors, width), and what each lane is at; subject -1 is none."""

    work: FloatArray
    address: int
    subject: IntArray
    operation: IntArray
    visit: IntArray

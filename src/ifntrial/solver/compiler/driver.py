"""Leads a group of lanes through a population. Knows no equations: it calls a kernel by address.

Every lane is one subject with its own time, step and schedule. The kernel steps all lanes until one of them has
reached a dose or a visit, or is stuck; the driver sees to that lane and calls again. A lane that ends takes the next
subject at once, so a slow subject holds nobody up.

numba keeps the compiled driver on disk and notices changes of this file alone. Every number that is compiled in is
therefore defined here, and imported from here.
"""

from collections.abc import Callable
from typing import Any, cast

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from ifntrial.solver.compiler.exchange import Code, Lanes, Outcome, Task

# Vectors at the head of the workspace. Written by the driver: RELATIVE tolerance and FLOOR, MOST_STEPS, IS_ACTIVE (0 or
# 1) and STOP, where a lane has to halt. Kept by the kernel: time NOW and the REST of it that NOW has no digits for, the
# STEP it would like, the one it TRIED, RESTART (first step after a dose), two marks, two counts, and CALL: why a lane
# needs the driver.
NOW, STOP, STEP, TRIED, RESTART, IS_RESTART, WAS_REJECTED, ACCEPTED = range(8)
REJECTED, CALL, IS_ACTIVE, ERROR, RELATIVE, FLOOR, MOST_STEPS, REST = range(8, 16)
# the states follow
VALUE = 16

# values of CALL
GOES_ON, AT_STOP, USED_UP, STUCK, STUCK_ON_NONSENSE = 0.0, 1.0, 2.0, 3.0, 4.0
# values of Status and Operation
OK, BAD_INITIAL, STEP_TOO_SMALL, TOO_MANY_STEPS, NON_FINITE = 0, 3, 4, 5, 6
ADD_STATE, SET_INPUT, RESET = 0, 1, 2

# first step of a subject [time unit]; too large costs a rejection or two, too small a few cheap steps
FIRST_STEP = 1e-4

# numba hands over objects of its own
Handle = Any
_BYTE_POINTER = ir.IntType(8).as_pointer()


def _call_address(typing_context: Handle, address: Handle, workspace: Handle) -> Handle:
    """Generate the call."""
    del typing_context

    def generate(context: Handle, builder: Handle, signature: Handle, arguments: Handle) -> Handle:
        del signature
        kind = ir.FunctionType(ir.VoidType(), [_BYTE_POINTER])
        function = builder.inttoptr(arguments[0], kind.as_pointer())
        builder.call(function, [builder.inttoptr(arguments[1], _BYTE_POINTER)])
        return context.get_dummy_value()

    return types.void(types.int64, types.int64), generate


def _take_next(typing_context: Handle, counter: Handle) -> Handle:
    """Generate the addition."""
    del typing_context

    def generate(context: Handle, builder: Handle, signature: Handle, arguments: Handle) -> Handle:
        del context, signature
        place = builder.inttoptr(arguments[0], ir.IntType(64).as_pointer())
        return builder.atomic_rmw("add", place, ir.Constant(ir.IntType(64), 1), "monotonic")

    return types.int64(types.int64), generate


call_address: Callable[[int, int], None] = cast(Any, intrinsic(_call_address))
"""Call the function at an address with the address of a workspace."""

take_next: Callable[[int], int] = cast(Any, intrinsic(_take_next))
"""Return the integer at an address and add one to it, in one move."""


def _compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function compiled by numba, kept on disk where that is possible."""
    try:
        compiled: Callable[..., Any] = numba.njit(nogil=True, cache=True, error_model="numpy")(function)
    except RuntimeError:
        # no place to keep it: the package and the home folder cannot be written
        compiled = numba.njit(nogil=True, error_model="numpy")(function)
    return compiled


# part of whoever calls it, because handing over this many arrays takes longer than the work itself
_inlined = numba.njit(inline="always", error_model="numpy")


@_inlined
def _record_visits(code: Code, task: Task, outcome: Outcome, lanes: Lanes, lane: int) -> bool:
    """Record all visits that are due; return whether another one follows."""
    subject, visit, now = lanes.subject[lane], lanes.visit[lane], lanes.work[NOW, lane]
    row = subject if task.visits.shape[0] > 1 else 0
    count = task.visits.shape[1]
    while visit < count and task.visits[row, visit] <= now:
        if task.observes:
            call_address(code.observe, lanes.address)
        for output in range(len(task.slots)):
            outcome.values[subject, visit, output] = lanes.work[task.slots[output], lane]
        if task.kept_row[subject] >= 0:
            for state in range(code.states):
                outcome.kept[task.kept_row[subject], visit, state] = lanes.work[VALUE + state, lane]
        visit += 1
    lanes.visit[lane] = visit
    return visit < count and not np.isnan(task.visits[row, visit])


@_inlined
def _apply_operations(code: Code, task: Task, outcome: Outcome, lanes: Lanes, lane: int) -> None:
    """Apply all operations that are due; if one changed anything, the next step is a restart."""
    subject, work = lanes.subject[lane], lanes.work
    index, end = lanes.operation[lane], task.first[subject + 1]
    is_changed = False
    while index < end and task.time[index] <= work[NOW, lane]:
        state, value, kind = task.state[index], task.value[index], task.operation[index]
        if kind == SET_INPUT:
            is_changed = is_changed or work[code.put_in + state, lane] != value
            work[code.put_in + state, lane] = value
        elif kind == ADD_STATE:
            work[VALUE + state, lane] += value
            is_changed = is_changed or value != 0.0
        else:
            for row in range(code.states):
                work[VALUE + row, lane] = outcome.initial[subject, row]
            is_changed = True
        index += 1
    lanes.operation[lane] = index
    if is_changed:
        work[STEP, lane] = work[RESTART, lane]
        work[IS_RESTART, lane] = 1.0


@_inlined
def _settle(code: Code, task: Task, outcome: Outcome, lanes: Lanes, lane: int) -> bool:
    """Do what is due now and find the next stop; return whether there is one."""
    if not _record_visits(code, task, outcome, lanes, lane):
        return False
    _apply_operations(code, task, outcome, lanes, lane)
    subject = lanes.subject[lane]
    row = subject if task.visits.shape[0] > 1 else 0
    stop = task.visits[row, lanes.visit[lane]]
    if lanes.operation[lane] < task.first[subject + 1]:
        stop = min(stop, task.time[lanes.operation[lane]])
    lanes.work[STOP, lane] = stop
    return True


@_inlined
def _finish(code: Code, outcome: Outcome, lanes: Lanes, lane: int, status: int) -> None:
    """Write down where a subject ended, and free its lane."""
    subject, work = lanes.subject[lane], lanes.work
    for row in range(code.states):
        outcome.states[subject, row] = work[VALUE + row, lane]
        outcome.inputs[subject, row] = work[code.put_in + row, lane]
    outcome.ended[subject] = work[NOW, lane]
    outcome.step[subject] = work[STEP, lane]
    outcome.restart[subject] = work[RESTART, lane]
    outcome.accepted[subject] = int(work[ACCEPTED, lane])
    outcome.rejected[subject] = int(work[REJECTED, lane])
    outcome.status[subject] = status
    lanes.subject[lane] = -1
    work[IS_ACTIVE, lane] = 0.0


@_inlined
def _begin(code: Code, task: Task, outcome: Outcome, lanes: Lanes, lane: int, subject: int) -> bool:
    """Put a subject into a lane; return whether its start is sound."""
    work = lanes.work
    lanes.subject[lane], lanes.visit[lane] = subject, 0
    for index in range(task.parameters.shape[1]):
        work[code.parameter + index, lane] = task.parameters[subject, index]
    work[RELATIVE, lane] = task.relative[subject]
    call_address(code.prepare, lanes.address)
    is_resumed, is_given = len(task.resumed) > 0, len(task.initial) > 0
    is_sound = True
    for row in range(code.states):
        first = task.initial[subject, row] if is_given else work[code.initial + row, lane]
        outcome.initial[subject, row] = first
        state = task.resumed[subject, row] if is_resumed else first
        work[VALUE + row, lane] = state
        work[code.put_in + row, lane] = 0.0
        allowed = work[code.allowed + row, lane]
        is_sound = is_sound and np.isfinite(state) and np.isfinite(allowed) and allowed > 0.0
    work[NOW, lane] = task.start[subject]
    work[STEP, lane] = task.resumed_step[subject] if is_resumed else FIRST_STEP
    work[RESTART, lane] = task.resumed_restart[subject] if is_resumed else FIRST_STEP
    work[IS_RESTART, lane] = 0.0 if is_resumed else 1.0
    work[IS_ACTIVE, lane] = 1.0
    for mark in (REST, WAS_REJECTED, ACCEPTED, REJECTED):
        work[mark, lane] = 0.0
    return is_sound


@_inlined
def _catch_up(code: Code, task: Task, lanes: Lanes, lane: int) -> None:
    """Pass over operations before the start; of those only the inputs still stand."""
    subject = lanes.subject[lane]
    index, end = task.first[subject], task.first[subject + 1]
    while index < end and task.time[index] < lanes.work[NOW, lane]:
        if task.operation[index] == SET_INPUT:
            lanes.work[code.put_in + task.state[index], lane] = task.value[index]
        index += 1
    lanes.operation[lane] = index


@_inlined
def _explain(call: float) -> int:
    """Return the status that a lane's call means."""
    if call == AT_STOP:
        return OK
    if call == USED_UP:
        return TOO_MANY_STEPS
    return STEP_TOO_SMALL if call == STUCK else NON_FINITE


@_inlined
def _serve(code: Code, task: Task, outcome: Outcome, lanes: Lanes, lane: int) -> None:
    """Do what a lane calls for; where its subject ends, take the next until one is under way or none is left."""
    status = _explain(lanes.work[CALL, lane])
    while True:
        if lanes.subject[lane] < 0:
            subject = take_next(task.counter)
            if subject >= len(task.parameters):
                return
            if outcome.status[subject] != OK:
                continue
            is_sound = _begin(code, task, outcome, lanes, lane, subject)
            _catch_up(code, task, lanes, lane)
            status = OK if is_sound else BAD_INITIAL
        if status == OK and _settle(code, task, outcome, lanes, lane):
            return
        _finish(code, outcome, lanes, lane, status)


@_compiled
def drive(code: Code, task: Task, outcome: Outcome, lanes: Lanes) -> None:
    """Solve subjects, taken one by one from the shared counter, until none is left."""
    work = lanes.work
    work[RELATIVE, :] = 1.0
    work[FLOOR, :] = task.floor
    work[MOST_STEPS, :] = task.max_steps
    # lanes without a subject go through the motions; their numbers are sound but lead nowhere
    work[STEP, :], work[STOP, :] = 1.0, 1.0
    while True:
        busy = 0
        for lane in range(code.width):
            if lanes.subject[lane] < 0 or work[CALL, lane] > GOES_ON:
                _serve(code, task, outcome, lanes, lane)
            busy += lanes.subject[lane] >= 0
        if busy == 0:
            return
        call_address(code.run, lanes.address)

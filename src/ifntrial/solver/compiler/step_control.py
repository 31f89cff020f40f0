"""How long a step is, and what follows from its error; for all lanes at once, as vector instructions.

A step ends exactly at a stop (a dose or a visit) or well before it. After a dose the solver starts with the step that
the dose before would have liked; a step cut short by a stop changes neither that nor the step that follows.
"""

from ifntrial.solver.compiler import driver as place
from ifntrial.solver.compiler.elementary import Lanes, Value
from ifntrial.solver.compiler.tableau import ORDER

SAFETY, LEAST_GROWTH, MOST_GROWTH = 0.85, 0.1, 6.0
# the norm is the sum of eighth powers: each state has to meet the tolerance, not the average of them
NORM = 8
# a norm that is not a number counts as this
HOPELESS = 1e200
# a step that would leave less than this share of itself before a stop is stretched to the stop
STRETCH = 1.01
# share of the step that would have suited the last restart, with which the next one starts
RESTART_CAUTION = 1.0
# a root or a power below one has no finite slope at zero; leaving zero along it may take a step as small as this
SMALLEST_STEP = 1e-36


def write_choice_of_step(lanes: Lanes, base: Value) -> Value:
    """Write the step that every lane tries; return where it reaches the stop."""
    wanted = lanes.read(base, place.STEP)
    remaining = lanes.subtract(lanes.read(base, place.STOP), lanes.read(base, place.NOW))
    remaining = lanes.subtract(remaining, lanes.read(base, place.REST))
    reaches_stop = lanes.compare(">=", lanes.multiply(wanted, lanes.number(STRETCH)), remaining)
    # two equal steps rather than a long and a tiny one
    is_near = lanes.compare(">", lanes.multiply(wanted, lanes.number(2.0)), remaining)
    step = lanes.select(is_near, lanes.multiply(remaining, lanes.number(0.5)), wanted)
    lanes.write(base, place.TRIED, lanes.select(reaches_stop, remaining, step))
    return reaches_stop


def write_outcome(lanes: Lanes, base: Value, norm: Value, reaches_stop: Value) -> tuple[Value, Value]:
    """Write what follows from the error of a step; return where it succeeds, and where the driver is needed."""
    norm = lanes.select(lanes.compare("<=", norm, lanes.number(HOPELESS)), norm, lanes.number(HOPELESS))
    lanes.write(base, place.ERROR, norm)
    is_active = lanes.is_set(lanes.read(base, place.IS_ACTIVE))
    succeeds = lanes.both(lanes.compare("<=", norm, lanes.number(1.0)), is_active)
    fails = lanes.both(lanes.opposite(succeeds), is_active)
    step = _write_next_step(lanes, base, norm, succeeds)
    _count(lanes, base, place.ACCEPTED, succeeds)
    _count(lanes, base, place.REJECTED, fails)
    _write_time(lanes, base, succeeds, reaches_stop)
    return succeeds, _write_call(lanes, base, step, fails, lanes.both(succeeds, reaches_stop))


def _write_next_step(lanes: Lanes, base: Value, norm: Value, succeeds: Value) -> Value:
    tried, wanted = lanes.read(base, place.TRIED), lanes.read(base, place.STEP)
    logarithm = lanes.log_of_normal(lanes.at_least(norm, lanes.number(1e-100)))
    change = lanes.exp(lanes.multiply(logarithm, lanes.number(-1.0 / (NORM * ORDER))))
    growth = lanes.multiply(lanes.number(SAFETY), change)
    growth = lanes.at_most(lanes.at_least(growth, lanes.number(LEAST_GROWTH)), lanes.number(MOST_GROWTH))
    was_rejected = lanes.is_set(lanes.read(base, place.WAS_REJECTED))
    growth = lanes.select(was_rejected, lanes.at_most(growth, lanes.number(1.0)), growth)
    grown = lanes.multiply(tried, growth)
    is_cut = lanes.compare("<", tried, wanted)
    after_success = lanes.select(is_cut, lanes.at_least(grown, wanted), grown)
    step = lanes.select(succeeds, after_success, grown)
    lanes.write(base, place.STEP, step)
    lanes.write(base, place.WAS_REJECTED, lanes.as_mark(lanes.opposite(succeeds)))
    is_restart = lanes.is_set(lanes.read(base, place.IS_RESTART))
    learns = lanes.both(lanes.both(is_restart, succeeds), lanes.opposite(is_cut))
    lesson = lanes.multiply(grown, lanes.number(RESTART_CAUTION))
    lanes.write(base, place.RESTART, lanes.select(learns, lesson, lanes.read(base, place.RESTART)))
    lanes.write(base, place.IS_RESTART, lanes.as_mark(lanes.both(is_restart, lanes.opposite(succeeds))))
    return step


def _write_time(lanes: Lanes, base: Value, succeeds: Value, reaches_stop: Value) -> None:
    """Write the time after the step in two numbers, so that steps far below the last digit of time add up."""
    now, rest = lanes.read(base, place.NOW), lanes.read(base, place.REST)
    passed = lanes.add(rest, lanes.read(base, place.TRIED))
    moved = lanes.add(now, passed)
    # what rounding took away, exactly (Knuth 1969)
    taken = lanes.subtract(moved, now)
    lost = lanes.add(lanes.subtract(now, lanes.subtract(moved, taken)), lanes.subtract(passed, taken))
    moved = lanes.select(reaches_stop, lanes.read(base, place.STOP), moved)
    lost = lanes.select(reaches_stop, lanes.number(0.0), lost)
    lanes.write(base, place.NOW, lanes.select(succeeds, moved, now))
    lanes.write(base, place.REST, lanes.select(succeeds, lost, rest))


def _count(lanes: Lanes, base: Value, counter: int, condition: Value) -> None:
    lanes.write(base, counter, lanes.add(lanes.read(base, counter), lanes.as_mark(condition)))


def _write_call(lanes: Lanes, base: Value, step: Value, fails: Value, is_at_stop: Value) -> Value:
    is_stuck = lanes.both(fails, lanes.opposite(lanes.compare(">=", step, lanes.number(SMALLEST_STEP))))
    is_nonsense = lanes.compare(">=", lanes.read(base, place.ERROR), lanes.number(HOPELESS))
    steps = lanes.add(lanes.read(base, place.ACCEPTED), lanes.read(base, place.REJECTED))
    is_active = lanes.is_set(lanes.read(base, place.IS_ACTIVE))
    is_used_up = lanes.both(is_active, lanes.compare(">=", steps, lanes.read(base, place.MOST_STEPS)))
    reason = lanes.select(is_used_up, lanes.number(place.USED_UP), lanes.number(place.GOES_ON))
    stuck = lanes.select(is_nonsense, lanes.number(place.STUCK_ON_NONSENSE), lanes.number(place.STUCK))
    reason = lanes.select(is_stuck, stuck, reason)
    reason = lanes.select(is_at_stop, lanes.number(place.AT_STOP), reason)
    lanes.write(base, place.CALL, reason)
    return lanes.compare(">", reason, lanes.number(place.GOES_ON))

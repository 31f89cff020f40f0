"""Vector arithmetic in LLVM IR, with exponential, logarithm, sine and cosine of our own.

Every operation is one that IEEE 754 rounds correctly (add, multiply, fused multiply-add, divide, square root), in an
order fixed here, and no fast-math flag is set. Results are therefore the same bits on any processor and for any
number of lanes, which no mathematical library promises.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from llvmlite import ir

from ifntrial.solver.compiler import coefficients as coefficient

DOUBLE = ir.DoubleType()
INTEGER = ir.IntType(64)

# adding this to a number below 2^51 leaves the rounded number in the lowest bits of the sum
_ROUNDER = 1.5 * 2.0**52

_ROOT_HALF_BITS = 0x3FE6A09E667F3BCD
# beyond this the reduction by pi / 2 loses digits
_LARGEST_ANGLE = 1e8

Value = Any


@dataclass(frozen=True, slots=True)
class Lanes:
    """Writes vector instructions at the end of a block.

    Parameters
    ----------
    builder
        Where instructions go.
    width
        Numbers per vector.
    """

    builder: ir.IRBuilder
    width: int

    @property
    def real(self) -> ir.VectorType:
        """Type of a vector of numbers."""
        return ir.VectorType(DOUBLE, self.width)

    @property
    def whole(self) -> ir.VectorType:
        """Type of a vector of 64-bit integers."""
        return ir.VectorType(INTEGER, self.width)

    def number(self, value: float) -> Value:
        """Return a vector that holds one number in all lanes."""
        return ir.Constant(self.real, [value] * self.width)

    def integer(self, value: int) -> Value:
        """Return a vector that holds one integer in all lanes."""
        return ir.Constant(self.whole, [value] * self.width)

    def address(self, base: Value, position: int | Value, offset: int = 0) -> Value:
        """Return the address of a vector of a workspace."""
        if isinstance(position, int):
            return self.builder.gep(base, [ir.Constant(INTEGER, position + offset)], inbounds=True)
        if offset:
            position = self.builder.add(position, ir.Constant(INTEGER, offset))
        return self.builder.gep(base, [position], inbounds=True)

    def read(self, base: Value, position: int | Value, offset: int = 0) -> Value:
        """Return a vector of a workspace."""
        return self.builder.load(self.address(base, position, offset), align=8 * self.width)

    def write(self, base: Value, position: int | Value, value: Value, offset: int = 0) -> None:
        """Put a vector into a workspace."""
        self.builder.store(value, self.address(base, position, offset), align=8 * self.width)

    def loop(self, count: int, body: Callable[[Value, Value], Value]) -> Value:
        """Write a loop over 0 .. count - 1 that carries a vector, from zero; return what it carries at the end.

        ``body`` is given the index and the vector, and returns the vector to carry on.
        """
        builder = self.builder
        before = builder.block
        block, after = builder.append_basic_block(), builder.append_basic_block()
        builder.branch(block)
        builder.position_at_end(block)
        index, carried = builder.phi(INTEGER), builder.phi(self.real)
        index.add_incoming(ir.Constant(INTEGER, 0), before)
        carried.add_incoming(self.number(0.0), before)
        result = body(index, carried)
        following = builder.add(index, ir.Constant(INTEGER, 1))
        index.add_incoming(following, block)
        carried.add_incoming(result, block)
        builder.cbranch(builder.icmp_signed("<", following, ir.Constant(INTEGER, count)), block, after)
        builder.position_at_end(after)
        return result

    def add(self, a: Value, b: Value) -> Value:
        """Return a + b."""
        return self.builder.fadd(a, b)

    def subtract(self, a: Value, b: Value) -> Value:
        """Return a - b."""
        return self.builder.fsub(a, b)

    def multiply(self, a: Value, b: Value) -> Value:
        """Return a * b."""
        return self.builder.fmul(a, b)

    def divide(self, a: Value, b: Value) -> Value:
        """Return a / b."""
        return self.builder.fdiv(a, b)

    def negate(self, a: Value) -> Value:
        """Return -a."""
        return self.builder.fneg(a)

    def fma(self, a: Value, b: Value, c: Value) -> Value:
        """Return a * b + c with one rounding."""
        return self._call("llvm.fma", a, b, c)

    def root(self, a: Value) -> Value:
        """Return the square root."""
        return self._call("llvm.sqrt", a)

    def floor(self, a: Value) -> Value:
        """Return the largest whole number that is not above a."""
        return self._call("llvm.floor", a)

    def absolute(self, a: Value) -> Value:
        """Return |a|."""
        return self._call("llvm.fabs", a)

    def select(self, condition: Value, yes: Value, no: Value) -> Value:
        """Return yes where the condition holds, else no."""
        return self.builder.select(condition, yes, no)

    def compare(self, relation: str, a: Value, b: Value) -> Value:
        """Return where a relation holds; never where an operand is not a number, but for ``!=``."""
        if relation == "!=":
            return self.builder.fcmp_unordered("!=", a, b)
        return self.builder.fcmp_ordered(relation, a, b)

    def both(self, a: Value, b: Value) -> Value:
        """Return where two conditions hold."""
        return self.builder.and_(a, b)

    def either(self, a: Value, b: Value) -> Value:
        """Return where at least one of two conditions holds."""
        return self.builder.or_(a, b)

    def opposite(self, a: Value) -> Value:
        """Return where a condition does not hold."""
        return self.builder.not_(a)

    def is_set(self, mark: Value) -> Value:
        """Return where a mark, 0 or 1, is 1."""
        return self.compare(">", mark, self.number(0.5))

    def as_mark(self, condition: Value) -> Value:
        """Return 1 where a condition holds, else 0."""
        return self.select(condition, self.number(1.0), self.number(0.0))

    def at_least(self, a: Value, low: Value) -> Value:
        """Return a, or ``low`` where a is smaller; what is not a number stays so."""
        return self.select(self.compare("<", a, low), low, a)

    def at_most(self, a: Value, high: Value) -> Value:
        """Return a, or ``high`` where a is larger; what is not a number stays so."""
        return self.select(self.compare(">", a, high), high, a)

    def exp(self, x: Value) -> Value:
        """Return e**x: 0 below -708, infinity above 709.7."""
        inner = self.at_most(self.at_least(x, self.number(-708.0)), self.number(709.7))
        shifted = self.fma(inner, self.number(coefficient.LOG2_E), self.number(_ROUNDER))
        halvings = self.subtract(shifted, self.number(_ROUNDER))
        r = self.fma(halvings, self.number(-coefficient.LN2_HIGH), inner)
        r = self.fma(halvings, self.number(-coefficient.LN2_LOW), r)
        square = self.multiply(r, r)
        near_one = self.add(
            self.number(1.0), self.fma(square, self._polynomial(r, square, coefficient.EXP), r)
        )
        bits = self.builder.shl(self.builder.bitcast(shifted, self.whole), self.integer(52))
        scaled = self.builder.add(self.builder.bitcast(near_one, self.whole), bits)
        result = self.builder.bitcast(scaled, self.real)
        result = self.select(self.compare("<", x, self.number(-708.0)), self.number(0.0), result)
        result = self.select(self.compare(">", x, self.number(709.7)), self.number(float("inf")), result)
        # integer arithmetic would turn what is not a number into one
        return self.select(self.builder.fcmp_unordered("uno", x, x), x, result)

    def log(self, x: Value) -> Value:
        """Return the natural logarithm; not a number for x <= 0."""
        positive = self.compare(">", x, self.number(0.0))
        result = self.log_of_normal(self.at_least(x, self.number(2.3e-308)))
        return self.select(positive, result, self.number(float("nan")))

    def log_of_normal(self, x: Value) -> Value:
        """Return the natural logarithm of x >= 2.3e-308; not a number if x is not finite."""
        bits = self.builder.bitcast(x, self.whole)
        # exponents are counted from sqrt(1/2), so that the rest lies between sqrt(1/2) and sqrt(2), and from -1024,
        # so that none is negative: processors without AVX-512 cannot shift signed 64-bit integers
        bias = 1024 << 52
        biased = self.builder.sub(bits, self.integer(_ROOT_HALF_BITS - bias))
        exponent = self.builder.lshr(biased, self.integer(52))
        rest = self.builder.sub(bits, self.builder.shl(exponent, self.integer(52)))
        rest = self.builder.add(rest, self.integer(bias))
        shifted = self.builder.add(exponent, self.builder.bitcast(self.number(_ROUNDER), self.whole))
        powers = self.subtract(self.builder.bitcast(shifted, self.real), self.number(_ROUNDER + 1024.0))
        f = self.subtract(self.builder.bitcast(rest, self.real), self.number(1.0))
        s = self.divide(f, self.add(f, self.number(2.0)))
        z = self.multiply(s, s)
        tail = self.multiply(z, self._polynomial(z, self.multiply(z, z), coefficient.LOG))
        low = self.fma(powers, self.number(-coefficient.LN2_LOW), self.multiply(s, self.subtract(f, tail)))
        result = self.fma(powers, self.number(coefficient.LN2_HIGH), self.subtract(f, low))
        return self.add(result, self.subtract(x, x))

    def sin(self, x: Value) -> Value:
        """Return the sine; not a number for |x| > 1e8."""
        return self._wave(x, 0)

    def cos(self, x: Value) -> Value:
        """Return the cosine; not a number for |x| > 1e8."""
        return self._wave(x, 1)

    def _wave(self, x: Value, quarter: int) -> Value:
        shifted = self.fma(x, self.number(coefficient.TWO_OVER_PI), self.number(_ROUNDER))
        turns = self.subtract(shifted, self.number(_ROUNDER))
        r = x
        for part in coefficient.HALF_PI:
            r = self.fma(turns, self.number(-part), r)
        z = self.multiply(r, r)
        z2 = self.multiply(z, z)
        sine = self.fma(self.multiply(r, z), self._polynomial(z, z2, coefficient.SIN), r)
        cosine = self.add(
            self.number(1.0),
            self.fma(z2, self._polynomial(z, z2, coefficient.COS), self.multiply(z, self.number(-0.5))),
        )
        quadrant = self.builder.add(self.builder.bitcast(shifted, self.whole), self.integer(quarter))
        zero = self.integer(0)
        is_odd = self.builder.icmp_signed("!=", self.builder.and_(quadrant, self.integer(1)), zero)
        is_low = self.builder.icmp_signed("!=", self.builder.and_(quadrant, self.integer(2)), zero)
        result = self.select(is_odd, cosine, sine)
        result = self.select(is_low, self.negate(result), result)
        in_range = self.compare("<=", self.absolute(x), self.number(_LARGEST_ANGLE))
        return self.select(in_range, result, self.number(float("nan")))

    def _polynomial(self, x: Value, square: Value, coefficients: Sequence[float]) -> Value:
        """Return a polynomial by Estrin's scheme, lowest coefficient first."""
        parts = [
            self.fma(x, self.number(coefficients[i + 1]), self.number(coefficients[i]))
            if i + 1 < len(coefficients)
            else self.number(coefficients[i])
            for i in range(0, len(coefficients), 2)
        ]
        power = square
        while len(parts) > 1:
            parts = [
                self.fma(power, parts[i + 1], parts[i]) if i + 1 < len(parts) else parts[i]
                for i in range(0, len(parts), 2)
            ]
            power = self.multiply(power, power)
        return parts[0]

    def _call(self, name: str, *arguments: Value) -> Value:
        module = self.builder.module
        full = f"{name}.v{self.width}f64"
        function = module.globals.get(full)
        if function is None:
            function = ir.Function(module, ir.FunctionType(self.real, [self.real] * len(arguments)), full)
        return self.builder.call(function, arguments)

"""Coefficients of the polynomials for exponential, logarithm, sine and cosine, and split constants.

The polynomials were fitted to the functions by Chebyshev interpolation in 40 digits; errors are tested against
correctly rounded values.
"""

# exp(r) = 1 + r + r^2 P(r) for |r| <= ln(2) / 2
EXP = tuple(
    float.fromhex(text)
    for text in (
        "0x1.0000000000001p-1", "0x1.5555555555556p-3", "0x1.5555555553d63p-5", "0x1.11111111109b3p-7",
        "0x1.6c16c1788bd90p-10", "0x1.a01a01a7c41d5p-13", "0x1.a019b90d2ae7ap-16", "0x1.71de0dae63bb3p-19",
        "0x1.289185613a3d6p-22", "0x1.af38a9b0ec855p-26",
    )
)  # fmt: skip
# log((1 + s) / (1 - s)) = 2 s + s R, R = s^2 Q(s^2) for |s| <= (sqrt(2) - 1) / (sqrt(2) + 1)
LOG = tuple(
    float.fromhex(text)
    for text in (
        "0x1.5555555555558p-1", "0x1.9999999995273p-2", "0x1.2492492dfd86cp-2", "0x1.c71c62d5e53e0p-3",
        "0x1.7462b91b8df65p-3", "0x1.39fdcceb4bb45p-3", "0x1.2b5f68a50d903p-3",
    )
)  # fmt: skip
# sin(x) = x + x^3 P(x^2), cos(x) = 1 - x^2 / 2 + x^4 Q(x^2) for |x| <= pi / 4
SIN = tuple(
    float.fromhex(text)
    for text in (
        "-0x1.5555555555555p-3", "0x1.1111111111110p-7", "-0x1.a01a01a019936p-13", "0x1.71de3a54605eep-19",
        "-0x1.ae64541266378p-26", "0x1.61217ec01749dp-33", "-0x1.ab17a79237a19p-41",
    )
)  # fmt: skip
COS = tuple(
    float.fromhex(text)
    for text in (
        "0x1.5555555555555p-5", "-0x1.6c16c16c16c16p-10", "0x1.a01a01a019d0ap-16", "-0x1.27e4fb7712bdfp-22",
        "0x1.1eed8deb6d561p-29", "-0x1.9394b9c9c20a4p-37", "0x1.ab783376962cfp-45",
    )
)  # fmt: skip
# high parts have so few digits that their product with a small whole number is exact
LN2_HIGH, LN2_LOW = float.fromhex("0x1.62e42fef00000p-1"), float.fromhex("0x1.473de6af278edp-34")
LOG2_E = float.fromhex("0x1.71547652b82fep+0")
TWO_OVER_PI = float.fromhex("0x1.45f306dc9c883p-1")
HALF_PI = tuple(
    float.fromhex(text) for text in ("0x1.921fb54400000p+0", "0x1.0b4611a600000p-34", "0x1.3198a2e037073p-69")
)

"""What a patient's body weight and own deviation make of a clearance or a volume."""

from ifntrial.model.parts import Law, Values
from ifntrial.model.rate_laws import exp


def at_body_weight(name: str, exponent: str) -> Law:
    """Return a patient's clearance or volume: a power of relative body weight, times the own deviation.

    Parameters
    ----------
    name
        Of the parameter of the typical patient; the deviation of its logarithm is called ``eta_<name>``.
    exponent
        Name of the exponent [1].
    """

    def law(s: Values, p: Values) -> object:
        del s
        return p[name] * (p.body_weight / p.reference_body_weight) ** p[exponent] * exp(p[f"eta_{name}"])

    return law

"""The list of groups of observations that are compared. To add one: a file here with ``check``, and an entry below."""

from collections.abc import Callable, Iterator

from ifntrial.studies.validate.checks import (
    baseline,
    natural_history,
    pharmacodynamics,
    pharmacokinetics,
    reading,
    response,
)
from ifntrial.studies.validate.checks.setting import Setting, Simulated

Check = Callable[[Setting], Iterator[Simulated]]

CHECKS: dict[str, tuple[str, Check]] = {
    "pharmacokinetics": ("Drug in serum", pharmacokinetics.check),
    "pharmacodynamics": ("Interferon signature under blockade", pharmacodynamics.check),
    "baseline": ("Patients at entry, prevalence of a high signature", baseline.check),
    "natural_history": ("The course without treatment", natural_history.check),
    "reading": ("Reading error", reading.check),
    "response": ("Response on placebo", response.check),
}
"""Name to heading and check."""

"""The list of groups of observations that are compared. To add one: a file here with ``CHECKS``, and an entry below."""

from collections.abc import Callable, Iterator

from ifntrial.studies.validate.checks import (
    baseline,
    deaths,
    dosed_interferon,
    heart,
    natural_history,
    pharmacodynamics,
    pharmacokinetics,
    reading,
    registries,
    response,
    tocilizumab,
)
from ifntrial.studies.validate.checks.setting import Setting, Simulated

Check = Callable[[Setting], Iterator[Simulated]]

CHECKS: dict[str, tuple[str, tuple[Check, ...]]] = {
    "pharmacokinetics": ("Drug in serum", pharmacokinetics.CHECKS),
    "pharmacodynamics": ("Interferon signature under blockade", pharmacodynamics.CHECKS),
    "baseline": ("Patients at entry, prevalence of a high signature", baseline.CHECKS),
    "natural_history": ("The course without treatment", natural_history.CHECKS),
    "registries": ("A year in registries", registries.CHECKS),
    "tocilizumab": ("A year on tocilizumab", tocilizumab.CHECKS),
    "dosed_interferon": ("A year on interferon that is given", dosed_interferon.CHECKS),
    "heart": ("Heart markers of consecutive patients", heart.CHECKS),
    "deaths": ("Deaths", deaths.CHECKS),
    "reading": ("Reading error", reading.CHECKS),
    "response": ("Response on placebo", response.CHECKS),
}
"""Name to heading and checks, each with simulations of its own."""

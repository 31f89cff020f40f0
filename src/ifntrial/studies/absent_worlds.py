"""What is said where only some worlds of a run were simulated."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ifntrial.worlds.choose import WorldChoice


def words_of_absent(choice: "WorldChoice") -> str:
    """Return which worlds are absent and how much a chance of success may be off by; empty where none are."""
    if not choice.absent:
        return ""
    from ifntrial.worlds.beliefs import MIXTURE

    weight = choice.absent_weight
    each = ", ".join(f"{name} {100 * share:.1f} %" for name, share in weight.items() if name != MIXTURE)
    there = len(choice.positions)
    return (
        f"{there} of {there + choice.absent} worlds are there. Those absent count {100 * weight[MIXTURE]:.1f} % in the "
        f"{MIXTURE} ({each}): a chance of success may be off by as much, beside its interval"
    )

"""What ``ifntrial calibrate`` says about the frozen weights of patients."""

from collections.abc import Iterator

from ifntrial.patients.plausible import OK
from ifntrial.patients.weights import PatientCalibration


def patient_lines(made: PatientCalibration) -> Iterator[str]:
    """Return counts, effective sample size and the misfit of every target, in words and columns."""
    plausible = made.reasons[OK]
    yield f"\n{made.candidates} candidates drawn, {plausible} plausible"
    for reason, count in sorted(made.reasons.items(), key=lambda item: -item[1]):
        if reason != OK:
            yield f"  {count:>7} {reason}"
    yield (
        f"weights up to {made.cap:g}: effective sample size {made.effective_size_capped:.0f} "
        f"({100 * made.effective_size_capped / plausible:.0f} %), one plausible candidate in {1 / made.acceptance:.1f} "
        f"enters; without a limit the effective sample size were {made.effective_size:.0f}"
    )
    sums = [
        sum(getattr(row, name) ** 2 for row in made.targets) for name in ("z_before", "z_after", "z_capped")
    ]
    yield "sum of squared misfits: {:.0f} unweighted, {:.0f} without a limit, {:.0f} as used".format(*sums)
    width = max(len(row.target.name) for row in made.targets)
    yield f"  {'target':{width}} {'published':>9} {'before':>8} {'after':>8} {'z before':>9} {'z after':>8}"
    for row in made.targets:
        yield (
            f"  {row.target.name:{width}} {row.target.value:>9.3g} {row.before:>8.3g} {row.capped:>8.3g}"
            f" {row.z_before:>9.2f} {row.z_capped:>8.2f}"
        )

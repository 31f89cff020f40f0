"""What an answer hangs on, on the terminal."""

from collections.abc import Iterator

from ifntrial.report.sensitivity.words import amount, how_steady, span, what_matters
from ifntrial.studies.sensitivity.result import Sensitivity

SHOWN_GROUPS = 8


def sensitivity_lines(result: Sensitivity) -> Iterator[str]:
    """Yield for each output what moves it most."""
    for output in result.outputs:
        yield f"\n{what_matters(result, output)}"
        for index in output.indices[:SHOWN_GROUPS]:
            first = ""
            if index.first is not None:
                first = f"   alone {amount(result, output, index.first)}"
            value = amount(result, output, index.main)
            yield f"  {index.group:<36}{value:>16}   ({span(result, output, index.whole)}){first}"
        yield f"  {how_steady(result, output)}"
    if result.failed_courses:
        yield (
            f"\n{result.failed_courses} courses of subjects in {result.worlds_with_failures} worlds could not be "
            "solved and have weight zero there."
        )

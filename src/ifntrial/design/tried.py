"""Several designs read one after the other, and the problems of all of them told together."""

from collections.abc import Iterable, Iterator

from ifntrial.design.design import load_design
from ifntrial.design.known import Known
from ifntrial.design.parts import TrialDesign
from ifntrial.errors import InputError


def tried_designs(names: Iterable[str], known: Known) -> Iterator[tuple[str, TrialDesign]]:
    """Yield each name with its design where there is one, and raise the problems of the others in the end.

    Raises
    ------
    InputError
        With the problems of every file, each with its name where there are several.
    """
    every, refused = tuple(names), dict[str, InputError]()
    for name in every:
        try:
            yield name, load_design(name, known)
        except InputError as error:
            refused[name] = error
    if len(refused) == 1:
        raise next(iter(refused.values()))
    if refused:
        raise InputError(
            f"{len(refused)} of {len(every)} designs are not usable",
            problems=[
                f"{name}: {problem}"
                for name, error in refused.items()
                for problem in error.problems or (" ".join(str(error).split()),)
            ],
            fix="correct each file",
        )

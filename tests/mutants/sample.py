"""A sample of changes: the same share of every stratum, and within it every kind in turn."""

from pathlib import Path
from random import Random

from mutants.find import Mutant, find_mutants, is_valid
from mutants.settings import Settings
from mutants.source import Source


def draw_sample(root: Path, settings: Settings, size: int, seed: int) -> dict[str, list[Mutant]]:
    """Return ``size`` changes by stratum; the same seed and the same files give the same sample."""
    names = list(settings.strata)
    share, rest = divmod(size, len(names))
    return {
        name: draw_stratum(root, settings, name, share + (place < rest), seed)
        for place, name in enumerate(names)
    }


def draw_stratum(root: Path, settings: Settings, stratum: str, size: int, seed: int) -> list[Mutant]:
    """Return changes of one stratum, no two on one line."""
    luck = Random(f"{seed} {stratum}")
    sources = {path: Source((root / path).read_bytes()) for path in settings.files_of(stratum, root)}
    left: dict[str, list[Mutant]] = {}
    for path, source in sources.items():
        for mutant in find_mutants(path, source, settings):
            left.setdefault(mutant.kind, []).append(mutant)
    kinds = sorted(left)
    luck.shuffle(kinds)
    for kind in kinds:
        luck.shuffle(left[kind])
    drawn: list[Mutant] = []
    lines: set[tuple[str, int]] = set()
    while len(drawn) < size and any(left.values()):
        for kind in kinds:
            mutant = _next(left[kind], lines, sources)
            if mutant and len(drawn) < size:
                lines.add((mutant.path, mutant.number))
                drawn.append(mutant)
    return drawn


def _next(left: list[Mutant], lines: set[tuple[str, int]], sources: dict[str, Source]) -> Mutant | None:
    while left:
        mutant = left.pop()
        if (mutant.path, mutant.number) not in lines and is_valid(mutant, sources[mutant.path]):
            return mutant
    return None

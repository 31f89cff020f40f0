"""The end of a run of which only a part was asked for."""

from pathlib import Path


class PartDoneError(Exception):
    """The end of a run that was asked for one of its parts only, and has done it; no fault.

    Parameters
    ----------
    folder
        Of the run.
    there, blocks
        Blocks that are in the folder now, and in all.
    is_last
        Whether nothing but the result is left when all blocks are there; else the same parts have more to do then.
    """

    def __init__(self, folder: Path, there: int, blocks: int, *, is_last: bool) -> None:
        super().__init__(f"{there} of {blocks} blocks are in {folder}")
        self.folder, self.there, self.blocks, self.is_last = folder, there, blocks, is_last

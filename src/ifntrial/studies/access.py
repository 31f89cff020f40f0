"""Who may work in the folder of a run at the same time."""

from enum import Enum


class Access(Enum):
    """Who else may work in the folder of a run meanwhile."""

    ALONE = "nobody"
    BESIDE = "others that do parts of the same run"
    READING = "anyone: no block is done"

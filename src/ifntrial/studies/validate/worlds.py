"""The worlds that say how far a published value may lie from the typical one."""

import numpy as np

from ifntrial.catalog import Catalog
from ifntrial.model import Model
from ifntrial.worlds.draw import Worlds
from ifntrial.worlds.weigh import base_weights


def choose_worlds(catalog: Catalog, model: Model, count: int) -> Worlds:
    """Return structural worlds in proportion to how well they meet the results that weigh worlds.

    At even steps of the summed weight, so that the same worlds come whenever they are asked for. Beliefs about the
    effect on the disease do not weigh: no published result that is compared is about it.

    Raises
    ------
    FileError
        If the frozen calibration is absent or cannot be read.
    RunError
        If no world meets what is published.
    """
    calibration = catalog.calibration
    upto = np.cumsum(base_weights(calibration.implied, catalog.evidence))
    steps = (np.arange(count) + 1 / 2) / count * upto[-1]
    return calibration.structural_worlds(model, catalog.evidence, np.searchsorted(upto, steps))

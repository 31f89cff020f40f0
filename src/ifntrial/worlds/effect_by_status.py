"""What the form of the drug effect foretells by interferon status: the effect at a low over that at a high signal.

No draw: each world's ratio follows from its phi, from where the disease hears half of all it can, and from whether the
effect depends on the patient's own signal at all. Published effects in lupus by status (source ``vital2022``) are what
it can be held against.
"""

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.model.rate_laws import normalized_saturable
from ifntrial.worlds.draw import Worlds


def low_over_high(worlds: Worlds, domain: str, low_signal: float, high_signal: float = 1.0) -> FloatArray:
    """Return the share of a domain's drive lost on complete blockade at a low signal over that at a high one.

    Parameters
    ----------
    domain
        One of ``DOMAINS``.
    low_signal, high_signal
        Untreated signal of the tissue over the reference patient's.

    Returns
    -------
    Shape (worlds,); one where every patient has the reference share.
    """
    phi, half = worlds.parameters[f"phi_{domain}"], worlds.parameters["effect_half_signal"]

    def lost(signal: float) -> FloatArray:
        heard = normalized_saturable(signal, 1 / half)
        return np.asarray(heard / (1 - phi + phi * heard))

    follows = worlds.parameters["effect_follows_signal"] > 0
    return np.where(follows, lost(low_signal) / lost(high_signal), 1.0)

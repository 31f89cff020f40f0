"""Whether levels point the right way: interferon genes far below healthy are cycles of qPCR, or not what was thought."""

import numpy as np

from ifntrial.arrays import FloatArray
from ifntrial.errors import InputError
from ifntrial.signature.records import Expression, Method, Signature

FAR_BELOW = -3.0
HIGH = 2.0
_SHARE = 0.2
_FEWEST = 3


def check_direction(
    expression: Expression, signature: Signature, method: Method, scores: FloatArray, is_patient: np.ndarray
) -> None:
    """Raise where many samples lie far below the healthy and none above, and nobody said what the scale is.

    Parameters
    ----------
    scores
        Mean z against the healthy, shape (samples,); other methods are not asked.
    is_patient
        Which samples are not healthy ones of the reference, shape (samples,).

    Raises
    ------
    InputError
        With the readings.
    """
    if not expression.scale_is_detected or method.name != "mean_z" or signature.target != "IFN-I":
        return
    own = scores[is_patient & ~np.isnan(scores)]
    below = int(np.sum(own < FAR_BELOW))
    if below < _FEWEST or below < _SHARE * len(own) or np.any(own > HIGH):
        return
    raise InputError(
        f"{below} of {len(own)} samples lie more than 3 SD below the healthy in {signature.name}, and none above",
        problems=[
            "reading: --scale delta_ct (qPCR: fewer cycles are more)",
            f"reading: --scale {expression.scale} (it is so: the patients' interferon genes are lowered)",
            "reading: other people are the healthy ones: see --healthy",
        ],
        given=f"scale {expression.scale}, as detected",
        fix="say which",
    )

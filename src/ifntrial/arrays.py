"""The kinds of NumPy arrays that are passed between modules."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

SingleArray = NDArray[np.float32]
"""Numbers that single precision keeps exactly, or well enough for a file."""

CodeArray = NDArray[np.int8]
"""Places in a short list of words, such as a status or a reason."""

IndexArray = NDArray[np.intp]
"""Places in another array."""

WordArray = NDArray[np.str_]

AnyArray = NDArray[np.generic]
"""Numbers, truths or words, such as the covariates of subjects."""

UntypedArray = NDArray[Any]
"""Numbers or words of subjects where only the reader of a formula knows which."""

UnsignedArray = NDArray[np.uint64]
"""Keys, counters and raw numbers of a random generator."""

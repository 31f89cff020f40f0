"""What we believe happens: mechanisms, drugs, and the model they make."""

from ifntrial.model.build import MODEL_VERSION, Model, build_model, check_units, row_names, used_parameters
from ifntrial.model.drugs import ANIFROLUMAB, DRUGS, Drug

__all__ = [
    "ANIFROLUMAB",
    "DRUGS",
    "MODEL_VERSION",
    "Drug",
    "Model",
    "build_model",
    "check_units",
    "row_names",
    "used_parameters",
]

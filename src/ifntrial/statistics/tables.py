"""Checks that all regressions share: finite numbers, both arms, effects that can be told apart."""

import numpy as np

from ifntrial.arrays import AnyArray, BoolArray, FloatArray
from ifntrial.errors import InputError
from ifntrial.likelihood.identifiable import are_independent


def design_matrix(is_active: BoolArray, covariates: FloatArray | None) -> FloatArray:
    """Return intercept, arm and covariates as columns, shape (subjects, 2 + covariates).

    Raises
    ------
    InputError
        If a covariate is missing, only one arm is there, or the columns are linearly dependent.
    """
    subjects = len(is_active)
    extra = np.zeros((subjects, 0)) if covariates is None else np.asarray(covariates, dtype=np.float64)
    extra = extra.reshape(subjects, -1) if extra.shape[:1] == (subjects,) else extra
    problems = []
    if extra.shape[0] != subjects:
        problems.append(f"{extra.shape[0]} rows of covariates for {subjects} subjects")
    elif not np.all(np.isfinite(extra)):
        problems.append("a covariate is missing or infinite")
    if len(np.unique(is_active)) < 2:
        problems.append("only one arm has subjects")
    if not problems:
        matrix = np.column_stack([np.ones(subjects), np.asarray(is_active, dtype=np.float64), extra])
        if are_independent(matrix):
            return matrix
        problems.append("the columns are linearly dependent, or more than the subjects")
    raise InputError(
        "the arms cannot be compared",
        problems=problems,
        allowed="two arms and complete covariates that can be told apart",
        fix="impute or leave out subjects with missing covariates, drop redundant ones",
    )


def indicators(codes: AnyArray) -> FloatArray:
    """Return one 0/1 column per level after the first, shape (subjects, levels - 1)."""
    levels = np.unique(codes)
    return np.asarray(codes[:, None] == levels[None, 1:], dtype=np.float64)

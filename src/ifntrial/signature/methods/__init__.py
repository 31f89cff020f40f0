"""The scoring methods, one file each; to add one, write a file with a ``METHOD`` and name it here."""

from ifntrial.signature.methods import (
    active_modules,
    geometric_mean,
    mean_ln,
    mean_log2_fold_change,
    mean_z,
    median_fold_change,
    singscore,
)
from ifntrial.signature.records import Method

METHODS: tuple[Method, ...] = (
    mean_z.METHOD,
    mean_log2_fold_change.METHOD,
    median_fold_change.METHOD,
    geometric_mean.METHOD,
    singscore.METHOD,
    active_modules.METHOD,
    mean_ln.METHOD,
)

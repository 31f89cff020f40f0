"""The places where the interferon receptor is followed."""

DISTRIBUTED_TISSUES = ("skin", "lung", "heart")
TISSUES = ("blood", *DISTRIBUTED_TISSUES)
ORGANS = ("lung", "heart")
"""Tissues in which no patient's own signal is measured: it follows that in blood, as far as is assumed."""

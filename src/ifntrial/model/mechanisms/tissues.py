"""The places where the interferon receptor is followed."""

DISTRIBUTED_TISSUES = ("skin", "lung", "heart")
TISSUES = ("blood", *DISTRIBUTED_TISSUES)

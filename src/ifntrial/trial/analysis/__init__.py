"""Analyses: one file each."""

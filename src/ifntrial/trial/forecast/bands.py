"""Quantiles over weighted worlds, by the name they had here before."""

from ifntrial.population.bands import BAND, weighted_band

__all__ = ["BAND", "weighted_band"]

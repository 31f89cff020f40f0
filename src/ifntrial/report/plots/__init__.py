"""Figures, one file a kind, each from plain numbers."""

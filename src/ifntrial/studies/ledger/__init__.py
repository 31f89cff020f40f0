"""Locked predictions: frozen before a trial reads out, verified to the byte, scored when it has."""

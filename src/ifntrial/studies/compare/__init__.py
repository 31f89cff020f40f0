"""Several designs on the same worlds, the same virtual patients and the same random numbers."""

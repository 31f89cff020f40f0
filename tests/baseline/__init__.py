"""Frozen numbers of every command: what is run, how its files become names and values, and how they are compared."""

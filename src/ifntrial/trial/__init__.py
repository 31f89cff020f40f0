"""Trials: designs as data, what a trial sees of its patients, its analyses, and forecasts over many worlds."""

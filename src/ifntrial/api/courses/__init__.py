"""Courses over time: regimens in a virtual population, equations of your own, models of others, event tables."""

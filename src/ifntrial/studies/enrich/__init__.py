"""Whom to enrol: what a selection marker does to the chance of success, at which price."""

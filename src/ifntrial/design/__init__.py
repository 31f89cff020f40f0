"""Designs: the protocol of a trial as data, read from YAML, checked, and shipped."""

"""Regimens: what is given, how much, how, and when; in words as prescribers write them."""

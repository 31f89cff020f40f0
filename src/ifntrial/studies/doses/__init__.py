"""Doses and routes in the same worlds: exposure, suppression, chance of success."""

"""What comes with the package, as one value."""

from ifntrial.catalog import Catalog, shipped

SHIPPED: Catalog = shipped()
"""Drugs, endpoints, signatures, designs, evidence and all else that the program knows by name."""

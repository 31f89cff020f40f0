"""The catalogue: everything the program knows, in one frozen value that is passed down."""

from ifntrial.catalog.extension import Extension
from ifntrial.catalog.package import shipped
from ifntrial.catalog.record import Catalog

__all__ = ["Catalog", "Extension", "shipped"]

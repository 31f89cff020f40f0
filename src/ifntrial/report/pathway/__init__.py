"""The map of the pathway as a page and as a picture."""

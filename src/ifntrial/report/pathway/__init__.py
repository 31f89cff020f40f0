"""The map of the pathway as a picture, and the words beside it; for its page, that of a regimen, and a file."""

"""What the program knows by name, as lists for a reader and for other programs."""

"""What the numbers of a table tell of their scale: sizes, shapes, and the base of a logarithm."""

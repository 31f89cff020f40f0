"""Pages: one folder each, with a frame, words and figures that they share."""

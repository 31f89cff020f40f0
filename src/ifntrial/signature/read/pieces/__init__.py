"""Tables of text that are too large to be held whole: read piece by piece, with what must be known of all genes."""

"""What commands print of results: lines of text, as the pages are HTML."""

"""The page of an enrichment study."""

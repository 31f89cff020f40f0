"""The page of a comparison of designs."""

"""The page of which study to do next."""

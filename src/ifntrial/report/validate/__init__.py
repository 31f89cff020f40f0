"""The page of published against simulated results."""

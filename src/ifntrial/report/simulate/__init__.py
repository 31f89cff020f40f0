"""The page of a simulated regimen."""

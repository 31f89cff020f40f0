"""One regimen in a virtual population: concentration, target engagement and suppression over time."""

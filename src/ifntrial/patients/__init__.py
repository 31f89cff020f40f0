"""Virtual patients: who they are, how they fare untreated, and the weights that make them the published ones."""

"""Virtual patients and worlds: who they are, how they would change untreated, and what a regimen does to them."""

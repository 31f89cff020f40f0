"""ADaM-shaped tables of virtual trials, with their dictionary."""

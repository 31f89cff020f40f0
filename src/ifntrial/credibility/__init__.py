"""What speaks for and against the simulation: validation, sensitivity, removal of parts, the model for other programs."""

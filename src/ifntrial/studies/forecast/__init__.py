"""From a design to a probability of success: the forecast of one trial over many worlds."""

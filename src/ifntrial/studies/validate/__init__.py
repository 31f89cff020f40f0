"""Every published result beside what the model says, with a verdict and the reason of each miss."""

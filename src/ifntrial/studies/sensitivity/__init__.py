"""Which unknowns the answers hang on: Morris screening and Sobol indices of whole worlds, by mechanism."""

"""What is known, and where from: sources, parameters, observations, entities and claims."""

"""Courses: the model, patients, a world and a regimen become trajectories of quantities without error."""

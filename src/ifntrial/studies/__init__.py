"""Studies: one folder for each question that is asked of virtual trials."""

"""Systems whose equations jump and that events interrupt: solved in pieces between the jumps."""

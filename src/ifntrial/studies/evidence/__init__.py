"""What the evidence tables hold, what is wrong with them, and what hangs on one source."""

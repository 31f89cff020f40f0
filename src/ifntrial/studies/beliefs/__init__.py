"""What is believed of the effect of blockade: the declared beliefs, from the evidence tables, each with its address."""

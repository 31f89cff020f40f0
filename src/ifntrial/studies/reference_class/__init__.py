"""What published trials of a class of drugs, pooled, say of the next one."""

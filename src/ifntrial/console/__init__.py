"""What every command of the command line has in common: groups, names, files, examples and refusals."""

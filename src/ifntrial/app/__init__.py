"""The command line: one file a command, what commands share, and what they say."""

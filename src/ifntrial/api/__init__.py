"""The verbs of Python and of the commands: each asks one study, keeps its run, and answers with its record."""

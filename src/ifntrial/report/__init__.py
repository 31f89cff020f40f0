"""Pages: what a result says in words, tables and figures, in one file that asks for nothing from anywhere."""

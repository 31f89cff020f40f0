"""Worlds: draws of what nobody knows, what each belief says of them, and what the data leave of both."""

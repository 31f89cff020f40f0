"""Interferon scores: what is asked, what is derived, and the answer."""

"""Interferon scores of real samples: who is high, how sure, which interferon."""

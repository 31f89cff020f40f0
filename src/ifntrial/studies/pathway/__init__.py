"""The pathway as a picture: from interferon isoforms to clinical scores, and what a drug does at each place of it."""

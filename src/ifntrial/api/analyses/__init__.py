"""The analyses of trials, on a virtual trial and on arrays."""

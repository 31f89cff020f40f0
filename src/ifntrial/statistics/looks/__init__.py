"""Interim looks: boundaries, what they do to power and size, adaptations of the size and of whom is enrolled."""

"""Virtual trials of type I interferon blockade in systemic sclerosis."""

__version__ = "0.1.0"

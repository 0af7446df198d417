"""The shared core of Segue: it knows what was said, and when, and no chat platform."""

__version__ = "0.2.0"

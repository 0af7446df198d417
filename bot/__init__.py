"""The shared core of Segue: it knows what was said, and when, and no chat platform."""

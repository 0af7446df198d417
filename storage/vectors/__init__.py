"""Vectors in memory, searched with numpy; it is imported where a search first needs it.

``rows`` holds the vectors of one scope and finds those that may be close, ``scopes`` keeps the
rows of the scopes that were asked about last, ``cosines`` measures exactly.
"""

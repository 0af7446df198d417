"""Deliberate faults, one at a time, each of which the tests must catch."""

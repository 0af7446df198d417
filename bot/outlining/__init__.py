"""Chapters for talks whose makers set none: where they begin, what they are called, what they say.

All of it is arithmetic on what was said and on vectors that the caller has: no model is loaded,
nothing is fetched, and the same talk always has the same chapters. This package imports numpy,
so it is imported only where a talk is outlined.
"""

"""The built-in sample: one episode's take-aways, byte for byte as their author wrote them."""

from __future__ import annotations

from importlib.resources import files

SAMPLE_NAME = "lex-459.md"

SAMPLE_MEDIA = "youtube:_1f-o0nqpEI"
"""The key of the sample's recording."""


def sample_document() -> str:
    """Return the sample's Markdown, line ends untouched."""
    return (files(__name__) / SAMPLE_NAME).read_bytes().decode("utf-8")

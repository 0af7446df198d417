"""Segue's own chapters, titles and extracts, and the model that judges extracts.

The one place that knows them: what is None here is not measured.
"""

from __future__ import annotations

from benchmarks.quality.extracts import Embed, Extractor
from benchmarks.quality.segmenters import Segmenter
from benchmarks.quality.titles import Titler

NAME = "Segue"


def segmenter() -> Segmenter | None:
    """Return what cuts an episode into chapters."""
    return None


def titler() -> Titler | None:
    """Return what calls chapters something."""
    return None


def extractor() -> Extractor | None:
    """Return what takes the telling sentences out of a stretch."""
    return None


def embedder() -> Embed | None:
    """Return what turns texts into unit vectors."""
    return None

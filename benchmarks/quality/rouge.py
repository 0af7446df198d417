"""ROUGE-1 (Lin, 2004): how many words two texts share."""

from __future__ import annotations

from collections import Counter

from bot.core.analysis import analyse


def rouge_1(reference: str, made: str) -> float:
    """Return F1 of the stems that are in both, each as often as it is in both."""
    wanted = Counter(term.stem for term in analyse(reference))
    got = Counter(term.stem for term in analyse(made))
    shared = (wanted & got).total()
    return 2 * shared / (wanted.total() + got.total()) if shared else 0.0

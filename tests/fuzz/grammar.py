"""Makes documents from small grammars: a rule's name stands in braces in the texts of others."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence

MOST_PARTS = 1_500
"""Most parts of one document: a rule that calls itself comes to an end."""

_NAME = re.compile(r"\{([a-z_0-9]+)\}")

_Part = tuple[bool, str]
"""Whether it is a rule's name, and the name or the text."""


class Grammar:
    """Rules, each with the texts that it may become; a text comes up as often as it is listed."""

    def __init__(self, rules: Mapping[str, Sequence[str]]) -> None:
        self._rules = {
            name: [self._parts(text, rules) for text in texts] for name, texts in rules.items()
        }

    @staticmethod
    def _parts(text: str, rules: Mapping[str, Sequence[str]]) -> list[_Part]:
        """Return the parts of a text, the last first."""
        pieces = _NAME.split(text)
        parts: list[_Part] = []
        for number, piece in enumerate(pieces):
            if number % 2 and piece not in rules:
                raise KeyError(f"no rule is called {piece}")
            if piece:
                parts.append((number % 2 == 1, piece))
        return parts[::-1]

    def written(self, rng: random.Random) -> str:
        """Return a text that the rule ``document`` becomes."""
        waiting: list[_Part] = [(True, "document")]
        done: list[str] = []
        for _ in range(MOST_PARTS):
            if not waiting:
                break
            is_rule, piece = waiting.pop()
            if is_rule:
                texts = self._rules[piece]
                waiting.extend(texts[int(rng.random() * len(texts))])
            else:
                done.append(piece)
        return "".join(done)

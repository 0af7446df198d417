"""A summarizer that writes what a test tells it."""

import asyncio
from collections import Counter

from bot.core.summarizing import NotWritten, Summarizer, Written


class FakeSummarizer(Summarizer):
    """``answer`` is what it writes, or makes of a source, or raises; ``gate`` holds it up."""

    label = "In short (AI, from this note)"
    at_once = False

    def __init__(self, answer="", identity="model 1"):
        self.answer = answer
        self.identity = identity
        self.asked = []
        self.gate = None
        self.outcomes = self.tokens = Counter()
        self.reached = asyncio.Event()

    async def summarize(self, source, *, within_s):
        self.asked.append(source)
        self.reached.set()
        if self.gate is not None:
            try:
                async with asyncio.timeout(within_s):
                    await self.gate.wait()
            except TimeoutError:
                raise NotWritten("too slow", paid=True) from None
        if isinstance(self.answer, Exception):
            raise self.answer
        text = self.answer(source) if callable(self.answer) else self.answer
        return Written(text, tokens_in=300, tokens_out=60)

    async def check(self):
        return "ready."

    async def close(self):
        pass

"""Gemini on loopback: generateContent and the models, strict and with faults on demand.

``async with GeminiServer() as gemini`` and point an SDK at ``gemini.url`` with the key
``gemini.key``. What was asked is in ``gemini.calls``; what the bot did wrong in
``gemini.problems``.
"""

from tests.fakes.gemini_server.calls import Call
from tests.fakes.gemini_server.faults import KINDS, Fault
from tests.fakes.gemini_server.server import GeminiServer

__all__ = ["KINDS", "Call", "Fault", "GeminiServer"]

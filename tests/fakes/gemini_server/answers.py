"""What the model writes, and the body that carries it."""

from __future__ import annotations

import re
from typing import Any

from tests.fakes.gemini_server.calls import Call
from tests.fakes.gemini_server.faults import Fault

JSON = dict[str, Any]

PER_TOKEN = 4  # characters, about
NEW_REASON, NEW_NUMBER = "FINISH_REASON_OF_TOMORROW", 4711

# The numbers of enums, as a client is told that asks for them.
_FINISH = """
FINISH_REASON_UNSPECIFIED STOP MAX_TOKENS SAFETY RECITATION OTHER LANGUAGE BLOCKLIST
PROHIBITED_CONTENT SPII MALFORMED_FUNCTION_CALL IMAGE_SAFETY
""".split()
_BLOCK = "BLOCK_REASON_UNSPECIFIED SAFETY OTHER BLOCKLIST PROHIBITED_CONTENT IMAGE_SAFETY".split()


def first_sentence(call: Call) -> str:
    """Return the first sentence that the user said, which is an honest summary."""
    said = re.match(r"\s*(.*?(?:[.!?](?=\s)|\Z))", call.user, re.DOTALL)
    return " ".join(said[1].split()) if said else ""


def tokens(text: str) -> int:
    """Return how many tokens a text is, about."""
    return -(-len(text) // PER_TOKEN)


def answer(call: Call, text: str, fault: Fault | None) -> JSON:
    """Return the body that carries what the model wrote, or what a fault makes of it."""
    text, reason = _cut(call, text, fault)
    kind = fault.kind if fault else ""
    finish = fault.reason if fault and kind == "answer_blocked" else reason
    candidate: JSON = {"finishReason": _number(call, finish, _FINISH), "index": 0}
    if kind in ("answer_blocked", "recitation"):
        text = ""
    else:
        candidate["content"] = {"role": "model", "parts": [{"text": text}]}
    if kind == "empty":
        return _finished(call, {}, "")
    body: JSON = {"candidates": [candidate]}
    return _finished(call, body, None if kind == "no_usage" else text)


def blocked(call: Call, reason: str) -> JSON:
    """Return the body that says why a prompt is not answered."""
    feedback = {"blockReason": _number(call, reason, _BLOCK)}
    return _finished(call, {"promptFeedback": feedback}, "")


def _cut(call: Call, text: str, fault: Fault | None) -> tuple[str, str]:
    """Return what is sent of a text, and the finish reason."""
    most = call.config.get("maxOutputTokens")
    if fault and fault.kind == "max_tokens":
        return text[: len(text) // 2 if fault.keep is None else fault.keep], "MAX_TOKENS"
    if fault and fault.kind in ("huge", "gzip_bomb"):
        return text + "a" * (fault.size - len(text)), "STOP"
    if most is not None and tokens(text) > most:
        return text[: most * PER_TOKEN], "MAX_TOKENS"
    if fault and fault.kind == "odd_text":
        return f"{text}\x00\ud83d", "STOP"
    odd = {"odd_finish": NEW_REASON, "recitation": "RECITATION"}
    return text, odd.get(fault.kind if fault else "", "STOP")


def _finished(call: Call, body: JSON, text: str | None) -> JSON:
    """Return the body with what every answer has; without counts where there is no text."""
    if text is not None:
        asked, given = tokens(call.system + call.user), tokens(text)
        usage = {"promptTokenCount": asked, "totalTokenCount": asked + given}
        body["usageMetadata"] = usage | ({"candidatesTokenCount": given} if given else {})
    return body | {"modelVersion": call.model, "responseId": f"{id(call):x}"}


def _number(call: Call, name: str, names: list[str]) -> str | int:
    if not call.as_ints:
        return name
    return names.index(name) if name in names else NEW_NUMBER

"""What a failed call to Gemini means, the same for both SDKs."""

from __future__ import annotations

import re

from bot.providers.model_calls import CallFailed, Trouble

PASSING = frozenset({408, 429, 500, 502, 503, 504})
"""HTTP statuses after which the same call may be taken (PLATFORM 2.3)."""

OF_NOTE = frozenset({400, 413, 422})
"""Statuses that speak of what was sent, unless they name the key or the country."""

UNUSABLE = frozenset(
    "SAFETY RECITATION BLOCKLIST PROHIBITED_CONTENT SPII MODEL_ARMOR LANGUAGE "
    "MALFORMED_FUNCTION_CALL MALFORMED_RESPONSE UNEXPECTED_TOOL_CALL".split()
)
"""Ends after which whatever was written so far is not used. Others, unknown ones too, leave it."""

LONGEST_PAUSE_S = 3_600.0

_DURATION = re.compile(r"(\d{1,6}(?:\.\d{1,9})?)s", re.ASCII)
_SHOWN = 200


def of_status(status: int | None, body: object) -> CallFailed:
    """Return what a refusal means; ``body`` is its JSON, if it is that."""
    error = body.get("error") if isinstance(body, dict) else None
    fields = error if isinstance(error, dict) else {}
    details = fields.get("details")
    said = fields.get("message") or fields.get("status") or ""
    why = f"{status} {_quoted(said)}".strip()
    return CallFailed(
        _trouble(status, fields.get("status"), details),
        why,
        pause_s=pause_asked_for(details),
        paid=status in {500, 502, 504},
    )


def _trouble(status: int | None, named: object, details: object) -> Trouble:
    if status in PASSING or status is None:
        return Trouble.PASSING
    about_key = any(
        isinstance(detail, dict) and detail.get("reason") == "API_KEY_INVALID"
        for detail in (details if isinstance(details, list) else [])
    )
    if status in OF_NOTE and not about_key and named != "FAILED_PRECONDITION":
        return Trouble.OF_NOTE
    return Trouble.REFUSED


def pause_asked_for(details: object) -> float:
    """Return the seconds of a RetryInfo among an error's details; 0 without a sensible one."""
    for detail in details if isinstance(details, list) else []:
        kind = detail.get("@type") if isinstance(detail, dict) else None
        if isinstance(kind, str) and kind.endswith("google.rpc.RetryInfo"):
            found = _DURATION.fullmatch(str(detail.get("retryDelay", "")))
            if found:
                return min(float(found[1]), LONGEST_PAUSE_S)
    return 0.0


def of_network(error: BaseException) -> CallFailed:
    """Return what a broken or missing connection means: whether it was paid for is not known."""
    refused = isinstance(error, ConnectionRefusedError) or "Connector" in type(error).__name__
    return CallFailed(Trouble.PASSING, type(error).__name__, paid=not refused)


def of_nonsense(error: BaseException) -> CallFailed:
    """Return what an answer means that is not one of Gemini's."""
    return CallFailed(Trouble.PASSING, f"no answer of Gemini's: {type(error).__name__}", paid=True)


def of_setup(error: BaseException) -> CallFailed:
    """Return what it means that the SDK cannot be imported or set up."""
    return CallFailed(Trouble.REFUSED, f"the SDK cannot be used: {_quoted(repr(error))}")


def _quoted(said: object) -> str:
    text = " ".join(str(said).split())
    printable = "".join(char for char in text if char.isprintable())
    return printable[:_SHOWN]

"""What Gemini, or the network before it, can do to a request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.fakes import faults
from tests.fakes.changes import Changes
from tests.fakes.gemini_server.calls import Call

# What an error that is no more than its status says: the code, the status, the message.
ERRORS = {
    "precondition": (
        400,
        "FAILED_PRECONDITION",
        "User location is not supported for the API use.",
    ),
    "forbidden": (403, "PERMISSION_DENIED", "The caller does not have permission."),
    "internal": (500, "INTERNAL", "An internal error has occurred."),
    "unavailable": (503, "UNAVAILABLE", "The model is overloaded. Please try again later."),
    "deadline": (504, "DEADLINE_EXCEEDED", "Deadline expired before operation could complete."),
}
REFUSING = frozenset(ERRORS) | frozenset("bad_key not_found rate_limit".split())
RAW = frozenset("html garbage wrong_shape redirect".split())
ODD = frozenset(
    """
    prompt_blocked answer_blocked recitation empty max_tokens odd_finish no_usage odd_text huge
    """.split()
)
SLOW = frozenset("slow hang".split())
SENDING = frozenset("body_hang drip drip_headers gzip_bomb drop_after".split())
KINDS = REFUSING | RAW | ODD | SLOW | SENDING | {"drop_before"}


@dataclass(eq=False, kw_only=True)
class Fault(faults.Fault):
    """What happens to the calls of ``method`` ("*": to all) for which ``match`` is true.

    Nothing is generated, nor billed, by these:
    bad_key, not_found and those of ERRORS: the error. rate_limit: 429 with ``retry_delay`` in its
    RetryInfo, whatever that is, without RetryInfo for None, and without QuotaFailure unless
    ``quota``. html: a page, with ``status`` 502 unless told. garbage: ``body``, which is no JSON
    though it is said to be. wrong_shape: ``body`` as JSON. Both have ``status`` 200 unless told.
    redirect: 302 to ``location``, by default to another name of this machine (see
    GeminiServer.strayed). drop_before: closes the connection. prompt_blocked: for ``reason``.
    hang: until release() is called; then the call is answered, and billed, as any other.

    These are billed; they cut or change what the model wrote:
    slow: after ``seconds``. answer_blocked: nothing but the finish reason ``reason``. recitation:
    as that. empty: no candidates. max_tokens: ``keep`` characters, half by default. odd_finish: a
    finish reason that no SDK knows. no_usage: no counts. odd_text: with NUL and half a surrogate
    pair. huge: ``size`` bytes of text. gzip_bomb: the same, small on the wire. body_hang: half
    the body, the rest once released. drip: a byte each ``seconds``. drip_headers: the same, from
    the status line on. drop_after: closes the connection in place of answering.
    """

    method: str = "generateContent"
    match: Callable[[Call], bool] = lambda call: True
    status: int | None = None
    body: Any = None
    location: str = ""
    retry_delay: Any = "2.5s"
    quota: bool = True
    reason: str = "SAFETY"
    keep: int | None = None
    seconds: float = 0.05
    size: int = 20 * 2**20

    def fits(self, call: Call) -> bool:
        """Return whether a call is one of those that go wrong."""
        return self.method in ("*", call.method) and self.match(call)


class Faults:
    """The faults that are set."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._list = faults.FaultList[Fault](changes, KINDS)

    def set(self, kind: str, times: int | None = 1, **details: Any) -> Fault:
        """Set a fault and return it. See Fault for the details."""
        return self._list.set(Fault(kind=kind, changes=self._changes, times=times, **details))

    def clear(self) -> None:
        """Forget every fault and let hanging requests go on."""
        self._list.clear()

    def take(self, call: Call) -> Fault | None:
        """Return the fault that strikes a call, and count it."""
        return self._list.strike(lambda one: one.fits(call))

"""Errors as Google's APIs tell them."""

from __future__ import annotations

from typing import Any

from tests.fakes.gemini_server.faults import ERRORS, Fault

JSON = dict[str, Any]
SERVICE = "generativelanguage.googleapis.com"


class Refused(Exception):
    """A request that is not carried out; ``code`` is the HTTP status."""

    def __init__(self, code: int, status: str, message: str, *details: JSON) -> None:
        super().__init__(message)
        self.code, self.status, self.message, self.details = code, status, message, list(details)

    @property
    def body(self) -> JSON:
        """The body of the answer."""
        error = {"code": self.code, "message": self.message, "status": self.status}
        return {"error": error | ({"details": self.details} if self.details else {})}


class Malformed(Refused):
    """A request that breaks the API's rules, which is the bot's own doing."""

    def __init__(self, message: str) -> None:
        broken = _detail("BadRequest", fieldViolations=[{"description": message}])
        super().__init__(400, "INVALID_ARGUMENT", message, broken)


def bad_key() -> Refused:
    """Return the refusal of a key that is wrong or missing."""
    message = "API key not valid. Please pass a valid API key."
    info = {"reason": "API_KEY_INVALID", "domain": "googleapis.com"}
    detail = _detail("ErrorInfo", **info, metadata={"service": SERVICE})
    return Refused(400, "INVALID_ARGUMENT", message, detail)


def no_such_model(model: str, version: str) -> Refused:
    """Return the refusal of a model that is unknown or retired."""
    told = f"models/{model} is not found for API version {version}."
    return Refused(404, "NOT_FOUND", told)


def rate_limited(retry_delay: Any = "2.5s", quota: bool = True) -> Refused:
    """Return the refusal of one call too many."""
    details = []
    if quota:
        metric = f"{SERVICE}/generate_content_free_tier_requests"
        violation = {"quotaMetric": metric, "quotaId": "PerMinutePerProject", "quotaValue": "10"}
        details.append(_detail("QuotaFailure", violations=[violation]))
    if retry_delay is not None:
        details.append(_detail("RetryInfo", retryDelay=retry_delay))
    told = "You exceeded your current quota, please check your plan."
    return Refused(429, "RESOURCE_EXHAUSTED", told, *details)


def by_fault(fault: Fault, model: str, version: str) -> Refused:
    """Return the refusal that a fault asks for."""
    if fault.kind == "bad_key":
        return bad_key()
    if fault.kind == "not_found":
        return no_such_model(model, version)
    if fault.kind == "rate_limit":
        return rate_limited(fault.retry_delay, fault.quota)
    return Refused(*ERRORS[fault.kind])


def _detail(kind: str, **values: Any) -> JSON:
    return {"@type": f"type.googleapis.com/google.rpc.{kind}", **values}

"""Calls to Slack that fail as the SDK makes them fail, and what is known of each failure."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook import WebhookResponse

from adapters.slack.publish import Garbled, ResponseRefused


def response(data: Any, status: int = 200, **headers: str) -> Any:
    """Return an answer as the SDK hands it out."""
    client: Any = None
    return AsyncSlackResponse(
        client=client,
        http_verb="POST",
        api_url="https://slack.example/api/chat.postMessage",
        req_args={},
        data=data,
        headers=_named(headers),
        status_code=status,
    )


def refusal(code: str, status: int = 200, **headers: str) -> SlackApiError:
    return SlackApiError("secret detail", response({"ok": False, "error": code}, status, **headers))


def page(status: int) -> SlackApiError:
    """Return what the SDK raises for a page that is not JSON: it hands out aiohttp's response."""
    return SlackApiError("secret detail", SimpleNamespace(status=status, headers={}))


def no_connection() -> aiohttp.ClientConnectorError:
    key: Any = SimpleNamespace(host="slack.example", port=443, ssl=None, is_ssl=True)
    return aiohttp.ClientConnectorError(key, OSError("refused"))


def not_taken(status: int, body: str = "no", **headers: str) -> ResponseRefused:
    answer = WebhookResponse(
        url="https://hooks.slack.example", status_code=status, body=body, headers=_named(headers)
    )
    return ResponseRefused(answer)


def _named(headers: dict[str, str]) -> dict[str, Any]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


class Call:
    """Fails in turn, then succeeds, counting."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.made = 0

    async def __call__(self) -> str:
        self.made += 1
        if self.failures:
            raise self.failures.pop(0)
        return "there"


NEVER_ARRIVED = [
    no_connection(),
    refusal("ratelimited", 429),
    refusal("ratelimited"),
    refusal("service_unavailable"),
    page(429),
]
IN_DOUBT = [
    aiohttp.ServerDisconnectedError(),
    OSError(),
    TimeoutError(),
    refusal("internal_error"),
    refusal("fatal_error"),
    refusal("anything", 503),
    page(502),
    page(200),
    Garbled("not Slack's"),
]
LASTING = [
    refusal("not_in_channel"),
    refusal("invalid_blocks"),
    refusal("invalid_auth", 401),
    SlackRequestError("ours"),
]

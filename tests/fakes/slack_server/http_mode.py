"""HTTP mode: signed requests to the bot, as Slack sends them."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
import urllib.parse
from collections.abc import Callable
from typing import Any

import aiohttp

from tests.fakes.slack_server.acts import EVENTS, SLASH, Delivery

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"
Answer = tuple[int, str]


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return the v0 signature of a body."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def encoded(delivery: Delivery) -> tuple[bytes, str]:
    """Return the body of a delivery and its content type."""
    if delivery.envelope == EVENTS:
        return json.dumps(delivery.payload).encode(), JSON
    is_slash = delivery.envelope == SLASH
    form = delivery.payload if is_slash else {"payload": json.dumps(delivery.payload)}
    return urllib.parse.urlencode(form).encode(), FORM


def retry_headers(attempt: int) -> dict[str, str]:
    """Return what Slack says when it sends an event again."""
    if not attempt:
        return {}
    return {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": "http_timeout"}


class HttpMode:
    """Sends requests to ``deliver_to``."""

    def __init__(self, secret: str, on_ack: Callable[[Delivery], None]) -> None:
        self.secret = secret
        self.deliver_to = ""
        self._on_ack = on_ack
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close the connections."""
        if self._session:
            await self._session.close()

    def signed(self, body: bytes, content_type: str) -> dict[str, str]:
        """Return the headers of a good request of now."""
        now = str(int(time.time()))
        return {
            "Content-Type": content_type,
            "User-Agent": AGENT,
            "X-Slack-Request-Timestamp": now,
            "X-Slack-Signature": signature(self.secret, now, body),
        }

    async def deliver(self, delivery: Delivery, within: float) -> None:
        """Sign and send a delivery, and take its acknowledgement."""
        delivery.sent, content_type = encoded(delivery)
        delivery.sent_headers = self.signed(delivery.sent, content_type)
        delivery.sent_headers |= retry_headers(delivery.attempt)
        await self.resend(delivery, within)

    async def resend(self, delivery: Delivery, within: float) -> None:
        """Send a delivery byte for byte, and take its acknowledgement."""
        delivery.began = time.monotonic()
        try:
            async with asyncio.timeout(within):
                status, headers, text = await self._post(delivery.sent, delivery.sent_headers)
        except TimeoutError:
            delivery.timed_out = True
            return
        except aiohttp.ClientError as error:
            delivery.timed_out, delivery.failed = True, f"not delivered: {type(error).__name__}"
            return
        delivery.seconds = time.monotonic() - delivery.began
        delivery.status, delivery.headers = status, headers
        if status == 200:
            delivery.ack = _payload(text, headers.get("Content-Type", ""))
            self._on_ack(delivery)

    async def raw(self, body: bytes, headers: dict[str, str]) -> Answer:
        """Send any request and return what came back."""
        status, _, text = await self._post(body, headers)
        return status, text

    async def _post(self, body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, str], str]:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        async with self._session.post(self.deliver_to, data=body, headers=headers) as answer:
            return answer.status, dict(answer.headers), await answer.text()


def _payload(text: str, content_type: str) -> dict[str, Any] | str | None:
    if not text:
        return None
    if not content_type.startswith(JSON):
        return text
    try:
        found = json.loads(text)
    except ValueError:
        return text
    return found if isinstance(found, dict | str) else text

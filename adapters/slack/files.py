"""Where Slack keeps what people upload, and what it wants of who downloads it."""

from __future__ import annotations

from adapters.uploads import Shelf, origin_here
from bot.core.settings import SlackSettings

SCOPE = "files:read"

FILES = "https://files.slack.com"

LOCKED = (
    f"Slack does not let me read that file: I lack the scope {SCOPE}. Whoever runs me has to apply "
    "the app's manifest again and reinstall the app. Nothing was changed."
)
"""Without the scope Slack shows a page to log in, with status 200."""


def shelf(settings: SlackSettings) -> Shelf:
    """Return where files are: they are given to the bot's token alone."""
    token = {"Authorization": f"Bearer {settings.bot_token}"}
    return Shelf("Slack", (FILES, *origin_here(settings.api_url)), token, LOCKED)

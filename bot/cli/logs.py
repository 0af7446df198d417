"""Sets up logging to standard error, as text or as a line of JSON an event, without secrets."""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime

from bot.config import records
from bot.core.errors import ConfigError
from bot.core.settings import Settings

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


TALKATIVE = ("aiosqlite", "discord", "google_genai", "slack_bolt", "slack_sdk", "urllib3")
"""Loggers whose debug lines hold whole payloads: what people write is not for the log."""

_TICKET = re.compile(r"(ticket=|hooks\.slack\.com/)[^\s\"'&]+")
"""Addresses that are secrets themselves: of a socket, of a response."""


class Redacting(logging.Formatter):
    """Formats an event, with every secret value replaced whatever brought it there."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = tuple(secret for secret in secrets if secret)

    def format(self, record: logging.LogRecord) -> str:
        """Return the event's line."""
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, "[secret]")
        return _TICKET.sub(r"\1[secret]", line)


class JsonLines(Redacting):
    """The same as one JSON object a line: time, level, logger, message."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the event as JSON."""
        self._style = logging.PercentStyle("%(message)s")
        event = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": super().format(record),
        }
        return json.dumps(event, ensure_ascii=False)


def set_up_logging(settings: Settings, *, quiet: bool) -> None:
    """Log as the settings say; ``quiet`` keeps a person's terminal to warnings and errors."""
    level = settings.log.level.upper()
    if level not in LEVELS:
        raise ConfigError(f"log.level must be one of {', '.join(LEVELS)}.")
    if settings.log.format not in {"text", "json"}:
        raise ConfigError("log.format must be text or json.")
    kind = JsonLines if settings.log.format == "json" else Redacting
    handler = logging.StreamHandler(sys.stderr)
    secrets = (getattr(getattr(settings, r.section), r.name) for r in records() if r.secret)
    handler.setFormatter(kind(tuple(secrets)))
    threshold = max(logging.WARNING, logging.getLevelName(level)) if quiet else level
    logging.basicConfig(level=threshold, handlers=[handler], force=True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.INFO, logging.getLogger().level))

"""Sets up logging to standard error, as text or as a line of JSON an event, without secrets."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

from bot.core.errors import ConfigError
from bot.core.settings import Settings

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


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
        return line


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
    handler.setFormatter(kind((settings.discord.token,)))
    threshold = max(logging.WARNING, logging.getLevelName(level)) if quiet else level
    logging.basicConfig(level=threshold, handlers=[handler], force=True)

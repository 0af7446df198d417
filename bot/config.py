"""Reads the settings: flag, then environment, then ``config.toml``, then default."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, fields, replace
from pathlib import Path
from typing import Any

from bot.core.errors import ConfigError
from bot.core.settings import Settings

PREFIX = "SEGUE_"
FILE = "config.toml"


@dataclass(frozen=True, slots=True)
class SettingRecord:
    """One setting as it is documented: where it is written and what it does."""

    section: str
    name: str
    default: str | float | int
    help: str
    secret: bool
    env: str

    @property
    def key(self) -> str:
        """Return ``section.name``."""
        return f"{self.section}.{self.name}"

    @property
    def variable(self) -> str:
        """Return the environment variable that always sets it."""
        return f"{PREFIX}{self.section.upper()}__{self.name.upper()}"


def records() -> Iterator[SettingRecord]:
    """Yield every setting, section by section."""
    for section in fields(Settings):
        for entry in fields(_section_type(section)):
            default = getattr(_section_type(section)(), entry.name)
            yield SettingRecord(section.name, entry.name, default, **entry.metadata)


def _section_type(section: Field[Any]) -> type[Any]:
    if section.default_factory is MISSING:
        raise TypeError(f"settings section {section.name} has no default")
    kind = section.default_factory
    if not isinstance(kind, type):
        raise TypeError(f"settings section {section.name} is not a class")
    return kind


def check_disk(settings: Settings, environment: Mapping[str, str]) -> None:
    """Raise ConfigError where SQLite would lie on a disk that the host throws away."""
    if not settings.storage.url.startswith("sqlite:"):
        return
    if "DYNO" in environment:
        raise ConfigError(
            "Heroku deletes its disk at every restart, and the SQLite database with it. "
            "Run Segue on a host with a lasting disk, such as Dokku with a mount."
        )
    if "RAILWAY_ENVIRONMENT" in environment and "RAILWAY_VOLUME_MOUNT_PATH" not in environment:
        raise ConfigError(
            "This Railway service has no volume, so the SQLite database would be lost at the "
            "next deploy. Attach a volume and point SEGUE_STORAGE__URL into it."
        )


def load_settings(
    environment: Mapping[str, str],
    flags: Mapping[str, str] | None = None,
    file: Path | None = None,
) -> Settings:
    """Return the settings; raise ConfigError with the setting's name for a bad value.

    ``flags`` maps ``section.name`` to text. ``file`` defaults to ``config.toml`` in the
    working directory, which may be missing; a file that is named must exist.
    """
    written = _read_file(file)
    _refuse_unknown(environment, flags or {})
    chosen = {
        record.key: value
        for record in records()
        if (value := _chosen(record, environment, flags or {}, written)) is not None
    }
    settings = Settings()
    for section in fields(Settings):
        values = {
            name.partition(".")[2]: value
            for name, value in chosen.items()
            if name.startswith(f"{section.name}.")
        }
        changed = replace(getattr(settings, section.name), **values)
        settings = replace(settings, **{section.name: changed})
    return settings


def _refuse_unknown(environment: Mapping[str, str], flags: Mapping[str, str]) -> None:
    """Raise ConfigError for a name that sets nothing: most likely a slip."""
    variables = {record.variable for record in records()}
    keys = {record.key for record in records()}
    ours = {name for name in environment if name.startswith(PREFIX) and "__" in name}
    for name in sorted((ours - variables) | (set(flags) - keys)):
        raise ConfigError(f"There is no setting {name}. docs/configuration.md lists them all.")


def _chosen(
    record: SettingRecord,
    environment: Mapping[str, str],
    flags: Mapping[str, str],
    written: Mapping[str, Any],
) -> str | float | int | None:
    sources: list[tuple[str, Any]] = [
        (f"--set {record.key}", flags.get(record.key)),
        (record.variable, environment.get(record.variable)),
        (record.env, environment.get(record.env) if record.env else None),
        (f"{record.key} in the file", written.get(record.key)),
    ]
    for source, value in sources:
        # An empty variable is how hosts say "not set".
        if value not in (None, ""):
            return _typed(record, value, source)
    return None


def _typed(record: SettingRecord, value: object, source: str) -> str | float | int:
    if isinstance(record.default, str):
        if isinstance(value, str):
            # A secret is often read from a file, with the line's end.
            return value.strip() if record.secret else value
        raise ConfigError(f"{source} must be text.")
    whole = isinstance(record.default, int)
    try:
        number = _number(value, whole=whole)
    except ValueError:
        expected = "a whole number" if whole else "a number"
        raise ConfigError(f"{source} must be {expected} from 0.") from None
    return number


def _number(value: object, *, whole: bool) -> float | int:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise ValueError
    number = int(value) if whole else float(value)
    if not 0 <= number < float("inf"):
        raise ValueError
    return number


def _read_file(file: Path | None) -> dict[str, Any]:
    path = file or Path(FILE)
    try:
        text = path.read_bytes().decode()
    except FileNotFoundError:
        if file is None:
            return {}
        raise ConfigError(f"There is no settings file {path}.") from None
    except (OSError, UnicodeDecodeError):
        raise ConfigError(f"The settings file {path} cannot be read.") from None
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not valid TOML: {error}.") from None
    return dict(_flatten(tables, path))


def _flatten(tables: Mapping[str, Any], path: Path) -> Iterator[tuple[str, Any]]:
    known = {record.key: record for record in records()}
    for section, table in tables.items():
        if not isinstance(table, dict):
            raise ConfigError(f"{path}: {section} stands outside any section.")
        for name, value in table.items():
            key = f"{section}.{name}"
            if key not in known:
                raise ConfigError(f"{path}: there is no setting {key}.")
            if known[key].secret and value:
                raise ConfigError(f"{path}: {key} is a secret; set {known[key].env} instead.")
            yield key, value

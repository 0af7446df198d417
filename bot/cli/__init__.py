"""The command line, ``python -m bot <command>``: exit 0 answered, 2 usage, 1 failure."""

from __future__ import annotations

import argparse
import asyncio
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.cli import answering, documents, operating
from bot.cli.logs import set_up_logging
from bot.config import load_settings
from bot.core.errors import BadDocument, ConfigError, NotFound, SegueError, UserError

OK, FAILED, USAGE = 0, 1, 2


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of every command; each command sets its own coroutine as ``run``."""
    parser = argparse.ArgumentParser(
        prog="python -m bot", description="Segue knows what was said, and when."
    )
    parser.add_argument("--config", type=Path, help="settings file (default: config.toml)")
    parser.add_argument(
        "--set", action="append", default=[], metavar="section.name=value", help="set one setting"
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    for module in (answering, documents, operating):
        module.add_commands(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; an error is one sentence on standard error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    args = build_parser().parse_args(argv)
    try:
        settings = load_settings(os.environ, _flags(args.set), args.config)
        set_up_logging(settings, quiet=args.command in answering.COMMANDS)
        code: int = asyncio.run(args.run(settings, args))
        sys.stdout.flush()
    except ConfigError as error:
        print(f"segue: {error.sentence}", file=sys.stderr)
        return USAGE
    except SegueError as error:
        print(f"segue: {error.sentence}", file=sys.stderr)
        missing = isinstance(error, (NotFound, BadDocument))
        return USAGE if isinstance(error, UserError) and not missing else FAILED
    except KeyboardInterrupt:
        return FAILED
    except BrokenPipeError:
        # The reader of a pipe (head, less) left: not our failure, and nothing more to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        print(f"segue: the output cannot be written ({error.strerror}).", file=sys.stderr)
        return FAILED
    return code


def _flags(pairs: Sequence[str]) -> dict[str, str]:
    flags: dict[str, str] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise ConfigError(f"--set takes section.name=value, not {pair}.")
        flags[key] = value
    return flags

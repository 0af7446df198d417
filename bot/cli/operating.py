"""``run``, ``migrate`` and ``doctor``: keep a bot running, and see what it still needs."""

from __future__ import annotations

import argparse
import os

from bot.bootstrap import opened_store, run, served_platforms
from bot.cli.answering import Subparsers
from bot.config import check_disk
from bot.core.catalog import PUBLIC
from bot.core.errors import SegueError
from bot.core.settings import Settings
from bot.core.wording import count


def add_commands(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Declare the commands of this module."""
    serve = subparsers.add_parser("run", help="serve the platforms that have a token")
    serve.set_defaults(run=_run)
    migrate = subparsers.add_parser("migrate", help="bring the database up to date")
    migrate.set_defaults(run=_migrate)
    doctor = subparsers.add_parser("doctor", help="say what is configured, missing and next")
    doctor.set_defaults(run=_doctor)


async def _run(settings: Settings, args: argparse.Namespace) -> int:
    check_disk(settings, os.environ)
    await run(settings)
    return 0


async def _migrate(settings: Settings, args: argparse.Namespace) -> int:
    async with opened_store(settings) as store:
        print(f"The database is at version {await store.migrate()}.")
    return 0


async def _doctor(settings: Settings, args: argparse.Namespace) -> int:
    ready = [await _database(settings), _disk(settings)]
    served = []
    for platform in served_platforms():
        if platform.configured(settings):
            served.append(platform.name)
            print(f"{platform.name}: a token is set.")
        else:
            print(f"{platform.name}: no token; left out. See docs/{platform.name}.md.")
    if not all(ready):
        print("Next: mend what is said above.")
        return 1
    print("Next: python -m bot run" if served else "Next: set a token, or python -m bot chat")
    return 0


async def _database(settings: Settings) -> bool:
    try:
        async with opened_store(settings) as store:
            version = await store.migrate()
            statistics = await store.statistics(PUBLIC, frozenset())
    except SegueError as error:
        print(f"database: {error.sentence}")
        return False
    print(
        f"database: ready, version {version}, "
        f"{count(statistics.segments, 'moment')} in the public catalog."
    )
    return True


def _disk(settings: Settings) -> bool:
    try:
        check_disk(settings, os.environ)
    except SegueError as error:
        print(f"disk: {error.sentence}")
        return False
    return True

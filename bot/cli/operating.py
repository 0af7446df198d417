"""``run``, ``migrate``, ``backup``, ``doctor``: keep a bot running, see what it still needs."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
from pathlib import Path

from adapters.contract import Declared, Platform, Unreachable, platform, platform_names
from bot.bootstrap import SystemClock, opened_store, run, served_platforms
from bot.cli.answering import Subparsers
from bot.config import check_disk
from bot.core.catalog import PUBLIC
from bot.core.embedding import NoModel
from bot.core.errors import ConfigError, NotLookedUp, SegueError, UserError
from bot.core.following import FeedState
from bot.core.jobs import JobState
from bot.core.ports import Store
from bot.core.settings import Settings
from bot.core.summarizing import NotWritten
from bot.core.wording import count
from bot.providers import open_embedder, open_summarizer, open_videos
from storage import back_up

NAMED = 5
"""Imports and feeds that are named with what keeps them."""


def add_commands(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Declare the commands of this module."""
    serve = subparsers.add_parser("run", help="serve the platforms that have a token")
    serve.set_defaults(run=_run)
    migrate = subparsers.add_parser("migrate", help="bring the database up to date")
    migrate.set_defaults(run=_migrate)
    backup = subparsers.add_parser("backup", help="copy the database while the bot runs")
    backup.add_argument("file", type=Path, help="where the copy goes")
    backup.add_argument("--force", action="store_true", help="replace the file if it exists")
    backup.set_defaults(run=_backup)
    doctor = subparsers.add_parser("doctor", help="say what is configured, missing and next")
    doctor.set_defaults(run=_doctor)
    manifest = subparsers.add_parser("manifest", help="print what a platform is told of the app")
    manifest.add_argument("platform", choices=platform_names())
    manifest.add_argument(
        "--url", default="", help="where the platform reaches the bot, if it must"
    )
    manifest.set_defaults(run=_manifest)


async def _run(settings: Settings, args: argparse.Namespace) -> int:
    check_disk(settings, os.environ)
    await run(settings)
    return 0


async def _migrate(settings: Settings, args: argparse.Namespace) -> int:
    async with opened_store(settings) as store:
        print(f"The database is at version {await store.migrate()}.")
    return 0


async def _backup(settings: Settings, args: argparse.Namespace) -> int:
    size = back_up(settings.storage, args.file, overwrite=args.force)
    print(f"Wrote {args.file}, {size / 1e6:.1f} MB; SQLite's check found it whole.")
    return 0


async def _manifest(settings: Settings, args: argparse.Namespace) -> int:
    declared = platform(args.platform)
    if not isinstance(declared, Declared):
        raise UserError(f"There is no manifest for {args.platform}: it needs none.")
    print(json.dumps(declared.manifest(settings, args.url), ensure_ascii=False, indent=2))
    return 0


async def _doctor(settings: Settings, args: argparse.Namespace) -> int:
    ready = [await _database(settings), _disk(settings)]
    ready += [await _meaning(settings), await _gemini(settings), await _youtube(settings)]
    configured = [one for one in served_platforms() if one.configured(settings)]
    for one in served_platforms():
        if one in configured:
            ready.append(await _platform(one, settings))
        else:
            print(f"{one.name}: no token; left out. See docs/{one.name}.md.")
    if not all(ready):
        print("Next: mend what is said above.")
        return 1
    print("Next: python -m bot run" if configured else "Next: set a token, or python -m bot chat")
    return 0


async def _platform(one: Platform, settings: Settings) -> bool:
    try:
        print(f"{one.name}: {await one.diagnose(settings)}")
    except ConfigError as error:
        print(f"{one.name}: {error.sentence}")
        return False
    except Unreachable as error:
        print(f"{one.name}: {error} It is served as soon as it answers.")
    return True


async def _database(settings: Settings) -> bool:
    try:
        async with opened_store(settings) as store:
            version = await store.migrate()
            statistics = await store.statistics(PUBLIC, frozenset())
            used = await _used_today(store)
            imports = await _imports(store)
    except SegueError as error:
        print(f"database: {error.sentence}")
        return False
    print(
        f"database: ready, version {version}, "
        f"{count(statistics.segments, 'moment')} in the public catalog."
    )
    print(used)
    print("\n".join(imports))
    return True


async def _meaning(settings: Settings) -> bool:
    try:
        embedder = open_embedder(settings.meaning)
        told = "off" if embedder is None else await asyncio.to_thread(embedder.check)
        print(f"meaning: {told}.")
    except ConfigError as error:
        print(f"meaning: {error.sentence}")
        return False
    except NoModel as error:
        print(f"meaning: {error}. Searches go by words meanwhile.")
    return True


async def _gemini(settings: Settings) -> bool:
    try:
        summarizer = open_summarizer(settings.gemini)
        try:
            print(f"gemini: {await summarizer.check()}")
        finally:
            await summarizer.close()
    except ConfigError as error:
        print(f"gemini: {error.sentence}")
        return False
    except NotWritten as error:
        print(f"gemini: {error} Cards are shown without its words meanwhile.")
    return True


async def _youtube(settings: Settings) -> bool:
    try:
        videos = open_videos(settings.youtube)
        try:
            print(f"youtube: {await videos.check()}.")
        finally:
            await videos.close()
    except ConfigError as error:
        print(f"youtube: {error.sentence}")
        return False
    except NotLookedUp as error:
        print(f"youtube: {error.sentence} Everything else works meanwhile.")
    return True


async def _imports(store: Store) -> list[str]:
    """Return how imports and feeds stand, and what waits for somebody."""
    jobs, feeds = await store.job_counts(), await store.feed_counts()
    waiting = jobs.get(JobState.QUEUED, 0) + jobs.get(JobState.RUNNING, 0)
    given_up, paused = jobs.get(JobState.PARKED, 0), feeds.get(FeedState.PAUSED, 0)
    lines = [
        f"imports: {waiting:,} under way, {given_up:,} given up; "
        f"{count(feeds.get(FeedState.ON, 0), 'feed')} followed, {paused:,} paused."
    ]
    for job in await store.parked_jobs(NAMED):
        lines.append(f"  given up for {job.tenant}: {_plain(job.title)}: {job.reason}")
    for feed in await store.paused_feeds(NAMED):
        lines.append(f"  paused for {feed.tenant}: {_plain(feed.title)}: {feed.reason}")
    return lines


def _plain(title: str) -> str:
    """Return a title that others wrote, so that it cannot move the operator's cursor."""
    return "".join(char if char.isprintable() else " " for char in title[:80])


async def _used_today(store: Store) -> str:
    use = await store.model_use(SystemClock().now().date())
    if not (use.calls or use.failures):
        return "gemini today (UTC): nothing asked."
    return (
        f"gemini today (UTC): {count(use.calls, 'note')} given to it and paid for; "
        f"{count(use.failures, 'attempt')} came to nothing; "
        f"{use.tokens_in:,} tokens in and {use.tokens_out:,} out."
    )


def _disk(settings: Settings) -> bool:
    try:
        check_disk(settings, os.environ)
    except SegueError as error:
        print(f"disk: {error.sentence}")
        return False
    return True

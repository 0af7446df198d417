"""``import``, ``export``, ``remove`` and ``reports``: the operator's hands on the catalog."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot.bootstrap import SystemClock, opened_store
from bot.cli.answering import Subparsers
from bot.cli.progress import Progress
from bot.core.catalog import PUBLIC, Report, ReportStatus, Tenant, parse_tenant
from bot.core.errors import BadDocument, NotFetched, NotFound, UserError
from bot.core.media import parse_link
from bot.core.ports import Store
from bot.core.settings import Settings
from bot.providers import open_fetcher
from bot.services.exporting import export_document
from bot.services.ingestion import Recording, import_document, remove_episode
from bot.services.reporting import correct_as_reported

OPERATOR = "operator"

READ_AT_MOST = 21_000_000
"""Bytes read of a document: more than any parser takes, so that it says what is too long."""

FETCHED_WITHIN_S = 60.0


def add_commands(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Declare the commands of this module."""
    imports = subparsers.add_parser("import", help="bring notes and transcripts into the catalog")
    imports.add_argument(
        "files",
        nargs="+",
        metavar="file",
        help="notes in Markdown, a list of chapters (text, JSON) or a transcript (VTT, SRT, "
        "JSON): a file, an address, or -",
    )
    imports.add_argument("--link", help="of chapters or a transcript: the recording they are of")
    imports.add_argument("--title", default="", help="the same: the episode's title")
    imports.add_argument("--show", default="", help="the same: the show's name")
    imports.set_defaults(run=_import)
    exports = subparsers.add_parser("export", help="write an episode as a take-away document")
    exports.add_argument("episode", help="its number or its video's link")
    exports.add_argument("-o", "--output", type=Path, help="a file (default: standard output)")
    exports.set_defaults(run=_export)
    removes = subparsers.add_parser("remove", help="remove an episode")
    removes.add_argument("episode", help="its number or its video's link")
    removes.set_defaults(run=_remove)
    for command in (imports, exports, removes):
        command.add_argument(
            "--tenant", default=PUBLIC, help="public, or discord:<server>, slack:<team>"
        )
    _add_reports(subparsers)


def _add_reports(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    reports = subparsers.add_parser("reports", help="see and settle reports of wrong text")
    verbs = reports.add_subparsers(dest="verb", required=True, metavar="verb")
    listing = verbs.add_parser("list", help="list reports")
    listing.add_argument("--all", action="store_true", help="settled ones too")
    listing.set_defaults(run=_list_reports)
    applying = verbs.add_parser("apply", help="correct what a report is about")
    applying.add_argument("report", type=int)
    applying.add_argument("--title", help="the title as it should read")
    applying.add_argument("--text", help="the text as it should read")
    applying.add_argument(
        "--for-all", action="store_true", help="correct it for everybody, not one tenant"
    )
    applying.set_defaults(run=_apply_report)
    dismissing = verbs.add_parser("dismiss", help="close a report without a correction")
    dismissing.add_argument("report", type=int)
    dismissing.set_defaults(run=_dismiss_report)


async def _import(settings: Settings, args: argparse.Namespace) -> int:
    tenant, status, given = parse_tenant(args.tenant), 0, _recording(args)
    async with opened_store(settings) as store:
        with Progress(len(args.files)) as progress:
            for done, name in enumerate(args.files):
                progress.show(done, name)
                try:
                    document = await _read(settings, name)
                    imported = await import_document(store, tenant, document, given, name=name)
                except (BadDocument, NotFetched, UserError) as error:
                    progress.clear()
                    print(f"{name}: {error.sentence} Nothing was changed.", file=sys.stderr)
                    status = max(status, 1 if isinstance(error, (BadDocument, NotFetched)) else 2)
                else:
                    progress.clear()
                    print("\n".join(imported.lines()))
    return status


def _recording(args: argparse.Namespace) -> Recording:
    if args.link and len(args.files) > 1:
        raise UserError("One link is of one recording: name one file with --link.")
    link = parse_link(args.link) if args.link else None
    if args.link and link is None:
        raise UserError("--link is the address of a recording, such as https://youtu.be/…")
    return Recording(link.media if link else None, args.title.strip(), args.show.strip())


async def _read(settings: Settings, name: str) -> bytes:
    if not name.startswith(("http://", "https://")):
        return _read_file(name)
    fetcher = open_fetcher(settings.fetch)
    try:
        found = await fetcher.fetch(name, max_bytes=READ_AT_MOST, within_s=FETCHED_WITHIN_S)
    finally:
        await fetcher.close()
    return found.body


def _read_file(name: str) -> bytes:
    try:
        if name == "-":
            return sys.stdin.buffer.read(READ_AT_MOST)
        with Path(name).open("rb") as file:
            return file.read(READ_AT_MOST)
    except OSError as error:
        raise BadDocument(f"The file cannot be read ({error.strerror}).") from None


async def _export(settings: Settings, args: argparse.Namespace) -> int:
    tenant = parse_tenant(args.tenant)
    async with opened_store(settings, sample=True) as store:
        episode = await _episode_id(store, tenant, args.episode)
        document = await export_document(store, tenant, episode)
    if args.output is None:
        sys.stdout.write(document)
    else:
        try:
            args.output.write_text(document, encoding="utf-8")
        except OSError as error:
            raise UserError(f"{args.output} cannot be written ({error.strerror}).") from None
    return 0


async def _remove(settings: Settings, args: argparse.Namespace) -> int:
    tenant = parse_tenant(args.tenant)
    async with opened_store(settings) as store:
        title = await remove_episode(store, tenant, await _episode_id(store, tenant, args.episode))
    print(f"Removed: {title}")
    return 0


async def _episode_id(store: Store, tenant: Tenant, named: str) -> int:
    if named.isascii() and named.isdigit() and len(named) <= 18:
        return int(named)
    link = parse_link(named)
    episode = await store.episode_of_media(tenant, link.media.key) if link else None
    if episode is None:
        raise NotFound(f"No episode is {named}. `exec /episodes --json` lists them.")
    return episode.id


async def _list_reports(settings: Settings, args: argparse.Namespace) -> int:
    async with opened_store(settings) as store:
        reports = await store.reports(None, None if args.all else ReportStatus.OPEN)
    for report in reports:
        print(_described(report))
    if not reports:
        print("No reports.")
    return 0


def _described(report: Report) -> str:
    comment = f": {report.comment}" if report.comment else ""
    line = (
        f"{report.id}  {report.status}  {report.tenant}  {report.at} · {report.title}  "
        f"[{report.reason}{comment}]"
    )
    # What a person typed must not move the operator's cursor.
    return "".join(char if char.isprintable() else " " for char in line)


async def _apply_report(settings: Settings, args: argparse.Namespace) -> int:
    async with opened_store(settings) as store:
        correction = await correct_as_reported(
            store,
            args.report,
            title=args.title,
            text=args.text,
            for_all=args.for_all,
            by=OPERATOR,
            at=SystemClock().now(),
        )
    print(f"Corrected for {correction.tenant}: {correction.title}")
    return 0


async def _dismiss_report(settings: Settings, args: argparse.Namespace) -> int:
    async with opened_store(settings) as store:
        if not await store.dismiss(args.report, by=OPERATOR, at=SystemClock().now()):
            raise NotFound(f"There is no open report {args.report}.")
    print(f"Dismissed report {args.report}.")
    return 0

"""``chat`` and ``exec``: ask in a terminal, or from a script."""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys
from dataclasses import replace

from adapters.contract import platform, platform_names
from adapters.sentences import added
from bot.bootstrap import (
    CONSOLE,
    SystemClock,
    make_host,
    make_workers,
    opened_ports,
)
from bot.cli.as_json import reply_as_json
from bot.core.catalog import parse_tenant
from bot.core.commands import Invocation
from bot.core.errors import UserError
from bot.core.reply import Audience, Notice, Reply, Tone
from bot.core.settings import Settings

COMMANDS = ("chat", "exec")

Subparsers = argparse._SubParsersAction  # the only name argparse has for it

_ACTION = re.compile(r"\d+\|[a-z_]+(\||$)", re.ASCII)
"""What the code of an action looks like, of this version or of another."""

EXIT_CODES = {Tone.INFO: 0, Tone.EMPTY: 0, Tone.USAGE: 2, Tone.ERROR: 1}


def add_commands(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Declare the commands of this module."""
    chat = subparsers.add_parser("chat", help="ask in a terminal")
    chat.set_defaults(run=_chat)
    execute = subparsers.add_parser("exec", help='answer one line, such as "/topic kv cache"')
    execute.add_argument("line", help="a command, or the code of an action")
    form = execute.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print the reply as JSON")
    form.add_argument(
        "--as",
        dest="platform",
        choices=platform_names(),
        help="print exactly the body that this platform would be sent",
    )
    execute.add_argument("--tenant", help="ask as this tenant (default: the console's)")
    execute.set_defaults(run=_execute)


async def _chat(settings: Settings, args: argparse.Namespace) -> int:
    settings = _alone(settings)
    async with opened_ports(settings, sample=True) as ports:
        host = make_host(ports, settings)
        working = [asyncio.create_task(worker.run(host.stopping)) for worker in make_workers(ports)]
        try:
            await platform(CONSOLE).serve(host)
        finally:
            host.stopping.set()
            await asyncio.gather(*working)
    return 0


async def _execute(settings: Settings, args: argparse.Namespace) -> int:
    settings = _alone(settings)
    try:
        invocation = _invocation(args, settings)
    except UserError as error:
        print(f"segue: {error.sentence}", file=sys.stderr)
        return 2
    async with opened_ports(settings, sample=True) as ports:
        dispatch = make_host(ports, settings).dispatch
        reply = await dispatch(invocation)
        if args.json:
            reply = await dispatch.finish(invocation, reply) or reply
        print(_printed(reply, args), flush=True)
        if not (args.json or args.platform):
            # What a platform would be sent later is a message of its own, or an edit.
            finished = await dispatch.finish(invocation, reply)
            late = added(finished) if finished else None
            if late:
                print(_printed(late, args))
        # A share is printed here, not posted: its claim is given back.
        shared = reply.audience is Audience.CHANNEL
        await (dispatch.unsent if shared else dispatch.sent)(invocation, reply)
    return EXIT_CODES[reply.tone] if isinstance(reply, Notice) else 0


def _alone(settings: Settings) -> Settings:
    """Return the settings without the limit that keeps one person from crowding out others."""
    return replace(settings, limits=replace(settings.limits, commands_per_minute=0))


def _invocation(args: argparse.Namespace, settings: Settings) -> Invocation:
    """Return the line as an invocation; where ``--as`` shows a platform, by a member there."""
    from adapters.console.translate import invocation_from_key, invocation_from_line

    is_action = _ACTION.match(args.line) is not None
    read = invocation_from_key if is_action else invocation_from_line
    invocation = read(args.line, limits=settings.limits, clock=SystemClock())
    if args.tenant is not None:
        invocation = replace(invocation, tenant=parse_tenant(args.tenant))
    if args.platform in {None, CONSOLE}:
        return invocation
    member = replace(invocation.user, is_admin=False)
    names = platform(args.platform).command_names(settings)
    return replace(invocation, user=member, can_share=True, command_names=names)


def _printed(reply: Reply, args: argparse.Namespace) -> str:
    if args.json:
        return json.dumps(reply_as_json(reply), ensure_ascii=False, indent=2)
    body = platform(args.platform or CONSOLE).render(reply)
    if args.platform in {None, CONSOLE}:
        return str(body["text"])
    return json.dumps(body, ensure_ascii=False, indent=2)

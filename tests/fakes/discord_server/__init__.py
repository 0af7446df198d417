"""Discord on loopback: REST v10 and the gateway, with Discord's own rules and faults on demand.

``async with DiscordServer() as server`` and point a client at ``server.api_url`` and
``server.gateway_url``. People act through ``server.slash``, ``click`` and their like; what the
bot did wrong is in ``server.violations``.
"""

from tests.fakes.discord_server.answers import Answer, NotAnswered, NotPossible
from tests.fakes.discord_server.attachments import File
from tests.fakes.discord_server.messages import MessageRecord
from tests.fakes.discord_server.reading import buttons, links, selects, texts
from tests.fakes.discord_server.server import DiscordServer
from tests.fakes.discord_server.world import Channel, Guild, Person

__all__ = [
    "Answer",
    "Channel",
    "DiscordServer",
    "File",
    "Guild",
    "MessageRecord",
    "NotAnswered",
    "NotPossible",
    "Person",
    "buttons",
    "links",
    "selects",
    "texts",
]

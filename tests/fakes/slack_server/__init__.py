"""Slack on loopback: Web API, response_urls, Socket Mode and signed HTTP, strict and with faults.

``async with SlackServer(mode="socket") as server`` and point a client at ``server.api_url``; in
HTTP mode say where the bot listens: ``server.deliver_to``. People act through ``server.slash``,
``click`` and their like; what the bot did wrong is in ``server.violations``.
"""

from tests.fakes.slack_server.acts import Act, Delivery, NotAnswered, NotPossible
from tests.fakes.slack_server.files import File
from tests.fakes.slack_server.messages import Message
from tests.fakes.slack_server.server import SlackServer
from tests.fakes.slack_server.views import View
from tests.fakes.slack_server.world import Channel, Person, Team

__all__ = [
    "Act",
    "Channel",
    "Delivery",
    "File",
    "Message",
    "NotAnswered",
    "NotPossible",
    "Person",
    "SlackServer",
    "Team",
    "View",
]

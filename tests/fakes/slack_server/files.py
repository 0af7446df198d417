"""The files that people upload in a modal, and where an app downloads them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from aiohttp import web

from tests.fakes.slack_server.world import Person, World

if TYPE_CHECKING:
    from tests.fakes.slack_server.rest import Call

SCOPE = "files:read"
DOWNLOAD = "file download"
"""What a download is called among the calls and faults."""

LOGIN_PAGE = "<!DOCTYPE html><html><head><title>Slack</title></head><body>Sign in</body></html>"


@dataclass(eq=False)
class File:
    """A file that a person uploads: what Slack says of it, and what it gives.

    ``size`` and ``url`` are said in place of the true ones. ``leads_to`` is where its address
    redirects, ``missing`` whether it was deleted meanwhile. ``about`` is the file object.
    """

    name: str
    body: bytes = b"x"
    mimetype: str = "text/plain"
    size: int | None = None
    url: str = ""
    leads_to: str = ""
    missing: bool = False
    about: dict[str, Any] = field(default_factory=dict)


class Files:
    """Every file that was uploaded."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._files: dict[str, File] = {}
        self.base = ""

    def upload(self, file: File, person: Person) -> File:
        """Take a file, as Slack's client does before the modal is sent."""
        ident = self._world.ids.new("F")
        self._files[ident] = file
        address = f"{self.base}/files-pri/{self._world.team.id}-{ident}"
        name = quote(file.name)
        file.about = {
            "id": ident,
            "created": 1700000000,
            "timestamp": 1700000000,
            "name": file.name,
            "title": file.name.rpartition(".")[0] or file.name,
            "mimetype": file.mimetype,
            "filetype": file.name.rpartition(".")[2],
            "pretty_type": "Plain Text",
            "user": person.id,
            "user_team": person.team.id,
            "editable": False,
            "size": len(file.body) if file.size is None else file.size,
            "mode": "hosted",
            "is_external": False,
            "external_type": "",
            "is_public": False,
            "public_url_shared": False,
            "url_private": file.url or f"{address}/{name}",
            "url_private_download": file.url or f"{address}/download/{name}",
            "permalink": f"https://{self._world.team.domain}.slack.com/files/{person.id}/{ident}",
        }
        return file

    def answer(self, call: Call, token: str, *, may_read: bool) -> web.Response:
        """Return a file to the app's token; anybody else is shown the page to log in.

        Slack says 200 even so: what came is a page, and no file.
        """
        file = self._files.get(str(call.args["ident"]))
        if call.token != token or not may_read:
            call.error = "not_authed"
            return web.Response(text=LOGIN_PAGE, content_type="text/html")
        if file is None or file.missing:
            return web.Response(text="not_found", status=404)
        if file.leads_to:
            return web.Response(status=302, headers={"Location": file.leads_to})
        return web.Response(body=file.body, content_type=file.mimetype)

"""The files that people attach, and the CDN on which they lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from aiohttp import web

from tests.fakes.discord_server.world import World

FOLDER = "/ephemeral-attachments"


@dataclass(eq=False)
class File:
    """A file that a person attaches: what Discord says of it, and what its CDN gives.

    ``size`` and ``url`` are said in place of the true ones. ``leads_to`` is where the CDN
    redirects, ``missing`` whether it has lost the file. ``title`` is the name as the person has
    it, where Discord had to change it.
    """

    name: str
    body: bytes = b"x"
    title: str = ""
    content_type: str = "text/plain; charset=utf-8"
    size: int | None = None
    url: str = ""
    leads_to: str = ""
    missing: bool = False
    id: str = ""


class Attachments:
    """Every file that was attached. ``downloads`` are the headers of every request for one."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._files: dict[str, File] = {}
        self.base = ""
        self.downloads: list[dict[str, str]] = []

    def attach(self, file: File) -> File:
        """Upload a file, as Discord's application does before it tells the bot."""
        file.id = self._world.ids.new()
        self._files[file.id] = file
        return file

    def payload(self, file: File) -> dict[str, Any]:
        """Return the attachment object."""
        path = f"{FOLDER}/{self._world.app_id}/{file.id}/{quote(file.name)}"
        signed = f"{path}?ex=6a000000&is=69000000&hm={_signature(file)}&"
        made = {
            "id": file.id,
            "filename": file.name,
            "size": len(file.body) if file.size is None else file.size,
            "url": file.url or f"{self.base}{signed}",
            "proxy_url": f"https://media.discordapp.net{signed}",
            "content_type": file.content_type,
            "ephemeral": True,
        }
        return made | ({"title": file.title} if file.title else {})

    def resolved(self, files: list[File]) -> dict[str, Any]:
        """Return what Discord adds of the files of an interaction."""
        return {"attachments": {one.id: self.payload(one) for one in files}} if files else {}

    def answer(self, request: web.Request) -> web.Response:
        """Return what the CDN answers: the file, to whoever has its signed address."""
        self.downloads.append({name.lower(): value for name, value in request.headers.items()})
        file = self._files.get(request.match_info["id"])
        if file is None or file.missing or request.query.get("hm") != _signature(file):
            return web.Response(text="This content is no longer available.", status=404)
        if file.leads_to:
            return web.Response(status=302, headers={"Location": file.leads_to})
        headers = {"Content-Type": file.content_type}
        return web.Response(body=file.body, headers=headers)


def _signature(file: File) -> str:
    return f"{int(file.id):064x}"

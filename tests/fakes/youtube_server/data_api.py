"""The Data API's ``videos.list``, for one key; strict about what it is asked."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.fakes.web_server import Asked, WebServer, Wire, pages

PATH = "/youtube/v3/videos"
JSON = "Content-Type: application/json; charset=UTF-8"

# What each refusal says, by its reason: (status, the RPC status, is it a detail of the new kind).
REFUSALS = {
    "API_KEY_INVALID": (400, "INVALID_ARGUMENT", True),
    "keyInvalid": (400, "", False),
    "accessNotConfigured": (403, "PERMISSION_DENIED", False),
    "ipRefererBlocked": (403, "PERMISSION_DENIED", False),
    "quotaExceeded": (403, "", False),
    "dailyLimitExceeded": (403, "", False),
    "rateLimitExceeded": (403, "RESOURCE_EXHAUSTED", False),
    "videoNotFound": (404, "", False),
    "backendError": (503, "UNAVAILABLE", False),
}


class DataApi:
    """Serves ``videos`` by id on a server; ``problems`` says which requests broke its rules."""

    def __init__(self, web: WebServer, *, key: str = "k3y-good") -> None:
        self.key = key
        self.videos: dict[str, dict[str, Any]] = {}
        self.problems: list[str] = []
        self.url = web.url("/youtube/v3")
        web.pages[PATH] = self._page

    async def _page(self, asked: Asked, wire: Wire) -> None:
        query = dict(parse_qsl(urlsplit(asked.path).query, strict_parsing=True))
        ident = query.pop("id", "")
        if query != {"part": "snippet,contentDetails"} or "," in ident or not ident:
            self.problems.append(f"asked for {asked.path}")
        if {"cookie", "authorization"} & set(asked.headers) or self.key in asked.path:
            self.problems.append("the key stands where it does not belong, or more with it")
        if asked.headers.get("x-goog-api-key") != self.key:
            await refused("API_KEY_INVALID")(asked, wire)
            return
        found = [item(ident, **self.videos[ident])] if ident in self.videos else []
        await listed(*found)(asked, wire)


def item(ident: str, **fields: Any) -> dict[str, Any]:
    """Return a video as the API writes it; ``fields`` replace those of its snippet or duration."""
    return {
        "kind": "youtube#video",
        "etag": "xyz",
        "id": ident,
        "snippet": {
            "publishedAt": "2025-02-03T00:00:00Z",
            "channelId": "UCSHZKyawb77ixDdsGog4iWA",
            "title": "A talk",
            "description": "",
            "thumbnails": {},
            "channelTitle": "A channel",
            "categoryId": "28",
            "liveBroadcastContent": "none",
            "localized": {"title": "A talk", "description": ""},
            **{name: value for name, value in fields.items() if name != "duration"},
        },
        "contentDetails": {
            "duration": fields.get("duration", "PT1H"),
            "dimension": "2d",
            "definition": "hd",
            "caption": "false",
            "licensedContent": True,
            "contentRating": {},
            "projection": "rectangular",
        },
    }


def listed(*items: object) -> pages.Page:
    """Answer with a list of those items."""
    info = {"totalResults": len(items), "resultsPerPage": len(items)}
    body = {"kind": "youtube#videoListResponse", "etag": "e", "items": items, "pageInfo": info}
    return pages.answer(json.dumps(body).encode(), JSON)


def refused(reason: str, **fields: Any) -> pages.Page:
    """Refuse as the API does for that reason."""
    status, name, detailed = REFUSALS[reason]
    told = "badRequest" if detailed else reason
    error: dict[str, Any] = {
        "code": status,
        "message": "No. <a href='/k3y-good'>Why</a>",
        "errors": [{"message": "No.", "domain": "youtube", "reason": told}],
        **({"status": name} if name else {}),
    }
    if detailed:
        kind = "type.googleapis.com/google.rpc.ErrorInfo"
        error["details"] = [{"@type": kind, "reason": reason, "domain": "googleapis.com"}]
    body = json.dumps({"error": {**error, **fields}}).encode()
    return pages.answer(body, JSON, status=status)
